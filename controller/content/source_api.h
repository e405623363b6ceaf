/* Sources of relays over HTTP, and trials of their addresses. */
#pragma once

#include "content/bulletin_store.h"
#include "content/source_trials.h"
#include "db/database.h"
#include "http/router.h"
#include "registry/station_facts.h"

typedef struct SourceApi SourceApi;

/* Takes the trials. `changed` is told, inside the transaction, of each bulletin that relays a
 * source whose addresses change; may be NULL. */
SourceApi *source_api_new(Database *database, SourceTrials *take_trials, BulletinChanged changed,
                          void *changed_user);
/* Whom to ask which station plays what; until then nobody is said to be unable. */
void source_api_ask_stations(SourceApi *self, StationFacts stations);
void source_api_free(SourceApi *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SourceApi, source_api_free)

/* Routes, all GATE_USER; the room is the SourceApi. */
Reply *source_api_list(void *room, Request *request);   /* GET    /api/sources */
Reply *source_api_create(void *room, Request *request); /* POST   /api/sources */
Reply *source_api_change(void *room, Request *request); /* PATCH  /api/sources/{id} */
Reply *source_api_delete(void *room, Request *request); /* DELETE /api/sources/{id} */
Reply *source_api_try(void *room, Request *request);    /* POST   /api/source-trials */
Reply *source_api_trial(void *room, Request *request);  /* GET    /api/source-trials/{id} */
Reply *source_api_trial_audio(void *room,
                              Request *request); /* GET    /api/source-trials/{id}/audio */
