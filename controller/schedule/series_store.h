/* What a broadcast that repeats has beside its row: rule, dates, changes. */
#pragma once

#include "db/database.h"
#include "schedule/broadcast.h"

/* Fills rule, dates, overrides and holidays of a broadcast just read. `calendars` (id ->
 * HolidayCalendar*) keeps what was read for the next one. */
bool series_store_read(Database *database, Broadcast *broadcast, GHashTable *calendars,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
GHashTable *series_store_calendars(void);
/* Rule and dates of a new broadcast. */
bool series_store_add(Database *database, const Broadcast *broadcast,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One occurrence less. */
bool series_store_except(Database *database, const char *broadcast, int64_t recurrence_us,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One that was taken out is there again. */
bool series_store_restore(Database *database, const char *broadcast, int64_t recurrence_us,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Another rule from that RECURRENCE-ID on, with its zone and holidays; it takes the place of those
 * after it. */
bool series_store_part(Database *database, const char *broadcast, int64_t from_us,
                       const Broadcast *rule, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* EXDATEs (or RDATEs) from an instant on give way to those of `dates` that are not before it. */
bool series_store_dates(Database *database, const char *broadcast, bool except, int64_t from_us,
                        const GArray *dates, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The series ends before that RECURRENCE-ID. */
bool series_store_end(Database *database, const char *broadcast, int64_t end_us,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes a change; what the row had set before and `override` does not set stays. A "following" one
 * takes the place of later "following" rows in what it sets; single ones stay as they are. */
bool series_store_override(Database *database, const char *broadcast,
                           const SeriesOverride *override, const char *user, int64_t now_us,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ids (char*) of broadcasts in force that ask a calendar. */
GPtrArray *series_store_of_calendar(Database *database, const char *calendar, GError **error);
