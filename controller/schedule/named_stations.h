/* The stations that an order names, be it directly, through an area or through a group. */
#pragma once

#include "registry/station_store.h"
#include "schedule/broadcast.h"

/* Station*, each once, those of an area side by side; without the retired ones. Whether the order
 * reaches them (some are left out, some groups not accepted) is for broadcast_reaches(). */
GPtrArray *named_stations(Database *database, const Broadcast *order, GError **error);
