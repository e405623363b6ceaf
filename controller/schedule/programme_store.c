/* Programmes and their items. A deleted programme keeps its rows: what was broadcast of it still
 * belongs to it. */
#include "schedule/programme_store.h"

#include "schedule/broadcast_store_private.h"

#define COLUMNS                                                                                    \
    "p.id, p.area, p.title, p.created_by, p.created_by_name, p.created_us, p.updated_us, "         \
    "p.deleted_us"

static Programme *read_row(Query *row)
{
    Programme *self = programme_new();
    self->id = g_strdup(row_text(row, 0));
    self->area = g_strdup(row_text(row, 1));
    self->title = g_strdup(row_text(row, 2));
    self->created_by = g_strdup(row_text(row, 3));
    self->created_by_name = g_strdup(row_text(row, 4));
    self->created_us = row_int(row, 5);
    self->updated_us = row_int(row, 6);
    self->deleted_us = row_int(row, 7);
    return self;
}

static ProgrammeKind kind_of(const char *word)
{
    for (unsigned kind = 0; kind < PROGRAMME_KINDS; kind++)
        if (g_strcmp0(programme_kind_words[kind], word) == 0)
            return (ProgrammeKind)kind;
    return PROGRAMME_BULLETIN;
}

static bool read_items(Database *database, Programme *programme, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT kind, bulletin, gain_mdb FROM programme_items "
                                 "WHERE programme = $1 ORDER BY position");
    query_text(query, programme->id);
    int step;
    while ((step = query_next(query, error)) > 0)
        programme_add(programme, kind_of(row_text(query, 0)), row_text(query, 1),
                      (int)row_int(query, 2));
    return step == 0;
}

static GPtrArray *read_all(Database *database, Query *query, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)programme_free);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(list, read_row(query));
    for (unsigned i = 0; step == 0 && i < list->len; i++)
        if (!read_items(database, g_ptr_array_index(list, i), error))
            return NULL;
    return step == 0 ? g_steal_pointer(&list) : NULL;
}

Programme *programme_store_get(Database *database, const char *id, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT " COLUMNS " FROM programmes p WHERE p.id = $1");
    query_text(query, id);
    g_autoptr(GPtrArray) list = read_all(database, query, error);
    return list && list->len ? g_ptr_array_steal_index(list, 0) : NULL;
}

GPtrArray *programme_store_page(Database *database, const ShelfQuery *query, int64_t *ret_next,
                                GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)programme_free);
    g_auto(ShelfPage) page = {0};
    if (!shelf_store_page(database, SHELF_PROGRAMMES, query, &page, error))
        return NULL;
    for (unsigned i = 0; i < page.ids->len; i++) {
        Programme *programme = programme_store_get(database, g_ptr_array_index(page.ids, i), error);
        if (!programme)
            return NULL;
        g_ptr_array_add(list, programme);
    }
    *ret_next = page.next;
    return g_steal_pointer(&list);
}

GPtrArray *programme_store_holding(Database *database, const char *bulletin, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(Query) query = database_query(
        database, "SELECT DISTINCT programme FROM programme_items WHERE bulletin = $1");
    query_text(query, bulletin);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(list, g_strdup(row_text(query, 0)));
    return step == 0 ? g_steal_pointer(&list) : NULL;
}

static bool add_items(Database *database, const Programme *programme, GError **error)
{
    for (unsigned i = 0; i < programme->items->len; i++) {
        const ProgrammeItem *item = g_ptr_array_index(programme->items, i);
        g_autoptr(Query) query = database_query(
            database, "INSERT INTO programme_items (programme, position, kind, bulletin, gain_mdb) "
                      "VALUES ($1, $2, $3, $4, $5)");
        query_text(query, programme->id);
        query_int(query, i);
        query_text(query, programme_kind_words[item->kind]);
        query_text(query, item->bulletin);
        query_int(query, item->gain_mdb);
        if (!query_run(query, error))
            return false;
    }
    return true;
}

