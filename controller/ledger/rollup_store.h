/* The counts that reports and the home page read: kept by the database's own triggers in the
 * transaction that writes an airing, checked and made anew from the log here. */
#pragma once

#include "db/database.h"

/* Rows in which the counts differ from a full count of the log; 0 = they are right. Days whose
 * airings retention has begun to drop are left out: their counts are all that is left of them. */
bool rollup_store_wrong(Database *database, int64_t *ret_rows,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Counts the same days anew, inside the caller's transaction. */
bool rollup_store_rebuild(Database *database, GError **error) G_GNUC_WARN_UNUSED_RESULT;
