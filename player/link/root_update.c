/* GET /root/{n+1} until there is none: at the start, once a day, and when something came that the
 * root in force does not let in. A document that does not follow is said once and asked for again
 * later; it changes nothing, and the plan in force plays on. */
#include "link/root_update.h"

#include "base/log.h"
#include "link/retry.h"

#define FIRST_MS   1000
#define MAX_MS     (5 * 60 * 1000)
#define PERIOD_MS  (24 * 3600 * 1000)
#define TIMEOUT_MS 30000
#define MAX_ANSWER (2 * ROOT_MAX_BYTES)

struct RootUpdate {
    Connection *connection;
    Identity *identity;
    char *dir;
    HttpCall *call;
    Retry retry;
    void (*on_root)(void *user);
    void *user;
};

static bool follow(RootUpdate *self, GBytes *body)
{
    g_autoptr(GError) error = NULL;
    size_t length;
    const char *text = g_bytes_get_data(body, &length);
    if (!identity_follow(self->identity, self->dir, text, length, &error)) {
        log_warning("the next root document is not believed: %s; the one in force stays",
                    error->message);
        return false;
    }
    log_notice("root document %" G_GINT64_FORMAT " is in force", self->identity->root->version);
    self->on_root(self->user);
    return true;
}

static void on_done(const HttpAnswer *answer, void *user)
{
    RootUpdate *self = user;
    self->call = NULL;
    if (answer->status == 404)
        retry_after(&self->retry, PERIOD_MS);
    else if (answer->status == 200 && follow(self, answer->body))
        retry_after(&self->retry, 0);
    else
        retry_later(&self->retry, answer);
}

static void ask(void *user)
{
    RootUpdate *self = user;
    g_autofree char *path =
        g_strdup_printf("/root/%" G_GINT64_FORMAT, self->identity->root->version + 1);
    self->call = connection_send(self->connection, &(ConnectionCall){
                                                       .method = "GET",
                                                       .path = path,
                                                       .bare = true,
                                                       .max_answer = MAX_ANSWER,
                                                       .timeout_ms = TIMEOUT_MS,
                                                       .on_done = on_done,
                                                       .user = self,
                                                   });
}

RootUpdate *root_update_new(Connection *connection, Identity *identity, const char *dir,
                            void (*on_root)(void *user), void *user)
{
    RootUpdate *self = g_new0(RootUpdate, 1);
    self->connection = connection;
    self->identity = identity;
    self->dir = g_strdup(dir);
    self->on_root = on_root;
    self->user = user;
    retry_init(&self->retry, connection, FIRST_MS, MAX_MS, ask, self);
    return self;
}

void root_update_free(RootUpdate *self)
{
    if (!self)
        return;
    retry_clear(&self->retry);
    if (self->call)
        http_call_cancel(self->call);
    g_free(self->dir);
    g_free(self);
}

void root_update_wake(RootUpdate *self)
{
    bool failing = self->retry.backoff.failures > 0;
    if (!self->call && !(failing && self->retry.timer))
        retry_after(&self->retry, 0);
}
