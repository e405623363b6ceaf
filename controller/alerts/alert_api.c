/* Alerts over HTTP: order, look, cancel, review.
 *
 * An alert, its signed command, the rows of its first plays and the line in the log of actions are
 * one transaction; the stations hear of it in the moment after COMMIT. A cancel is a tombstone, a
 * command of its own: a station that gets it first never starts what it names. */
#include "access/action_log_store.h"
#include "access/second_step.h"
#include "alerts/alerts_parts.h"
#include "schedule/airing_store_play.h"
#include "schedule/scope.h"

#include <string.h>

#define LIST_MAX 100

const ProblemKind problem_alert_second_step = {
    "totp-needed-for-alerts", 403,
    "Muốn phát khẩn cấp, hãy bật đăng nhập hai bước ở mục Tài khoản.",
    "To order emergencies, set up two-step log-in on the Account page first."};
static const ProblemKind problem_over = {"alert-over", 409, "Cảnh báo này đã dừng hoặc đã hết hạn.",
                                         "This alert has been stopped or has expired."};
static const ProblemKind problem_reviewed = {"alert-reviewed", 409, "Cảnh báo này đã được xem xét.",
                                             "This alert has been reviewed."};
static const ProblemKind problem_own_alert = {
    "own-alert", 403, "Người ra lệnh không tự xem xét cảnh báo của mình. Hãy nhờ người khác.",
    "Whoever ordered an alert does not review it. Ask somebody else."};

Reply *alerts_check(Alerts *self, const Request *request, const char *area)
{
    Database *database = self->parts.database;
    Reply *refusal = access_check(database, request, VERB_ALERT, area);
    if (!refusal && second_step_for_alerts(database) && !access_user(request)->has_totp)
        refusal = reply_problem(&problem_alert_second_step);
    return refusal;
}

bool alerts_log(Alerts *self, const Request *request, const char *verb, const char *area,
                const char *object, const char *detail, GError **error)
{
    Action action = {.user = access_user(request)->id,
                     .verb = verb,
                     .area = area,
                     .object = object,
                     .detail = detail,
                     .remote = request_remote(request)};
    return action_log_store_add(self->parts.database, &action, request_now_us(request), error);
}

static void tell_panels(void *user)
{
    Alerts *self = user;
    panel_events_changed(self->parts.events, "alerts");
    panel_events_changed(self->parts.events, "airings");
}

/* ---- cancelling ---- */

/* The same places elsewhere: who accepts no longer still has to hear of the end. */
static void add_accepted(const Command *order, Command *end)
{
    for (unsigned i = 0; order && i < order->targets->len; i++) {
        const CommandTarget *target = order->targets->pdata[i];
        if (target->accepted)
            command_add_accepted(end, target->kind, target->id, target->accepted);
    }
}

static Command *tombstone(const Alert *alert, const User *user, int64_t now_us)
{
    Command *command = command_new(COMMAND_CANCEL);
    command->issuer = g_strdup(alert->area);
    command->author = g_strdup(user->name);
    command->issued_us = now_us;
    command->expires_us = alert->expires_us;
    command->cancels = g_strdup(alert->id);
    command_add_target(command, COMMAND_AREA, alert->area, false);
    return command;
}

/* To every station below the issuer: one that moved since must hear of it, too. */
static bool cancel(Alerts *self, const Request *request, const Alert *alert, const char *reason,
                   GError **error)
{
    const User *user = access_user(request);
    int64_t now_us = request_now_us(request);
    g_autoptr(Command) command = tombstone(alert, user, now_us);
    add_accepted(command_book_find(self->parts.fleet->commands, alert->id), command);
    g_autoptr(GPtrArray) stations =
        command_book_reached(self->parts.fleet->commands, command, error);
    return stations &&
           alert_store_cancel(self->parts.database, alert->id, user->name, reason, now_us, error) &&
           command_book_issue(self->parts.fleet->commands, g_steal_pointer(&command), stations,
                              error) &&
           airing_store_cancel_plays(self->parts.database, alert->id, alert->issued_us, error) &&
           alerts_log(self, request, alert->drill ? "alert.drill_cancel" : "alert.cancel",
                      alert->area, alert->id, NULL, error);
}

/* ---- ordering ---- */

