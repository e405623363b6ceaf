/* Announce, then poll: 2 s apart at first, when a technician probably stands in front of the
 * station, later up to 30 s. A controller that has forgotten us answers 404, and we announce again.
 */
#include "link/enrol.h"

#include "base/log.h"
#include "link/retry.h"

#define POLL_FIRST_MS 2000u
#define POLL_MAX_MS   30000u
#define POLLS_QUICK   60 /* two minutes */
#define TIMEOUT_MS    15000
#define MAX_ANSWER    (256 * 1024)

struct Enrol {
    EnrolSettings settings;
    char *dir, *model, *serial;
    HttpCall *call;
    Retry retry;
    unsigned polls; /* since the announcement; 0 = announce next */
};

static void next_step(void *user);

static void announced(const HttpAnswer *answer, void *user)
{
    Enrol *self = user;
    self->call = NULL;
    if (answer->status != 200 && answer->status != 202) {
        retry_later(&self->retry, answer);
        return;
    }
    self->polls = 1;
    retry_after(&self->retry, 100);
}

static void send_call(Enrol *self, const char *method, const char *path, GBytes *body,
                      void (*on_done)(const HttpAnswer *, void *))
{
    self->call = connection_send(self->settings.connection, &(ConnectionCall){
                                                                .method = method,
                                                                .path = path,
                                                                .body = body,
                                                                .max_answer = MAX_ANSWER,
                                                                .timeout_ms = TIMEOUT_MS,
                                                                .on_done = on_done,
                                                                .user = self,
                                                            });
}

static void announce(Enrol *self)
{
    g_autoptr(Json) json = json_new_object();
    g_autofree char *public_key =
        g_base64_encode(self->settings.key->public_key, CRYPTO_PUBLIC_BYTES);
    json_set_text(json, "public_key", public_key);
    json_set_text(json, "model", self->model);
    json_set_text(json, "serial", self->serial);
    json_set_text(json, "software", "loa-player/" LOA_VERSION);
    g_autoptr(GBytes) body = json_print_bytes(json);
    send_call(self, "POST", "/enrolments", body, announced);
}

static void accepted(Enrol *self, const HttpAnswer *answer)
{
    g_autoptr(GError) error = NULL;
    size_t length;
    const char *text = g_bytes_get_data(answer->body, &length);
    g_autoptr(Json) json = json_parse(text, length, &error);
    g_autoptr(Identity) identity = json ? identity_from_json(json, &error) : NULL;
    if (!identity || !identity_save(json, self->dir, &error)) {
        log_warning("the controller's acceptance cannot be used: %s; asking again", error->message);
        retry_later(&self->retry, answer);
        return;
    }
    self->settings.on_enrolled(g_steal_pointer(&identity), self->settings.user);
}

static void polled(const HttpAnswer *answer, void *user)
{
    Enrol *self = user;
    self->call = NULL;
    if (answer->status == 200) {
        accepted(self, answer);
    } else if (answer->status == 202) {
        retry_after(&self->retry, self->polls++ < POLLS_QUICK ? POLL_FIRST_MS : POLL_MAX_MS);
    } else {
        if (answer->status == 404)
            self->polls = 0;
        retry_later(&self->retry, answer);
    }
}

static void next_step(void *user)
{
    Enrol *self = user;
    if (!self->polls) {
        announce(self);
        return;
    }
    g_autofree char *path = g_strconcat("/enrolments/", self->settings.key->id, NULL);
    send_call(self, "GET", path, NULL, polled);
}

Enrol *enrol_new(const EnrolSettings *settings)
{
    Enrol *self = g_new0(Enrol, 1);
    self->settings = *settings;
    self->dir = g_strdup(settings->dir);
    self->model = g_strdup(settings->model);
    self->serial = g_strdup(settings->serial);
    retry_init(&self->retry, settings->connection, POLL_FIRST_MS, POLL_MAX_MS, next_step, self);
    return self;
}

void enrol_start(Enrol *self)
{
    next_step(self);
}

void enrol_free(Enrol *self)
{
    if (!self)
        return;
    retry_clear(&self->retry);
    if (self->call)
        http_call_cancel(self->call);
    g_free(self->dir);
    g_free(self->model);
    g_free(self->serial);
    g_free(self);
}
