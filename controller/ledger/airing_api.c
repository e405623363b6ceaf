/* GET /api/airings/{id}?planned_start=: one airing with all that lies behind it, in the order it
 * happened: ordered, approved, signed into a plan, taken by the station, sounded, told, stored.
 *
 * Each receipt's signature is checked again for every answer, against the key that the station has
 * now: what people see here does not rest on what was believed at the door. */
#include "ledger/ledger.h"

#include <math.h>
#include <string.h>

#include "access/access.h"
#include "content/bulletin_store.h"
#include "ledger/airing_paper_store.h"
#include "ledger/airing_view.h"
#include "registry/station_store.h"

typedef struct Answer {
    Ledger *ledger;
    const Airing *airing;
    AiringPapers papers;
    PlanTimes plan;
    Json *timeline;
    Json *receipts;
} Answer;

static void set_time(Json *object, const char *key, int64_t us)
{
    g_autofree char *text = us ? clock_format_utc(us) : NULL;
    json_set_text(object, key, text);
}

static void happened(Answer *answer, const char *what, int64_t at_us, const char *who)
{
    if (!at_us)
        return;
    Json *one = json_new_object();
    json_set_text(one, "what", what);
    set_time(one, "at", at_us);
    json_set_text(one, "who", who);
    json_append_take(answer->timeline, one);
}

/* A stretch of sound and what it was of. */
typedef struct Stretch {
    const ReceiptItem *item;
    const ReceiptSegment *segment;
} Stretch;

static int compare_stretches(gconstpointer left, gconstpointer right)
{
    const ReceiptSegment *a = ((const Stretch *)left)->segment,
                         *b = ((const Stretch *)right)->segment;
    return (a->first_us > b->first_us) - (a->first_us < b->first_us);
}

static GArray *stretches_of(const Receipt *receipt)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Stretch));
    for (unsigned i = 0; i < receipt->items->len; i++) {
        const ReceiptItem *item = g_ptr_array_index(receipt->items, i);
        for (unsigned j = 0; j < item->segments->len; j++) {
            Stretch one = {item, g_ptr_array_index(item->segments, j)};
            g_array_append_val(all, one);
        }
    }
    g_array_sort(all, compare_stretches);
    return all;
}

/* The link of the chain that sounded: an address of a relay, or what stood in. */
static void set_link(Json *json, Database *database, const Stretch *stretch)
{
    const ReceiptItem *item = stretch->item;
    int source = stretch->segment->source;
    bool named = source >= 0 && (unsigned)source < item->sources->len;
    g_autoptr(Bulletin) bulletin =
        item->stands_for >= 0 ? bulletin_store_version(database, item->bulletin_version, NULL)
                              : NULL;
    json_set_text(json, "source", named ? item->sources->pdata[source] : item->source);
    json_set_text(json, "stands_in",
                  bulletin                ? bulletin->title
                  : item->stands_for >= 0 ? item->bulletin_version
                                          : NULL);
}

static Json *segments_json(Database *database, const Receipt *receipt)
{
    Json *list = json_new_array();
    g_autoptr(GArray) stretches = stretches_of(receipt);
    for (unsigned i = 0; i < stretches->len; i++) {
        const Stretch *stretch = &g_array_index(stretches, Stretch, i);
        Json *one = json_new_object();
        set_time(one, "from", stretch->segment->first_us);
        set_time(one, "to", stretch->segment->last_us);
        json_set_int(one, "frames", stretch->segment->frames);
        json_set_text(one, "ended", stretch->segment->ended);
        set_link(one, database, stretch);
        json_append_take(list, one);
    }
    return list;
}

/* "good" | "bad" | "other_key": signed with a key that the station does not have any more. */
static const char *signature_word(const Station *station, const AiringReceipt *stored,
                                  const Envelope *envelope)
{
    Key key;
    if (!station || !g_str_equal(station->keyid, stored->keyid))
        return "other_key";
    if (!key_from_public(station->public_key, sizeof station->public_key, &key))
        return "bad";
    return envelope_verify(envelope, ENVELOPE_TYPE_RECEIPT, &key, NULL) ? "good" : "bad";
}

static void add_receipt(Answer *answer, const Station *station, const AiringReceipt *stored)
{
    g_autoptr(Envelope) envelope =
        envelope_parse(stored->envelope, strlen(stored->envelope), RECEIPT_MAX_BYTES * 2, NULL);
    size_t length = 0;
    const void *bytes = envelope ? g_bytes_get_data(envelope->payload, &length) : NULL;
    g_autoptr(Receipt) receipt = bytes ? receipt_parse(bytes, length, NULL) : NULL;
    if (!receipt)
        return;
    bool counts = stored->seq == answer->airing->receipt_seq;
    if (counts && !answer->plan.version &&
        !airing_paper_store_plan(answer->ledger->database, answer->airing->station,
                                 receipt->plan_epoch, receipt->plan_version, 0, &answer->plan,
                                 NULL))
        return;
    Json *one = json_new_object();
    json_set_int(one, "counter", stored->counter);
    json_set_text(one, "keyid", stored->keyid);
    json_set_text(one, "sha256", stored->sha256);
    json_set_text(one, "signature", signature_word(station, stored, envelope));
    json_set_bool(one, "counts", counts);
    json_set_text(one, "outcome", outcome_words[receipt->outcome]);
    json_set_text(one, "reason", receipt->reason ? reason_words[receipt->reason] : NULL);
    json_set_text(one, "fault", receipt->fault);
    set_time(one, "made_at", receipt->made_us);
    set_time(one, "received_at", stored->received_us);
    json_set_real(one, "clock_error_ms",
                  receipt->clock_error_ms >= 0 ? (double)receipt->clock_error_ms : NAN);
    json_set_take(one, "segments", segments_json(answer->ledger->database, receipt));
    json_append_take(answer->receipts, one);
}

