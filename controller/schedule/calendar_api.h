/* An area's schedule as an iCalendar file. */
#pragma once

#include "schedule/broadcast_api.h"

#define CALENDAR_API_HORIZON_DAYS 400 /* how far holidays, lunar days and moves are spelled out */
#define CALENDAR_API_SERIES_MAX   1000
#define CALENDAR_API_PAST_US                                                                       \
    (INT64_C(35) * 86400 * G_USEC_PER_SEC) /* what is over so long is left out */

/* Whoever asks; a refusal where there is no such area. */
Reply *calendar_api_of(Database *database, const char *area, int64_t now_us);
Reply *calendar_api_get(void *room, Request *request); /* GET /api/areas/{id}/calendar.ics */
