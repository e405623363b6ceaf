/* Everything the planner needs, read once for many stations. */
#pragma once

#include "db/database.h"
#include "registry/area_store.h"
#include "registry/station_store.h"
#include "schedule/planner.h"

typedef struct PublisherWorld PublisherWorld;

/* Reads the broadcasts that may have to do with [from, until). Bulletins, areas and the starts of a
 * rule follow when a station first needs them. */
PublisherWorld *publisher_world_new(Database *database, int64_t from_us, int64_t until_us,
                                    GError **error);
void publisher_world_free(PublisherWorld *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PublisherWorld, publisher_world_free)

/* What was read is out of date: it is read again when it is next needed. */
void publisher_world_forget_broadcast(PublisherWorld *self, const char *id);
void publisher_world_forget_bulletin(PublisherWorld *self, const char *id);
void publisher_world_forget_areas(PublisherWorld *self);

/* The plan of one station as of `now_us`; NULL without error when it is out of service. */
Plan *publisher_world_plan(PublisherWorld *self, const char *station, int64_t now_us,
                           GError **error);
/* Ids of an area path "/a1/b2/", top first. */
GPtrArray *publisher_world_path(const char *path);
