/* Between instants and the clock on the wall of a zone. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* An unknown zone counts as UTC. */
GTimeZone *recurrence_zone_open(const char *zone);
int64_t recurrence_zone_wall_s(GTimeZone *zone, int64_t utc_s);
/* A wall time that the zone skips is the first instant after the gap, one that comes twice the
 * first of the two. */
int64_t recurrence_zone_utc_s(GTimeZone *zone, int64_t wall_s);
int64_t recurrence_floor_s(int64_t us);

/* Seconds east of UTC at an instant. */
int recurrence_offset_s(const char *zone, int64_t at_us);
/* First instant of the local day that holds `at_us`, moved by `days` local days. */
int64_t recurrence_day_us(const char *zone, int64_t at_us, int days);
/* Days since 1970-01-01 on the wall of the zone. */
int64_t recurrence_local_day(const char *zone, int64_t at_us);
/* "25/12/2026 17:00", for people. */
char *recurrence_local_text(const char *zone, int64_t at_us);
bool recurrence_zone_known(const char *zone);
bool recurrence_date_valid(const char *date); /* "YYYY-MM-DD" */
