/* Groups as rows. A member's state is worked out when it is read: what lies below the area of the
 * group is its own whatever the row says, and an acceptance counts only while the member stays
 * below the area that gave it. So a station that is moved needs no second bookkeeping. */
#include "registry/group_store.h"

#include <string.h>

#include "access/access.h"
#include "registry/area_store.h"
#include "registry/search.h"

#define COLUMNS "g.id, g.area, a.name, g.name, g.created_by_name, g.created_us"

const char *const group_kind_words[] = {"area", "station", NULL};
const char *const group_state_words[] = {"requested", "accepted", "refused",
                                         "withdrawn", "own",      NULL};

void group_member_free(GroupMember *member)
{
    g_free(member->id);
    g_free(member->name);
    g_free(member->area);
    g_free(member->area_name);
    g_free(member->accepted_area);
    g_free(member->asked_by_name);
    g_free(member->answered_by_name);
    g_free(member->reason);
    g_free(member);
}

Group *group_new(void)
{
    Group *self = g_new0(Group, 1);
    self->members = g_ptr_array_new_with_free_func((GDestroyNotify)group_member_free);
    return self;
}

void group_free(Group *self)
{
    if (!self)
        return;
    g_free(self->id);
    g_free(self->area);
    g_free(self->area_name);
    g_free(self->name);
    g_free(self->created_by_name);
    g_ptr_array_unref(self->members);
    g_free(self);
}

void group_add_member(Group *self, GroupKind kind, const char *id)
{
    GroupMember *member = g_new0(GroupMember, 1);
    member->kind = kind;
    member->id = g_strdup(id);
    g_ptr_array_add(self->members, member);
}

const GroupMember *group_find(const Group *self, const char *member)
{
    for (unsigned i = 0; i < self->members->len; i++) {
        const GroupMember *one = g_ptr_array_index(self->members, i);
        if (g_str_equal(one->id, member))
            return one;
    }
    return NULL;
}

static Group *read_group(Query *row)
{
    Group *group = group_new();
    group->id = g_strdup(row_text(row, 0));
    group->area = g_strdup(row_text(row, 1));
    group->area_name = g_strdup(row_text(row, 2));
    group->name = g_strdup(row_text(row, 3));
    group->created_by_name = g_strdup(row_text(row, 4));
    group->created_us = row_int(row, 5);
    return group;
}

static GroupState stored_state(const char *word)
{
    for (unsigned i = 0; group_state_words[i]; i++)
        if (g_strcmp0(group_state_words[i], word) == 0)
            return (GroupState)i;
    return GROUP_REQUESTED;
}

static bool path_holds(const char *path, const char *area)
{
    g_autofree char *piece = g_strconcat("/", area, "/", NULL);
    return strstr(path, piece) != NULL;
}

/* `path` is that of the member's area. */
static void settle_state(GroupMember *member, const char *path, const char *group_area)
{
    if (path_holds(path, group_area))
        member->state = GROUP_OWN;
    else if (member->state == GROUP_ACCEPTED && !path_holds(path, member->accepted_area))
        member->state = GROUP_REQUESTED;
    if (member->state != GROUP_ACCEPTED)
        g_clear_pointer(&member->accepted_area, g_free);
}

static GroupMember *read_member(Query *row)
{
    GroupMember *member = g_new0(GroupMember, 1);
    bool is_area = g_str_equal(row_text(row, 0), "area");
    member->kind = is_area ? GROUP_AREA : GROUP_STATION;
    member->id = g_strdup(row_text(row, 1));
    member->area = g_strdup(row_text(row, 2));
    member->area_name = g_strdup(row_text(row, 3));
    member->name = g_strdup(is_area ? row_text(row, 3) : row_text(row, 4));
    member->state = stored_state(row_text(row, 5));
    member->accepted_area = g_strdup(row_text(row, 6));
    member->asked_by_name = g_strdup(row_text(row, 7));
    member->asked_us = row_int(row, 8);
    member->answered_by_name = g_strdup(row_text(row, 9));
    member->answered_us = row_int(row, 10);
    member->reason = g_strdup(row_text(row, 11));
    settle_state(member, row_text(row, 12), row_text(row, 13));
    return member;
}

