/* The agenda of a station: what sounds from when to when and why, and what does not and why. All of
 * it is the timeline's word; this file only looks up titles and prints. */
#include "schedule/agenda_api.h"

#include "base/clock.h"
#include "registry/registry.h"
#include "registry/station_store.h"
#include "schedule/agenda.h"
#include "schedule/airing_store.h"

#define DAY_US   (INT64_C(86400) * G_USEC_PER_SEC)
#define SPAN_MAX (PLAN_DAYS * DAY_US)
#define PAST_MAX (2 * DAY_US) /* what was planned earlier is in the log, not here */

typedef struct Span {
    int64_t from_us, to_us, now_us;
} Span;

static bool read_time(Request *request, const char *name, int64_t fallback_us, int64_t *ret_us)
{
    const char *text = request_query(request, name);
    *ret_us = fallback_us;
    return !text || !*text || clock_parse_rfc3339(text, ret_us, NULL);
}

static Reply *read_span(Request *request, const char *zone, Span *ret_span)
{
    int64_t now_us = request_now_us(request);
    g_autoptr(Problem) problem = problem_new(&problem_invalid);
    bool ok = true;
    if (!read_time(request, "from", recurrence_day_us(zone, now_us, 0), &ret_span->from_us)) {
        problem_add(problem, "/from", "Thời điểm không đúng dạng.", "This is not a time.");
        ok = false;
    }
    if (!read_time(request, "to", ret_span->from_us + DAY_US, &ret_span->to_us)) {
        problem_add(problem, "/to", "Thời điểm không đúng dạng.", "This is not a time.");
        ok = false;
    }
    if (ok &&
        (ret_span->to_us <= ret_span->from_us || ret_span->to_us - ret_span->from_us > SPAN_MAX ||
         ret_span->from_us < now_us - PAST_MAX || ret_span->to_us > now_us + 2 * SPAN_MAX)) {
        problem_add(problem, "/to", "Khoảng thời gian phải từ hôm kia trở đi và không quá 35 ngày.",
                    "The span begins two days ago at the earliest and has at most 35 days.");
        ok = false;
    }
    ret_span->now_us = now_us;
    return ok ? NULL : reply_problem_take(g_steal_pointer(&problem));
}

static void set_time(Json *object, const char *key, int64_t us)
{
    g_autofree char *text = us ? clock_format_utc(us) : NULL;
    json_set_text(object, key, text);
}

static Json *head_json(const PlanAiring *airing)
{
    Json *json = json_new_object();
    json_set_text(json, "airing", airing->id);
    json_set_text(json, "broadcast", airing->broadcast);
    json_set_text(json, "title", airing->title);
    json_set_text(json, "class", class_words[airing->class]);
    json_set_text(json, "rank", rank_words[airing->rank]);
    set_time(json, "planned_start", airing->start_us);
    return json;
}

static Json *pieces_json(const Explained *explained, const Span *span)
{
    Json *list = json_new_array();
    const Timeline *timeline = explained->timeline;
    for (unsigned i = 0; i < timeline->n_pieces; i++) {
        const TimelinePiece *piece = &timeline->pieces[i];
        const PlanAiring *airing = explained_airing(explained, piece->who);
        if (!airing || piece->until_us <= span->from_us || piece->from_us >= span->to_us)
            continue;
        const PlanItem *item = g_ptr_array_index(airing->items, piece->item);
        Json *json = head_json(airing);
        set_time(json, "from", piece->from_us);
        set_time(json, "until", piece->until_us);
        json_set_int(json, "item", piece->item);
        json_set_text(json, "bulletin", item->bulletin);
        json_set_int(json, "offset_ms", piece->offset_us / 1000);
        json_set_real(json, "gain_db", piece->gain_mdb / 1000.0);
        json_set_take(json, "why",
                      explain_rule_json(explained, piece->rule, piece->by, TIMELINE_LIMIT_NONE));
        json_set_take(
            json, "end",
            explain_rule_json(explained, piece->end_rule, piece->end_by, TIMELINE_LIMIT_NONE));
        json_append_take(list, json);
    }
    return list;
}

