/* A `Station` as the panel sees it. */
#pragma once

#include "fleet/fleet.h"
#include "registry/area_store.h"

Json *station_view_json(Fleet *fleet, const Station *station, int64_t now_us, Language language);
