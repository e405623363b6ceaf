/* Stations over HTTP. The list puts those that need somebody first; what trouble is, the fleet says
 * (station_facts.h). */
#include "registry/station_api.h"

#include <math.h>
#include <string.h>

#include "access/action_log_store.h"
#include "base/clock.h"
#include "registry/area_store.h"
#include "registry/policy.h"

#define LIMIT_MAX        500
#define STATION_NAME_MAX 120
#define RECENT           20
#define VOLUME_MIN_DB    (-60.0)

static void add_facts(const Registry *self, const Station *station, int64_t now_us,
                      Language language, Json *json)
{
    if (self->facts.ops) {
        self->facts.ops->add(self->facts.self, station->id, now_us, language, json);
        return;
    }
    json_set_text(json, "state", "never");
    json_set_null(json, "last_contact");
    json_set_null(json, "now_playing");
    json_set_take(json, "faults", json_new_array());
}

static void set_limit(Json *json, const char *key, int mb)
{
    if (mb)
        json_set_int(json, key, mb);
    else
        json_set_null(json, key);
}

Json *station_api_json(const Registry *self, const Station *station, int64_t now_us,
                       Language language)
{
    g_autoptr(Area) area = area_store_get(self->database, station->area, NULL);
    g_autofree char *accepted = clock_format_utc(station->accepted_us);
    g_autofree char *retired = station->retired_us ? clock_format_utc(station->retired_us) : NULL;
    bool silent = station->mute_until_us > now_us;
    g_autofree char *muted = silent ? clock_format_utc(station->mute_until_us) : NULL;
    Json *json = json_new_object();
    json_set_text(json, "id", station->id);
    json_set_text(json, "name", station->name);
    json_set_text(json, "area", station->area);
    json_set_text(json, "area_name", area ? area->name : NULL);
    add_facts(self, station, now_us, language, json);
    json_set_real(json, "volume_db", station->volume_mdb / 1000.0);
    json_set_text(json, "muted_until", muted);
    set_limit(json, "data_day_mb", station->data_day_mb);
    set_limit(json, "data_month_mb", station->data_month_mb);
    json_set_real(json, "lat", station->latitude);
    json_set_real(json, "lon", station->longitude);
    json_set_text(json, "model", station->model);
    json_set_text(json, "serial", station->serial);
    json_set_text(json, "accepted_at", accepted);
    json_set_text(json, "retired_at", retired);
    return json;
}

/* The list */

typedef struct Ranked {
    char *station; /* its id */
    int trouble;
    unsigned order; /* by name */
} Ranked;

static int worst_first(const void *a, const void *b)
{
    const Ranked *left = a, *right = b;
    if (left->trouble != right->trouble)
        return left->trouble > right->trouble ? -1 : 1;
    return left->order < right->order ? -1 : left->order > right->order;
}

static void clear_ranked(void *data)
{
    g_free(((Ranked *)data)->station);
}

static bool is_in_state(const Registry *self, const char *station, const char *state)
{
    if (!state)
        return true;
    const char *found =
        self->facts.ops ? self->facts.ops->state(self->facts.self, station) : "never";
    return strcmp(state, found) == 0;
}

static bool add_area(const Registry *self, const Request *request, const char *area,
                     GHashTable *seen, GArray *ranked, GError **error)
{
    const char *state = request_query(request, "state");
    g_autoptr(GPtrArray) stations =
        station_store_search(self->database, area, request_query(request, "q"), error);
    for (unsigned i = 0; stations && i < stations->len; i++) {
        const char *station = stations->pdata[i];
        if (!is_in_state(self, station, state) || g_hash_table_contains(seen, station))
            continue;
        Ranked entry = {.order = ranked->len};
        entry.station = g_steal_pointer(&stations->pdata[i]);
        g_hash_table_add(seen, entry.station);
        if (self->facts.ops)
            entry.trouble =
                self->facts.ops->trouble(self->facts.self, entry.station, request_now_us(request));
        g_array_append_val(ranked, entry);
    }
    return stations != NULL;
}

