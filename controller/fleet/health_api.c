/* POST /station/v1/health, and what the panel shows of it.
 *
 * The panel hears of a change of what a person would look at (state, faults, what plays), not of
 * every post: a level meter is not worth waking browsers for. */
#include "fleet/fleet.h"

#include "fleet/fault_text.h"
#include "fleet/line_view.h"
#include "fleet/plan_store.h"
#include "fleet/station_view.h"

#include "base/clock.h"
#include "base/log.h"
#include "schedule/airing_store.h"

#include <math.h>

#define TITLE_NEAR_US (INT64_C(86400) * G_USEC_PER_SEC)

static char *shown(const Json *facts)
{
    static const char *const members[] = {"faults", "now_playing", "amplifier", "media", "plan"};
    Json *part = json_new_object();
    for (size_t i = 0; facts && i < G_N_ELEMENTS(members); i++) {
        Json *member = json_peek(facts, members[i]);
        if (member)
            json_set_take(part, members[i], json_hold(member));
    }
    char *text = json_print(part, NULL);
    json_drop(part);
    return text;
}

/* True when it has just come out that the station's key exists twice. */
static bool watch_for_clones(Fleet *self, const Request *request)
{
    const Station *station = station_auth_caller(request)->station;
    const char *boot_id = json_peek_text(request_json(request), "boot_id");
    g_autoptr(GError) error = NULL;
    bool found = boot_id &&
                 clone_watch_heard(self->clones, station, boot_id, request_now_us(request), &error);
    if (error)
        log_warning("the boot of station %s could not be noted: %s; noting it next time",
                    station->id, error->message);
    if (found)
        log_warning("the key of station %s is held by two devices; its receipts are set aside "
                    "until it is replaced",
                    station->id);
    return found;
}

Reply *health_api_post(void *fleet, Request *request)
{
    Fleet *self = fleet;
    const char *station = station_auth_caller(request)->station->id;
    HealthView view;
    health_view(self->health, station, &view);
    g_autofree char *before = shown(view.facts);
    Problem *problem =
        health_take(self->health, station, request_json(request), request_now_us(request));
    if (problem)
        return reply_problem_take(problem);
    health_view(self->health, station, &view);
    g_autofree char *after = shown(view.facts);
    if (watch_for_clones(self, request) || !g_str_equal(before, after))
        panel_events_changed(self->settings.events, "stations");
    return reply_empty(204);
}

static bool is_offline(const HealthView *view)
{
    return g_str_equal(view->state, "offline");
}

static Json *faults_json(const HealthView *view, int64_t cloned_us, Language language)
{
    Json *list = json_new_array();
    if (cloned_us)
        json_append_take(list, fault_text_json("cloned_key", cloned_us, language));
    if (is_offline(view))
        json_append_take(list, fault_text_json("offline", view->last_us, language));
    const Json *faults = json_peek(view->facts, "faults");
    for (size_t i = 0; faults && i < json_length(faults); i++) {
        const Json *fault = json_at(faults, i);
        json_append_take(list, fault_text_json(json_peek_text(fault, "code"),
                                               json_peek_int(fault, "since_us", 0), language));
    }
    return list;
}

Json *station_view_faults(Fleet *fleet, const char *station, Language language)
{
    HealthView view;
    health_view(fleet->health, station, &view);
    return faults_json(&view, clone_watch_since(fleet->clones, station), language);
}

static Json *now_playing_json(Fleet *self, const char *station, const HealthView *view,
                              int64_t now_us)
{
    const char *id = json_peek_text(view->facts, "now_playing");
    if (!id || !*id || is_offline(view))
        return NULL;
    AiringFilter filter = {.from_us = now_us - TITLE_NEAR_US,
                           .to_us = now_us + TITLE_NEAR_US,
                           .station = station,
                           .limit = 100};
    g_autoptr(GPtrArray) near = airing_store_list(self->settings.database, &filter, NULL);
    Json *playing = json_new_object();
    json_set_text(playing, "airing", id);
    for (unsigned i = 0; near && i < near->len; i++) {
        const Airing *airing = g_ptr_array_index(near, i);
        if (g_str_equal(airing->id, id))
            json_set_text(playing, "title", airing->title);
    }
    if (!json_peek(playing, "title"))
        json_set_text(playing, "title", "");
    return playing;
}

static Json *plan_json(Fleet *self, const char *station, const Json *facts)
{
    const Json *said = json_peek(facts, "plan");
    g_auto(StoredPlan) newest = {0};
    if (!plan_store_newest(self->settings.database, station, false, &newest, NULL))
        newest = (StoredPlan){0};
    int64_t version = json_peek_int(said, "version", 0);
    Json *plan = json_new_object();
    json_set_int(plan, "version", version);
    json_set_bool(plan, "current",
                  newest.epoch > 0 && version == newest.version &&
                      json_peek_int(said, "epoch", 0) == newest.epoch);
    return plan;
}

static void set_take_or_null(Json *object, const char *key, Json *take)
{
    if (take)
        json_set_take(object, key, take);
    else
        json_set_null(object, key);
}

