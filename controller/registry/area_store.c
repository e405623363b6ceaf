/* The tree as rows with their path. A subtree is a range of paths: they are made of hexadecimal
 * ids and '/', so a range (access_path_end) is exactly the areas at or below one, and an index
 * serves it. */
#include "registry/area_store.h"

#include <string.h>

#include "access/access.h"
#include "registry/search.h"

/* The zone is the nearest one on the way up. */
#define SELECT                                                                                     \
    "SELECT a.id, a.parent, a.name, a.kind, a.path, "                                              \
    "(SELECT b.zone FROM areas b WHERE b.zone IS NOT NULL AND "                                    \
    "substr(a.path, 1, length(b.path)) = b.path ORDER BY length(b.path) DESC LIMIT 1), "           \
    "a.one_person_approves FROM areas a "

void area_free(Area *area)
{
    if (!area)
        return;
    g_free(area->id);
    g_free(area->parent);
    g_free(area->name);
    g_free(area->kind);
    g_free(area->path);
    g_free(area->zone);
    g_free(area);
}

static Area *read_area(Query *row)
{
    Area *area = g_new0(Area, 1);
    const char *zone = row_text(row, 5);
    area->id = g_strdup(row_text(row, 0));
    area->parent = g_strdup(row_text(row, 1));
    area->name = g_strdup(row_text(row, 2));
    area->kind = g_strdup(row_text(row, 3));
    area->path = g_strdup(row_text(row, 4));
    area->zone = g_strdup(zone ? zone : AREA_ZONE_DEFAULT);
    area->one_person_approves = row_bool(row, 6);
    return area;
}

Area *area_store_get(Database *database, const char *id, GError **error)
{
    g_autoptr(Query) query = database_query(database, SELECT "WHERE a.id = $1");
    query_text(query, id);
    return query_next(query, error) == 1 ? read_area(query) : NULL;
}

static char *path_of(Database *database, const char *id)
{
    g_autoptr(Query) query = database_query(database, "SELECT path FROM areas WHERE id = $1");
    query_text(query, id);
    return query_next(query, NULL) == 1 ? g_strdup(row_text(query, 0)) : NULL;
}

GPtrArray *area_store_list(Database *database, const char *top, GError **error)
{
    g_autoptr(GPtrArray) areas = g_ptr_array_new_with_free_func((GDestroyNotify)area_free);
    g_autofree char *path = top ? path_of(database, top) : g_strdup("/");
    if (!path)
        return g_steal_pointer(&areas);
    g_autofree char *end = access_path_end(path);
    g_autoptr(Query) query =
        database_query(database, SELECT "WHERE a.path >= $1 AND a.path < $2 "
                                        "ORDER BY length(a.path), a.name, a.id");
    query_text(query, path);
    query_text(query, end);
    int more;
    while ((more = query_next(query, error)) == 1)
        g_ptr_array_add(areas, read_area(query));
    return more == 0 ? g_steal_pointer(&areas) : NULL;
}

GPtrArray *area_store_beside(Database *database, const char *path, const char *typed,
                             unsigned limit, GError **error)
{
    g_autoptr(GPtrArray) areas = g_ptr_array_new_with_free_func((GDestroyNotify)area_free);
    g_autofree char *pattern = search_pattern(typed ? typed : "");
    g_autoptr(Query) query = database_query(
        database, SELECT "WHERE substr(a.path, 1, length($1)) <> $1 "
                         "AND substr($1, 1, length(a.path)) <> a.path "
                         "AND a.search LIKE $2 ESCAPE '\\' ORDER BY a.search, a.id LIMIT $3");
    query_text(query, path);
    query_text(query, pattern);
    query_int(query, limit);
    int more;
    while ((more = query_next(query, error)) == 1)
        g_ptr_array_add(areas, read_area(query));
    return more == 0 ? g_steal_pointer(&areas) : NULL;
}

GPtrArray *area_store_ids(const char *path)
{
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);
    for (unsigned i = 0; parts[i]; i++)
        if (*parts[i])
            g_ptr_array_add(ids, g_strdup(parts[i]));
    return ids;
}

bool area_store_within(Database *database, const char *id, const char *top)
{
    g_autofree char *path = path_of(database, id);
    g_autofree char *piece = g_strconcat("/", top, "/", NULL);
    return path && strstr(path, piece);
}

bool area_store_add(Database *database, const Area *area, int64_t now_us, GError **error)
{
    g_autofree char *above = area->parent ? path_of(database, area->parent) : g_strdup("/");
    g_autofree char *path = g_strconcat(above ? above : "/", area->id, "/", NULL);
    g_autofree char *search = search_fold(area->name);
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO areas (id, parent, name, kind, path, zone, one_person_approves, "
                  "search, created_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    query_text(query, area->id);
    query_text(query, area->parent);
    query_text(query, area->name);
    query_text(query, area->kind);
    query_text(query, path);
    query_text(query, area->zone);
    query_bool(query, area->one_person_approves);
    query_text(query, search);
    query_int(query, now_us);
    return query_run(query, error);
}

bool area_store_change(Database *database, const char *id, const AreaChange *change, GError **error)
{
    g_autofree char *search = change->name ? search_fold(change->name) : NULL;
    g_autoptr(Query) query = database_query(
        database, "UPDATE areas SET name = coalesce($1, name), search = coalesce($2, search), "
                  "one_person_approves = coalesce($3, one_person_approves) WHERE id = $4");
    query_text(query, change->name);
    query_text(query, search);
    if (change->one_person_approves)
        query_bool(query, *change->one_person_approves);
    else
        query_null(query);
    query_text(query, id);
    return query_run(query, error);
}
