/* What an order would do, asked while it is composed; nothing is saved. */
#include "schedule/check_api.h"

#include "registry/registry.h"
#include "schedule/broadcast_form.h"
#include "schedule/check_policy.h"
#include "schedule/check_run.h"
#include "schedule/losses_view.h"
#include "schedule/relay_reach.h"

/* A question on its way: first its minutes, then what it would do to others. */
typedef struct Question {
    Database *database;
    const Registry *registry;
    Request *request;
} Question;

static Json *unable_json(const RelayReach *reach)
{
    Json *json = json_new_object(), *names = json_new_array();
    for (unsigned i = 0; i < reach->names->len; i++)
        json_append_text(names, reach->names->pdata[i]);
    json_set_int(json, "stations", reach->unable);
    json_set_take(json, "names", names);
    return json;
}

/* And which stations cannot play what is relayed. */
static Reply *answer(const Question *question, const Check *check)
{
    g_autoptr(GError) error = NULL;
    g_auto(RelayReach) reach = {0};
    if (!relay_reach(question->database, &question->registry->facts, check_draft(check), &reach,
                     &error))
        return reply_error(error);
    Json *json = check_json(check);
    json_set_take(json, "unable", unable_json(&reach));
    losses_view_set(check_losses(check), question->database, json);
    return reply_json_take(200, json);
}

static void on_checked(Check *take_check, const GError *error, void *user)
{
    g_autoptr(Check) check = take_check;
    g_autofree Question *question = user;
    request_finish(question->request, error ? reply_error(error) : answer(question, check));
}

static void on_minutes(Minutes *take_minutes, const GError *error, void *user)
{
    g_autoptr(Minutes) minutes = take_minutes;
    Question *question = user;
    g_autoptr(GError) failed = error ? g_error_copy(error) : NULL;
    int64_t now_us = request_now_us(question->request);
    if (!failed && check_run(question->database, check_new(g_steal_pointer(&minutes), now_us),
                             on_checked, question, &failed))
        return;
    request_finish(question->request, reply_error(failed));
    g_free(question);
}

Reply *check_api_post(void *room, Request *request)
{
    Registry *self = room;
    Reply *refusal = NULL;
    g_autoptr(Broadcast) draft = broadcast_form_read(self->database, request, &refusal);
    if (!draft)
        return refusal;
    draft->id = g_strdup("draft");
    g_autoptr(Minutes) minutes = minutes_new(request_now_us(request));
    CheckPolicyOrder how = {.only = {.now_us = request_now_us(request)}};
    refusal = check_policy_add(minutes, self->database, g_steal_pointer(&draft),
                               access_user(request), &how);
    if (refusal)
        return refusal;
    g_autofree Question *question = g_new0(Question, 1);
    *question = (Question){.database = self->database, .registry = self, .request = request};
    g_autoptr(GError) error = NULL;
    if (!minutes_run(self->database, g_steal_pointer(&minutes), on_minutes, question, &error))
        return reply_error(error);
    request_hold(g_steal_pointer(&question)->request);
    return NULL;
}
