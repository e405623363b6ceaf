/* Rows of receipts and quarantine are only ever added, so the highest number is the count. */
#include "ops/metrics_store.h"

bool metrics_store_totals(Database *database, MetricsTotals *ret_totals, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT coalesce((SELECT max(seq) FROM receipts), 0), "
                  "coalesce((SELECT max(seq) FROM quarantine), 0), "
                  "coalesce((SELECT sum(last_counter - first_counter + 1) FROM receipt_gaps), 0)");
    if (query_next(query, error) < 0)
        return false;
    *ret_totals = (MetricsTotals){
        .stored = row_int(query, 0), .quarantined = row_int(query, 1), .gaps = row_int(query, 2)};
    return true;
}