typedef struct MutedText {
    const char *vi, *en;
} MutedText;

/* Who reads "muted" asks until when. */
static char *muted_text(const Station *station, const char *zone, Language language)
{
    int64_t until_us = station->mute_until_us;
    int64_t local_s = until_us / G_USEC_PER_SEC + recurrence_offset_s(zone, until_us);
    g_autoptr(GDateTime) until = g_date_time_new_from_unix_utc(local_s);
    return g_date_time_format(until, language == LANGUAGE_VI
                                         ? "Trạm loa được tắt tiếng đến %H:%M ngày %d/%m/%Y."
                                         : "The station is muted until %H:%M on %d/%m/%Y.");
}

static Json *why_json(const Explained *explained, const TimelineAbsence *absence, MutedText muted)
{
    Json *json = explain_rule_json(explained, absence->rule, absence->by, absence->limit);
    if (absence->rule == TIMELINE_RULE_MUTED) {
        json_set_text(json, "vi", muted.vi);
        json_set_text(json, "en", muted.en);
    }
    return json;
}

static void add_absences(Json *list, const Explained *explained, const Span *span, MutedText muted)
{
    const Timeline *timeline = explained->timeline;
    for (unsigned i = 0; i < timeline->n_absences; i++) {
        const TimelineAbsence *absence = &timeline->absences[i];
        const PlanAiring *airing = explained_airing(explained, absence->who);
        if (!airing || airing->start_us < span->from_us || airing->start_us >= span->to_us)
            continue;
        Json *json = head_json(airing);
        json_set_text(json, "outcome", outcome_words[absence->outcome]);
        const char *reason = reason_words[absence->reason];
        json_set_text(json, "reason", *reason ? reason : NULL);
        json_set_take(json, "why", why_json(explained, absence, muted));
        json_append_take(list, json);
    }
}

typedef struct Unplanned {
    const char *code;
    char *vi, *en; /* owned */
} Unplanned;

static void unplanned_clear(Unplanned *self)
{
    g_free(self->vi);
    g_free(self->en);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Unplanned, unplanned_clear)

static void say_validity(Unplanned *self, RundownValidity validity)
{
    self->code = rundown_validity_word(validity);
    self->vi = g_strdup(rundown_validity_text(validity, LANGUAGE_VI));
    self->en = g_strdup(rundown_validity_text(validity, LANGUAGE_EN));
}

static void say(Unplanned *self, const char *code, const char *vi, const char *en)
{
    self->code = code;
    self->vi = g_strdup(vi);
    self->en = g_strdup(en);
}

/* Why an occurrence is not even in the plan; code NULL = it is. */
static void judge(const PlannerRule *rule, const SeriesOccurrence *one, Unplanned *ret)
{
    const Rundown *rundown = rule->rundown;
    if (one->fate != SERIES_PLAYS) {
        ret->code = series_reason_word(one->fate);
        ret->vi = series_reason_text(one, LANGUAGE_VI);
        ret->en = series_reason_text(one, LANGUAGE_EN);
    } else if (!rundown_is_approved(rundown)) {
        say(ret, "not_approved", "Bản tin chưa được duyệt.", "The bulletin is not approved.");
    } else if (one->start_us < rundown_valid_from(rundown)) {
        say_validity(ret, RUNDOWN_NOT_VALID_YET);
    } else if (!rundown_sounds(rundown, one->start_us, broadcast_repeats(rule->broadcast))) {
        say_validity(ret, RUNDOWN_EXPIRED);
    }
}

