/* Numbered migrations, each in one transaction, embedded in the binary at build time from
 * migrations/NNN_name.sql. A database newer than the program is refused, never touched. */
#pragma once

#include "db/database.h"

#define MIGRATE_ALL 0

/* Called by database_open(). Stops after number `last`, or at the newest with MIGRATE_ALL.
 * `ret_from`/`ret_to` (highest number before and after, 0 = empty) may be NULL. */
bool migrate_run(Database *database, int last, int *ret_from, int *ret_to,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
