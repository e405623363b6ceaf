/* A report is never kept for later: if one does not arrive, the next tells the same and more. */
#include "health/reporter.h"

#include "link/retry.h"

#define PERIOD_MS     30000
#define SOON_MS       1000
#define FULL_EVERY_US (INT64_C(600) * G_USEC_PER_SEC)
#define TIMEOUT_MS    15000
#define MAX_ANSWER    (16 * 1024)

struct Reporter {
    Connection *connection;
    FactsParts parts;
    Faults faults;
    HttpCall *call;
    Retry retry;
    bool hurry;      /* once more after the call that is under way */
    bool soon;       /* the next one is due in SOON_MS; who hurries again does not put it off */
    int64_t full_us; /* boottime of the last full report that arrived; 0 = none */
    bool full_under_way;
    void (*on_heard)(void *user);
    void *user;
};

static void on_done(const HttpAnswer *answer, void *user)
{
    Reporter *self = user;
    self->call = NULL;
    if (answer->status != 204) { /* a page of somebody on the way is no word of the controller */
        retry_later(&self->retry, answer);
        return;
    }
    if (self->full_under_way)
        self->full_us = clock_boottime_us(self->parts.clock);
    self->soon = self->hurry;
    self->hurry = false;
    retry_after(&self->retry, self->soon ? SOON_MS : PERIOD_MS);
    self->on_heard(self->user);
}

static void report(void *user)
{
    Reporter *self = user;
    if (self->call) {
        self->hurry = true;
        return;
    }
    self->soon = false;
    int64_t now_us = clock_boottime_us(self->parts.clock);
    self->full_under_way = !self->full_us || now_us - self->full_us >= FULL_EVERY_US;
    g_autoptr(Json) json = facts_gather(&self->parts, &self->faults, self->full_under_way);
    g_autoptr(GBytes) body = json_print_bytes(json);
    self->call = connection_send(self->connection, &(ConnectionCall){
                                                       .method = "POST",
                                                       .path = "/health",
                                                       .body = body,
                                                       .max_answer = MAX_ANSWER,
                                                       .timeout_ms = TIMEOUT_MS,
                                                       .on_done = on_done,
                                                       .user = self,
                                                   });
}

Reporter *reporter_new(Connection *connection, const FactsParts *parts,
                       void (*on_heard)(void *user), void *user)
{
    Reporter *self = g_new0(Reporter, 1);
    self->connection = connection;
    self->parts = *parts;
    self->on_heard = on_heard;
    self->user = user;
    retry_init(&self->retry, connection, 1000, PERIOD_MS, report, self);
    return self;
}

void reporter_free(Reporter *self)
{
    if (!self)
        return;
    retry_clear(&self->retry);
    if (self->call)
        http_call_cancel(self->call);
    g_free(self);
}

void reporter_start(Reporter *self)
{
    report(self);
}

static void come_soon(Reporter *self)
{
    if (self->soon)
        return;
    self->soon = true;
    retry_after(&self->retry, SOON_MS);
}

void reporter_wake(Reporter *self)
{
    if (self->call)
        self->hurry = true;
    else
        come_soon(self);
}

void reporter_hurry(Reporter *self)
{
    bool failing = self->retry.backoff.failures > 0;
    if (self->call)
        self->hurry = true;
    else if (!failing)
        come_soon(self);
}

bool reporter_is_heard(const Reporter *self)
{
    return self->full_us && self->retry.backoff.failures == 0;
}

bool reporter_has_fault(const Reporter *self)
{
    return faults_any(&self->faults);
}