/* Everything the caller sees, or what lies at or below ?area. */
static GArray *collect(const Registry *self, const Request *request, GError **error)
{
    g_autoptr(GArray) ranked = g_array_new(FALSE, FALSE, sizeof(Ranked));
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    const char *area = request_query(request, "area");
    const User *user = access_user(request);
    bool good = true;
    g_array_set_clear_func(ranked, clear_ranked);
    if (area)
        good = add_area(self, request, area, seen, ranked, error);
    for (unsigned i = 0; !area && good && i < user->grants->len; i++) {
        const UserGrant *grant = &g_array_index(user->grants, UserGrant, i);
        good = add_area(self, request, grant->area, seen, ranked, error);
    }
    if (!good)
        return NULL;
    g_array_sort(ranked, worst_first);
    return g_steal_pointer(&ranked);
}

static unsigned place_after(const GArray *ranked, const char *after)
{
    for (unsigned i = 0; after && i < ranked->len; i++) {
        if (strcmp(g_array_index(ranked, Ranked, i).station, after) == 0)
            return i + 1;
    }
    return 0;
}

Reply *station_api_list(void *room, Request *request)
{
    Registry *self = room;
    g_autoptr(GError) error = NULL;
    const char *after = NULL, *area = request_query(request, "area");
    unsigned limit = 0;
    Problem *problem = NULL;
    Reply *refusal = area ? access_check(self->database, request, VERB_VIEW, area) : NULL;
    if (refusal)
        return refusal;
    if (!request_page(request, LIMIT_MAX, &limit, &after, &problem))
        return reply_problem_take(problem);
    g_autoptr(GArray) ranked = collect(self, request, &error);
    if (!ranked)
        return reply_error(error);
    Json *items = json_new_array(), *answer = json_new_object();
    unsigned first = place_after(ranked, after), end = MIN(ranked->len, first + limit);
    for (unsigned i = first; i < end; i++) {
        g_autoptr(Station) station =
            station_store_get(self->database, g_array_index(ranked, Ranked, i).station, NULL);
        if (station)
            json_append_take(items, station_api_json(self, station, request_now_us(request),
                                                     request_language(request)));
    }
    json_set_take(answer, "items", items);
    json_set_int(answer, "total", ranked->len);
    json_set_text(answer, "next",
                  end < ranked->len ? g_array_index(ranked, Ranked, end - 1).station : NULL);
    return reply_json_take(200, answer);
}

/* One station */

/* The station of the path when the caller holds the right there; else NULL and the refusal. */
static Station *find_station(Registry *self, const Request *request, Verb verb, Reply **ret_refusal)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Station) station =
        station_store_get(self->database, request_place(request, "id"), &error);
    if (!station) {
        *ret_refusal = error ? reply_error(error) : reply_problem(&problem_not_found);
        return NULL;
    }
    *ret_refusal = access_check(self->database, request, verb, station->area);
    return *ret_refusal ? NULL : g_steal_pointer(&station);
}

Reply *station_api_get(void *room, Request *request)
{
    Registry *self = room;
    Reply *refusal = NULL;
    g_autoptr(Station) station = find_station(self, request, VERB_VIEW, &refusal);
    if (!station)
        return refusal;
    Json *json =
        station_api_json(self, station, request_now_us(request), request_language(request));
    Json *recent = self->facts.ops && self->facts.ops->recent
                       ? self->facts.ops->recent(self->facts.self, station->id, RECENT,
                                                 request_now_us(request), request_language(request))
                       : NULL;
    json_set_take(json, "recent", recent ? recent : json_new_array());
    return reply_json_take(200, json);
}

static bool write_log(Registry *self, const Request *request, const char *verb,
                      const Station *station, GError **error)
{
    g_autofree char *detail = json_print(request_json(request), NULL);
    Action action = {.user = access_user(request)->id,
                     .verb = verb,
                     .area = station->area,
                     .object = station->id,
                     .detail = detail,
                     .remote = request_remote(request)};
    return action_log_store_add(self->database, &action, request_now_us(request), error);
}

static void tell_panels(void *user)
{
    panel_events_changed(user, "stations");
}

