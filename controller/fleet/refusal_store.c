/* SQL of the refusals: at most one row for each code and known key a day. */
#include "fleet/refusal_store.h"

#define DAY_US (INT64_C(86400) * G_USEC_PER_SEC)

bool refusal_store_add(Database *database, const Refusals *refusals, GError **error)
{
    g_autoptr(Query) query = database_query(
        database,
        "INSERT INTO station_refusals (day, code, keyid, count, first_us, last_us, remote) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (day, code, keyid) DO UPDATE SET "
        "count = station_refusals.count + excluded.count, last_us = excluded.last_us, "
        "remote = excluded.remote");
    query_int(query, refusals->last_us / DAY_US);
    query_text(query, refusals->code);
    query_text(query, refusals->keyid);
    query_int(query, refusals->count);
    query_int(query, refusals->first_us);
    query_int(query, refusals->last_us);
    query_text(query, refusals->remote);
    return query_run(query, error);
}
