/* The own policy of an area, and what holds there with all above it. */
#include "registry/policy_api.h"

#include "access/action_log_store.h"
#include "registry/policy.h"
#include "registry/registry.h"

static Reply *answer(Database *database, const Area *area)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) policies = policy_store_path(database, area->path, &error);
    if (!policies)
        return reply_error(error);
    const Policy *last = policies->len ? g_ptr_array_index(policies, policies->len - 1) : NULL;
    Json *body = json_new_object();
    json_set_text(body, "area", area->id);
    if (last && g_str_equal(last->area, area->id))
        json_set_take(body, "own", policy_json(last));
    else
        json_set_null(body, "own");
    json_set_take(body, "effective", policy_effective_json(policies));
    return reply_json_take(200, body);
}

static Area *find(Registry *self, Request *request, Verb verb, Reply **ret_refusal)
{
    g_autoptr(GError) error = NULL;
    const char *id = request_place(request, "id");
    *ret_refusal = access_check(self->database, request, verb, id);
    Area *area = *ret_refusal ? NULL : area_store_get(self->database, id, &error);
    if (!area && !*ret_refusal)
        *ret_refusal = error ? reply_error(error) : reply_problem(&problem_not_found);
    return area;
}

Reply *policy_api_get(void *room, Request *request)
{
    Registry *self = room;
    Reply *refusal = NULL;
    g_autoptr(Area) area = find(self, request, VERB_VIEW, &refusal);
    return area ? answer(self->database, area) : refusal;
}

static bool save(Registry *self, Request *request, const Area *area, const Policy *policy,
                 GError **error)
{
    int64_t now_us = request_now_us(request);
    Action action = {.user = access_user(request)->id,
                     .verb = "area.policy",
                     .area = area->id,
                     .object = area->id,
                     .remote = request_remote(request)};
    if (!database_begin(self->database, error))
        return false;
    if (policy_store_put(self->database, area->id, policy, now_us, error) &&
        action_log_store_add(self->database, &action, now_us, error))
        return database_commit(self->database, error);
    database_rollback(self->database);
    return false;
}

Reply *policy_api_put(void *room, Request *request)
{
    Registry *self = room;
    Reply *refusal = NULL;
    g_autoptr(Area) area = find(self, request, VERB_MANAGE_AREAS, &refusal);
    if (!area)
        return refusal;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_autoptr(Policy) policy = policy_read(form);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    g_autoptr(GError) error = NULL;
    if (!save(self, request, area, policy, &error))
        return reply_error(error);
    if (self->policy_changed)
        self->policy_changed(area->id, self->user);
    return answer(self->database, area);
}
