/* What the handlers about one broadcast share: broadcast_api.c and series_api.c. */
#pragma once

#include "schedule/broadcast_api.h"

struct BroadcastApi {
    Database *database;
    PanelEvents *events;
    void (*changed)(const Broadcast *broadcast, void *user);
    void *user;
    void (*area_changed)(const char *area, void *user); /* may be NULL */
    void *area_user;
};

Json *broadcast_api_json(Database *database, const Broadcast *broadcast, int64_t now_us);
/* The broadcast of {id} where the person holds `verb`; a deleted one is not there. */
Broadcast *broadcast_api_find(BroadcastApi *self, Request *request, Verb verb, Reply **ret_refusal);
/* Inside the transaction that changed the broadcast: notes it in the log of actions, tells the
 * publisher, and the panels after COMMIT. */
bool broadcast_api_finish(BroadcastApi *self, Request *request, const char *verb,
                          const Broadcast *broadcast, GError **error);
