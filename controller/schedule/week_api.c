/* What an area's broadcasts do from day to day, those that were moved and those that do not play
 * with their reason: the list from which the panel draws its week. One read of the rules that reach
 * it, each expanded once. A province sees what it ordered itself where its communes order too much
 * to be looked at together. */
#include "schedule/week_api.h"

#include "base/clock.h"
#include "schedule/broadcast_api_parts.h"
#include "schedule/broadcast_reach_store.h"
#include "schedule/rundown.h"
#include "schedule/scope.h"

#define DAY_US          (INT64_C(86400) * G_USEC_PER_SEC)
#define WINDOW_US       (7 * DAY_US)
#define WINDOW_MAX_US   (42 * DAY_US)
#define BROADCASTS_MAX  500
#define OCCURRENCES_MAX 5000
#define FRAMES_PER_MS   48

typedef struct Week {
    Database *database;
    Language language;
    int64_t now_us, from_us, to_us;
    Json *items, *broadcasts; /* no broadcasts: not asked for */
    bool below_left_out, cut;
} Week;

/* Of starts to come: what has sounded was valid then, whatever is said now. */
static RundownValidity validity_of(const Week *self, const Rundown *rundown,
                                   const SeriesOccurrence *one)
{
    const bool asked = rundown && one->fate == SERIES_PLAYS && one->start_us >= self->now_us;
    return asked ? rundown_validity(rundown, one->start_us) : RUNDOWN_VALID;
}

static Json *occurrence_json(const Week *self, const Broadcast *broadcast, const Rundown *rundown,
                             const SeriesOccurrence *one)
{
    const int64_t duration_ms = rundown ? rundown_frames(rundown) / FRAMES_PER_MS : 0;
    const RundownValidity validity = validity_of(self, rundown, one);
    const bool plays = one->fate == SERIES_PLAYS && validity == RUNDOWN_VALID;
    g_autofree char *id = clock_format_utc(one->recurrence_us);
    g_autofree char *start = clock_format_utc(one->start_us);
    g_autofree char *text = series_reason_text(one, self->language);
    Json *json = json_new_object();
    json_set_text(json, "broadcast", broadcast->id);
    json_set_text(json, "recurrence_id", id);
    json_set_text(json, "start", start);
    json_set_int(json, "duration_ms", duration_ms);
    json_set_bool(json, "plays", plays);
    json_set_bool(json, "moved", one->start_us != one->recurrence_us);
    json_set_text(json, "reason",
                  validity ? rundown_validity_word(validity) : series_reason_word(one->fate));
    json_set_text(json, "reason_text",
                  validity ? rundown_validity_text(validity, self->language) : text);
    return json;
}

static void add_broadcast(Week *self, const Broadcast *broadcast)
{
    g_autoptr(Rundown) rundown = rundown_load(self->database, broadcast, NULL);
    Series series = broadcast_series(broadcast);
    g_autoptr(GArray) list = series_expand(&series, self->from_us, self->to_us);
    unsigned before = json_length(self->items);
    for (unsigned i = 0; i < list->len; i++) {
        const SeriesOccurrence *one = &g_array_index(list, SeriesOccurrence, i);
        if (json_length(self->items) == OCCURRENCES_MAX) {
            self->cut = true;
            break;
        }
        json_append_take(self->items, occurrence_json(self, broadcast, rundown, one));
    }
    if (self->broadcasts && json_length(self->items) > before)
        json_append_take(self->broadcasts,
                         broadcast_api_json(self->database, broadcast, self->now_us));
}

static GPtrArray *read_broadcasts(Week *self, const Area *area, GError **error)
{
    BroadcastReach reach = {.path = area->path,
                            .below = true,
                            .from_us = self->from_us,
                            .to_us = self->to_us,
                            .limit = BROADCASTS_MAX + 1};
    g_autoptr(GPtrArray) list = broadcast_reach_store_between(self->database, &reach, error);
    if (!list || list->len <= BROADCASTS_MAX)
        return g_steal_pointer(&list);
    self->below_left_out = true;
    reach.below = false;
    g_ptr_array_unref(list);
    list = broadcast_reach_store_between(self->database, &reach, error);
    self->cut = list && list->len > BROADCASTS_MAX;
    return g_steal_pointer(&list);
}

static bool read_window(const Request *request, Week *self)
{
    const char *from = request_query(request, "from"), *to = request_query(request, "to");
    self->from_us = request_now_us(request);
    if (from && !clock_parse_rfc3339(from, &self->from_us, NULL))
        return false;
    self->to_us = self->from_us + WINDOW_US;
    if (to && !clock_parse_rfc3339(to, &self->to_us, NULL))
        return false;
    return self->to_us >= self->from_us && self->to_us - self->from_us <= WINDOW_MAX_US;
}

Reply *week_api_get(void *room, Request *request)
{
    BroadcastApi *self = room;
    Reply *refusal = NULL;
    g_autoptr(Area) area = scope_area(self->database, request, &refusal);
    if (!area)
        return refusal;
    Week week = {.database = self->database,
                 .language = request_language(request),
                 .now_us = request_now_us(request)};
    if (!read_window(request, &week)) {
        Problem *problem = problem_new(&problem_bad_request);
        problem_set(problem, "why", "from, to");
        return reply_problem_take(problem);
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) list = read_broadcasts(&week, area, &error);
    if (!list)
        return reply_error(error);
    week.items = json_new_array();
    if (g_strcmp0(request_query(request, "include"), "broadcasts") == 0)
        week.broadcasts = json_new_array();
    for (unsigned i = 0; i < MIN(list->len, BROADCASTS_MAX); i++)
        add_broadcast(&week, g_ptr_array_index(list, i));
    Json *body = json_new_object();
    json_set_take(body, "items", week.items);
    if (week.broadcasts)
        json_set_take(body, "broadcasts", week.broadcasts);
    json_set_bool(body, "below_left_out", week.below_left_out);
    json_set_bool(body, "cut", week.cut);
    json_set_null(body, "next");
    return reply_json_take(200, body);
}
