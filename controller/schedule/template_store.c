/* Rows of templates. The body is text to the database: nothing is ever asked about its inside. */
#include "schedule/template_store.h"

#define COLUMNS "t.id, t.area, t.title, t.body, t.changed_by, t.changed_us"

void template_free(Template *self)
{
    if (!self)
        return;
    g_free(self->id);
    g_free(self->area);
    g_free(self->title);
    g_free(self->body);
    g_free(self->changed_by);
    g_free(self);
}

static Template *read_row(Query *row)
{
    Template *self = g_new0(Template, 1);
    self->id = g_strdup(row_text(row, 0));
    self->area = g_strdup(row_text(row, 1));
    self->title = g_strdup(row_text(row, 2));
    self->body = g_strdup(row_text(row, 3));
    self->changed_by = g_strdup(row_text(row, 4));
    self->changed_us = row_int(row, 5);
    return self;
}

Template *template_store_get(Database *database, const char *id, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT " COLUMNS " FROM programme_templates t WHERE t.id = $1");
    query_text(query, id);
    return query_next(query, error) > 0 ? read_row(query) : NULL;
}

GPtrArray *template_store_list(Database *database, const char *path, const char *after,
                               unsigned limit, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)template_free);
    g_autoptr(Query) query = database_query(
        database,
        "SELECT " COLUMNS " FROM programme_templates t JOIN areas a ON a.id = t.area "
        "WHERE (substr(a.path, 1, length($1)) = $1 OR substr($1, 1, length(a.path)) = a.path) "
        "AND ($2 IS NULL OR (length(a.path) > length($1), t.title, t.id) > "
        "(SELECT length(b.path) > length($1), u.title, u.id FROM programme_templates u "
        "JOIN areas b ON b.id = u.area WHERE u.id = $2)) "
        "ORDER BY length(a.path) > length($1), t.title, t.id LIMIT $3");
    query_text(query, path);
    query_text(query, after);
    query_int(query, limit);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(list, read_row(query));
    return step == 0 ? g_steal_pointer(&list) : NULL;
}

bool template_store_put(Database *database, const Template *one, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO programme_templates (id, area, title, body, changed_by, changed_us) "
                  "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET "
                  "title = excluded.title, body = excluded.body, "
                  "changed_by = excluded.changed_by, changed_us = excluded.changed_us");
    query_text(query, one->id);
    query_text(query, one->area);
    query_text(query, one->title);
    query_text(query, one->body);
    query_text(query, one->changed_by);
    query_int(query, one->changed_us);
    return query_run(query, error);
}

bool template_store_delete(Database *database, const char *id, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "DELETE FROM programme_templates WHERE id = $1");
    query_text(query, id);
    return query_run(query, error);
}
