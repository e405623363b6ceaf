/* A named calendar of holidays: rules that say which days of a year they are, by the solar or the
 * Vietnamese lunar calendar. The rules are data that people edit; the days are worked out once. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define HOLIDAY_ROWS_MAX   200
#define HOLIDAY_DAYS_MAX   31
#define HOLIDAY_FIRST_YEAR 2020 /* days are known from here ... */
#define HOLIDAY_LAST_YEAR  2060 /* ... to here */

typedef struct Holiday {
    bool lunar; /* month and day are of the lunar calendar */
    int month, day;
    int offset;             /* days from that day to the first free one: -1 = the eve */
    int days;               /* how many in a row; 0 of a single year only */
    int from_year, to_year; /* of the solar year the day falls in; 0 = open */
    char *name_vi, *name_en;
} Holiday;

/* One year only: such a row replaces the others of its name in that year; with `days` 0 it takes
 * them away. */
bool holiday_is_of_one_year(const Holiday *self);

typedef struct HolidayDay {
    int64_t day; /* Julian day number (lunar.h) */
    const Holiday *holiday;
} HolidayDay;

typedef struct HolidayCalendar HolidayCalendar;

HolidayCalendar *holiday_calendar_new(const char *id, const char *name_vi, const char *name_en);
HolidayCalendar *holiday_calendar_ref(HolidayCalendar *self);
void holiday_calendar_unref(HolidayCalendar *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HolidayCalendar, holiday_calendar_unref)
/* Names are copied. All rows come before the first question. */
void holiday_calendar_add(HolidayCalendar *self, const Holiday *row);
void holiday_calendar_close(HolidayCalendar *self);

const char *holiday_calendar_id(const HolidayCalendar *self);
const char *holiday_calendar_name(const HolidayCalendar *self, bool english);
unsigned holiday_calendar_size(const HolidayCalendar *self);
const Holiday *holiday_calendar_row(const HolidayCalendar *self, unsigned index);
/* The holiday that a day is, by its Julian day number; NULL = none. */
const Holiday *holiday_calendar_find(const HolidayCalendar *self, int64_t day);
/* HolidayDay, ascending. */
const GArray *holiday_calendar_days(const HolidayCalendar *self);
