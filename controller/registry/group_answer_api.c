/* What the areas say that a group asks for. The answer is theirs alone: who approves content in the
 * member's area accepts, refuses and withdraws, with a reason if they like; who made the group may
 * only ask again. Each answer takes effect at once: the plans of those stations follow. */
#include "registry/group_answer_api.h"

#include "base/clock.h"
#include "registry/group_api.h"

#define STATES(a) (1u << (a))

static const ProblemKind problem_answered = {
    "group-answer", 409,
    "Yêu cầu này đã được xử lý hoặc không cần xử lý. Hãy tải lại danh sách nhóm.",
    "This request was answered already or needs no answer. Load the list of groups again."};

typedef struct Act {
    const char *verb; /* of the log */
    GroupState to;
    unsigned from; /* bit set of GroupState */
    bool asks;     /* by those who made the group, else by the member's area */
} Act;

static const Act act_request = {"group.request", GROUP_REQUESTED,
                                STATES(GROUP_REFUSED) | STATES(GROUP_WITHDRAWN), true};
static const Act act_accept = {
    "group.accept", GROUP_ACCEPTED,
    STATES(GROUP_REQUESTED) | STATES(GROUP_REFUSED) | STATES(GROUP_WITHDRAWN), false};
static const Act act_refuse = {"group.refuse", GROUP_REFUSED, STATES(GROUP_REQUESTED), false};
static const Act act_withdraw = {"group.withdraw", GROUP_WITHDRAWN, STATES(GROUP_ACCEPTED), false};

static Reply *judge(Registry *self, const Request *request, const Group *group,
                    const GroupMember *member, const Act *act)
{
    const User *user = access_user(request);
    if (!member)
        return reply_problem(&problem_not_found);
    if (!access_allows(self->database, user, act->asks ? VERB_SCHEDULE : VERB_APPROVE_CONTENT,
                       act->asks ? group->area : member->area))
        return reply_problem(&problem_forbidden);
    return act->from & STATES(member->state) ? NULL : reply_problem(&problem_answered);
}

static bool write_answer(Registry *self, const Request *request, const GroupMember *member,
                         const GroupAnswer *answer, const Act *act, GError **error)
{
    if (!database_begin(self->database, error))
        return false;
    if (self->groups.changing)
        self->groups.changing(answer->group, self->groups.user);
    if (group_store_answer(self->database, member, answer, request_now_us(request), error) &&
        group_api_note(self, request, act->verb, member->area, answer->group, error))
        return database_commit(self->database, error);
    database_rollback(self->database);
    return false;
}

static Reply *answer(void *room, Request *request, const Act *act)
{
    Registry *self = room;
    Reply *refusal = NULL;
    g_autoptr(Group) group = group_api_find(self, request, &refusal);
    if (!group)
        return refusal;
    const GroupMember *member = group_find(group, request_place(request, "member"));
    if ((refusal = judge(self, request, group, member, act)))
        return refusal;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    GroupAnswer said = {.group = group->id,
                        .member = member->id,
                        .state = act->to,
                        .by_name = access_user(request)->name,
                        .reason = json_form_text(form, "reason", false, 0, GROUP_REASON_MAX)};
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    g_autoptr(GError) error = NULL;
    if (!write_answer(self, request, member, &said, act, &error))
        return reply_error(error);
    g_autoptr(Group) now = group_store_get(self->database, group->id, &error);
    return now ? reply_json_take(200, group_api_json(self, request, now)) : reply_error(error);
}

Reply *group_answer_api_request(void *room, Request *request)
{
    return answer(room, request, &act_request);
}

Reply *group_answer_api_accept(void *room, Request *request)
{
    return answer(room, request, &act_accept);
}

Reply *group_answer_api_refuse(void *room, Request *request)
{
    return answer(room, request, &act_refuse);
}

Reply *group_answer_api_withdraw(void *room, Request *request)
{
    return answer(room, request, &act_withdraw);
}

/* One line for each member that waits for this person. */
static void add_waiting(Registry *self, const Request *request, const Group *group, Json *items)
{
    for (unsigned i = 0; i < group->members->len; i++) {
        const GroupMember *member = g_ptr_array_index(group->members, i);
        if (member->state != GROUP_REQUESTED || !access_allows(self->database, access_user(request),
                                                               VERB_APPROVE_CONTENT, member->area))
            continue;
        Json *one = json_new_object();
        json_set_take(one, "group", group_api_json(self, request, group));
        json_set_text(one, "member", member->id);
        json_append_take(items, one);
    }
}

/* {group, member} of all that waits for this person, whatever their number; `more` where there are
 * too many groups to look at. */
static bool collect(Registry *self, const Request *request, InboxRows *rows, GError **error)
{
    const User *user = access_user(request);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (unsigned i = 0; i < user->grants->len; i++) {
        const char *area = g_array_index(user->grants, UserGrant, i).area;
        g_autoptr(GPtrArray) groups =
            group_store_list(self->database, area, NULL, GROUP_WAITING_MAX + 1, error);
        if (!groups)
            return false;
        rows->more |= groups->len > GROUP_WAITING_MAX;
        for (unsigned j = 0; j < MIN(groups->len, GROUP_WAITING_MAX); j++) {
            const Group *group = g_ptr_array_index(groups, j);
            if (g_hash_table_add(seen, g_strdup(group->id)))
                add_waiting(self, request, group, rows->items);
        }
    }
    return true;
}

Reply *group_answer_api_list(void *room, Request *request)
{
    Registry *self = room;
    g_autoptr(GError) error = NULL;
    g_autoptr(Json) items = json_new_array();
    InboxRows rows = {.items = items};
    if (!collect(self, request, &rows, &error))
        return reply_error(error);
    Json *body = json_new_object();
    json_set_take(body, "items", g_steal_pointer(&items));
    json_set_null(body, "next");
    json_set_bool(body, "more", rows.more);
    return reply_json_take(200, body);
}

bool group_answer_api_inbox(void *room, const Request *request, InboxRows *rows, GError **error)
{
    Registry *self = room;
    g_autoptr(Json) items = json_new_array();
    InboxRows waiting = {.items = items};
    if (!collect(self, request, &waiting, error))
        return false;
    rows->more = waiting.more;
    for (size_t i = 0; i < json_length(items); i++) {
        Json *one = json_at(items, i);
        const Json *group = json_peek(one, "group");
        InboxRow row = {.id = json_peek_text(group, "id"),
                        .title = json_peek_text(group, "name"),
                        .area = json_peek_text(group, "area"),
                        .area_name = json_peek_text(group, "area_name"),
                        .by = json_peek_text(group, "created_by"),
                        .take_object = json_hold(one)};
        if (!clock_parse_rfc3339(json_peek_text(group, "created_at"), &row.since_us, NULL))
            row.since_us = request_now_us(request);
        inbox_add(rows, &row);
    }
    return true;
}
