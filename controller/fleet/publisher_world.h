/* Everything the planner needs, read once for many stations. */
#pragma once

#include "db/database.h"
#include "fleet/publisher_sheet.h"
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

/* What one station gets, as of `now_us`: what it shares with others, and its own part. */
typedef struct PublisherWish {
    Station *station;
    PublisherSheet *sheet;
} PublisherWish;

void publisher_wish_clear(PublisherWish *wish);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PublisherWish, publisher_wish_clear)

/* Leaves `ret_wish` empty when the station is out of service. */
bool publisher_world_wish(PublisherWorld *self, const char *station, int64_t now_us,
                          PublisherWish *ret_wish, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Lets go of the sheets: nobody is waiting any more. */
void publisher_world_forget_sheets(PublisherWorld *self);
