/* The boots of each key, to find one that exists twice. */
#pragma once

#include "db/database.h"

#define BOOT_KEPT 32 /* boots remembered of each key */

/* Notes a boot of a key. `ret_returned`: it was known, and another has come since. */
bool boot_store_note(Database *database, const char *keyid, const char *boot_id, int64_t now_us,
                     bool *ret_returned, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The station's key is known to exist twice since `now_us`, unless that was known before. */
bool boot_store_set_cloned(Database *database, const char *station, int64_t now_us,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Calls `take` for every station whose key exists twice. */
bool boot_store_cloned(Database *database,
                       void (*take)(const char *station, int64_t since_us, void *user), void *user,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
