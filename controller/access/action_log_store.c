/* Who did what, when. Rows are only ever added; nothing here changes or deletes one. */
#include "access/action_log_store.h"

#include "access/access.h"
#include "base/fold.h"

/* Names as they are at that moment. */
static char *search_text(Database *database, const Action *action)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT coalesce((SELECT name FROM users WHERE id = $1), ''), "
                                 "coalesce((SELECT name FROM areas WHERE id = $2), '')");
    query_text(query, action->user);
    query_text(query, action->area);
    bool known = query_next(query, NULL) == 1;
    g_autofree char *all = g_strjoin(
        " ", known ? row_text(query, 0) : "", known ? row_text(query, 1) : "", action->verb,
        action->object ? action->object : "", action->detail ? action->detail : "", NULL);
    return fold_text(all);
}

bool action_log_store_add(Database *database, const Action *action, int64_t now_us, GError **error)
{
    g_autofree char *search = search_text(database, action);
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO actions (at_us, user_id, verb, area, object, detail, remote, "
                  "search) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    query_int(query, now_us);
    query_text(query, action->user);
    query_text(query, action->verb);
    query_text(query, action->area);
    query_text(query, action->object);
    query_text(query, action->detail);
    query_text(query, action->remote);
    query_text(query, search);
    return query_run(query, error);
}

static ActionEntry *read_entry(Query *row)
{
    ActionEntry *entry = g_new0(ActionEntry, 1);
    entry->id = row_int(row, 0);
    entry->at_us = row_int(row, 1);
    entry->user_name = g_strdup(row_text(row, 2));
    entry->verb = g_strdup(row_text(row, 3));
    entry->area = g_strdup(row_text(row, 4));
    entry->object = g_strdup(row_text(row, 5));
    entry->detail = g_strdup(row_text(row, 6));
    entry->remote = g_strdup(row_text(row, 7));
    entry->area_name = g_strdup(row_text(row, 8));
    return entry;
}

void action_entry_free(ActionEntry *entry)
{
    if (!entry)
        return;
    g_free(entry->user_name);
    g_free(entry->verb);
    g_free(entry->area);
    g_free(entry->area_name);
    g_free(entry->object);
    g_free(entry->detail);
    g_free(entry->remote);
    g_free(entry);
}

GPtrArray *action_log_store_list(Database *database, const ActionFilter *filter, GError **error)
{
    g_autoptr(GPtrArray) entries =
        g_ptr_array_new_with_free_func((GDestroyNotify)action_entry_free);
    g_autofree char *end = filter->area_path ? access_path_end(filter->area_path) : g_strdup("");
    g_autofree char *pattern = fold_pattern(filter->typed ? filter->typed : "");
    g_autoptr(Query) query = database_query(
        database,
        "SELECT a.id, a.at_us, u.name, a.verb, a.area, a.object, a.detail, a.remote, r.name "
        "FROM actions a LEFT JOIN users u ON u.id = a.user_id LEFT JOIN areas r ON r.id = a.area "
        "WHERE a.id < $1 AND ($2 = '' OR (r.path >= $2 AND r.path < $3)) "
        "AND a.at_us >= $4 AND a.at_us < $5 AND ($6 = '' OR a.verb = $6 OR "
        "substr(a.verb, 1, length($6) + 1) = $6 || '.') "
        "AND ($7 = '%%' OR a.search LIKE $7 ESCAPE '\\') ORDER BY a.id DESC LIMIT $8");
    query_int(query, filter->before);
    query_text(query, filter->area_path ? filter->area_path : "");
    query_text(query, end);
    query_int(query, filter->from_us);
    query_int(query, filter->to_us);
    query_text(query, filter->verb ? filter->verb : "");
    query_text(query, pattern);
    query_int(query, filter->limit);
    int more;
    while ((more = query_next(query, error)) == 1)
        g_ptr_array_add(entries, read_entry(query));
    return more == 0 ? g_steal_pointer(&entries) : NULL;
}
