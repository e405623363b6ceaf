/* Groups over HTTP. Whoever schedules in an area makes groups there; naming an area elsewhere only
 * asks it. A group that an order to come still names is not deleted: where the order leaves the
 * group out, it would suddenly sound there. */
#include "registry/group_api.h"

#include "access/action_log_store.h"
#include "base/clock.h"
#include "crypto.h"
#include "registry/area_api.h"
#include "registry/search.h"
#include "registry/station_store.h"

#include <string.h>

#define ID_BYTES       8
#define ID_MAX         64
#define LIST_MAX       200
#define CANDIDATES_MAX 50

static const ProblemKind problem_in_use = {
    "group-in-use", 409,
    "Nhóm đang được dùng trong lịch phát sắp tới. Hãy xóa hoặc sửa các lịch đó trước.",
    "Broadcasts to come still name this group. Delete or change them first."};

static void set_time(Json *object, const char *key, int64_t us)
{
    g_autofree char *text = us ? clock_format_utc(us) : NULL;
    json_set_text(object, key, text);
}

static Json *member_json(Registry *self, const Request *request, const GroupMember *member)
{
    bool asks = member->state != GROUP_OWN;
    Json *json = json_new_object();
    json_set_text(json, "kind", group_kind_words[member->kind]);
    json_set_text(json, "id", member->id);
    json_set_text(json, "name", member->name);
    json_set_text(json, "area", member->area);
    json_set_text(json, "area_name", member->area_name);
    json_set_text(json, "state", group_state_words[member->state]);
    json_set_text(json, "asked_by", asks ? member->asked_by_name : NULL);
    set_time(json, "asked_at", asks ? member->asked_us : 0);
    json_set_text(json, "answered_by", asks ? member->answered_by_name : NULL);
    set_time(json, "answered_at", asks ? member->answered_us : 0);
    json_set_text(json, "reason", asks ? member->reason : NULL);
    json_set_bool(json, "may_answer",
                  asks && access_allows(self->database, access_user(request), VERB_APPROVE_CONTENT,
                                        member->area));
    return json;
}

Json *group_api_json(Registry *self, const Request *request, const Group *group)
{
    Json *members = json_new_array();
    for (unsigned i = 0; i < group->members->len; i++)
        json_append_take(members, member_json(self, request, g_ptr_array_index(group->members, i)));
    Json *json = json_new_object();
    json_set_text(json, "id", group->id);
    json_set_text(json, "area", group->area);
    json_set_text(json, "area_name", group->area_name);
    json_set_text(json, "name", group->name);
    json_set_take(json, "members", members);
    json_set_text(json, "created_by", group->created_by_name);
    set_time(json, "created_at", group->created_us);
    json_set_bool(json, "may_change",
                  access_allows(self->database, access_user(request), VERB_SCHEDULE, group->area));
    return json;
}

static bool sees(Registry *self, const Request *request, const Group *group)
{
    const User *user = access_user(request);
    if (access_allows(self->database, user, VERB_VIEW, group->area))
        return true;
    for (unsigned i = 0; i < group->members->len; i++) {
        const GroupMember *member = g_ptr_array_index(group->members, i);
        if (access_allows(self->database, user, VERB_VIEW, member->area))
            return true;
    }
    return false;
}

Group *group_api_find(Registry *self, const Request *request, Reply **ret_refusal)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Group) group = group_store_get(self->database, request_place(request, "id"), &error);
    if (error)
        *ret_refusal = reply_error(error);
    else if (!group || !sees(self, request, group))
        *ret_refusal = reply_problem(&problem_not_found);
    return *ret_refusal ? NULL : g_steal_pointer(&group);
}

static void tell_panels(void *user)
{
    Registry *self = user;
    panel_events_changed(self->events, "groups");
}

bool group_api_note(Registry *self, const Request *request, const char *verb, const char *area,
                    const char *group, GError **error)
{
    Action action = {.user = access_user(request)->id,
                     .verb = verb,
                     .area = area,
                     .object = group,
                     .remote = request_remote(request)};
    if (self->groups.changing)
        self->groups.changing(group, self->groups.user);
    database_after_commit(self->database, tell_panels, self);
    return action_log_store_add(self->database, &action, request_now_us(request), error);
}

