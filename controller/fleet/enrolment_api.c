/* Enrolment, from both sides: a station announces its key and polls; a technician who stands before
 * it types the code that it shows.
 *
 * Anybody may announce, so what is kept is small, bounded and expires, and nothing that comes from
 * it is believed but the key. The list for people shows no codes: only who is at the pole knows
 * one. */
#include "fleet/fleet.h"

#include <string.h>

#include "access/access.h"
#include "access/action_log_store.h"
#include "crypto.h"
#include "fleet/pairing.h"
#include "fleet/root_store.h"
#include "fleet/station_view.h"
#include "registry/area_store.h"
#include "registry/expected_store.h"
#include "registry/station_key_store.h"

#include <math.h>

#define ID_BYTES         8
#define TEXT_MAX         200
#define STATION_NAME_MAX 200
#define RETRY_TEXT       "600"

static const ProblemKind too_many_waiting = {
    "too-many-enrolments", 503, "Quá nhiều trạm đang chờ ghép. Trạm sẽ tự thử lại.",
    "Too many stations wait to be paired. The station tries again by itself."};
static const ProblemKind forgotten = {
    "enrolment-unknown", 404, "Trạm chưa đăng ký hoặc đã hết hạn chờ. Trạm cần đăng ký lại.",
    "This station has not enrolled, or waited too long. It has to enrol again."};

static bool read_key(JsonForm *form, Key *ret_key)
{
    GBytes *public = json_form_base64(form, "public_key", true, CRYPTO_PUBLIC_BYTES);
    size_t length = 0;
    const uint8_t *bytes = public ? g_bytes_get_data(public, &length) : NULL;
    if (bytes && key_from_public(bytes, length, ret_key))
        return true;
    if (public)
        json_form_fault(form, "public_key", FORM_FORMAT, NULL);
    return false;
}

static Reply *poll_place(const Key *key)
{
    g_autofree char *path = g_strconcat("/station/v1/enrolments/", key->id, NULL);
    Json *body = json_new_object();
    json_set_text(body, "poll", path);
    Reply *reply = reply_json_take(202, body);
    reply_header(reply, "Location", path);
    return reply;
}

static Reply *put(Fleet *self, Request *request, const Key *key, Enrolment *enrolment)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Station) station = station_store_by_key(self->settings.database, key->id, &error);
    if (error)
        return reply_error(error);
    if (station)
        return station->retired_us
                   ? station_auth_refuse(self->auth, request, &station_auth_revoked, key->id)
                   : poll_place(key);
    g_autoptr(StationKey) old = station_key_store_get(self->settings.database, key->id, &error);
    if (error)
        return reply_error(error);
    if (old) /* a device that is used again makes a key of its own */
        return station_auth_refuse(self->auth, request, &station_auth_replaced, key->id);
    char code[KEY_PAIRING_CHARS + 1];
    key_pairing_code(key->public_key, code);
    memcpy(enrolment->public_key, key->public_key, sizeof enrolment->public_key);
    enrolment->keyid = g_strdup(key->id);
    enrolment->code = g_strdup(code);
    enrolment->remote = g_strdup(request_remote(request));
    if (enrolment_store_put(self->settings.database, enrolment, request_now_us(request), &error)) {
        panel_events_changed(self->settings.events, "stations");
        return poll_place(key);
    }
    if (error)
        return reply_error(error);
    Reply *reply = reply_problem(&too_many_waiting);
    reply_header(reply, "Retry-After", RETRY_TEXT);
    return reply;
}

Reply *enrolment_api_announce(void *fleet, Request *request)
{
    Fleet *self = fleet;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_autoptr(Enrolment) enrolment = g_new0(Enrolment, 1);
    Key key;
    bool has_key = read_key(form, &key);
    enrolment->model = g_strdup(json_form_text(form, "model", true, 0, TEXT_MAX));
    enrolment->serial = g_strdup(json_form_text(form, "serial", true, 0, TEXT_MAX));
    enrolment->software = g_strdup(json_form_text(form, "software", true, 0, TEXT_MAX));
    if (!json_form_ok(form, false) || !has_key)
        return reply_problem_take(problem_from_form(form));
    Reply *refusal = station_auth_check_key(self->auth, request, &key);
    return refusal ? refusal : put(self, request, &key, enrolment);
}

