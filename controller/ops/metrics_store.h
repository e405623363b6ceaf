/* Totals for the metrics, each from the end of an index, however large the log has grown. */
#pragma once

#include "db/database.h"

typedef struct MetricsTotals {
    int64_t stored;
    int64_t quarantined;
    int64_t gaps; /* receipts lost by restores */
} MetricsTotals;

bool metrics_store_totals(Database *database, MetricsTotals *ret_totals,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
