/* What the files that read broadcasts share. */
#pragma once

#include "schedule/broadcast_store.h"

#define BROADCAST_COLUMNS                                                                          \
    "b.id, b.bulletin, b.area, b.kind, b.start_us, b.until_day, b.zone, b.class, b.tolerance_s, "  \
    "b.gain_mdb, b.created_by, b.created_by_name, b.created_us, b.deleted_us, b.programme, "       \
    "b.scope, b.repeat_count, b.repeat_gap_s, b.on_preempt, b.filler"

/* A change moves a start by at most a week, what airs once ("all" of it) as well as a series; a
 * repeat follows at most two days after it. The last day of a series lies in a zone of its own. */
#define BROADCAST_REPEATS_US "172800000000"
#define BROADCAST_MARGIN_US  "777600000000"

#define BROADCAST_CUT_OFF                                                                          \
    "EXISTS (SELECT 1 FROM broadcast_rules r WHERE r.broadcast = s.id AND r.end_us <> 0 "          \
    "AND r.end_us < $1 - " BROADCAST_MARGIN_US ")"

/* Row `b` may sound at or after $1; `within` is empty, or says which of `s` and ends with AND. */
#define BROADCAST_REACHES(within)                                                                  \
    "b.id IN (SELECT s.id FROM broadcasts s WHERE " within " s.kind = 'daily' "                    \
    "AND s.until_day IS NULL AND NOT " BROADCAST_CUT_OFF                                           \
    " UNION ALL SELECT s.id FROM broadcasts s WHERE " within " s.kind = 'daily' "                  \
    "AND s.until_day >= date(($1 - " BROADCAST_MARGIN_US ") / 1000000, 'unixepoch') "              \
    "UNION ALL SELECT s.id FROM broadcasts s WHERE " within " s.kind <> 'daily' "                  \
    "AND s.start_us >= $1 - " BROADCAST_MARGIN_US                                                  \
    " UNION ALL SELECT broadcast FROM broadcast_parts "                                            \
    "UNION ALL SELECT broadcast FROM broadcast_dates "                                             \
    "WHERE kind = 'also' AND at_us >= $1 - " BROADCAST_MARGIN_US " UNION ALL "                     \
    "SELECT broadcast FROM broadcast_overrides WHERE start_us >= $1 - " BROADCAST_REPEATS_US ")"

/* Of row `b`: it got another rule, or a start at or after the instant `when`. */
#define BROADCAST_CHANGED_TO(when)                                                                 \
    "(EXISTS (SELECT 1 FROM broadcast_parts p WHERE p.broadcast = b.id) OR EXISTS (SELECT 1 "      \
    "FROM broadcast_overrides o WHERE o.broadcast = b.id "                                         \
    "AND coalesce(o.start_us, b.start_us + o.shift_s * 1000000) >= " when "))"

/* Every row of a query for BROADCAST_COLUMNS, whole: with targets, rule, dates and changes. */
GPtrArray *broadcast_store_read(Database *database, Query *query, GError **error);