static Reply *accepted(Fleet *self, const Station *station)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Area) area = area_store_get(self->settings.database, station->area, &error);
    g_autofree char *root = root_store_envelope(self->settings.database, 0, &error);
    Json *envelope = root ? json_parse(root, strlen(root), &error) : NULL;
    if (!area || !envelope) {
        json_drop(envelope);
        return error ? reply_error(error) : reply_problem(&problem_internal);
    }
    g_autoptr(GPtrArray) path = area_store_ids(area->path);
    Json *ids = json_new_array();
    for (unsigned i = 0; i < path->len; i++)
        json_append_text(ids, g_ptr_array_index(path, i));
    Json *body = json_new_object();
    json_set_text(body, "station", station->id);
    json_set_take(body, "root", envelope);
    json_set_take(body, "area_path", ids);
    return reply_json_take(200, body);
}

static Reply *still_waiting(void)
{
    Json *body = json_new_object();
    json_set_text(body, "state", "waiting");
    return reply_json_take(202, body);
}

Reply *enrolment_api_poll(void *fleet, Request *request)
{
    Fleet *self = fleet;
    const char *keyid = request_place(request, "keyid");
    Database *database = self->settings.database;
    g_autofree char *claimed = station_auth_claimed(request);
    if (claimed && !g_str_equal(claimed, keyid))
        return station_auth_refuse(self->auth, request, &station_auth_not_yours, "");
    g_autoptr(GError) error = NULL;
    g_autoptr(Station) station = station_store_by_key(database, keyid, &error);
    g_autoptr(Enrolment) waiting =
        station ? NULL : enrolment_store_get(database, keyid, request_now_us(request), &error);
    if (error)
        return reply_error(error);
    if (!station && !waiting)
        return reply_problem(&forgotten);
    Key key;
    if (!key_from_public(station ? station->public_key : waiting->public_key, CRYPTO_PUBLIC_BYTES,
                         &key))
        return reply_problem(&forgotten);
    Reply *refusal = station_auth_check_key(self->auth, request, &key);
    if (refusal)
        return refusal;
    if (!station)
        return still_waiting();
    if (station->retired_us)
        return station_auth_refuse(self->auth, request, &station_auth_revoked, keyid);
    return accepted(self, station);
}

/* What the imported list says of this serial number, to those who manage that place. */
static Json *expected_json(Fleet *self, const Request *request, const char *serial)
{
    Database *database = self->settings.database;
    g_autoptr(ExpectedStation) expected = expected_store_get(database, serial, NULL);
    if (!expected ||
        !access_allows(database, access_user(request), VERB_MANAGE_STATIONS, expected->area))
        return NULL;
    Json *json = json_new_object();
    json_set_text(json, "name", expected->name);
    json_set_text(json, "area", expected->area);
    return json;
}

Reply *enrolment_api_list(void *fleet, Request *request)
{
    Fleet *self = fleet;
    if (!access_anywhere(access_user(request), VERB_MANAGE_STATIONS))
        return reply_problem(&problem_forbidden);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) list =
        enrolment_store_list(self->settings.database, request_now_us(request), &error);
    if (!list)
        return reply_error(error);
    Json *items = json_new_array();
    for (unsigned i = 0; i < list->len; i++) {
        const Enrolment *enrolment = g_ptr_array_index(list, i);
        g_autofree char *since = clock_format_utc(enrolment->first_us);
        Json *item = json_new_object();
        json_set_text(item, "model", enrolment->model);
        json_set_text(item, "serial", enrolment->serial);
        json_set_text(item, "software", enrolment->software);
        json_set_text(item, "waiting_since", since);
        json_set_take(item, "expected", expected_json(self, request, enrolment->serial));
        json_append_take(items, item);
    }
    Json *body = json_new_object();
    json_set_take(body, "items", items);
    return reply_json_take(200, body);
}

