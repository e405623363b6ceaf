/* The Vietnamese lunar calendar, computed for UTC+7 (before 1968 too, as people reckon back today).
 *
 * Source: Hồ Ngọc Đức, "Computing the Vietnamese lunar calendar": new moons and the sun's longitude
 * by the series of Jean Meeus, "Astronomical Algorithms" (1998); month 11 holds the winter
 * solstice, and in a year of thirteen months the first month without a major solar term is the leap
 * one. Days are counted by their Julian day number; solar dates are Gregorian. Good for 1900-2100.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define LUNAR_UNIX_DAY INT64_C(2440588) /* Julian day number of 1970-01-01 */

typedef struct LunarDate {
    int year;
    int month; /* 1..12 */
    int day;   /* 1..30 */
    bool leap; /* the second month of that number */
} LunarDate;

typedef struct LunarMonth {
    int year;
    int month;
    bool leap;
    int64_t first; /* Julian day number of its day 1 */
    int length;    /* 29 or 30 */
} LunarMonth;

int64_t lunar_julian(int year, int month, int day);
void lunar_solar(int64_t julian, int *ret_year, int *ret_month, int *ret_day);

LunarDate lunar_date(int64_t julian);
LunarMonth lunar_month(int64_t julian); /* the month that holds that day */
/* False when there is no such day: a leap month that year has not, day 30 of a short month. */
bool lunar_find(LunarDate date, int64_t *ret_julian);
/* Number of the leap month of a lunar year, 0 when it has none. */
int lunar_leap_month(int year);
