/* SQL of uploads. An upload that a version is waiting for (its sound is being worked on) never
 * expires under it. */
#include "content/upload_store.h"

void upload_free(Upload *upload)
{
    if (upload == NULL)
        return;
    g_free(upload->id);
    g_free(upload->user);
    g_free(upload->filename);
    g_free(upload->filetype);
    g_free(upload);
}

Upload *upload_store_get(Database *database, const char *id, int64_t now_us, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT id, user_id, filename, filetype, length, received, created_us, "
                  "expires_us FROM uploads WHERE id = $1 AND expires_us > $2");
    query_text(query, id);
    query_int(query, now_us);
    if (query_next(query, error) != 1)
        return NULL;
    Upload *self = g_new0(Upload, 1);
    self->id = g_strdup(row_text(query, 0));
    self->user = g_strdup(row_text(query, 1));
    self->filename = g_strdup(row_text(query, 2));
    self->filetype = g_strdup(row_text(query, 3));
    self->length = row_int(query, 4);
    self->received = row_int(query, 5);
    self->created_us = row_int(query, 6);
    self->expires_us = row_int(query, 7);
    return self;
}

bool upload_store_add(Database *database, const Upload *upload, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO uploads (id, user_id, filename, filetype, length, created_us, "
                  "expires_us) VALUES ($1, $2, $3, $4, $5, $6, $7)");
    query_text(query, upload->id);
    query_text(query, upload->user);
    query_text(query, upload->filename);
    query_text(query, upload->filetype);
    query_int(query, upload->length);
    query_int(query, upload->created_us);
    query_int(query, upload->expires_us);
    return query_run(query, error);
}

bool upload_store_received(Database *database, const char *id, int64_t received, int64_t expires_us,
                           GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE uploads SET received = $1, expires_us = $2 WHERE id = $3");
    query_int(query, received);
    query_int(query, expires_us);
    query_text(query, id);
    return query_run(query, error);
}

bool upload_store_remove(Database *database, const char *id, GError **error)
{
    g_autoptr(Query) query = database_query(database, "DELETE FROM uploads WHERE id = $1");
    query_text(query, id);
    return query_run(query, error);
}

int64_t upload_store_count(Database *database, const char *user, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT count(*) FROM uploads WHERE user_id = $1");
    query_text(query, user);
    return query_next(query, error) == 1 ? row_int(query, 0) : -1;
}

GPtrArray *upload_store_expired(Database *database, int64_t now_us, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(Query) query = database_query(
        database, "SELECT id FROM uploads WHERE expires_us <= $1 AND NOT EXISTS (SELECT 1 FROM "
                  "bulletin_versions v WHERE v.upload = uploads.id) ORDER BY expires_us LIMIT 100");
    query_int(query, now_us);
    int step = 0;
    while ((step = query_next(query, error)) == 1)
        g_ptr_array_add(list, g_strdup(row_text(query, 0)));
    return step == 0 ? g_steal_pointer(&list) : NULL;
}

bool upload_store_in_use(Database *database, const char *id)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT 1 FROM bulletin_versions WHERE upload = $1 LIMIT 1");
    query_text(query, id);
    return query_next(query, NULL) != 0; /* an error counts as yes: nothing is deleted on it */
}
