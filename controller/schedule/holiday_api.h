/* Calendars of holidays that people edit. */
#pragma once

#include "schedule/broadcast_api.h"

Reply *holiday_api_list(void *room, Request *request);     /* GET /api/holidays */
Reply *holiday_api_put(void *room, Request *request);      /* PUT /api/holidays/{id} */
Reply *holiday_api_put_year(void *room, Request *request); /* PUT /api/holidays/{id}/years/{year} */
/* DELETE /api/holidays/{id}/years/{year}: it follows the general rows again. */
Reply *holiday_api_delete_year(void *room, Request *request);
Reply *holiday_api_delete(void *room, Request *request); /* DELETE /api/holidays/{id} */