static void tell(Answer *answer)
{
    const Airing *airing = answer->airing;
    const AiringPapers *papers = &answer->papers;
    happened(answer, "approved", papers->approved_us, airing->approver);
    happened(answer, "ordered", papers->created_us, papers->created_by);
    happened(answer, "signed", answer->plan.issued_us, NULL);
    happened(answer, "fetched", answer->plan.fetched_us, NULL);
    happened(answer, "due", airing->planned_us, NULL);
    happened(answer, "started", airing->started_us, NULL);
    happened(answer, "ended", airing->ended_us, NULL);
    for (size_t i = 0; i < json_length(answer->receipts); i++) {
        const Json *receipt = json_at(answer->receipts, i);
        int64_t at_us = 0;
        const char *made = json_peek_text(receipt, "made_at");
        const char *received = json_peek_text(receipt, "received_at");
        if (made && clock_parse_rfc3339(made, &at_us, NULL))
            happened(answer, "told", at_us, NULL);
        if (received && clock_parse_rfc3339(received, &at_us, NULL))
            happened(answer, "stored", at_us, NULL);
    }
    happened(answer, "closed", papers->unreported_us, NULL);
}

static Json *plan_json(const PlanTimes *plan)
{
    if (!plan->version)
        return NULL;
    Json *one = json_new_object();
    json_set_int(one, "epoch", plan->epoch);
    json_set_int(one, "version", plan->version);
    json_set_text(one, "sha256", *plan->sha256 ? plan->sha256 : NULL);
    set_time(one, "signed_at", plan->issued_us);
    set_time(one, "fetched_at", plan->fetched_us);
    return one;
}

/* Before it starts: whether the station has what it needs. NULL where that cannot be said. */
static Json *readiness(Answer *answer, int64_t now_us)
{
    if (*answer->airing->outcome || answer->airing->planned_us < now_us)
        return NULL;
    HealthView health;
    health_view(answer->ledger->fleet->health, answer->airing->station, &health);
    const Json *media = json_peek(health.facts, "media");
    if (!media)
        return NULL;
    Json *one = json_new_object();
    json_set_text(one, "state", health.state);
    json_set_int(one, "files_missing", (int64_t)json_length(json_peek(media, "missing")));
    return one;
}

static bool read_papers(Answer *answer, const Station *station, GError **error)
{
    Database *database = answer->ledger->database;
    if (!airing_paper_store_read(database, answer->airing, &answer->papers, error))
        return false;
    for (unsigned i = 0; i < answer->papers.receipts->len; i++)
        add_receipt(answer, station, g_ptr_array_index(answer->papers.receipts, i));
    return answer->plan.version > 0 ||
           airing_paper_store_plan(database, answer->airing->station, 0, 0,
                                   answer->airing->planned_us, &answer->plan, error);
}

static Reply *answer_with(Ledger *ledger, Request *request, const Airing *airing)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Station) station = station_store_get(ledger->database, airing->station, NULL);
    Answer answer = {.ledger = ledger,
                     .airing = airing,
                     .timeline = json_new_array(),
                     .receipts = json_new_array()};
    bool ok = read_papers(&answer, station, &error);
    if (!ok) {
        airing_papers_clear(&answer.papers);
        json_drop(answer.timeline);
        json_drop(answer.receipts);
        return reply_error(error);
    }
    tell(&answer);
    g_autoptr(AiringView) view =
        airing_view_new(ledger, request_language(request), request_now_us(request));
    Json *body = json_new_object();
    json_set_take(body, "airing", airing_view_json(view, airing));
    json_set_take(body, "timeline", answer.timeline);
    json_set_take(body, "plan", plan_json(&answer.plan));
    json_set_take(body, "ready", readiness(&answer, request_now_us(request)));
    json_set_bool(body, "conflict", json_length(answer.receipts) > 1);
    json_set_take(body, "receipts", answer.receipts);
    json_set_bool(body, "more", answer.papers.more_receipts);
    json_set_text(body, "unreported_sha256", answer.papers.unreported_sha256);
    airing_papers_clear(&answer.papers);
    return reply_json_take(200, body);
}

Reply *airing_api_get(void *ledger, Request *request)
{
    Ledger *self = ledger;
    const char *text = request_query(request, "planned_start");
    int64_t planned_us = 0;
    if (!text || !clock_parse_rfc3339(text, &planned_us, NULL)) {
        g_autoptr(Problem) problem = problem_new(&problem_invalid);
        problem_add(problem, "?planned_start", "Hãy ghi giờ hẹn của lượt phát như trong danh sách.",
                    "Give the airing's planned start as the list says it.");
        return reply_problem_take(g_steal_pointer(&problem));
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(Airing) airing =
        airing_store_get(self->database, planned_us, request_place(request, "id"), &error);
    if (!airing)
        return error ? reply_error(error) : reply_problem(&problem_not_found);
    Reply *refusal = access_check(self->database, request, VERB_VIEW, airing->area);
    return refusal ? refusal : answer_with(self, request, airing);
}
