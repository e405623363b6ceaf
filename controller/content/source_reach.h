/* Which stations could sound a source: what each said that it can decode decides. */
#pragma once

#include "content/source_store.h"
#include "json.h"
#include "registry/station_facts.h"

#define SOURCE_REACH_NAMES 20

/* One address that it can play is enough: a station goes on to the next by itself. True for one
 * that has not said what it plays. */
bool source_reach_plays(const StationFacts *facts, const char *station, const Source *source);

/* The same for a list of stations and many sources. All is borrowed. */
typedef struct SourceReach SourceReach;
SourceReach *source_reach_new(const StationFacts *facts, const GPtrArray *stations); /* Station* */
void source_reach_free(SourceReach *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SourceReach, source_reach_free)
/* {"stations","unable","names"}: how many there are, how many of them cannot, and the first of
 * those by name. */
Json *source_reach_json(SourceReach *self, const Source *source);
