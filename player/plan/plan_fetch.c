/* GET /plan with the version in force as the ETag. A plan that is not believed changes nothing: it
 * is counted, said once per try, and the old one plays on. */
#include "plan/plan_fetch.h"

#include "base/log.h"
#include "link/retry.h"

#define FIRST_MS   1000
#define MAX_MS     (5 * 60 * 1000)
#define PERIOD_MS  (5 * 60 * 1000)
#define TIMEOUT_MS 60000
#define MAX_ANSWER (PLAN_MAX_BYTES / 3 * 4 + 16 * 1024)

struct PlanFetch {
    PlanFetchSettings settings;
    HttpCall *call;
    Retry retry;
    bool again; /* woken while a call was under way */
};

static bool take(PlanFetch *self, GBytes *body)
{
    g_autoptr(GError) error = NULL;
    AcceptCode code;
    size_t length;
    const char *text = g_bytes_get_data(body, &length);
    if (plan_file_replace(self->settings.file, text, length, &code, &error)) {
        const Plan *plan = plan_file_plan(self->settings.file);
        log_info("plan %" G_GINT64_FORMAT ".%" G_GINT64_FORMAT " accepted, %u airings", plan->epoch,
                 plan->version, plan->airings->len);
        self->settings.on_plan(self->settings.user);
        return true;
    }
    if (code != ACCEPT_OK)
        refusals_add(self->settings.refusals, "plan", accept_words[code]);
    if (code == ACCEPT_KEY_UNKNOWN || code == ACCEPT_BAD_SIGNATURE)
        self->settings.on_distrust(self->settings.user);
    log_warning("plan refused (%s): %s; keeping the old plan",
                code == ACCEPT_OK ? "not-written" : accept_words[code], error->message);
    return false;
}

static void on_done(const HttpAnswer *answer, void *user)
{
    PlanFetch *self = user;
    self->call = NULL;
    bool good = answer->status == 304 || (answer->status == 200 && take(self, answer->body));
    bool again = self->again;
    self->again = false;
    if (good)
        retry_after(&self->retry, again ? 0 : PERIOD_MS);
    else
        retry_later(&self->retry, answer);
}

static void fetch(void *user)
{
    PlanFetch *self = user;
    const Plan *plan = plan_file_plan(self->settings.file);
    g_autofree char *tag = NULL;
    if (plan)
        tag = g_strdup_printf("If-None-Match: \"%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT "\"",
                              plan->epoch, plan->version);
    self->call = connection_send(self->settings.connection, &(ConnectionCall){
                                                                .method = "GET",
                                                                .path = "/plan",
                                                                .kind = DATA_PLAN,
                                                                .header = tag,
                                                                .max_answer = MAX_ANSWER,
                                                                .timeout_ms = TIMEOUT_MS,
                                                                .on_done = on_done,
                                                                .user = self,
                                                            });
}

PlanFetch *plan_fetch_new(const PlanFetchSettings *settings)
{
    PlanFetch *self = g_new0(PlanFetch, 1);
    self->settings = *settings;
    retry_init(&self->retry, settings->connection, FIRST_MS, MAX_MS, fetch, self);
    return self;
}

void plan_fetch_free(PlanFetch *self)
{
    if (!self)
        return;
    retry_clear(&self->retry);
    if (self->call)
        http_call_cancel(self->call);
    g_free(self);
}

void plan_fetch_wake(PlanFetch *self)
{
    if (self->call) {
        self->again = true;
        return;
    }
    retry_clear(&self->retry);
    fetch(self);
}
