/* Said where a source is chosen, so that nobody finds out when the order is refused. A province has
 * thousands of stations and dozens of sources, but a handful of formats: each station is asked once
 * about each of these. */
#include "content/source_reach.h"

#include "registry/station_store.h"

struct SourceReach {
    const StationFacts *facts;
    const GPtrArray *stations;
    GHashTable *formats; /* name -> bool for each station: plays it */
};

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

SourceReach *source_reach_new(const StationFacts *facts, const GPtrArray *stations)
{
    SourceReach *self = g_new0(SourceReach, 1);
    self->facts = facts;
    self->stations = stations;
    self->formats = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return self;
}

void source_reach_free(SourceReach *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->formats);
    g_free(self);
}

static const bool *who_plays(SourceReach *self, const char *format)
{
    bool *plays = g_hash_table_lookup(self->formats, format);
    if (plays)
        return plays;
    const StationFacts *facts = self->facts;
    plays = g_new0(bool, self->stations->len + 1);
    for (unsigned i = 0; i < self->stations->len; i++) {
        const Station *station = self->stations->pdata[i];
        plays[i] = !facts->ops || !facts->ops->plays ||
                   facts->ops->plays(facts->self, station->id, format);
    }
    g_hash_table_insert(self->formats, g_strdup(format), plays);
    return plays;
}

/* One flag for each station; without an address nobody is said to be unable. */
static bool *who_hears(SourceReach *self, const Source *source)
{
    bool *hears = g_new0(bool, self->stations->len + 1);
    for (unsigned a = 0; a < source->addresses->len; a++) {
        const SourceAddress *address = source->addresses->pdata[a];
        const bool *plays = who_plays(self, address->format);
        for (unsigned i = 0; i < self->stations->len; i++)
            hears[i] |= plays[i];
    }
    for (unsigned i = 0; source->addresses->len == 0 && i < self->stations->len; i++)
        hears[i] = true;
    return hears;
}

Json *source_reach_json(SourceReach *self, const Source *source)
{
    unsigned unable = 0;
    Json *names = json_new_array();
    g_autofree bool *hears = who_hears(self, source);
    for (unsigned i = 0; i < self->stations->len; i++) {
        const Station *station = self->stations->pdata[i];
        if (!hears[i] && unable++ < SOURCE_REACH_NAMES)
            json_append_text(names, station->name);
    }
    Json *json = json_new_object();
    json_set_int(json, "stations", self->stations->len);
    json_set_int(json, "unable", unable);
    json_set_take(json, "names", names);
    return json;
}