static bool add_plays(Alerts *self, const AlertOrder *order, GError **error)
{
    g_autoptr(Area) area = NULL;
    const Alert *alert = order->alert;
    for (unsigned i = 0; i < order->stations->len; i++) {
        const Station *station = order->stations->pdata[i];
        if (!area || !g_str_equal(area->id, station->area)) {
            area_free(area);
            area = area_store_get(self->parts.database, station->area, error);
            if (!area)
                return false;
        }
        g_autofree char *id = plan_airing_id(alert->id, 0, 0, station->id);
        AiringPlay play = {.id = id,
                           .planned_us = alert->issued_us,
                           .station = station->id,
                           .broadcast = alert->id,
                           .area = area->id,
                           .area_path = area->path,
                           .bulletin = alert->bulletin,
                           .version = alert->version,
                           .title = alert->title,
                           .class = alert->drill ? CLASS_PRIORITY : CLASS_EMERGENCY,
                           .duration_ms = alert->duration_ms,
                           .author = alert->author_name};
        if (!airing_store_add_play(self->parts.database, &play, error))
            return false;
    }
    return true;
}

static bool write_order(Alerts *self, Request *request, AlertOrder *order, GError **error)
{
    const Alert *alert = order->alert;
    const char *verb = alert->drill ? "alert.drill" : "alert.issue";
    if (order->corrected && !cancel(self, request, order->corrected, alert->reason, error))
        return false;
    return command_book_issue(self->parts.fleet->commands, g_steal_pointer(&order->command),
                              order->stations, error) &&
           alert_store_add(self->parts.database, alert, error) && add_plays(self, order, error) &&
           alerts_log(self, request, verb, alert->area, alert->id, NULL, error);
}

/* Ends the transaction of a writer. False without error: it had a reason of its own. */
static bool in_transaction(Alerts *self, bool written, GError **error)
{
    if (!written) {
        database_rollback(self->parts.database);
        return false;
    }
    database_after_commit(self->parts.database, tell_panels, self);
    return database_commit(self->parts.database, error);
}

static Reply *answer(Alerts *self, const Request *request, unsigned status, const char *id)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Alert) alert = alert_store_get(self->parts.database, id, &error);
    if (!alert)
        return error ? reply_error(error) : reply_problem(&problem_not_found);
    return reply_json_take(status, alert_view(self, alert, request, true));
}

Reply *alert_api_issue(void *alerts, Request *request)
{
    Alerts *self = alerts;
    g_auto(AlertOrder) order = {0};
    g_autoptr(GError) error = NULL;
    Reply *refusal = alert_order_read(self, request, &order);
    if (refusal)
        return refusal;
    if (!database_begin(self->parts.database, &error) ||
        !in_transaction(self, write_order(self, request, &order, &error), &error))
        return error ? reply_error(error) : reply_problem(&problem_over);
    Reply *reply = answer(self, request, 201, order.alert->id);
    g_autofree char *location = g_strconcat("/api/alerts/", order.alert->id, NULL);
    reply_header(reply, "Location", location);
    return reply;
}

/* ---- one alert ---- */

static Alert *find(Alerts *self, Request *request, Reply **ret_refusal)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Alert) alert =
        alert_store_get(self->parts.database, request_place(request, "id"), &error);
    if (error)
        *ret_refusal = reply_error(error);
    else if (!alert)
        *ret_refusal = reply_problem(&problem_not_found);
    else if (!alert_targets_concern(self, access_user(request), alert))
        *ret_refusal = access_check(self->parts.database, request, VERB_VIEW, alert->area);
    return *ret_refusal ? NULL : g_steal_pointer(&alert);
}

Reply *alert_api_get(void *alerts, Request *request)
{
    Alerts *self = alerts;
    Reply *refusal = NULL;
    g_autoptr(Alert) alert = find(self, request, &refusal);
    return alert ? reply_json_take(200, alert_view(self, alert, request, true)) : refusal;
}

