/* The epoch of plans. Stations never take a plan of an epoch below the highest they have seen, so
 * a controller that was restored from a copy starts a higher one and its versions count from 1. */
#pragma once

#include "db/database.h"

/* The root document's epoch, or that of the newest restore where it is higher. */
bool epoch_store_read(Database *database, int64_t root_epoch, int64_t *ret_epoch,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Notes a restore in the caller's transaction and gives its epoch. It is higher than any known here
 * and at least the second of `now_us`: a copy that is restored twice must not use an epoch twice,
 * and the copy knows nothing of the first time. */
bool epoch_store_raise(Database *database, int64_t copied_us, int64_t now_us, int64_t *ret_epoch,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
