/* SQL of the entries that close airings: rows are only ever added. */
#include "ledger/unreported_store.h"

bool unreported_store_add(Database *database, const UnreportedEntry *entry, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "INSERT INTO unreported (made_us, airings, sha256, envelope) "
                                 "VALUES ($1, $2, $3, $4)");
    query_int(query, entry->made_us);
    query_int(query, entry->airings);
    query_text(query, entry->sha256);
    query_text(query, entry->envelope);
    return query_run(query, error);
}