Reply *alert_api_cancel(void *alerts, Request *request)
{
    Alerts *self = alerts;
    Reply *refusal = NULL;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_autoptr(GError) error = NULL;
    const char *reason = json_form_text(form, "reason", false, 0, ALERTS_REASON_MAX);
    g_autoptr(Alert) alert = find(self, request, &refusal);
    if (alert && !json_form_ok(form, true))
        refusal = reply_problem_take(problem_from_form(form));
    if (alert && !refusal)
        refusal = access_check(self->parts.database, request, VERB_ALERT, alert->area);
    if (refusal)
        return refusal;
    if (alert->cancelled_us || alert->expires_us <= request_now_us(request))
        return reply_problem(&problem_over);
    if (!database_begin(self->parts.database, &error) ||
        !in_transaction(self, cancel(self, request, alert, reason, &error), &error))
        return error ? reply_error(error) : reply_problem(&problem_over);
    return answer(self, request, 200, alert->id);
}

/* ---- review ---- */

static const char *const verdict_words[] = {"right", "wrong", NULL};

static Reply *may_review(Alerts *self, const Request *request, const Alert *alert)
{
    Reply *refusal = access_check(self->parts.database, request, VERB_APPROVE_CONTENT, alert->area);
    if (!refusal && g_str_equal(alert->author, access_user(request)->id))
        refusal = reply_problem(&problem_own_alert);
    if (!refusal && *alert->verdict)
        refusal = reply_problem(&problem_reviewed);
    return refusal;
}

static bool write_review(Alerts *self, const Request *request, const Alert *reviewed,
                         GError **error)
{
    return alert_store_review(self->parts.database, reviewed, error) &&
           alerts_log(self, request, "alert.review", reviewed->area, reviewed->id, NULL, error);
}

Reply *alert_api_review(void *alerts, Request *request)
{
    Alerts *self = alerts;
    Reply *refusal = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    int verdict = json_form_choice(form, "verdict", true, verdict_words, 0);
    const char *reason = json_form_text(form, "reason", true, 1, ALERTS_REASON_MAX);
    g_autoptr(Alert) alert = find(self, request, &refusal);
    if (alert && !json_form_ok(form, true))
        refusal = reply_problem_take(problem_from_form(form));
    if (alert && !refusal)
        refusal = may_review(self, request, alert);
    if (refusal)
        return refusal;
    Alert reviewed = *alert;
    reviewed.verdict = (char *)verdict_words[verdict];
    reviewed.review_reason = (char *)reason;
    reviewed.reviewed_by = access_user(request)->name;
    reviewed.reviewed_us = request_now_us(request);
    if (!database_begin(self->parts.database, &error) ||
        !in_transaction(self, write_review(self, request, &reviewed, &error), &error))
        return error ? reply_error(error) : reply_problem(&problem_reviewed);
    return answer(self, request, 200, alert->id);
}

/* ---- list ---- */

/* "<issued_us>-<id>" of the last one of the page before. */
static bool read_after(const char *after, AlertFilter *filter)
{
    char *dash = NULL;
    if (!after)
        return true;
    filter->before_us = g_ascii_strtoll(after, &dash, 10);
    filter->before_id = dash && *dash == '-' ? dash + 1 : NULL;
    return filter->before_us > 0 && filter->before_id &&
           strlen(filter->before_id) == COMMAND_ID_HEX;
}

Reply *alert_api_list(void *alerts, Request *request)
{
    Alerts *self = alerts;
    Reply *refusal = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(Area) area = scope_area(self->parts.database, request, &refusal);
    if (!area)
        return refusal;
    unsigned limit;
    const char *after;
    Problem *problem = NULL;
    AlertFilter filter = {.area_path = area->path};
    if (!request_page(request, LIST_MAX, &limit, &after, &problem))
        return reply_problem_take(problem);
    if (!read_after(after, &filter)) {
        problem = problem_new(&problem_bad_request);
        problem_set(problem, "why", "after");
        return reply_problem_take(problem);
    }
    filter.limit = limit + 1;
    g_autoptr(GPtrArray) list = alert_store_list(self->parts.database, &filter, &error);
    if (!list)
        return reply_error(error);
    Json *items = json_new_array();
    for (unsigned i = 0; i < list->len && i < limit; i++)
        json_append_take(items, alert_view(self, list->pdata[i], request, false));
    g_autofree char *next = NULL;
    if (list->len > limit) {
        const Alert *last = list->pdata[limit - 1];
        next = g_strdup_printf("%" G_GINT64_FORMAT "-%s", last->issued_us, last->id);
    }
    Json *body = json_new_object();
    json_set_take(body, "items", items);
    json_set_text(body, "next", next);
    return reply_json_take(200, body);
}
