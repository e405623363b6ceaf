/* When a broadcast was last heard. */
#pragma once

#include "db/database.h"

typedef struct AgainHeard {
    int64_t planned_us;
    int64_t duration_ms;
    char *title;
} AgainHeard;

void again_heard_clear(AgainHeard *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AgainHeard, again_heard_clear)

/* Its newest start in [from, to) that at least one station played, whole or in part. False without
 * error when there was none; `ret_heard` is cleared by the caller. */
bool again_store_heard(Database *database, const char *broadcast, int64_t from_us, int64_t to_us,
                       AgainHeard *ret_heard, GError **error);
