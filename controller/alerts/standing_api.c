/* GET /api/stations/{id}/orders, POST .../volume, POST and DELETE .../mute: how loud a station is,
 * and that it keeps silent for a while. The order goes down as a command, at once; the plan says
 * the same to whoever was away for longer than a command lives. What the station made of it comes
 * back as a signed receipt, and until then the panel says that it waits. */
#include "alerts/alerts_parts.h"
#include "alerts/standing_store.h"

#include <math.h>

#define VOLUME_MIN_DB (-60.0)
#define MINUTE_US     (INT64_C(60) * G_USEC_PER_SEC)
#define MINUTES_MAX   (STANDING_MUTE_MAX_US / MINUTE_US)
#define REASON_CHARS  200

typedef enum { ORDER_NONE, ORDER_WAITING, ORDER_TAKEN, ORDER_FAILED } OrderState;
static const char *const state_words[] = {"none", "waiting", "taken", "failed"};

/* ---- what is shown ---- */

static OrderState state_of(const StandingNote *note, int64_t generation)
{
    if (generation == 0)
        return ORDER_NONE;
    if (note->taken_generation < generation)
        return ORDER_WAITING;
    bool done = g_strcmp0(note->taken_outcome, outcome_words[OUTCOME_PLAYED]) == 0;
    return done ? ORDER_TAKEN : ORDER_FAILED;
}

static void set_time(Json *json, const char *key, int64_t us)
{
    g_autofree char *text = us ? clock_format_utc(us) : NULL;
    json_set_text(json, key, text);
}

/* An order through another door (the list of stations, a PATCH) has nobody's name. */
static Json *note_json(const StandingNote *note, int64_t generation)
{
    OrderState state = state_of(note, generation);
    bool named = generation > 0 && note->generation == generation;
    Json *json = json_new_object();
    json_set_text(json, "state", state_words[state]);
    json_set_text(json, "author", named ? note->author : NULL);
    set_time(json, "at", named ? note->issued_us : 0);
    set_time(json, "taken_at", state >= ORDER_TAKEN ? note->taken_us : 0);
    json_set_text(json, "reason", named ? note->reason : "");
    return json;
}

static Json *mute_json(const StandingNote *note, const Station *station, int64_t now_us)
{
    Json *json = note_json(note, station->mute_generation);
    json_set_bool(json, "muted", station->mute_until_us > now_us);
    set_time(json, "from", station->mute_from_us);
    set_time(json, "until", station->mute_until_us);
    return json;
}

static Reply *answer(Alerts *self, const Request *request, unsigned status, const char *id)
{
    Database *database = self->parts.database;
    g_autoptr(GError) error = NULL;
    g_autoptr(Station) station = station_store_get(database, id, &error);
    g_autoptr(StandingNote) volume =
        station ? standing_store_get(database, id, STANDING_VOLUME, &error) : NULL;
    g_autoptr(StandingNote) mute =
        volume ? standing_store_get(database, id, STANDING_MUTE, &error) : NULL;
    if (!mute)
        return error ? reply_error(error) : reply_problem(&problem_not_found);
    Json *body = json_new_object(), *loud = note_json(volume, station->volume_generation);
    json_set_real(loud, "volume_db", station->volume_mdb / 1000.0);
    json_set_take(body, "volume", loud);
    json_set_take(body, "mute", mute_json(mute, station, request_now_us(request)));
    return reply_json_take(status, body);
}

/* ---- who may ---- */

static Station *find(Alerts *self, const Request *request, Verb verb, Reply **ret_refusal)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Station) station =
        station_store_get(self->parts.database, request_place(request, "id"), &error);
    if (error)
        *ret_refusal = reply_error(error);
    else if (!station || station->retired_us ||
             !access_allows(self->parts.database, access_user(request), VERB_VIEW, station->area))
        *ret_refusal = reply_problem(&problem_not_found);
    else
        *ret_refusal = access_check(self->parts.database, request, verb, station->area);
    return *ret_refusal ? NULL : g_steal_pointer(&station);
}

Reply *standing_api_get(void *alerts, Request *request)
{
    Reply *refusal = NULL;
    g_autoptr(Station) station = find(alerts, request, VERB_VIEW, &refusal);
    return station ? answer(alerts, request, 200, station->id) : refusal;
}

/* ---- ordering ---- */

static Command *order_of(const Station *station, const Request *request, CommandKind kind)
{
    Command *command = command_new(kind);
    command->issuer = g_strdup(station->area);
    command->author = g_strdup(access_user(request)->name);
    command->issued_us = request_now_us(request);
    command->expires_us = command->issued_us + COMMAND_EXPIRES_MAX;
    command_add_target(command, COMMAND_STATION, station->id, false);
    return command;
}

