/* What the handlers about one broadcast share: broadcast_api.c and series_api.c. */
#pragma once

#include "registry/station_facts.h"
#include "schedule/broadcast_api.h"
#include "schedule/broadcast_turns.h"
#include "schedule/check_policy.h"
#include "schedule/loss_teller.h"

struct BroadcastApi {
    Database *database;
    PanelEvents *events;
    void (*changed)(const Broadcast *broadcast, void *user);
    void *user;
    void (*area_changed)(const char *area, void *user); /* may be NULL */
    void *area_user;
    StationFacts stations;
    BroadcastTurns *turns;
    LossTeller *teller;
};

Json *broadcast_api_json(Database *database, const Broadcast *broadcast, int64_t now_us);
/* The broadcast of {id} where the person holds `verb`; a deleted one is not there. */
Broadcast *broadcast_api_find(BroadcastApi *self, Request *request, Verb verb, Reply **ret_refusal);
/* Inside the transaction that changed the broadcast: notes it in the log of actions, tells the
 * publisher, and the panels after COMMIT. */
bool broadcast_api_finish(BroadcastApi *self, Request *request, const char *verb,
                          const Broadcast *broadcast, GError **error);
/* A new one into the database, with all that follows from it, in the transaction that is open. */
bool broadcast_api_store(BroadcastApi *self, Request *request, const char *verb,
                         const Broadcast *broadcast, const Losses *losses, GError **error);

/* What becomes of orders once all is known that speaks against them. */
typedef Reply *(*BroadcastApiSettle)(BroadcastApi *self, Request *request, const Minutes *minutes,
                                     void *user);
/* Every order, change and import goes through here, in turns of the loop. NULL: the answer follows,
 * and ends the turn (broadcast_turns.h) that it must be in. */
Reply *broadcast_api_judge(BroadcastApi *self, Request *request, Minutes *take_minutes,
                           BroadcastApiSettle settle, void *take_user, GDestroyNotify free_user);
/* NULL where one order of a judgement may be saved: policies let it sound, and stations can play
 * what it relays. */
Reply *broadcast_api_refusal(BroadcastApi *self, const Request *request, const Minutes *minutes,
                             unsigned order);
