/* SQL of the entries that close airings: rows are only ever added. */
#include "ledger/unreported_store.h"

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

bool unreported_store_follow(Database *database, Silence *entry, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT seq, sha256 FROM unreported ORDER BY seq DESC LIMIT 1");
    int step = query_next(query, error);
    entry->number = step > 0 ? row_int(query, 0) + 1 : 1;
    g_strlcpy(entry->previous, step > 0 ? row_text(query, 1) : ZEROS, sizeof entry->previous);
    return step >= 0;
}

bool unreported_store_heads(Database *database, const char *station, Silence *entry, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT k.keyid, coalesce(r.counter, 0), coalesce(r.sha256, '" ZEROS "') FROM "
                  "(SELECT keyid FROM stations WHERE id = $1 "
                  "UNION SELECT keyid FROM station_keys WHERE station = $1) k "
                  "LEFT JOIN receipts r ON r.keyid = k.keyid AND r.counter = "
                  "(SELECT max(counter) FROM receipts WHERE keyid = k.keyid) ORDER BY k.keyid");
    query_text(query, station);
    int step;
    while ((step = query_next(query, error)) > 0)
        silence_add_head(entry, station, row_text(query, 0), row_int(query, 1), row_text(query, 2));
    return step == 0;
}

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
