/* Said where a source is chosen, so that nobody finds out when the order is refused. */
#include "content/source_reach.h"

#include "registry/station_store.h"

bool source_reach_plays(const StationFacts *facts, const char *station, const Source *source)
{
    if (!facts->ops || !facts->ops->plays)
        return true;
    for (unsigned i = 0; i < source->addresses->len; i++) {
        const SourceAddress *address = source->addresses->pdata[i];
        if (facts->ops->plays(facts->self, station, address->format))
            return true;
    }
    return source->addresses->len == 0;
}

Json *source_reach_json(const StationFacts *facts, const GPtrArray *stations, const Source *source)
{
    unsigned unable = 0;
    Json *names = json_new_array();
    for (unsigned i = 0; i < stations->len; i++) {
        const Station *station = stations->pdata[i];
        if (source_reach_plays(facts, station->id, source))
            continue;
        if (unable++ < SOURCE_REACH_NAMES)
            json_append_text(names, station->name);
    }
    Json *json = json_new_object();
    json_set_int(json, "stations", stations->len);
    json_set_int(json, "unable", unable);
    json_set_take(json, "names", names);
    return json;
}
