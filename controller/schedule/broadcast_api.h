/* /api/broadcasts. */
#pragma once

#include "access/access.h"
#include "registry/panel_events.h"
#include "registry/station_facts.h"
#include "schedule/broadcast_store.h"

typedef struct BroadcastApi BroadcastApi;

/* `changed` runs inside the transaction that wrote the broadcast: the publisher notes whom it
 * concerns. May be NULL, as may `events`. */
BroadcastApi *broadcast_api_new(Database *database, PanelEvents *events,
                                void (*changed)(const Broadcast *broadcast, void *user),
                                void *user);
/* `changed` runs inside the transaction that changed what holds for all stations of an area. */
void broadcast_api_watch_areas(BroadcastApi *self, void (*changed)(const char *area, void *user),
                               void *user);
/* What stations say of themselves, so that nothing is ordered that none of them can play. */
void broadcast_api_ask_stations(BroadcastApi *self, StationFacts stations);
void broadcast_api_free(BroadcastApi *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BroadcastApi, broadcast_api_free)

Reply *broadcast_api_list(void *room, Request *request);   /* GET    /api/broadcasts */
Reply *broadcast_api_create(void *room, Request *request); /* POST   /api/broadcasts */
Reply *broadcast_api_get(void *room, Request *request);    /* GET    /api/broadcasts/{id} */
Reply *broadcast_api_delete(void *room, Request *request); /* DELETE /api/broadcasts/{id} */

/* [{kind, id, exclude}] */
Json *broadcast_api_targets(const Broadcast *broadcast);
/* True while a broadcast that may still start names the group. */
bool broadcast_api_names_group(Database *database, const char *group, int64_t now_us);