static Area *area_asked(Registry *self, const Request *request, Reply **ret_refusal)
{
    g_autoptr(GError) error = NULL;
    const char *asked = request_query(request, "area");
    const char *id = asked ? asked : access_home(access_user(request));
    *ret_refusal = access_check(self->database, request, VERB_VIEW, id);
    Area *area = *ret_refusal ? NULL : area_store_get(self->database, id, &error);
    if (!area && !*ret_refusal)
        *ret_refusal = error ? reply_error(error) : reply_problem(&problem_not_found);
    return area;
}

Reply *group_api_list(void *room, Request *request)
{
    Registry *self = room;
    Reply *refusal = NULL;
    g_autoptr(Area) area = area_asked(self, request, &refusal);
    if (!area)
        return refusal;
    unsigned limit;
    const char *after;
    Problem *problem = NULL;
    if (!request_page(request, LIST_MAX, &limit, &after, &problem))
        return reply_problem_take(problem);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) list =
        group_store_list(self->database, area->id, after, limit + 1, &error);
    if (!list)
        return reply_error(error);
    Json *items = json_new_array();
    for (unsigned i = 0; i < list->len && i < limit; i++)
        json_append_take(items, group_api_json(self, request, g_ptr_array_index(list, i)));
    const Group *last = list->len > limit ? g_ptr_array_index(list, limit - 1) : NULL;
    Json *body = json_new_object();
    json_set_take(body, "items", items);
    json_set_text(body, "next", last ? last->id : NULL);
    return reply_json_take(200, body);
}

static void read_members(JsonForm *form, Group *group)
{
    const Json *members = json_form_array(form, "members", true, GROUP_MEMBERS_MAX);
    for (size_t i = 0; i < json_length(members); i++) {
        JsonForm *one = json_form_element(form, "members", i);
        int kind = json_form_choice(one, "kind", true, group_kind_words, GROUP_AREA);
        const char *id = json_form_text(one, "id", true, 1, ID_MAX);
        if (id && group_find(group, id))
            json_form_fault(one, "id", FORM_CHOICE, NULL);
        else
            group_add_member(group, (GroupKind)kind, id ? id : "");
    }
    if (members && json_length(members) == 0)
        json_form_fault(form, "members", FORM_TOO_SHORT, "1");
}

/* An area elsewhere may be asked by anybody; a station elsewhere is nobody's to name. */
static bool is_known(Registry *self, const Request *request, const GroupMember *member)
{
    if (member->kind == GROUP_AREA) {
        g_autoptr(Area) area = area_store_get(self->database, member->id, NULL);
        return area != NULL;
    }
    g_autoptr(Station) station = station_store_get(self->database, member->id, NULL);
    return station && !station->retired_us &&
           access_allows(self->database, access_user(request), VERB_VIEW, station->area);
}

/* `before` is the group as it is, whose members are known; NULL for a new one. */
static Reply *judge_members(Registry *self, const Request *request, const Group *group,
                            const Group *before)
{
    g_autoptr(Problem) problem = problem_new(&problem_invalid);
    bool wrong = false;
    for (unsigned i = 0; i < group->members->len; i++) {
        const GroupMember *member = g_ptr_array_index(group->members, i);
        if ((before && group_find(before, member->id)) || is_known(self, request, member))
            continue;
        g_autofree char *pointer = g_strdup_printf("/members/%u/id", i);
        problem_add(problem, pointer, "Không có đơn vị hoặc trạm loa này. Hãy chọn lại.",
                    "There is no such area or station. Choose it again.");
        wrong = true;
    }
    return wrong ? reply_problem_take(g_steal_pointer(&problem)) : NULL;
}

static Reply *finish(Registry *self, const Request *request, bool written, const char *id,
                     unsigned status, GError **error)
{
    if (!written)
        database_rollback(self->database);
    if (!written || !database_commit(self->database, error))
        return reply_error(*error);
    g_autoptr(Group) group = group_store_get(self->database, id, error);
    return group ? reply_json_take(status, group_api_json(self, request, group))
                 : reply_error(*error);
}

Reply *group_api_create(void *room, Request *request)
{
    Registry *self = room;
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_autoptr(Group) group = group_new();
    group->area = g_strdup(json_form_text(form, "area", true, 1, ID_MAX));
    group->name = g_strdup(json_form_text(form, "name", true, 1, GROUP_NAME_MAX));
    read_members(form, group);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    Reply *refusal = access_check(self->database, request, VERB_SCHEDULE, group->area);
    if (refusal || (refusal = judge_members(self, request, group, NULL)))
        return refusal;
    group->id = crypto_random_hex(ID_BYTES);
    group->created_by_name = g_strdup(access_user(request)->name);
    if (!database_begin(self->database, &error))
        return reply_error(error);
    bool written = group_store_add(self->database, group, request_now_us(request), &error) &&
                   group_api_note(self, request, "group.create", group->area, group->id, &error);
    return finish(self, request, written, group->id, 201, &error);
}

