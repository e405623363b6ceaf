/* /api/stations: the list with those in trouble first, and one station. Enrolment is fleet's. */
#pragma once

#include "access/access.h"
#include "registry/registry.h"
#include "registry/station_store.h"

/* `Station` of docs/api.md, with the facts of fleet where it is there. */
Json *station_api_json(const Registry *self, const Station *station, int64_t now_us,
                       Language language);

Reply *station_api_list(void *room, Request *request);   /* GET   /api/stations */
Reply *station_api_get(void *room, Request *request);    /* GET   /api/stations/{id} */
Reply *station_api_patch(void *room, Request *request);  /* PATCH /api/stations/{id} */
Reply *station_api_retire(void *room, Request *request); /* POST  /api/stations/{id}/retire */
