/* The registry prints stations; the fleet only adds itself as the one who knows their facts. */
#include "fleet/station_view.h"

#include "registry/station_api.h"

Json *station_view_json(Fleet *fleet, const Station *station, int64_t now_us, Language language)
{
    const Registry registry = {
        .database = fleet->settings.database,
        .facts = {.ops = &fleet_station_facts, .self = fleet},
    };
    return station_api_json(&registry, station, now_us, language);
}
