/* A batch at a time. The controller answers per entry after its COMMIT; only what it named as
 * stored, duplicate or quarantined is put away here. A quarantined one is acknowledged too: it is
 * kept at the centre for people to look at, and must not block those behind it. */
#include "link/uplink.h"

#include "base/log.h"
#include "link/retry.h"

#define FIRST_MS   1000
#define MAX_MS     (5 * 60 * 1000)
#define TIMEOUT_MS 60000
#define MAX_ANSWER (256 * 1024)
#define BODY_MAX   (512 * 1024) /* but at least one receipt */

struct Uplink {
    Connection *connection;
    Journal *journal;
    HttpCall *call;
    GArray *batch; /* WaitingReceipt, under way */
    Retry retry;
};

static bool is_acknowledgement(const char *status)
{
    static const char *const words[] = {"stored", "duplicate", "quarantined", NULL};
    return status && g_strv_contains(words, status);
}

/* One entry of the answer; false when it settles nothing. */
static bool settle(Uplink *self, const Json *result)
{
    int64_t index = json_peek_int(result, "index", -1);
    const char *status = json_peek_text(result, "status");
    if (index < 0 || index >= self->batch->len || !is_acknowledgement(status))
        return false;
    const WaitingReceipt *sent = &g_array_index(self->batch, WaitingReceipt, index);
    if (json_peek_int(result, "counter", sent->counter) != sent->counter)
        return false; /* an answer about another receipt puts away nothing */
    const char *why = json_peek_text(result, "why");
    if (g_str_equal(status, "quarantined"))
        log_warning("the controller put receipt %" G_GINT64_FORMAT " aside (%s)", sent->counter,
                    why ? why : "no reason given");
    g_autoptr(GError) error = NULL;
    if (journal_acknowledge(self->journal, sent->counter, &error))
        return true;
    log_warning("%s; the receipt will be sent again", error->message);
    return false;
}

static unsigned settle_all(Uplink *self, const HttpAnswer *answer)
{
    size_t length;
    const char *text = g_bytes_get_data(answer->body, &length);
    g_autoptr(Json) json = json_parse(text, length, NULL);
    const Json *results = json_peek(json, "results");
    unsigned settled = 0;
    for (size_t i = 0; i < json_length(results); i++)
        settled += settle(self, json_at(results, i));
    return settled;
}

static void on_done(const HttpAnswer *answer, void *user)
{
    Uplink *self = user;
    self->call = NULL;
    unsigned settled = answer->status == 200 ? settle_all(self, answer) : 0;
    g_clear_pointer(&self->batch, g_array_unref);
    if (!settled) {
        retry_later(&self->retry, answer);
        return;
    }
    backoff_reset(&self->retry.backoff);
    uplink_wake(self);
}

static GBytes *batch_body(GArray *batch)
{
    g_autoptr(GString) text = g_string_new("{\"receipts\":[");
    for (unsigned i = 0; i < batch->len; i++) {
        GBytes *envelope = g_array_index(batch, WaitingReceipt, i).envelope;
        if (i && text->len + g_bytes_get_size(envelope) > BODY_MAX) {
            g_array_set_size(batch, i);
            break;
        }
        if (i)
            g_string_append_c(text, ',');
        g_string_append_len(text, g_bytes_get_data(envelope, NULL),
                            (gssize)g_bytes_get_size(envelope));
    }
    g_string_append(text, "]}");
    return g_string_free_to_bytes(g_steal_pointer(&text));
}

static void send_batch(void *user)
{
    Uplink *self = user;
    g_autoptr(GError) error = NULL;
    self->batch = journal_waiting(self->journal, RECEIPT_BATCH_MAX, &error);
    if (!self->batch || self->batch->len == 0) {
        if (error)
            log_warning("%s; receipts stay where they are", error->message);
        g_clear_pointer(&self->batch, g_array_unref);
        return;
    }
    g_autoptr(GBytes) body = batch_body(self->batch);
    self->call = connection_send(self->connection, &(ConnectionCall){
                                                       .method = "POST",
                                                       .path = "/receipts",
                                                       .kind = DATA_RECEIPTS,
                                                       .body = body,
                                                       .max_answer = MAX_ANSWER,
                                                       .timeout_ms = TIMEOUT_MS,
                                                       .on_done = on_done,
                                                       .user = self,
                                                   });
}

Uplink *uplink_new(Connection *connection, Journal *journal)
{
    Uplink *self = g_new0(Uplink, 1);
    self->connection = connection;
    self->journal = journal;
    retry_init(&self->retry, connection, FIRST_MS, MAX_MS, send_batch, self);
    return self;
}

void uplink_free(Uplink *self)
{
    if (!self)
        return;
    retry_clear(&self->retry);
    if (self->call)
        http_call_cancel(self->call);
    g_clear_pointer(&self->batch, g_array_unref);
    g_free(self);
}

void uplink_wake(Uplink *self)
{
    if (!self->call && !self->retry.timer && journal_count_waiting(self->journal) > 0)
        send_batch(self);
}

void uplink_hasten(Uplink *self)
{
    retry_hasten(&self->retry, false);
}
