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
    RootUpdateSettings settings;
    char *dir;
    HttpCall *call;
    Retry retry;
};

static const char *code_of(const GError *error)
{
    static const char *const words[] = {
        [ROOT_ERROR_FORMAT] = "malformed",
        [ROOT_ERROR_KEY] = "key-unknown",
        [ROOT_ERROR_THRESHOLD] = "bad-signature",
        [ROOT_ERROR_VERSION] = "wrong-version",
    };
    bool known = error->domain == ROOT_ERROR && (size_t)error->code < G_N_ELEMENTS(words);
    return known ? words[error->code] : "malformed";
}

static bool follow(RootUpdate *self, GBytes *body)
{
    g_autoptr(GError) error = NULL;
    size_t length;
    const char *text = g_bytes_get_data(body, &length);
    if (!identity_follow(self->settings.identity, self->dir, text, length, &error)) {
        refusals_add(self->settings.refusals, "root", code_of(error));
        log_warning("the next root document is not believed: %s; the one in force stays",
                    error->message);
        return false;
    }
    log_notice("root document %" G_GINT64_FORMAT " is in force",
               self->settings.identity->root->version);
    self->settings.on_root(self->settings.user);
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
        g_strdup_printf("/root/%" G_GINT64_FORMAT, self->settings.identity->root->version + 1);
    self->call = connection_send(self->settings.connection, &(ConnectionCall){
                                                                .method = "GET",
                                                                .path = path,
                                                                .bare = true,
                                                                .max_answer = MAX_ANSWER,
                                                                .timeout_ms = TIMEOUT_MS,
                                                                .on_done = on_done,
                                                                .user = self,
                                                            });
}

RootUpdate *root_update_new(const RootUpdateSettings *settings)
{
    RootUpdate *self = g_new0(RootUpdate, 1);
    self->settings = *settings;
    self->dir = g_strdup(settings->dir);
    retry_init(&self->retry, settings->connection, FIRST_MS, MAX_MS, ask, self);
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

void root_update_hasten(RootUpdate *self)
{
    retry_hasten(&self->retry, false);
}
