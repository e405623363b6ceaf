/* The stations that an order names, area by area, in turns of the loop: a province has hundreds of
 * communes, and nobody else shall wait for what is asked about all of them. */
#pragma once

#include "registry/area_store.h"
#include "registry/station_store.h"
#include "schedule/broadcast.h"

/* All stations (Station*) of one area that are named and not retired; `path` holds its ids, top
 * first. False with an error ends the walk. */
typedef bool (*AreaWalkEach)(void *user, const Area *area, const GPtrArray *path,
                             const GPtrArray *stations, GError **error);
/* Once, at the end; `error` says that it came to no end. */
typedef void (*AreaWalkDone)(void *user, const GError *error);

/* Whether a station is reached is for `each` to ask. False where the stations cannot be read; then
 * nobody is called. */
bool area_walk(Database *database, const Broadcast *draft, AreaWalkEach each, AreaWalkDone done,
               void *user, GError **error) G_GNUC_WARN_UNUSED_RESULT;
