/* One row for each key; what it means stands in idempotency.c. */
#include "http/idempotency_store.h"

void kept_answer_free(KeptAnswer *kept)
{
    if (!kept)
        return;
    g_free(kept->body);
    g_free(kept->headers);
    g_clear_pointer(&kept->answer, g_bytes_unref);
    g_free(kept);
}

KeptAnswer *idempotency_store_get(Database *database, const char *id, int64_t now_us,
                                  GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT body, status, headers, answer FROM idempotency "
                                 "WHERE id = $1 AND until_us > $2");
    query_text(query, id);
    query_int(query, now_us);
    if (query_next(query, error) != 1)
        return NULL;
    size_t length = 0;
    const void *bytes = row_blob(query, 3, &length);
    KeptAnswer *kept = g_new0(KeptAnswer, 1);
    kept->body = g_strdup(row_text(query, 0));
    kept->status = (unsigned)row_int(query, 1);
    kept->headers = g_strdup(row_text(query, 2));
    kept->answer = length ? g_bytes_new(bytes, length) : NULL;
    return kept;
}

bool idempotency_store_begin(Database *database, const char *id, const char *body, int64_t until_us,
                             GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO idempotency (id, body, status, until_us) VALUES ($1, $2, 0, $3) "
                  "ON CONFLICT (id) DO UPDATE SET body = excluded.body, status = 0, "
                  "headers = '', answer = NULL, until_us = excluded.until_us");
    query_text(query, id);
    query_text(query, body);
    query_int(query, until_us);
    return query_run(query, error);
}

bool idempotency_store_keep(Database *database, const char *id, const KeptAnswer *kept,
                            int64_t until_us, GError **error)
{
    size_t length = 0;
    const void *bytes = kept->answer ? g_bytes_get_data(kept->answer, &length) : NULL;
    g_autoptr(Query) query =
        database_query(database, "UPDATE idempotency SET status = $1, headers = $2, answer = $3, "
                                 "until_us = $4 WHERE id = $5");
    query_int(query, kept->status);
    query_text(query, kept->headers);
    query_blob(query, bytes, length);
    query_int(query, until_us);
    query_text(query, id);
    return query_run(query, error);
}

bool idempotency_store_forget(Database *database, const char *id, GError **error)
{
    g_autoptr(Query) query = database_query(database, "DELETE FROM idempotency WHERE id = $1");
    query_text(query, id);
    return query_run(query, error);
}

bool idempotency_store_sweep(Database *database, int64_t now_us, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "DELETE FROM idempotency WHERE until_us <= $1");
    query_int(query, now_us);
    return query_run(query, error);
}
