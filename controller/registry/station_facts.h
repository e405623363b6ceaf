/* What lies behind a station beyond its identity: health (fleet), airings (ledger), plans. The
 * station API belongs to the registry, which may not look down the flow, so whoever builds the
 * controller hands it this table. Without one (NULL) a station is "never" heard of. */
#pragma once

#include "http/problem.h"

typedef struct StationFactsOps {
    /* Fills the members of `Station` that come from health and plan: state, last_contact,
     * now_playing, level_dbfs, plan, media, clock, receipts_waiting, storage_free_bytes, software,
     * amplifier, faults. */
    void (*add)(void *self, const char *station, int64_t now_us, Language language, Json *object);
    /* "online" | "offline" | "never". */
    const char *(*state)(void *self, const char *station);
    /* How badly somebody is needed there: 0 = all is well; larger comes first in the list. */
    int (*trouble)(void *self, const char *station, int64_t now_us);
    /* The last airings of a station, newest first: an array of `Airing`. NULL where unknown. */
    Json *(*recent)(void *self, const char *station, unsigned limit, int64_t now_us,
                    Language language);
    /* False only for a station that has said what it plays, and not this: a name of relay_format.h.
     */
    bool (*plays)(void *self, const char *station, const char *format);
    /* Accepted, renamed, moved, another volume, retired: to be called inside the transaction; the
     * new plan and the wake-up follow after COMMIT. */
    void (*changed)(void *self, const char *station);
} StationFactsOps;

typedef struct StationFacts {
    const StationFactsOps *ops;
    void *self;
} StationFacts;
