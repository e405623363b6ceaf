/* Sound that comes along with an order, for stations that may not have it yet. */
#pragma once

#include "fleet/fleet.h"

#define COMMAND_SOUNDS_TRAFFIC  (INT64_C(50) * 1000 * 1000) /* bytes to all stations together */
#define COMMAND_SOUNDS_FRESH_US (INT64_C(600) * G_USEC_PER_SEC)

/* Puts the sounds of the command's items into it, when they are small (COMMAND_SOUNDS_MAX and the
 * traffic together) and one of the stations (Station*) may lack them: it says so, or has said
 * nothing since COMMAND_SOUNDS_FRESH_US after they were made. All or none; a file that cannot be
 * read is left out, stations fetch it then. */
void command_sounds_add(Fleet *fleet, Command *command, const GPtrArray *stations, int64_t made_us);
