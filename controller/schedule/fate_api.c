/* Who goes first where several want to sound differs from place to place: each area may set its own
 * order. So every kind of station in every area that the broadcast reaches is asked, one area in
 * each turn of the loop, and each answer says for how many stations it is true. */
#include "schedule/fate_api.h"

#include "base/clock.h"
#include "schedule/area_walk.h"
#include "schedule/broadcast_api_parts.h"
#include "schedule/fate_rows.h"
#include "schedule/station_kinds.h"

#define DAY_US    (INT64_C(86400) * G_USEC_PER_SEC)
#define AROUND_US DAY_US /* read around the time asked about: what is moved into it */
#define SPAN_US   (7 * DAY_US)
#define SPAN_MAX  (35 * DAY_US)

typedef struct Question {
    Database *database;
    Request *request;
    Broadcast *broadcast;
    int64_t from_us, to_us, now_us;
    FateRows *rows;
    unsigned stations;
} Question;

static void question_free(Question *self)
{
    broadcast_free(self->broadcast);
    fate_rows_free(self->rows);
    g_free(self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Question, question_free)

static void ask_kind(Question *self, const Agenda *agenda, const StationKind *kind)
{
    g_autoptr(Plan) plan = agenda_plan(agenda, kind->station, NULL, self->now_us);
    g_autoptr(Explained) said = agenda_explain(agenda, plan, (TimelineEvents){0}, self->now_us);
    self->stations += kind->stations;
    for (unsigned i = 0; i < plan->airings->len; i++) {
        const PlanAiring *airing = g_ptr_array_index(plan->airings, i);
        if (g_str_equal(airing->broadcast, self->broadcast->id) &&
            airing->start_us >= self->from_us && airing->start_us < self->to_us)
            fate_rows_add(self->rows, said, i, airing->broadcast, kind->stations);
    }
}

static bool on_area(void *user, const Area *area, const GPtrArray *path, const GPtrArray *stations,
                    GError **error)
{
    Question *self = user;
    g_autoptr(GPtrArray) reached = g_ptr_array_new();
    for (unsigned i = 0; i < stations->len; i++) {
        Station *station = g_ptr_array_index(stations, i);
        if (broadcast_reaches(self->broadcast, station->id, path))
            g_ptr_array_add(reached, station);
    }
    if (reached->len == 0)
        return true;
    g_autoptr(Agenda) agenda =
        agenda_new(self->database, area, self->from_us - AROUND_US, self->to_us + AROUND_US, error);
    if (!agenda)
        return false;
    g_autoptr(GArray) kinds = station_kinds(agenda, reached, NULL);
    for (unsigned i = 0; i < kinds->len; i++)
        ask_kind(self, agenda, &g_array_index(kinds, StationKind, i));
    return true;
}

static void on_done(void *user, const GError *error)
{
    g_autoptr(Question) self = user;
    unsigned total;
    Json *body = json_new_object();
    json_set_int(body, "stations", self->stations);
    json_set_take(body, "items", fate_rows_json(self->rows, &total));
    json_set_int(body, "total", total);
    request_finish(self->request,
                   error ? reply_error(error) : reply_json_take(200, json_hold(body)));
    json_drop(body);
}

static bool read_time(const Request *request, const char *key, int64_t fallback_us, int64_t *ret_us)
{
    const char *text = request_query(request, key);
    *ret_us = fallback_us;
    return !text || clock_parse_rfc3339(text, ret_us, NULL);
}

Reply *fate_api_get(void *room, Request *request)
{
    BroadcastApi *self = room;
    Reply *refusal = NULL;
    g_autoptr(Broadcast) broadcast = broadcast_api_find(self, request, VERB_VIEW, &refusal);
    if (!broadcast)
        return refusal;
    int64_t from_us, to_us, now_us = request_now_us(request);
    if (!read_time(request, "from", now_us, &from_us) ||
        !read_time(request, "to", from_us + SPAN_US, &to_us) || to_us <= from_us ||
        to_us - from_us > SPAN_MAX) {
        Problem *problem = problem_new(&problem_bad_request);
        problem_set(problem, "why", "from, to");
        return reply_problem_take(problem);
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(Question) question = g_new0(Question, 1);
    *question = (Question){.database = self->database,
                           .request = request,
                           .broadcast = g_steal_pointer(&broadcast),
                           .from_us = from_us,
                           .to_us = to_us,
                           .now_us = MIN(now_us, from_us - AROUND_US),
                           .rows = fate_rows_new()};
    if (!area_walk(self->database, question->broadcast, on_area, on_done, question, &error))
        return reply_error(error);
    request_hold(g_steal_pointer(&question)->request);
    return NULL;
}