GPtrArray *group_store_members(Database *database, const char *id, GError **error)
{
    g_autoptr(GPtrArray) members =
        g_ptr_array_new_with_free_func((GDestroyNotify)group_member_free);
    g_autoptr(Query) query = database_query(
        database,
        "SELECT m.kind, m.member, a.id, a.name, s.name, m.state, m.accepted_area, "
        "m.asked_by_name, m.asked_us, m.answered_by_name, m.answered_us, m.reason, a.path, g.area "
        "FROM area_group_members m JOIN area_groups g ON g.id = m.in_group "
        "LEFT JOIN stations s ON m.kind = 'station' AND s.id = m.member AND s.retired_us = 0 "
        "JOIN areas a ON a.id = CASE WHEN m.kind = 'area' THEN m.member ELSE s.area END "
        "WHERE m.in_group = $1 ORDER BY m.position, m.member");
    query_text(query, id);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(members, read_member(query));
    return step == 0 ? g_steal_pointer(&members) : NULL;
}

static bool fill_members(Database *database, Group *group, GError **error)
{
    GPtrArray *members = group_store_members(database, group->id, error);
    if (!members)
        return false;
    g_ptr_array_unref(group->members);
    group->members = members;
    return true;
}

Group *group_store_get(Database *database, const char *id, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT " COLUMNS " FROM area_groups g JOIN areas a "
                                 "ON a.id = g.area WHERE g.id = $1");
    query_text(query, id);
    g_autoptr(Group) group = query_next(query, error) == 1 ? read_group(query) : NULL;
    return group && fill_members(database, group, error) ? g_steal_pointer(&group) : NULL;
}

char *group_store_area(Database *database, const char *id)
{
    g_autoptr(Query) query = database_query(database, "SELECT area FROM area_groups WHERE id = $1");
    query_text(query, id);
    return query_next(query, NULL) == 1 ? g_strdup(row_text(query, 0)) : NULL;
}

GPtrArray *group_store_list(Database *database, const char *area, const char *after, unsigned limit,
                            GError **error)
{
    g_autoptr(Area) top = area_store_get(database, area, error);
    g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func((GDestroyNotify)group_free);
    if (!top)
        return error && *error ? NULL : g_steal_pointer(&groups);
    g_autofree char *end = access_path_end(top->path);
    g_autoptr(Query) query = database_query(
        database,
        "SELECT " COLUMNS " FROM area_groups g JOIN areas a ON a.id = g.area "
        "WHERE ((a.path >= $1 AND a.path < $2) OR g.id IN "
        "(SELECT m.in_group FROM area_group_members m JOIN areas b ON b.id = m.member "
        "WHERE b.path >= $1 AND b.path < $2 UNION "
        "SELECT m.in_group FROM area_group_members m JOIN stations s ON s.id = m.member "
        "JOIN areas b ON b.id = s.area WHERE b.path >= $1 AND b.path < $2)) "
        "AND ($3 IS NULL OR (g.search, g.id) > "
        "(SELECT search, id FROM area_groups WHERE id = $3)) ORDER BY g.search, g.id LIMIT $4");
    query_text(query, top->path);
    query_text(query, end);
    query_text(query, after);
    query_int(query, limit);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(groups, read_group(query));
    for (unsigned i = 0; step == 0 && i < groups->len; i++)
        if (!fill_members(database, g_ptr_array_index(groups, i), error))
            step = -1;
    return step == 0 ? g_steal_pointer(&groups) : NULL;
}

