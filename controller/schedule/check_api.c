/* What an order would do, asked while it is composed; nothing is saved. */
#include "schedule/check_api.h"

#include "registry/registry.h"
#include "schedule/broadcast_form.h"
#include "schedule/check_policy.h"
#include "schedule/check_run.h"
#include "schedule/rundown.h"

/* Of the order as it would be saved: without the areas that it leaves out. */
static Trial *try_order(Database *database, const Request *request, Broadcast *draft,
                        Reply **ret_refusal, GError **error)
{
    int64_t now_us = request_now_us(request);
    *ret_refusal = check_policy_issuer(database, draft, access_user(request));
    if (*ret_refusal)
        return NULL;
    g_autoptr(Trial) trial = check_policy_trial(database, draft, NULL, now_us, error);
    if (!trial || !draft->leave_out_refusing)
        return g_steal_pointer(&trial);
    check_policy_leave_out(trial, draft);
    return check_policy_trial(database, draft, NULL, now_us, error);
}

static void on_done(Check *check, const GError *error, void *user)
{
    request_finish(user, error ? reply_error(error) : reply_json_take(200, check_json(check)));
}

Reply *check_api_post(void *room, Request *request)
{
    Registry *self = room;
    Reply *refusal = NULL;
    g_autoptr(Broadcast) draft = broadcast_form_read(self->database, request, &refusal);
    if (!draft)
        return refusal;
    draft->id = g_strdup("draft");
    g_autoptr(GError) error = NULL;
    g_autoptr(Trial) trial = try_order(self->database, request, draft, &refusal, &error);
    if (!trial)
        return refusal ? refusal : reply_error(error);
    g_autoptr(Rundown) rundown = rundown_load(self->database, draft, &error);
    if (!rundown)
        return error ? reply_error(error) : reply_problem(&problem_not_found);
    Check *check = check_new(g_steal_pointer(&draft), g_steal_pointer(&rundown),
                             g_steal_pointer(&trial), request_now_us(request));
    if (!check_run(self->database, check, on_done, request_hold(request), &error))
        return reply_error(error);
    return NULL;
}
