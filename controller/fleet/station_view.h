/* A `Station` as the panel sees it. */
#pragma once

#include "fleet/fleet.h"
#include "registry/area_store.h"

Json *station_view_json(Fleet *fleet, const Station *station, int64_t now_us, Language language);
/* What is wrong with it, the controller's own findings first: [{code, since, text, next_step}]. */
Json *station_view_faults(Fleet *fleet, const char *station, Language language);
