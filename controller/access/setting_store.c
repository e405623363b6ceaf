/* Settings are names and texts; whoever owns one knows how to read it. */
#include "access/setting_store.h"

char *setting_store_get(Database *database, const char *name, GError **error)
{
    g_autoptr(Query) query = database_query(database, "SELECT value FROM settings WHERE name = $1");
    query_text(query, name);
    return query_next(query, error) == 1 ? g_strdup(row_text(query, 0)) : NULL;
}

bool setting_store_set(Database *database, const char *name, const char *value, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "INSERT INTO settings (name, value) VALUES ($1, $2) "
                                 "ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    query_text(query, name);
    query_text(query, value);
    return query_run(query, error);
}

bool setting_store_remove(Database *database, const char *name, GError **error)
{
    g_autoptr(Query) query = database_query(database, "DELETE FROM settings WHERE name = $1");
    query_text(query, name);
    return query_run(query, error);
}
