/* Who did what, when. Rows are only ever added; nothing here changes or deletes one. */
#include "access/action_log_store.h"

#include "access/access.h"

bool action_log_store_add(Database *database, const Action *action, int64_t now_us, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO actions (at_us, user_id, verb, area, object, detail, remote) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7)");
    query_int(query, now_us);
    query_text(query, action->user);
    query_text(query, action->verb);
    query_text(query, action->area);
    query_text(query, action->object);
    query_text(query, action->detail);
    query_text(query, action->remote);
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
    return entry;
}

void action_entry_free(ActionEntry *entry)
{
    if (!entry)
        return;
    g_free(entry->user_name);
    g_free(entry->verb);
    g_free(entry->area);
    g_free(entry->object);
    g_free(entry->detail);
    g_free(entry->remote);
    g_free(entry);
}

GPtrArray *action_log_store_list(Database *database, const char *area_path, int64_t before,
                                 unsigned limit, GError **error)
{
    g_autoptr(GPtrArray) entries =
        g_ptr_array_new_with_free_func((GDestroyNotify)action_entry_free);
    g_autofree char *end = area_path ? access_path_end(area_path) : g_strdup("");
    g_autoptr(Query) query = database_query(
        database,
        "SELECT a.id, a.at_us, u.name, a.verb, a.area, a.object, a.detail, a.remote "
        "FROM actions a LEFT JOIN users u ON u.id = a.user_id "
        "WHERE a.id < $1 AND ($2 = '' OR a.area IN "
        "(SELECT id FROM areas WHERE path >= $2 AND path < $3)) ORDER BY a.id DESC LIMIT $4");
    query_int(query, before);
    query_text(query, area_path ? area_path : "");
    query_text(query, end);
    query_int(query, limit);
    int more;
    while ((more = query_next(query, error)) == 1)
        g_ptr_array_add(entries, read_entry(query));
    return more == 0 ? g_steal_pointer(&entries) : NULL;
}