static Json *media_json(const Json *facts)
{
    const Json *said = json_peek(facts, "media");
    const Json *missing = json_peek(said, "missing");
    Json *media = json_new_object();
    json_set_int(media, "ready", json_peek_int(said, "ready", 0));
    json_set_int(media, "missing", missing ? (int64_t)json_length(missing) : 0);
    return media;
}

static Json *clock_json(const Json *facts)
{
    const Json *said = json_peek(facts, "clock");
    Json *clock = json_new_object();
    json_set_int(clock, "trust", json_peek_int(said, "trust", 0));
    json_set_int(clock, "error_ms", json_peek_int(said, "error_ms", -1));
    return clock;
}

/* What the station itself did not believe. */
static Json *refusals_json(const Json *facts)
{
    const Json *said = json_peek(facts, "refusals");
    Json *list = json_new_array();
    for (size_t i = 0; said && i < json_length(said); i++) {
        const Json *one = json_at(said, i);
        g_autofree char *first = clock_format_utc(json_peek_int(one, "first_us", 0));
        g_autofree char *last = clock_format_utc(json_peek_int(one, "last_us", 0));
        Json *object = json_new_object();
        json_set_text(object, "code", json_peek_text(one, "code"));
        json_set_int(object, "count", json_peek_int(one, "count", 0));
        json_set_text(object, "first", first);
        json_set_text(object, "last", last);
        json_append_take(list, object);
    }
    return list;
}

/* As last said; of a station that is silent nobody knows whether it has mains. */
static Json *board_json(const HealthView *view)
{
    static const char *const members[] = {"mains",      "tamper",         "under_voltage",
                                          "battery_mv", "temperature_mc", "current_ma"};
    const Json *said = is_offline(view) ? NULL : json_peek(view->facts, "board");
    Json *board = json_new_object();
    for (unsigned i = 0; i < G_N_ELEMENTS(members); i++) {
        Json *member = said ? json_peek(said, members[i]) : NULL;
        set_take_or_null(board, members[i], member ? json_hold(member) : NULL);
    }
    return board;
}

static void add_facts(void *fleet, const char *station, int64_t now_us, Language language,
                      Json *object)
{
    Fleet *self = fleet;
    HealthView view;
    health_view(self->health, station, &view);
    const Json *facts = view.facts;
    const char *amplifier = json_peek_text(facts, "amplifier");
    g_autofree char *last = view.last_us ? clock_format_utc(view.last_us) : NULL;
    json_set_text(object, "state", view.state);
    json_set_text(object, "last_contact", last);
    set_take_or_null(object, "now_playing", now_playing_json(self, station, &view, now_us));
    json_set_real(object, "level_dbfs", json_peek_real(facts, "level_dbfs", (double)NAN));
    json_set_take(object, "plan", plan_json(self, station, facts));
    json_set_take(object, "media", media_json(facts));
    json_set_take(object, "clock", clock_json(facts));
    json_set_int(object, "receipts_waiting", json_peek_int(facts, "receipts_waiting", 0));
    json_set_int(object, "storage_free_bytes", json_peek_int(facts, "storage_free_bytes", 0));
    json_set_text(object, "software", json_peek_text(facts, "software"));
    json_set_text(object, "amplifier", amplifier && !is_offline(&view) ? amplifier : "unknown");
    json_set_take(object, "board", board_json(&view));
    set_take_or_null(object, "data", line_view_data(facts));
    set_take_or_null(object, "modem", is_offline(&view) ? NULL : line_view_modem(facts));
    json_set_take(object, "refusals", refusals_json(facts));
    json_set_take(object, "faults",
                  faults_json(&view, clone_watch_since(self->clones, station), language));
}

static const char *state_of(void *fleet, const char *station)
{
    Fleet *self = fleet;
    HealthView view;
    health_view(self->health, station, &view);
    return view.state;
}

static int trouble_of(void *fleet, const char *station, G_GNUC_UNUSED int64_t now_us)
{
    Fleet *self = fleet;
    HealthView view;
    health_view(self->health, station, &view);
    return roster_trouble(self->roster, station, &view);
}

static Json *recent_of(void *fleet, const char *station, unsigned limit, int64_t now_us,
                       Language language)
{
    Fleet *self = fleet;
    return self->recent ? self->recent(self->ledger, station, limit, now_us, language) : NULL;
}

static bool plays_of(void *fleet, const char *station, const char *format)
{
    Fleet *self = fleet;
    HealthView view;
    health_view(self->health, station, &view);
    const Json *formats = json_peek(view.facts, "formats");
    g_autofree char *name = g_strconcat("relay-", format, NULL);
    for (size_t i = 0; i < json_length(formats); i++)
        if (g_strcmp0(json_text(json_at(formats, i)), name) == 0)
            return true;
    return !json_is_array(formats);
}

static void tell_panels(void *fleet)
{
    panel_events_changed(((Fleet *)fleet)->settings.events, "stations");
}

static void station_changed(void *fleet, const char *station)
{
    Fleet *self = fleet;
    publisher_station_changed(self->publisher, station);
    database_after_commit(self->settings.database, tell_panels, self);
}

const StationFactsOps fleet_station_facts = {
    .add = add_facts,
    .state = state_of,
    .trouble = trouble_of,
    .recent = recent_of,
    .plays = plays_of,
    .changed = station_changed,
};
