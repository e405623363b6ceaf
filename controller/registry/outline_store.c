/* One geometry for an area, kept as the text that goes out again. */
#include "registry/outline_store.h"

#include "access/access.h"

bool outline_store_each(Database *database, const char *area_path,
                        void (*take)(const char *area, const char *name, const char *kind,
                                     const char *geometry, void *user),
                        void *user, GError **error)
{
    g_autofree char *end = access_path_end(area_path);
    g_autoptr(Query) query = database_query(
        database, "SELECT a.id, a.name, a.kind, o.geometry FROM areas a "
                  "JOIN area_outlines o ON o.area = a.id WHERE a.path >= $1 AND a.path < $2 "
                  "ORDER BY length(a.path), a.id");
    query_text(query, area_path);
    query_text(query, end);
    int more;
    while ((more = query_next(query, error)) == 1)
        take(row_text(query, 0), row_text(query, 1), row_text(query, 2), row_text(query, 3), user);
    return more == 0;
}

bool outline_store_put(Database *database, const char *area, const char *geometry, int64_t now_us,
                       GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO area_outlines (area, geometry, changed_us) VALUES ($1, $2, $3) "
                  "ON CONFLICT (area) DO UPDATE SET geometry = excluded.geometry, "
                  "changed_us = excluded.changed_us");
    query_text(query, area);
    query_text(query, geometry);
    query_int(query, now_us);
    return query_run(query, error);
}
