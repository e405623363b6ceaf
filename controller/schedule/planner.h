/* The planner: what each station has to sound, from broadcasts, bulletins and the tree of areas.
 * Pure: no I/O, no clock, no randomness; the same world gives the same plan, bit for bit. */
#pragma once

#include "schedule/precedence.h"
#include "schedule/rundown.h"

/* One broadcast with what it sounds and its occurrences in [from, until): expanded once, shared by
 * all stations. Those that do not play are passed over. */
typedef struct PlannerRule {
    const Broadcast *broadcast;
    const Rundown *rundown;
    const GArray *occurrences; /* SeriesOccurrence, by start_us */
} PlannerRule;

typedef struct PlannerWorld {
    const GArray *rules; /* PlannerRule */
    int64_t from_us;     /* some days ago: a station may still owe an answer for these */
    int64_t until_us;
    int64_t now_us; /* nothing new is planned before it */
} PlannerWorld;

typedef struct PlannerStation {
    const char *id;
    const GPtrArray *area_path; /* char*, top first */
    int utc_offset_s;
    int volume_mdb;
    const Precedence *precedence; /* NULL = nobody says anything */
    /* Ids of airings before now that were planned once and not cancelled, or were in force before
     * their start; NULL = none. Others of the past are left out: nobody asked for them in time. */
    GHashTable *known;
} PlannerStation;

/* epoch, version and issued_us are left 0 for the publisher. Airings beyond PLAN_MAX_AIRINGS are
 * cut off at the end, and until_us says so. */
Plan *planner_plan(const PlannerWorld *world, const PlannerStation *station);
