/* What becomes of a broadcast's starts, at all stations that it reaches. */
#pragma once

#include "schedule/broadcast_api.h"

Reply *fate_api_get(void *room, Request *request); /* GET /api/broadcasts/{id}/fates */
