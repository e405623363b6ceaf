/* GET /api/home/since: what failed since somebody last looked, for the first minute after logging
 * in. What no station has spoken about ten minutes after its end counts as unknown, not as played.
 * Until then it may still fail: who has seen the list has seen it up to the first of those. */
#include "ledger/ledger.h"

#include "base/clock.h"
#include "ledger/outcome_text.h"
#include "ledger/reconcile.h"
#include "ledger/since_store.h"
#include "schedule/scope.h"

#define DAY_US         (INT64_C(86400) * G_USEC_PER_SEC)
#define WINDOW_US      DAY_US
#define WINDOW_MAX_US  (14 * DAY_US)
#define SINCE_ROWS_MAX 20

static const struct {
    const char *stored;
    const char *word;
} bad[] = {{"missed", "missed"}, {"partial", "partial"}, {"", "unknown"}};

static Json *group_json(const SinceGroup *group, const char *word, Language language)
{
    g_autofree char *start = clock_format_utc(group->planned_us);
    const char *text = outcome_text_reason(group->reason, language);
    Json *json = json_new_object();
    json_set_text(json, "broadcast", group->broadcast);
    json_set_text(json, "title", group->title);
    json_set_text(json, "start", start);
    json_set_text(json, "outcome", word);
    json_set_text(json, "reason", *group->reason ? group->reason : NULL);
    json_set_text(json, "reason_text", *text ? text : NULL);
    json_set_int(json, "stations", group->stations);
    return json;
}

static bool add_outcome(Ledger *self, const char *path, size_t which, const int64_t window[2],
                        Language language, Json *body, GError **error)
{
    bool waits = !*bad[which].stored; /* for a word: give stations their ten minutes */
    g_autoptr(GPtrArray) groups =
        since_store_list(self->database, path, bad[which].stored, window[0],
                         window[1] - (waits ? RECONCILE_SILENCE_US : 0), error);
    int64_t airings = 0;
    Json *items = json_peek(body, "items");
    for (unsigned i = 0; groups && i < groups->len; i++) {
        const SinceGroup *group = g_ptr_array_index(groups, i);
        airings += group->stations;
        if (json_length(items) < SINCE_ROWS_MAX)
            json_append_take(items, group_json(group, bad[which].word, language));
    }
    json_set_int(body, bad[which].word, airings);
    return groups != NULL;
}

static bool add_end(Ledger *self, const char *path, const int64_t window[2], Json *body,
                    GError **error)
{
    int64_t up_to_us;
    if (!since_store_open(self->database, path, window, window[1] - RECONCILE_SILENCE_US, &up_to_us,
                          error))
        return false;
    g_autofree char *up_to = clock_format_utc(up_to_us);
    json_set_text(body, "up_to", up_to);
    return true;
}

static bool add_all(Ledger *self, const char *path, const int64_t window[2], Language language,
                    Json *body, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        if (!add_outcome(self, path, i, window, language, body, error))
            return false;
    return add_end(self, path, window, body, error);
}

Reply *since_api_get(void *ledger, Request *request)
{
    Ledger *self = ledger;
    Reply *refusal = NULL;
    g_autoptr(Area) area = scope_area(self->database, request, &refusal);
    if (!area)
        return refusal;
    int64_t now_us = request_now_us(request), since_us = now_us - WINDOW_US;
    const char *since = request_query(request, "since");
    if (since && !clock_parse_rfc3339(since, &since_us, NULL)) {
        Problem *problem = problem_new(&problem_bad_request);
        problem_set(problem, "why", "since");
        return reply_problem_take(problem);
    }
    since_us = CLAMP(since_us, now_us - WINDOW_MAX_US, now_us);
    g_autoptr(GError) error = NULL;
    g_autofree char *from = clock_format_utc(since_us);
    Json *body = json_new_object();
    json_set_text(body, "since", from);
    json_set_take(body, "items", json_new_array());
    if (add_all(self, area->path, (const int64_t[]){since_us, now_us}, request_language(request),
                body, &error))
        return reply_json_take(200, body);
    json_drop(body);
    return reply_error(error);
}
