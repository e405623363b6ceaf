/* The lead-in tune of an area: what its programmes begin with. The room is the BroadcastApi. */
#pragma once

#include "http/router.h"

Reply *tune_api_get(void *room, Request *request); /* GET /api/areas/{id}/lead-in-tune */
Reply *tune_api_put(void *room, Request *request); /* PUT /api/areas/{id}/lead-in-tune */
