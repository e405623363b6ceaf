/* What the handlers about calendars of holidays share: holiday_api.c and holiday_year_api.c. */
#pragma once

#include "schedule/broadcast_api_parts.h"
#include "schedule/holiday_api.h"
#include "schedule/holiday_store.h"

#define HOLIDAY_NAME_MAX 120

/* The top of the tree: its managers keep what all share. */
Reply *holiday_api_check_top(BroadcastApi *self, const Request *request, char **ret_area);
/* The calendar of {id}. */
HolidayCalendar *holiday_api_find(BroadcastApi *self, const Request *request, Reply **ret_refusal);
/* Saves it, plans again what asks it, and answers with it. */
Reply *holiday_api_save(BroadcastApi *self, const Request *request, HolidayCalendar *calendar,
                        const char *top);