static Json *unplanned_json(const PlannerRule *rule, const SeriesOccurrence *one,
                            const char *station, const Unplanned *why)
{
    g_autofree char *id =
        plan_airing_id(rule->broadcast->id, one->recurrence_us, one->repeat, station);
    Json *json = json_new_object();
    json_set_text(json, "airing", id);
    json_set_text(json, "broadcast", rule->broadcast->id);
    json_set_text(json, "title", rule->rundown->title);
    json_set_text(json, "class", class_words[rule->broadcast->class]);
    json_set_null(json, "rank");
    set_time(json, "planned_start", one->start_us);
    json_set_null(json, "outcome");
    json_set_null(json, "reason");
    Json *words = json_new_object();
    json_set_text(words, "code", why->code);
    json_set_text(words, "vi", why->vi);
    json_set_text(words, "en", why->en);
    json_set_null(words, "by");
    json_set_take(json, "why", words);
    return json;
}

static void add_unplanned(Json *list, const Agenda *agenda, const char *station, const Span *span)
{
    const GArray *rules = agenda_rules(agenda);
    for (unsigned i = 0; i < rules->len; i++) {
        const PlannerRule *rule = &g_array_index(rules, PlannerRule, i);
        if (rule->broadcast->deleted_us ||
            !broadcast_reaches(rule->broadcast, station, agenda_path(agenda)))
            continue;
        for (unsigned j = 0; j < rule->occurrences->len; j++) {
            const SeriesOccurrence *one = &g_array_index(rule->occurrences, SeriesOccurrence, j);
            g_auto(Unplanned) why = {0};
            if (one->start_us >= MAX(span->from_us, span->now_us) && one->start_us < span->to_us)
                judge(rule, one, &why);
            if (why.code)
                json_append_take(list, unplanned_json(rule, one, station, &why));
        }
    }
}

static Json *agenda_json(const Agenda *agenda, const Explained *explained, const Station *station,
                         const char *zone, const Span *span)
{
    Json *absent = json_new_array();
    g_autofree char *vi = muted_text(station, zone, LANGUAGE_VI);
    g_autofree char *en = muted_text(station, zone, LANGUAGE_EN);
    add_absences(absent, explained, span, (MutedText){vi, en});
    add_unplanned(absent, agenda, station->id, span);
    Json *body = json_new_object();
    json_set_text(body, "station", station->id);
    json_set_text(body, "zone", zone);
    set_time(body, "from", span->from_us);
    set_time(body, "to", span->to_us);
    json_set_take(body, "sounds", pieces_json(explained, span));
    json_set_take(body, "silent", absent);
    return body;
}

static Reply *answer(Database *database, const Station *station, const Area *area, const Span *span)
{
    g_autoptr(GError) error = NULL;
    int64_t first_us = span->from_us - DAY_US; /* it may still sound */
    g_autoptr(Agenda) agenda = agenda_new(database, area, first_us, span->to_us + DAY_US, &error);
    g_autoptr(GHashTable) known =
        agenda ? airing_store_known(database, station->id, first_us, span->now_us, &error) : NULL;
    if (!known)
        return reply_error(error);
    g_autoptr(Plan) plan = agenda_plan(agenda, station->id, known, span->now_us);
    TimelineEvent mute = {
        .kind = TIMELINE_MUTED, .at_us = station->mute_from_us, .until_us = station->mute_until_us};
    TimelineEvents events = {.data = &mute, .length = station->mute_until_us > 0};
    g_autoptr(Explained) explained = agenda_explain(agenda, plan, events, span->now_us);
    return reply_json_take(200, agenda_json(agenda, explained, station, area->zone, span));
}

Reply *agenda_api_get(void *room, Request *request)
{
    Registry *self = room;
    g_autoptr(GError) error = NULL;
    g_autoptr(Station) station =
        station_store_get(self->database, request_place(request, "id"), &error);
    if (!station || station->retired_us)
        return error ? reply_error(error) : reply_problem(&problem_not_found);
    Reply *refusal = access_check(self->database, request, VERB_VIEW, station->area);
    if (refusal)
        return refusal;
    g_autoptr(Area) area = area_store_get(self->database, station->area, &error);
    if (!area)
        return error ? reply_error(error) : reply_problem(&problem_not_found);
    Span span;
    refusal = read_span(request, area->zone, &span);
    return refusal ? refusal : answer(self->database, station, area, &span);
}
