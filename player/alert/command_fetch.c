/* One request at a time, with a back-off; asked for again while it runs, it runs once more. Each
 * envelope is judged on its own, so one that is refused does not hold up the others. */
#include "alert/command_fetch.h"

#include "json.h"
#include "link/retry.h"
#include "wire/command.h"

#define FIRST_MS   1000
#define MAX_MS     (60 * 1000)
#define TIMEOUT_MS 30000
#define MAX_ANSWER (16 * 1024 * 1024) /* all that a station may keep, twice */

struct CommandFetch {
    Connection *connection;
    HttpCall *call;
    Retry retry;
    bool again;
    void (*on_command)(const char *envelope, void *user);
    void *user;
};

/* False where it is no list: a page that asks for the next payment of the SIM is none. */
static bool hand_on(CommandFetch *self, GBytes *body)
{
    size_t length;
    const char *text = g_bytes_get_data(body, &length);
    g_autoptr(Json) json = json_parse(text, length, NULL);
    const Json *list = json_peek(json, "commands");
    if (!list)
        return false;
    for (size_t i = 0; i < json_length(list); i++) {
        g_autofree char *envelope = json_print(json_at(list, i), NULL);
        self->on_command(envelope, self->user);
    }
    return true;
}

static void on_done(const HttpAnswer *answer, void *user)
{
    CommandFetch *self = user;
    self->call = NULL;
    if (answer->status != 200 || !hand_on(self, answer->body)) {
        retry_later(&self->retry, answer);
        return;
    }
    backoff_reset(&self->retry.backoff);
    if (self->again)
        retry_after(&self->retry, 0);
    self->again = false;
}

static void fetch(void *user)
{
    CommandFetch *self = user;
    self->call = connection_send(self->connection, &(ConnectionCall){.method = "GET",
                                                                     .path = "/commands",
                                                                     .kind = DATA_EVENTS,
                                                                     .max_answer = MAX_ANSWER,
                                                                     .timeout_ms = TIMEOUT_MS,
                                                                     .on_done = on_done,
                                                                     .user = self});
}

CommandFetch *command_fetch_new(Connection *connection,
                                void (*on_command)(const char *envelope, void *user), void *user)
{
    CommandFetch *self = g_new0(CommandFetch, 1);
    self->connection = connection;
    self->on_command = on_command;
    self->user = user;
    retry_init(&self->retry, connection, FIRST_MS, MAX_MS, fetch, self);
    return self;
}

void command_fetch_free(CommandFetch *self)
{
    if (!self)
        return;
    retry_clear(&self->retry);
    if (self->call)
        http_call_cancel(self->call);
    g_free(self);
}

void command_fetch_wake(CommandFetch *self)
{
    if (self->call) {
        self->again = true;
        return;
    }
    retry_clear(&self->retry);
    fetch(self);
}

void command_fetch_hasten(CommandFetch *self)
{
    retry_hasten(&self->retry, true);
}