static bool put_member(Database *database, const Group *group, unsigned position,
                       const char *asked_by, int64_t now_us, GError **error)
{
    const GroupMember *member = g_ptr_array_index(group->members, position);
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO area_group_members (in_group, kind, member, position, state, "
                  "asked_by_name, asked_us) VALUES ($1, $2, $3, $4, 'requested', $5, $6) "
                  "ON CONFLICT (in_group, kind, member) DO UPDATE SET position = $4");
    query_text(query, group->id);
    query_text(query, group_kind_words[member->kind]);
    query_text(query, member->id);
    query_int(query, position);
    query_text(query, asked_by);
    query_int(query, now_us);
    return query_run(query, error);
}

static bool put_members(Database *database, const Group *group, const char *asked_by,
                        int64_t now_us, GError **error)
{
    for (unsigned i = 0; i < group->members->len; i++)
        if (!put_member(database, group, i, asked_by, now_us, error))
            return false;
    return true;
}

bool group_store_add(Database *database, const Group *group, int64_t now_us, GError **error)
{
    g_autofree char *search = search_fold(group->name);
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO area_groups (id, area, name, search, created_by_name, created_us) "
                  "VALUES ($1, $2, $3, $4, $5, $6)");
    query_text(query, group->id);
    query_text(query, group->area);
    query_text(query, group->name);
    query_text(query, search);
    query_text(query, group->created_by_name);
    query_int(query, now_us);
    return query_run(query, error) &&
           put_members(database, group, group->created_by_name, now_us, error);
}

static bool drop_member(Database *database, const char *group, const GroupMember *member,
                        GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "DELETE FROM area_group_members "
                                 "WHERE in_group = $1 AND kind = $2 AND member = $3");
    query_text(query, group);
    query_text(query, group_kind_words[member->kind]);
    query_text(query, member->id);
    return query_run(query, error);
}

bool group_store_change(Database *database, const Group *group, const char *asked_by,
                        int64_t now_us, GError **error)
{
    g_autofree char *search = search_fold(group->name);
    g_autoptr(GPtrArray) before = group_store_members(database, group->id, error);
    for (unsigned i = 0; before && i < before->len; i++) {
        const GroupMember *was = g_ptr_array_index(before, i);
        const GroupMember *is = group_find(group, was->id);
        if ((!is || is->kind != was->kind) && !drop_member(database, group->id, was, error))
            return false;
    }
    g_autoptr(Query) query =
        database_query(database, "UPDATE area_groups SET name = $1, search = $2 WHERE id = $3");
    query_text(query, group->name);
    query_text(query, search);
    query_text(query, group->id);
    return before && query_run(query, error) &&
           put_members(database, group, asked_by, now_us, error);
}

bool group_store_delete(Database *database, const char *id, GError **error)
{
    g_autoptr(Query) members =
        database_query(database, "DELETE FROM area_group_members WHERE in_group = $1");
    query_text(members, id);
    g_autoptr(Query) group = database_query(database, "DELETE FROM area_groups WHERE id = $1");
    query_text(group, id);
    return query_run(members, error) && query_run(group, error);
}

bool group_store_answer(Database *database, const GroupMember *member, const GroupAnswer *answer,
                        int64_t now_us, GError **error)
{
    bool asks = answer->state == GROUP_REQUESTED;
    g_autoptr(Query) query = database_query(
        database, "UPDATE area_group_members SET state = $3, accepted_area = $4, "
                  "asked_by_name = coalesce($5, asked_by_name), asked_us = coalesce($6, asked_us), "
                  "answered_by_name = $7, answered_us = $8, reason = $9 "
                  "WHERE in_group = $1 AND member = $2");
    query_text(query, answer->group);
    query_text(query, answer->member);
    query_text(query, group_state_words[answer->state]);
    query_text(query, answer->state == GROUP_ACCEPTED ? member->area : NULL);
    query_text(query, asks ? answer->by_name : NULL);
    if (asks)
        query_int(query, now_us);
    else
        query_null(query);
    query_text(query, asks ? NULL : answer->by_name);
    query_int(query, asks ? 0 : now_us);
    query_text(query, answer->reason);
    return query_run(query, error);
}
