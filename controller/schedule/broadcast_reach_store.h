/* Broadcasts that may sound in a stretch of time. Lists are of Broadcast*, in force or deleted
 * since it began, and may hold some that do not sound in it after all. */
#pragma once

#include "db/database.h"
#include "schedule/broadcast.h"

/* From an instant on, in the order in which they were made. */
GPtrArray *broadcast_reach_store_all(Database *database, int64_t from_us, GError **error);
/* The same, issued by this very area. */
GPtrArray *broadcast_reach_store_issued(Database *database, const char *area, int64_t from_us,
                                        GError **error);
/* The same, issued by areas off `area_path` ("/a1/b2/") that name a group which somebody on the
 * path accepted. */
GPtrArray *broadcast_reach_store_accepted(Database *database, const char *area_path,
                                          int64_t from_us, GError **error);

typedef struct BroadcastReach {
    const char *path; /* of the area that issued them */
    bool below;       /* or one of those below it */
    int64_t from_us, to_us;
    unsigned limit;
} BroadcastReach;

/* Still in force, newest first. */
GPtrArray *broadcast_reach_store_between(Database *database, const BroadcastReach *reach,
                                         GError **error);
