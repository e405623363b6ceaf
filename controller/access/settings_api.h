/* What the organisation says of itself; the room is People. */
#pragma once

#include "access/people.h"

Reply *settings_api_get(void *room, Request *request);   /* GET   /api/settings */
Reply *settings_api_patch(void *room, Request *request); /* PATCH /api/settings */
