/* Keeps one event stream open. The controller says something every 25 s. A way that is cut is
 * noticed by TCP (http_socket.h); 60 s of silence mean that it is of no use although TCP has
 * noticed nothing. The stream is then given up and made anew.
 *
 * Its back-off grows to 5 min, and as long as it waits no alert comes in. So it does not wait any
 * more once the way is known to be open: the report about the station's health is tried at least
 * every 30 s, and whoever hears that one arrive calls events_hasten(). */
#include "link/events.h"

#include "link/retry.h"
#include "link/sse.h"

#define STALE_MS 60000
#define FIRST_MS 1000
#define MAX_MS   (5 * 60 * 1000)

struct Events {
    Connection *connection;
    HttpCall *call;
    Sse *sse;
    Retry retry;
    void (*on_wake)(void *user);
    void *user;
    void (*on_command)(const char *envelope, void *user);
    void (*on_commands)(void *user);
    void *listener;
};

/* Not every byte is a word of the controller's: a page that asks for the next payment of the SIM is
 * an answer too, and would be fetched twice a second if the back-off started over for it. */
static void on_event(const char *type, const char *data, void *user)
{
    Events *self = user;
    backoff_reset(&self->retry.backoff);
    if (g_str_equal(type, "command") && self->on_command)
        self->on_command(data, self->listener);
    else if (g_str_equal(type, "commands-changed") && self->on_commands)
        self->on_commands(self->listener);
    else if (g_str_equal(type, "hello") || g_str_equal(type, "plan-changed"))
        self->on_wake(self->user);
}

static bool on_data(const void *bytes, size_t length, void *user)
{
    Events *self = user;
    return sse_feed(self->sse, bytes, length);
}

static void on_done(const HttpAnswer *answer, void *user)
{
    Events *self = user;
    self->call = NULL;
    retry_later(&self->retry, answer);
}

static void connect_stream(void *user)
{
    Events *self = user;
    g_clear_pointer(&self->sse, sse_free);
    self->sse = sse_new(on_event, self);
    self->call = connection_send(self->connection, &(ConnectionCall){
                                                       .method = "GET",
                                                       .path = "/events",
                                                       .kind = DATA_EVENTS,
                                                       .header = "Accept: text/event-stream",
                                                       .max_answer = 16 * 1024,
                                                       .stall_ms = STALE_MS,
                                                       .on_data = on_data,
                                                       .on_done = on_done,
                                                       .user = self,
                                                   });
}

Events *events_new(Connection *connection, void (*on_wake)(void *user), void *user)
{
    Events *self = g_new0(Events, 1);
    self->connection = connection;
    self->on_wake = on_wake;
    self->user = user;
    retry_init(&self->retry, connection, FIRST_MS, MAX_MS, connect_stream, self);
    return self;
}

void events_listen(Events *self, void (*on_command)(const char *envelope, void *user),
                   void (*on_commands)(void *user), void *user)
{
    self->on_command = on_command;
    self->on_commands = on_commands;
    self->listener = user;
}

void events_free(Events *self)
{
    if (!self)
        return;
    retry_clear(&self->retry);
    if (self->call)
        http_call_cancel(self->call);
    sse_free(self->sse);
    g_free(self);
}

void events_start(Events *self)
{
    if (!self->call && !self->retry.timer)
        connect_stream(self);
}

void events_hasten(Events *self)
{
    retry_hasten(&self->retry, true);
}
