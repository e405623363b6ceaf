/* Calendars of holidays in the database. */
#pragma once

#include "db/database.h"
#include "schedule/holiday.h"

/* NULL without error when there is none. Closed, ready to be asked. */
HolidayCalendar *holiday_store_get(Database *database, const char *id, GError **error);
/* HolidayCalendar*, by id. */
GPtrArray *holiday_store_list(Database *database, GError **error);
/* Adds the calendar or replaces its names and rows. */
/* With its rows. */
bool holiday_store_delete(Database *database, const char *id,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool holiday_store_put(Database *database, const HolidayCalendar *calendar, int64_t now_us,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