/* The station's row has its new values; all that follows from them. */
static bool write_order(Alerts *self, const Request *request, Command *take_command,
                        const char *reason, const char *verb, const Station *station,
                        GError **error)
{
    const char *kind = take_command->kind == COMMAND_MUTE ? STANDING_MUTE : STANDING_VOLUME;
    StandingNote note = {.generation = take_command->generation,
                         .reason = (char *)reason,
                         .author = access_user(request)->name,
                         .issued_us = take_command->issued_us};
    g_autofree char *detail = json_print(request_json(request), NULL);
    g_autoptr(GPtrArray) stations = g_ptr_array_new();
    g_ptr_array_add(stations, (gpointer)station);
    return command_book_issue(self->parts.fleet->commands, take_command, stations, error) &&
           standing_store_say(self->parts.database, station->id, kind, &note, error) &&
           alerts_log(self, request, verb, station->area, station->id, detail, error);
}

static void tell_panels(void *user)
{
    panel_events_changed(user, "stations");
}

static Reply *finish(Alerts *self, const Request *request, bool written, const char *station,
                     GError **error)
{
    Database *database = self->parts.database;
    if (!written) {
        database_rollback(database);
        return reply_error(*error);
    }
    publisher_station_changed(self->parts.fleet->publisher, station);
    if (self->parts.events)
        database_after_commit(database, tell_panels, self->parts.events);
    if (!database_commit(database, error))
        return reply_error(*error);
    return answer(self, request, 202, station);
}

Reply *standing_api_volume(void *alerts, Request *request)
{
    Alerts *self = alerts;
    Reply *refusal = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    double volume_db = json_form_real(form, "volume_db", true, 0);
    if (!(volume_db >= VOLUME_MIN_DB && volume_db <= 0))
        json_form_fault(form, "volume_db", FORM_RANGE, "-60..0");
    g_autoptr(Station) station = find(self, request, VERB_MANAGE_STATIONS, &refusal);
    if (station && !json_form_ok(form, true))
        refusal = reply_problem_take(problem_from_form(form));
    if (refusal)
        return refusal;
    Command *command = order_of(station, request, COMMAND_VOLUME);
    command->gain_mdb = (int)lround(volume_db * 1000);
    command->generation = station->volume_generation + 1;
    if (!database_begin(self->parts.database, &error)) {
        command_free(command);
        return reply_error(error);
    }
    bool written = station_store_order_volume(self->parts.database, station->id, command->gain_mdb,
                                              command->generation, &error);
    if (!written)
        command_free(command);
    written = written && write_order(self, request, command, "", "station.volume", station, &error);
    return finish(self, request, written, station->id, &error);
}

/* The same instant twice lifts it. */
static Reply *order_mute(Alerts *self, const Request *request, const Station *station,
                         int64_t length_us, const char *reason)
{
    g_autoptr(GError) error = NULL;
    Command *command = order_of(station, request, COMMAND_MUTE);
    command->generation = station->mute_generation + 1;
    command->from_us = command->issued_us;
    command->until_us = command->from_us + length_us;
    if (!database_begin(self->parts.database, &error)) {
        command_free(command);
        return reply_error(error);
    }
    StationMute mute = {.generation = command->generation,
                        .from_us = command->from_us,
                        .until_us = command->until_us};
    bool written = station_store_set_mute(self->parts.database, station->id, &mute, &error);
    if (!written)
        command_free(command);
    const char *verb = length_us > 0 ? "station.mute" : "station.unmute";
    written = written && write_order(self, request, command, reason, verb, station, &error);
    return finish(self, request, written, station->id, &error);
}

Reply *standing_api_mute(void *alerts, Request *request)
{
    Reply *refusal = NULL;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    int64_t minutes = json_form_int(form, "minutes", true, 1, MINUTES_MAX, 1);
    const char *reason = json_form_text(form, "reason", true, 1, REASON_CHARS);
    g_autoptr(Station) station = find(alerts, request, VERB_SCHEDULE, &refusal);
    if (station && !json_form_ok(form, true))
        refusal = reply_problem_take(problem_from_form(form));
    return refusal ? refusal : order_mute(alerts, request, station, minutes * MINUTE_US, reason);
}

Reply *standing_api_unmute(void *alerts, Request *request)
{
    Reply *refusal = NULL;
    g_autoptr(Station) station = find(alerts, request, VERB_SCHEDULE, &refusal);
    return refusal ? refusal : order_mute(alerts, request, station, 0, "");
}