/* Ends the transaction, tells whom it concerns and answers with the station as it is now. */
static Reply *finish(Registry *self, const Request *request, bool written, const char *id,
                     GError **error)
{
    if (!written) {
        database_rollback(self->database);
        return reply_error(*error);
    }
    if (self->facts.ops && self->facts.ops->changed)
        self->facts.ops->changed(self->facts.self, id);
    if (self->events)
        database_after_commit(self->database, tell_panels, self->events);
    if (!database_commit(self->database, error))
        return reply_error(*error);
    g_autoptr(Station) station = station_store_get(self->database, id, error);
    if (!station)
        return reply_error(*error);
    return reply_json_take(
        200, station_api_json(self, station, request_now_us(request), request_language(request)));
}

typedef struct StationChange {
    const char *name;
    const char *area;
    int volume_mdb;
    int data_day_mb, data_month_mb;
    double latitude, longitude;
} StationChange;

/* Both or neither; null takes the place away. */
static void read_place(JsonForm *form, const Json *body, const Station *station,
                       StationChange *change)
{
    double nowhere = (double)NAN;
    bool said = json_peek(body, "lat") || json_peek(body, "lon");
    change->latitude = json_form_real(form, "lat", false, said ? nowhere : station->latitude);
    change->longitude = json_form_real(form, "lon", false, said ? nowhere : station->longitude);
    if (change->latitude < -90 || change->latitude > 90)
        json_form_fault(form, "lat", FORM_RANGE, "-90..90");
    else if (change->longitude < -180 || change->longitude > 180)
        json_form_fault(form, "lon", FORM_RANGE, "-180..180");
    else if (isnan(change->latitude) != isnan(change->longitude))
        json_form_fault(form, isnan(change->latitude) ? "lat" : "lon", FORM_MISSING, NULL);
}

/* null takes the limit away. */
static int read_data(JsonForm *form, const Json *body, const char *key, int before_mb)
{
    int64_t mb = json_form_int(form, key, false, 1, POLICY_DATA_MAX_MB,
                               json_peek(body, key) ? 0 : before_mb);
    return (int)mb;
}

static StationChange read_change(JsonForm *form, const Json *body, const Station *station)
{
    const char *name = json_form_text(form, "name", false, 1, STATION_NAME_MAX);
    const char *area = json_form_text(form, "area", false, 1, 64);
    double volume_db = json_form_real(form, "volume_db", false, station->volume_mdb / 1000.0);
    if (!(volume_db >= VOLUME_MIN_DB && volume_db <= 0))
        json_form_fault(form, "volume_db", FORM_RANGE, "-60..0");
    StationChange change = {.name = name ? name : station->name,
                            .area = area ? area : station->area,
                            .volume_mdb = (int)(volume_db * 1000)};
    change.data_day_mb = read_data(form, body, "data_day_mb", station->data_day_mb);
    change.data_month_mb = read_data(form, body, "data_month_mb", station->data_month_mb);
    read_place(form, body, station, &change);
    return change;
}

Reply *station_api_patch(void *room, Request *request)
{
    Registry *self = room;
    g_autoptr(GError) error = NULL;
    Reply *refusal = NULL;
    g_autoptr(Station) station = find_station(self, request, VERB_MANAGE_STATIONS, &refusal);
    if (!station)
        return refusal;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    StationChange change = read_change(form, request_json(request), station);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    refusal = access_check(self->database, request, VERB_MANAGE_STATIONS, change.area);
    if (refusal)
        return refusal;
    if (!database_begin(self->database, &error))
        return reply_error(error);
    bool written =
        station_store_rename(self->database, station->id, change.name, change.area, &error) &&
        station_store_set_volume(self->database, station->id, change.volume_mdb, &error) &&
        station_store_set_data(self->database, station->id, change.data_day_mb,
                               change.data_month_mb, &error) &&
        station_store_set_place(self->database, station->id, change.latitude, change.longitude,
                                &error) &&
        write_log(self, request, "station.change", station, &error);
    return finish(self, request, written, station->id, &error);
}

Reply *station_api_retire(void *room, Request *request)
{
    Registry *self = room;
    g_autoptr(GError) error = NULL;
    Reply *refusal = NULL;
    g_autoptr(Station) station = find_station(self, request, VERB_MANAGE_STATIONS, &refusal);
    if (!station)
        return refusal;
    if (!database_begin(self->database, &error))
        return reply_error(error);
    bool written =
        station_store_retire(self->database, station->id, request_now_us(request), &error) &&
        write_log(self, request, "station.retire", station, &error);
    return finish(self, request, written, station->id, &error);
}
