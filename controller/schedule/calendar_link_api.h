/* Addresses under which an ordinary calendar program reads an area's schedule. */
#pragma once

#include "schedule/broadcast_api.h"

#define CALENDAR_LINKS_MAX 20 /* of one person */

Reply *calendar_link_api_list(void *room, Request *request);   /* GET    /api/me/calendar-links */
Reply *calendar_link_api_create(void *room, Request *request); /* POST   /api/me/calendar-links */
Reply *calendar_link_api_delete(void *room, Request *request); /* DELETE .../{id} */
/* GET /api/calendars/{secret}/calendar.ics: no log-in, the address itself is the key. */
Reply *calendar_link_api_read(void *room, Request *request);
