/* What the files that read broadcasts share. */
#pragma once

#include "schedule/broadcast_store.h"

#define BROADCAST_COLUMNS                                                                          \
    "b.id, b.bulletin, b.area, b.kind, b.start_us, b.until_day, b.zone, b.class, b.tolerance_s, "  \
    "b.gain_mdb, b.created_by, b.created_by_name, b.created_us, b.deleted_us, b.programme, "       \
    "b.scope, b.repeat_count, b.repeat_gap_s, b.on_preempt, b.filler"

/* A repeat follows at most two days after its start; a change moves one by at most a week, and a
 * last day lies in a zone of its own. */
#define BROADCAST_REPEATS_US "172800000000"
#define BROADCAST_MARGIN_US  "777600000000"

/* Every row of a query for BROADCAST_COLUMNS, whole: with targets, rule, dates and changes. */
GPtrArray *broadcast_store_read(Database *database, Query *query, GError **error);
