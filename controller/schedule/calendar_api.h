/* An area's schedule as an iCalendar file, and what we understand of somebody else's. */
#pragma once

#include "schedule/broadcast_api.h"

#define CALENDAR_API_HORIZON_DAYS 400 /* how far holidays, lunar days and moves are spelled out */
#define CALENDAR_API_SERIES_MAX   1000

Reply *calendar_api_get(void *room, Request *request);    /* GET  /api/areas/{id}/calendar.ics */
Reply *calendar_api_import(void *room, Request *request); /* POST /api/areas/{id}/calendar.ics */