bool programme_store_add(Database *database, const Programme *programme, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO programmes (id, area, title, created_by, created_by_name, "
                  "created_us, updated_us) VALUES ($1, $2, $3, $4, $5, $6, $7)");
    query_text(query, programme->id);
    query_text(query, programme->area);
    query_text(query, programme->title);
    query_text(query, programme->created_by);
    query_text(query, programme->created_by_name);
    query_int(query, programme->created_us);
    query_int(query, programme->updated_us);
    return query_run(query, error) && add_items(database, programme, error) &&
           shelf_store_put(database, SHELF_PROGRAMMES, programme->id, error);
}

bool programme_store_change(Database *database, const Programme *programme, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE programmes SET title = $2, updated_us = $3 WHERE id = $1");
    query_text(query, programme->id);
    query_text(query, programme->title);
    query_int(query, programme->updated_us);
    g_autoptr(Query) old =
        database_query(database, "DELETE FROM programme_items WHERE programme = $1");
    query_text(old, programme->id);
    return shelf_store_take(database, SHELF_PROGRAMMES, programme->id, error) &&
           query_run(query, error) && query_run(old, error) &&
           add_items(database, programme, error) &&
           shelf_store_put(database, SHELF_PROGRAMMES, programme->id, error);
}

bool programme_store_delete(Database *database, const char *id, int64_t now_us, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "UPDATE programmes SET deleted_us = $2 WHERE id = $1 AND deleted_us = 0");
    query_text(query, id);
    query_int(query, now_us);
    return shelf_store_take(database, SHELF_PROGRAMMES, id, error) && query_run(query, error);
}

bool programme_store_in_use(Database *database, const char *id, int64_t now_us, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT 1 FROM broadcasts b WHERE b.programme = $1 AND b.deleted_us = 0 "
                  "AND (b.kind = 'daily' OR b.start_us >= $2 OR (b.kind = 'now' AND b.planned_once "
                  "= 0) OR " BROADCAST_CHANGED_TO("$2") ") LIMIT 1");
    query_text(query, id);
    query_int(query, now_us);
    return query_next(query, error) != 0;
}

/* ---- lead-in tunes ---- */

char *programme_store_tune(Database *database, const char *area)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT up.lead_in_tune FROM areas own JOIN areas up "
                                 "ON substr(own.path, 1, length(up.path)) = up.path "
                                 "WHERE own.id = $1 AND up.lead_in_tune IS NOT NULL "
                                 "ORDER BY length(up.path) DESC LIMIT 1");
    query_text(query, area);
    return query_next(query, NULL) > 0 ? g_strdup(row_text(query, 0)) : NULL;
}

char *programme_store_own_tune(Database *database, const char *area)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT lead_in_tune FROM areas WHERE id = $1");
    query_text(query, area);
    return query_next(query, NULL) > 0 ? g_strdup(row_text(query, 0)) : NULL;
}

bool programme_store_set_tune(Database *database, const char *area, const char *bulletin,
                              GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE areas SET lead_in_tune = $2 WHERE id = $1");
    query_text(query, area);
    query_text(query, bulletin);
    return query_run(query, error);
}

/* ---- what stations speak ---- */

bool programme_store_speakers(Database *database, const char *path, const char *format,
                              ProgrammeSpeakers *ret_speakers, GError **error)
{
    g_autofree char *quoted = g_strdup_printf("%%\"%s\"%%", format);
    g_autoptr(Query) query = database_query(
        database, "SELECT COUNT(*), SUM(CASE WHEN h.facts LIKE $2 THEN 1 ELSE 0 END) "
                  "FROM stations s JOIN areas a ON a.id = s.area "
                  "LEFT JOIN station_health h ON h.station = s.id "
                  "WHERE s.retired_us = 0 AND substr(a.path, 1, length($1)) = $1");
    query_text(query, path);
    query_text(query, quoted);
    if (query_next(query, error) < 0)
        return false;
    ret_speakers->stations = row_int(query, 0);
    ret_speakers->speaking = row_int(query, 1);
    return true;
}
