/* SQL of the entries that close airings: rows are only ever added. */
#include "ledger/unreported_store.h"

int64_t unreported_store_add(Database *database, const UnreportedEntry *entry, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "INSERT INTO unreported (made_us, airings, sha256, envelope) "
                                 "VALUES ($1, $2, $3, $4) RETURNING seq");
    query_int(query, entry->made_us);
    query_int(query, entry->airings);
    query_text(query, entry->sha256);
    query_text(query, entry->envelope);
    int64_t seq = query_next(query, error) > 0 ? row_int(query, 0) : 0;
    return seq > 0 && query_run(query, error) ? seq : 0;
}
