/* iCalendar files of other programs: what we understand of them, and taking them over. */
#pragma once

#include "schedule/broadcast_api.h"

#define CALENDAR_IMPORT_BODY_MAX                                                                   \
    (2 * 1024 * 1024) /* a file as a JSON text is longer than itself                               \
                       */

/* POST /api/areas/{id}/calendar.ics: a report, nothing is stored */
Reply *calendar_import_api_report(void *room, Request *request);
/* POST /api/areas/{id}/calendar-import: the file and what each event shall sound */
Reply *calendar_import_api_apply(void *room, Request *request);
