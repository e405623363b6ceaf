/* SQL of the outlines of sounds. The same sound made twice has the same outline. */
#include "content/peaks_store.h"

bool peaks_store_add(Database *database, const char *sha256, const char *pairs, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "INSERT INTO sound_peaks (sha256, pairs) VALUES ($1, $2) "
                                 "ON CONFLICT (sha256) DO UPDATE SET pairs = excluded.pairs");
    query_text(query, sha256);
    query_text(query, pairs);
    return query_run(query, error);
}

char *peaks_store_get(Database *database, const char *sha256, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT pairs FROM sound_peaks WHERE sha256 = $1");
    query_text(query, sha256);
    return query_next(query, error) == 1 ? g_strdup(row_text(query, 0)) : NULL;
}
