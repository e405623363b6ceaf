/* A refusal is about the version that was approved for less. It leaves what was covered alone, so
 * nothing that airs is touched; the order itself stays to be seen, with the reason. */
#include "schedule/refusal_store.h"

#include "schedule/broadcast_store_private.h"

void refusal_free(Refusal *refusal)
{
    if (!refusal)
        return;
    g_free(refusal->broadcast);
    g_free(refusal->bulletin);
    g_free(refusal->version);
    g_free(refusal->by);
    g_free(refusal->by_name);
    g_free(refusal->reason);
    g_free(refusal->title);
    g_free(refusal->area);
    g_free(refusal->scope);
    g_free(refusal->scope_name);
    g_free(refusal);
}

bool refusal_store_refuse(Database *database, const char *bulletin, const ApprovalStep *step,
                          GError **error)
{
    g_autoptr(Query) query = database_query(
        database,
        "INSERT INTO broadcast_refusals (broadcast, bulletin, version, by_user, by_name, at_us, "
        "reason) SELECT b.id, $1, $2, $3, $4, $5, $6 FROM broadcasts b "
        "JOIN areas t ON t.id = COALESCE(b.scope, b.area) "
        "WHERE b.deleted_us = 0 AND (b.bulletin = $1 OR b.programme IN (SELECT programme "
        "FROM programme_items WHERE bulletin = $1 AND kind = 'bulletin')) "
        "AND (b.kind = 'daily' OR b.start_us >= $5 OR (b.kind = 'now' AND b.planned_once = 0) "
        "OR " BROADCAST_CHANGED_TO(
            "$5") ") "
                  "AND NOT EXISTS (SELECT 1 FROM approved_scopes s JOIN areas a ON a.id = s.scope "
                  "WHERE s.version = $2 AND substr(t.path, 1, length(a.path)) = a.path "
                  "AND (s.class = 'priority' OR b.class = 'normal')) ON CONFLICT DO NOTHING");
    query_text(query, bulletin);
    query_text(query, step->version);
    query_text(query, step->by);
    query_text(query, step->by_name);
    query_int(query, step->at_us);
    query_text(query, step->reason);
    return query_run(query, error);
}

#define COLUMNS "r.broadcast, r.bulletin, r.version, r.by_user, r.by_name, r.at_us, r.reason"

static Refusal *read_row(Query *row)
{
    Refusal *self = g_new0(Refusal, 1);
    self->broadcast = g_strdup(row_text(row, 0));
    self->bulletin = g_strdup(row_text(row, 1));
    self->version = g_strdup(row_text(row, 2));
    self->by = g_strdup(row_text(row, 3));
    self->by_name = g_strdup(row_text(row, 4));
    self->at_us = row_int(row, 5);
    self->reason = g_strdup(row_text(row, 6));
    return self;
}

GPtrArray *refusal_store_list(Database *database, const char *broadcast, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT " COLUMNS " FROM broadcast_refusals r WHERE r.broadcast = $1 "
                  "ORDER BY r.at_us DESC, r.bulletin");
    query_text(query, broadcast);
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)refusal_free);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(list, read_row(query));
    return step == 0 ? g_steal_pointer(&list) : NULL;
}

GPtrArray *refusal_store_of_user(Database *database, const char *user, int64_t now_us,
                                 unsigned limit, GError **error)
{
    g_autoptr(Query) query = database_query(
        database,
        "SELECT " COLUMNS ", v.title, b.area, t.id, t.name, b.class FROM broadcast_refusals r "
        "JOIN broadcasts b ON b.id = r.broadcast JOIN bulletins u ON u.id = r.bulletin "
        "JOIN bulletin_versions v ON v.id = r.version "
        "JOIN areas t ON t.id = COALESCE(b.scope, b.area) "
        "WHERE b.deleted_us = 0 AND r.version = u.approved "
        "AND (b.created_by = $1 OR v.author = $1) AND (b.kind = 'daily' OR b.start_us >= $2 "
        "OR " BROADCAST_CHANGED_TO("$2") ") "
                                         "ORDER BY r.at_us DESC, r.broadcast LIMIT $3");
    query_text(query, user);
    query_int(query, now_us);
    query_int(query, limit);
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)refusal_free);
    int step;
    while ((step = query_next(query, error)) > 0) {
        Refusal *one = read_row(query);
        one->title = g_strdup(row_text(query, 7));
        one->area = g_strdup(row_text(query, 8));
        one->scope = g_strdup(row_text(query, 9));
        one->scope_name = g_strdup(row_text(query, 10));
        one->class = g_str_equal(row_text(query, 11), "priority") ? CLASS_PRIORITY : CLASS_NORMAL;
        g_ptr_array_add(list, one);
    }
    return step == 0 ? g_steal_pointer(&list) : NULL;
}
