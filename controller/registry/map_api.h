/* The map without tiles: outlines that the province loaded, stations where somebody put them. The
 * room is the Registry. */
#pragma once

#include "registry/registry.h"

#define MAP_GEOJSON_MAX (4 * 1024 * 1024)

Reply *map_api_get(void *room, Request *request);  /* GET  /api/map?area= */
Reply *map_api_load(void *room, Request *request); /* POST /api/areas/geojson?dry_run= */
