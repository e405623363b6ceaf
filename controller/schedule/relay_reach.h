/* Which of the stations that an order means cannot play what it relays. */
#pragma once

#include "http/reply.h"
#include "registry/station_facts.h"
#include "schedule/broadcast.h"

#define RELAY_REACH_NAMES 20

typedef struct RelayReach {
    unsigned able, unable; /* stations; both 0 when nothing is relayed */
    GPtrArray *names;      /* char*: of those that cannot, the first RELAY_REACH_NAMES */
} RelayReach;

void relay_reach_clear(RelayReach *reach);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RelayReach, relay_reach_clear)

/* A station that has not said what it plays counts as able. */
bool relay_reach(Database *database, const StationFacts *facts, const Broadcast *order,
                 RelayReach *ret_reach, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The refusal when none of them can; else NULL. */
Reply *relay_reach_refusal(const RelayReach *reach);
