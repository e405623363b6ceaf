/* Rows of sources and their addresses. */
#include "content/source_store.h"

#define COLUMNS                                                                                    \
    "s.id, s.area, a.name, s.name, s.created_by_name, s.created_us, s.updated_us, s.deleted_us"

static void address_free(gpointer data)
{
    SourceAddress *address = data;
    g_free(address->url);
    g_free(address->format);
    g_free(address);
}

Source *source_new(void)
{
    Source *self = g_new0(Source, 1);
    self->addresses = g_ptr_array_new_with_free_func(address_free);
    return self;
}

void source_free(Source *self)
{
    if (!self)
        return;
    g_free(self->id);
    g_free(self->area);
    g_free(self->area_name);
    g_free(self->name);
    g_free(self->created_by_name);
    g_ptr_array_unref(self->addresses);
    g_free(self);
}

void source_add_address(Source *self, const char *url, const char *format)
{
    SourceAddress *address = g_new0(SourceAddress, 1);
    address->url = g_strdup(url);
    address->format = g_strdup(format);
    g_ptr_array_add(self->addresses, address);
}

static Source *read_row(Query *row)
{
    Source *self = source_new();
    self->id = g_strdup(row_text(row, 0));
    self->area = g_strdup(row_text(row, 1));
    self->area_name = g_strdup(row_text(row, 2));
    self->name = g_strdup(row_text(row, 3));
    self->created_by_name = g_strdup(row_text(row, 4));
    self->created_us = row_int(row, 5);
    self->updated_us = row_int(row, 6);
    self->deleted_us = row_int(row, 7);
    return self;
}

static bool read_addresses(Database *database, Source *source, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT url, format FROM source_addresses WHERE source = $1 ORDER BY position");
    query_text(query, source->id);
    int step;
    while ((step = query_next(query, error)) > 0)
        source_add_address(source, row_text(query, 0), row_text(query, 1));
    return step == 0;
}

static GPtrArray *read_all(Database *database, Query *query, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)source_free);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(list, read_row(query));
    for (unsigned i = 0; step == 0 && i < list->len; i++)
        if (!read_addresses(database, g_ptr_array_index(list, i), error))
            return NULL;
    return step == 0 ? g_steal_pointer(&list) : NULL;
}

Source *source_store_get(Database *database, const char *id, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT " COLUMNS " FROM sources s JOIN areas a ON a.id = s.area "
                                 "WHERE s.id = $1");
    query_text(query, id);
    g_autoptr(GPtrArray) list = read_all(database, query, error);
    return list && list->len ? g_ptr_array_steal_index(list, 0) : NULL;
}

GPtrArray *source_store_list(Database *database, const char *area, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT " COLUMNS " FROM sources s JOIN areas a ON a.id = s.area "
                  "JOIN areas asked ON asked.id = $1 "
                  "WHERE s.deleted_us = 0 AND (substr(asked.path, 1, length(a.path)) = a.path "
                  "OR substr(a.path, 1, length(asked.path)) = asked.path) ORDER BY s.name, s.id");
    query_text(query, area);
    return read_all(database, query, error);
}

static bool write_addresses(Database *database, const Source *source, GError **error)
{
    g_autoptr(Query) old =
        database_query(database, "DELETE FROM source_addresses WHERE source = $1");
    query_text(old, source->id);
    if (!query_run(old, error))
        return false;
    for (unsigned i = 0; i < source->addresses->len; i++) {
        const SourceAddress *address = g_ptr_array_index(source->addresses, i);
        g_autoptr(Query) query =
            database_query(database, "INSERT INTO source_addresses (source, position, url, format) "
                                     "VALUES ($1, $2, $3, $4)");
        query_text(query, source->id);
        query_int(query, i);
        query_text(query, address->url);
        query_text(query, address->format);
        if (!query_run(query, error))
            return false;
    }
    return true;
}

bool source_store_add(Database *database, const Source *source, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO sources (id, area, name, created_by_name, created_us, updated_us) "
                  "VALUES ($1, $2, $3, $4, $5, $6)");
    query_text(query, source->id);
    query_text(query, source->area);
    query_text(query, source->name);
    query_text(query, source->created_by_name);
    query_int(query, source->created_us);
    query_int(query, source->updated_us);
    return query_run(query, error) && write_addresses(database, source, error);
}

bool source_store_change(Database *database, const Source *source, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE sources SET name = $2, updated_us = $3 WHERE id = $1");
    query_text(query, source->id);
    query_text(query, source->name);
    query_int(query, source->updated_us);
    return query_run(query, error) && write_addresses(database, source, error);
}

bool source_store_delete(Database *database, const char *id, int64_t now_us, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE sources SET deleted_us = $2 WHERE id = $1");
    query_text(query, id);
    query_int(query, now_us);
    return query_run(query, error);
}

GPtrArray *source_store_bulletins(Database *database, const char *id, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(Query) query = database_query(
        database, "SELECT DISTINCT bulletin FROM bulletin_versions WHERE source = $1");
    query_text(query, id);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(list, g_strdup(row_text(query, 0)));
    return step == 0 ? g_steal_pointer(&list) : NULL;
}
