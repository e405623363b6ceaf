/* Numbered migrations, each in one transaction, embedded in the binary at build time from
 * migrations/NNN_name.sql. A database newer than the program is refused, never touched. */
#pragma once

#include "db/database.h"

/* Called by database_open(). `ret_from`/`ret_to` may be NULL. */
bool migrate_run(Database *database, int *ret_from, int *ret_to, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
