/* POST /api/airings/{id}/stop: ends what sounds, at one station or wherever this play of its
 * broadcast sounds. An alert is ended here at these stations only; its cancel ends it everywhere.
 */
#include "alerts/alerts_parts.h"
#include "schedule/airing_store_play.h"

#define HOUR_US   (INT64_C(3600) * G_USEC_PER_SEC)
#define BEFORE_US (24 * HOUR_US) /* no single airing is longer */
#define KEEP_US   (2 * HOUR_US)  /* a station that was away still hears of it */

static const ProblemKind problem_silent = {"airing-over", 409, "Lượt phát này đã kết thúc.",
                                           "This airing has ended."};

static Command *make(const Airing *airing, const char *area, bool everywhere,
                     const Request *request)
{
    int64_t now_us = request_now_us(request);
    Command *command = command_new(COMMAND_STOP);
    command->issuer = g_strdup(area);
    command->author = g_strdup(access_user(request)->name);
    command->issued_us = now_us;
    command->expires_us = now_us + KEEP_US;
    command->broadcast = g_strdup(airing->broadcast);
    command->planned_us = airing->planned_us;
    if (everywhere)
        command_add_target(command, COMMAND_AREA, area, false);
    else
        command_add_target(command, COMMAND_STATION, airing->station, false);
    return command;
}

static Airing *find(Alerts *self, const Request *request, Reply **ret_refusal)
{
    g_autoptr(GError) error = NULL;
    int64_t now_us = request_now_us(request);
    g_autoptr(Airing) airing =
        airing_store_by_id(self->parts.database, request_place(request, "id"), now_us - BEFORE_US,
                           now_us + HOUR_US, &error);
    if (error)
        *ret_refusal = reply_error(error);
    else if (!airing)
        *ret_refusal = reply_problem(&problem_not_found);
    else
        *ret_refusal = access_check(self->parts.database, request, VERB_SCHEDULE, airing->area);
    if (!*ret_refusal && *airing->outcome)
        *ret_refusal = reply_problem(&problem_silent);
    return *ret_refusal ? NULL : g_steal_pointer(&airing);
}

static bool write_stop(Alerts *self, const Request *request, Command *take_command,
                       const GPtrArray *stations, const Airing *airing, GError **error)
{
    return command_book_issue(self->parts.fleet->commands, take_command, stations, error) &&
           alerts_log(self, request, "airing.stop", airing->area, airing->id, NULL, error);
}

Reply *stop_api_post(void *alerts, Request *request)
{
    Alerts *self = alerts;
    Database *database = self->parts.database;
    Reply *refusal = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    bool everywhere = json_form_bool(form, "everywhere", false, false);
    const char *area = json_form_text(form, "area", false, 1, 64);
    g_autoptr(Airing) airing = find(self, request, &refusal);
    if (airing && !json_form_ok(form, true))
        refusal = reply_problem_take(problem_from_form(form));
    if (airing && !refusal && everywhere && area)
        refusal = access_check(database, request, VERB_SCHEDULE, area);
    if (refusal)
        return refusal;
    const char *issuer = everywhere && area ? area : airing->area;
    g_autoptr(Command) command = make(airing, issuer, everywhere, request);
    g_autoptr(GPtrArray) stations =
        command_book_reached(self->parts.fleet->commands, command, &error);
    if (!stations || !database_begin(database, &error))
        return reply_error(error);
    if (!write_stop(self, request, g_steal_pointer(&command), stations, airing, &error)) {
        database_rollback(database);
        return reply_error(error);
    }
    if (!database_commit(database, &error))
        return reply_error(error);
    Json *body = json_new_object();
    json_set_int(body, "stations", stations->len);
    return reply_json_take(202, body);
}