static bool accept_station(Fleet *self, Request *request, const Enrolment *enrolment,
                           Station *station, GError **error)
{
    Database *database = self->settings.database;
    int64_t now_us = request_now_us(request);
    Action action = {.user = access_user(request)->id,
                     .verb = "station.accept",
                     .area = station->area,
                     .object = station->id,
                     .remote = request_remote(request)};
    if (!database_begin(database, error))
        return false;
    if (!station_store_add(database, station, error) ||
        !station_store_set_place(database, station->id, station->latitude, station->longitude,
                                 error) ||
        !expected_store_remove(database, station->serial, error) ||
        !enrolment_store_remove(database, enrolment->keyid, error) ||
        !enrolment_store_succeeded(database, action.user, error) ||
        !action_log_store_add(database, &action, now_us, error)) {
        database_rollback(database);
        return false;
    }
    fleet_station_facts.changed(self, station->id);
    return database_commit(database, error);
}

/* Volume and place come from the imported list where it has the serial number. */
static Station *station_of(const Enrolment *enrolment, const ExpectedStation *expected,
                           const char *area, const char *name, int64_t now_us)
{
    Station *station = g_new0(Station, 1);
    station->id = crypto_random_hex(ID_BYTES);
    station->area = g_strdup(area);
    station->name = g_strdup(name);
    station->keyid = g_strdup(enrolment->keyid);
    memcpy(station->public_key, enrolment->public_key, sizeof station->public_key);
    station->serial = g_strdup(enrolment->serial);
    station->model = g_strdup(enrolment->model);
    station->accepted_us = now_us;
    station->volume_mdb = expected ? expected->volume_mdb : 0;
    station->latitude = expected ? expected->latitude : (double)NAN;
    station->longitude = expected ? expected->longitude : (double)NAN;
    return station;
}

/* Name and area may be left to the imported list. */
static Reply *accept_as(Fleet *self, Request *request, const Enrolment *enrolment, JsonForm *form)
{
    Database *database = self->settings.database;
    g_autoptr(GError) error = NULL;
    g_autoptr(ExpectedStation) expected = expected_store_get(database, enrolment->serial, &error);
    const char *area = json_form_text(form, "area", !expected, 1, TEXT_MAX);
    const char *name = json_form_text(form, "name", !expected, 1, STATION_NAME_MAX);
    if (error)
        return reply_error(error);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    area = area ? area : expected->area;
    Reply *refusal = access_check(database, request, VERB_MANAGE_STATIONS, area);
    if (refusal)
        return refusal;
    g_autoptr(Station) station = station_of(enrolment, expected, area, name ? name : expected->name,
                                            request_now_us(request));
    if (!accept_station(self, request, enrolment, station, &error))
        return reply_error(error);
    return reply_json_take(
        201, station_view_json(self, station, request_now_us(request), request_language(request)));
}

Reply *enrolment_api_accept(void *fleet, Request *request)
{
    Fleet *self = fleet;
    Reply *refusal = NULL;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    const char *area = json_form_text(form, "area", false, 1, TEXT_MAX);
    json_form_text(form, "name", false, 1, STATION_NAME_MAX);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    if (!access_anywhere(access_user(request), VERB_MANAGE_STATIONS))
        return reply_problem(&problem_forbidden);
    if (area &&
        (refusal = access_check(self->settings.database, request, VERB_MANAGE_STATIONS, area)))
        return refusal;
    g_autoptr(Enrolment) enrolment = NULL;
    refusal =
        pairing_find(self->settings.database, request, request_place(request, "code"), &enrolment);
    return refusal ? refusal : accept_as(self, request, enrolment, form);
}