Reply *group_api_get(void *room, Request *request)
{
    Registry *self = room;
    Reply *refusal = NULL;
    g_autoptr(Group) group = group_api_find(self, request, &refusal);
    return group ? reply_json_take(200, group_api_json(self, request, group)) : refusal;
}

/* The group of {id} for somebody who may change it. */
static Group *find_own(Registry *self, const Request *request, Reply **ret_refusal)
{
    g_autoptr(Group) group = group_api_find(self, request, ret_refusal);
    if (group && !access_allows(self->database, access_user(request), VERB_SCHEDULE, group->area))
        *ret_refusal = reply_problem(&problem_forbidden);
    return *ret_refusal ? NULL : g_steal_pointer(&group);
}

static Group *read_change(JsonForm *form, const Request *request, const Group *before)
{
    Group *group = group_new();
    const char *name = json_form_text(form, "name", false, 1, GROUP_NAME_MAX);
    group->id = g_strdup(before->id);
    group->area = g_strdup(before->area);
    group->name = g_strdup(name ? name : before->name);
    if (json_peek(request_json(request), "members")) {
        read_members(form, group);
        return group;
    }
    for (unsigned i = 0; i < before->members->len; i++) {
        const GroupMember *member = g_ptr_array_index(before->members, i);
        group_add_member(group, member->kind, member->id);
    }
    return group;
}

static void tell_changing(Registry *self, const char *group)
{
    if (self->groups.changing)
        self->groups.changing(group, self->groups.user);
}

Reply *group_api_patch(void *room, Request *request)
{
    Registry *self = room;
    Reply *refusal = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(Group) before = find_own(self, request, &refusal);
    if (!before)
        return refusal;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_autoptr(Group) group = read_change(form, request, before);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    if ((refusal = judge_members(self, request, group, before)))
        return refusal;
    if (!database_begin(self->database, &error))
        return reply_error(error);
    tell_changing(self, group->id);
    bool written = group_store_change(self->database, group, access_user(request)->name,
                                      request_now_us(request), &error) &&
                   group_api_note(self, request, "group.change", group->area, group->id, &error);
    return finish(self, request, written, group->id, 200, &error);
}

Reply *group_api_delete(void *room, Request *request)
{
    Registry *self = room;
    Reply *refusal = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(Group) group = find_own(self, request, &refusal);
    if (!group)
        return refusal;
    if (self->groups.in_use &&
        self->groups.in_use(group->id, request_now_us(request), self->groups.user))
        return reply_problem(&problem_in_use);
    if (!database_begin(self->database, &error))
        return reply_error(error);
    bool written = group_store_delete(self->database, group->id, &error) &&
                   group_api_note(self, request, "group.delete", group->area, group->id, &error);
    if (!written)
        database_rollback(self->database);
    if (!written || !database_commit(self->database, &error))
        return reply_error(error);
    return reply_empty(204);
}

Reply *group_api_candidates(void *room, Request *request)
{
    Registry *self = room;
    Reply *refusal = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(Area) from = area_asked(self, request, &refusal);
    if (!from)
        return refusal;
    g_autoptr(GPtrArray) areas = area_store_beside(
        self->database, from->path, request_query(request, "q"), CANDIDATES_MAX + 1, &error);
    if (!areas)
        return reply_error(error);
    Json *items = json_new_array();
    for (unsigned i = 0; i < MIN(areas->len, CANDIDATES_MAX); i++) {
        const Area *area = g_ptr_array_index(areas, i);
        g_autoptr(Area) above =
            area->parent ? area_store_get(self->database, area->parent, NULL) : NULL;
        Json *one = json_new_object();
        json_set_text(one, "id", area->id);
        json_set_text(one, "name", area->name);
        json_set_text(one, "kind", area->kind);
        json_set_text(one, "parent_name", above ? above->name : NULL);
        json_append_take(items, one);
    }
    Json *body = json_new_object();
    json_set_take(body, "items", items);
    json_set_null(body, "next");
    json_set_bool(body, "more", areas->len > CANDIDATES_MAX);
    return reply_json_take(200, body);
}
