/* A consistent copy of a database that a controller works with at this moment, and a check of one.
 * Both read only: the original, the controller's lock and its checkpoints stay untouched. */
#pragma once

#include "db/database.h"

/* `to` must not exist; it is checked before true is returned, and gone after false. `progress` (may
 * be NULL) hears of whole per cents. */
bool database_copy(const char *from, const char *to, void (*progress)(unsigned percent, void *user),
                   void *user, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Every page, row and index entry, without the uniqueness of indexes (quick_check). */
bool database_check(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
