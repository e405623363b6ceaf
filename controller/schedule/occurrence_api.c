/* What a series does in a time: each occurrence with how it sounds, and those that do not play with
 * the reason. Nothing is stored of them; the rule is expanded for each question, a page at a time.
 */
#include "schedule/occurrence_api.h"

#include "base/clock.h"
#include "schedule/broadcast_api_parts.h"
#include "schedule/rundown.h"

#define SECOND_US       INT64_C(1000000)
#define WINDOW_MAX_US   (INT64_C(400) * 86400 * SECOND_US)
#define WINDOW_US       (INT64_C(35) * 86400 * SECOND_US)
#define OCCURRENCES_MAX 1000 /* of one page */

static void set_manner(Json *json, const SeriesManner *manner)
{
    Json *repeat = json_new_object();
    json_set_int(repeat, "count", MAX(manner->repeats, 1));
    json_set_int(repeat, "gap_s", manner->gap_s);
    json_set_take(json, "repeat", repeat);
    json_set_text(json, "on_preempt", on_preempt_words[manner->on_preempt]);
    json_set_bool(json, "filler", manner->filler);
}

static Json *occurrence_json(const SeriesOccurrence *one, RundownValidity validity,
                             Language language)
{
    g_autofree char *id = clock_format_utc(one->recurrence_us);
    g_autofree char *start = clock_format_utc(one->start_us);
    g_autofree char *text = series_reason_text(one, language);
    Json *json = json_new_object();
    json_set_text(json, "recurrence_id", id);
    json_set_text(json, "start", start);
    json_set_bool(json, "plays", one->fate == SERIES_PLAYS && !validity);
    json_set_bool(json, "moved", one->start_us != one->recurrence_us);
    json_set_text(json, "reason",
                  validity ? rundown_validity_word(validity) : series_reason_word(one->fate));
    json_set_text(json, "reason_text", validity ? rundown_validity_text(validity, language) : text);
    json_set_text(json, "holiday",
                  !one->holiday             ? NULL
                  : language == LANGUAGE_EN ? one->holiday->name_en
                                            : one->holiday->name_vi);
    json_set_real(json, "gain_db", one->gain_mdb / 1000.0);
    json_set_int(json, "tolerance_s", one->tolerance_s);
    set_manner(json, &one->manner);
    return json;
}

static bool read_instant(const Request *request, const char *key, int64_t fallback_us,
                         int64_t *ret_us)
{
    const char *text = request_query(request, key);
    *ret_us = fallback_us;
    return !text || clock_parse_rfc3339(text, ret_us, NULL);
}

/* How many of the list make a page: what starts at one moment stays together, so that the next page
 * begins with a moment of its own. */
static unsigned page_of(const GArray *list)
{
    const SeriesOccurrence *all = (const SeriesOccurrence *)(const void *)list->data;
    if (list->len <= OCCURRENCES_MAX)
        return list->len;
    unsigned n = OCCURRENCES_MAX;
    while (n > 0 && all[n - 1].start_us == all[n].start_us)
        n--;
    return n;
}

Reply *occurrence_api_list(void *room, Request *request)
{
    BroadcastApi *self = room;
    Reply *refusal = NULL;
    g_autoptr(Broadcast) broadcast = broadcast_api_find(self, request, VERB_VIEW, &refusal);
    if (!broadcast)
        return refusal;
    int64_t from_us, to_us, after_us;
    if (!read_instant(request, "from", request_now_us(request), &from_us) ||
        !read_instant(request, "to", from_us + WINDOW_US, &to_us) || to_us < from_us ||
        to_us - from_us > WINDOW_MAX_US || !read_instant(request, "after", from_us, &after_us) ||
        after_us < from_us || after_us > to_us) {
        Problem *problem = problem_new(&problem_bad_request);
        problem_set(problem, "why", "from, to, after");
        return reply_problem_take(problem);
    }
    Series series = broadcast_series(broadcast);
    g_autoptr(Rundown) rundown = rundown_load(self->database, broadcast, NULL);
    g_autoptr(GArray) list = series_expand(&series, after_us, to_us);
    const unsigned page = page_of(list);
    Json *items = json_new_array();
    for (unsigned i = 0; i < page; i++) {
        const SeriesOccurrence *one = &g_array_index(list, SeriesOccurrence, i);
        const bool asked =
            rundown && one->fate == SERIES_PLAYS && one->start_us >= request_now_us(request);
        const RundownValidity validity =
            asked ? rundown_validity(rundown, one->start_us) : RUNDOWN_VALID;
        json_append_take(items, occurrence_json(one, validity, request_language(request)));
    }
    Json *body = json_new_object();
    json_set_take(body, "items", items);
    g_autofree char *next =
        page < list->len ? clock_format_utc(g_array_index(list, SeriesOccurrence, page).start_us)
                         : NULL;
    json_set_text(body, "next", next);
    return reply_json_take(200, body);
}
