/* What an order would do, asked while it is composed; nothing is saved. */
#include "schedule/check_api.h"

#include "registry/registry.h"
#include "schedule/broadcast_form.h"
#include "schedule/broadcast_store.h"
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

/* The body without what only a check takes. */
static Json *order_of(const Json *body)
{
    Json *order = json_new_object();
    g_autofree const char **keys = json_keys(body);
    for (const char **key = keys; *key; key++)
        if (!g_str_equal(*key, "instead_of"))
            json_set_take(order, *key, json_hold(json_peek(body, *key)));
    return order;
}

/* The series that the order would take the place of; its age decides ties. NULL with a refusal. */
static Broadcast *find_replaced(const Registry *self, const Request *request, Reply **ret_refusal)
{
    g_autoptr(GError) error = NULL;
    const char *id = json_peek_text(request_json(request), "instead_of");
    g_autoptr(Broadcast) old = id ? broadcast_store_get(self->database, id, &error) : NULL;
    if (old && !old->deleted_us &&
        access_allows(self->database, access_user(request), VERB_SCHEDULE, old->area))
        return g_steal_pointer(&old);
    g_autoptr(Problem) problem = problem_new(&problem_invalid);
    problem_add(problem, "/instead_of", "Không có lịch phát này. Hãy tải lại lịch.",
                "There is no such broadcast. Load the schedule again.");
    *ret_refusal = error ? reply_error(error) : reply_problem_take(g_steal_pointer(&problem));
    return NULL;
}

static Broadcast *read_draft(const Registry *self, Request *request, bool *ret_replaces,
                             Reply **ret_refusal)
{
    g_autoptr(Json) order = order_of(request_json(request));
    g_autoptr(Broadcast) draft = broadcast_form_judge(self->database, request, order, ret_refusal);
    if (!draft)
        return NULL;
    *ret_replaces = !json_is_nothing(json_peek(request_json(request), "instead_of"));
    g_autoptr(Broadcast) old = *ret_replaces ? find_replaced(self, request, ret_refusal) : NULL;
    if (*ret_replaces && !old)
        return NULL;
    draft->id = g_strdup(old ? old->id : "draft");
    draft->created_us = old ? old->created_us : draft->created_us;
    return g_steal_pointer(&draft);
}

Reply *check_api_post(void *room, Request *request)
{
    Registry *self = room;
    Reply *refusal = NULL;
    CheckPolicyOrder how = {.only = {.now_us = request_now_us(request)}};
    g_autoptr(Broadcast) draft = read_draft(self, request, &how.replaces, &refusal);
    if (!draft)
        return refusal;
    g_autoptr(Minutes) minutes = minutes_new(request_now_us(request));
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
