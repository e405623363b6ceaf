/* Stations of one area that the same rules reach: what is asked about one of them is asked about
 * all. Pure. */
#pragma once

#include "schedule/agenda.h"

typedef struct StationKind {
    const char *station; /* any of them; borrowed */
    unsigned stations;
} StationKind;

/* StationKind, in order of the first of each. `stations` are Station* of the agenda's area;
 * `drafts` (const Broadcast*; may be NULL) tell them apart like its rules. */
GArray *station_kinds(const Agenda *agenda, const GPtrArray *stations, const GPtrArray *drafts);
