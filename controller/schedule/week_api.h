/* GET /api/schedule: what is to happen in an area, day by day; the room is the BroadcastApi. */
#pragma once

#include "schedule/broadcast_api.h"

Reply *week_api_get(void *room, Request *request);
