/* SQL of commands. Rows are only ever added. */
#include "fleet/command_store.h"

void stored_command_free(StoredCommand *stored)
{
    if (!stored)
        return;
    g_free(stored->envelope);
    g_free(stored);
}

bool command_store_add(Database *database, const Command *command, const char *envelope,
                       int64_t *ret_seq, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "INSERT INTO commands (id, kind, issued_us, expires_us, envelope) "
                                 "VALUES ($1, $2, $3, $4, $5) RETURNING seq");
    query_text(query, command->id);
    query_text(query, command_kind_words[command->kind]);
    query_int(query, command->issued_us);
    query_int(query, command->expires_us);
    query_text(query, envelope);
    if (query_next(query, error) <= 0)
        return false;
    *ret_seq = row_int(query, 0);
    return query_run(query, error);
}

bool command_store_has(Database *database, const char *id)
{
    g_autoptr(Query) query = database_query(database, "SELECT 1 FROM commands WHERE id = $1");
    query_text(query, id);
    return query_next(query, NULL) > 0;
}

GPtrArray *command_store_unexpired(Database *database, int64_t now_us, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)stored_command_free);
    g_autoptr(Query) query = database_query(
        database, "SELECT seq, envelope FROM commands WHERE expires_us > $1 ORDER BY seq");
    query_int(query, now_us);
    int step;
    while ((step = query_next(query, error)) > 0) {
        StoredCommand *stored = g_new0(StoredCommand, 1);
        stored->seq = row_int(query, 0);
        stored->envelope = g_strdup(row_text(query, 1));
        g_ptr_array_add(list, stored);
    }
    return step == 0 ? g_steal_pointer(&list) : NULL;
}
