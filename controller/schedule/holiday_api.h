/* Calendars of holidays that people edit. */
#pragma once

#include "schedule/broadcast_api.h"

Reply *holiday_api_list(void *room, Request *request); /* GET /api/holidays */
Reply *holiday_api_put(void *room, Request *request);  /* PUT /api/holidays/{id} */
