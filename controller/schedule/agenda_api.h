/* What a station will sound, and what a broadcast would change. The room is the Registry. */
#pragma once

#include "access/access.h"

Reply *agenda_api_get(void *room, Request *request); /* GET /api/stations/{id}/agenda */
