/* POST /api/stations/{id}/replace: another device takes over a station's identity and history.
 *
 * The new device pairs as any other does, by the code that it shows; what it gets is the old one's
 * station. The old key may from now on only bring receipts, and of those only the ones that ended
 * before. */
#include "fleet/fleet.h"

#include <string.h>

#include "access/access.h"
#include "access/action_log_store.h"
#include "fleet/pairing.h"
#include "fleet/station_view.h"
#include "registry/station_key_store.h"

#define CODE_MAX 40

static const ProblemKind retired = {
    "station-retired", 409, "Trạm này đã ngừng sử dụng nên không thay thiết bị được.",
    "This station is out of service; its device cannot be replaced."};

static bool write_down(Fleet *self, const Request *request, const Station *before,
                       const Enrolment *enrolment, GError **error)
{
    Database *database = self->settings.database;
    int64_t now_us = request_now_us(request);
    g_autofree char *detail =
        g_strdup_printf("{\"old_key\":\"%s\",\"new_key\":\"%s\"}", before->keyid, enrolment->keyid);
    Station now = {
        .keyid = enrolment->keyid, .serial = enrolment->serial, .model = enrolment->model};
    memcpy(now.public_key, enrolment->public_key, sizeof now.public_key);
    Action action = {.user = access_user(request)->id,
                     .verb = "station.replace",
                     .area = before->area,
                     .object = before->id,
                     .detail = detail,
                     .remote = request_remote(request)};
    return station_key_store_replace(database, before, &now, now_us, error) &&
           enrolment_store_remove(database, enrolment->keyid, error) &&
           enrolment_store_succeeded(database, action.user, error) &&
           action_log_store_add(database, &action, now_us, error);
}

static Reply *replace(Fleet *self, const Request *request, const Station *before,
                      const Enrolment *enrolment)
{
    Database *database = self->settings.database;
    g_autoptr(GError) error = NULL;
    if (!database_begin(database, &error))
        return reply_error(error);
    if (!write_down(self, request, before, enrolment, &error)) {
        database_rollback(database);
        return reply_error(error);
    }
    fleet_station_facts.changed(self, before->id);
    if (!database_commit(database, &error))
        return reply_error(error);
    clone_watch_forget(self->clones, before->id);
    g_autoptr(Station) station = station_store_get(database, before->id, &error);
    if (!station)
        return reply_error(error);
    return reply_json_take(
        200, station_view_json(self, station, request_now_us(request), request_language(request)));
}

Reply *replacement_api_post(void *fleet, Request *request)
{
    Fleet *self = fleet;
    Database *database = self->settings.database;
    g_autoptr(GError) error = NULL;
    g_autoptr(Station) station = station_store_get(database, request_place(request, "id"), &error);
    if (!station)
        return error ? reply_error(error) : reply_problem(&problem_not_found);
    Reply *refusal = access_check(database, request, VERB_MANAGE_STATIONS, station->area);
    if (refusal)
        return refusal;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    const char *code = json_form_text(form, "code", true, 1, CODE_MAX);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    if (station->retired_us)
        return reply_problem(&retired);
    g_autoptr(Enrolment) enrolment = NULL;
    refusal = pairing_find(database, request, code, &enrolment);
    return refusal ? refusal : replace(self, request, station, enrolment);
}
