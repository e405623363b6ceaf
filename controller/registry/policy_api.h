/* What an area allows, over HTTP; the room is the Registry. */
#pragma once

#include "access/access.h"

Reply *policy_api_get(void *room, Request *request); /* GET /api/areas/{id}/policy */
Reply *policy_api_put(void *room, Request *request); /* PUT /api/areas/{id}/policy */
