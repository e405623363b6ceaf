/* Lunar dates by Hồ Ngọc Đức's method (see the header): nothing is tabulated, every new moon and
 * every solar term comes from a truncated series. Its error of a minute or two matters only when a
 * new moon falls that close to midnight in UTC+7; no such month is known between 1968 and 2100
 * whose printed calendar differs.
 *
 * k counts new moons from 1900-01-01; the twelve major terms are every 30 degrees of the sun. */
#include "schedule/lunar.h"

#include <math.h>

#define ZONE_DAYS   (7.0 / 24) /* UTC+7 */
#define SYNODIC     29.530588853
#define FIRST_MOON  2415021.076998695 /* k = 0 */
#define RAD         (M_PI / 180)
#define MOST_MONTHS 14

int64_t lunar_julian(int year, int month, int day)
{
    int64_t a = (14 - month) / 12;
    int64_t y = (int64_t)year + 4800 - a;
    int64_t m = month + 12 * a - 3;
    return day + (153 * m + 2) / 5 + 365 * y + y / 4 - y / 100 + y / 400 - 32045;
}

void lunar_solar(int64_t julian, int *ret_year, int *ret_month, int *ret_day)
{
    int64_t a = julian + 32044;
    int64_t b = (4 * a + 3) / 146097;
    int64_t c = a - b * 146097 / 4;
    int64_t d = (4 * c + 3) / 1461;
    int64_t e = c - 1461 * d / 4;
    int64_t m = (5 * e + 2) / 153;
    *ret_day = (int)(e - (153 * m + 2) / 5 + 1);
    *ret_month = (int)(m + 3 - 12 * (m / 10));
    *ret_year = (int)(b * 100 + d - 4800 + m / 10);
}

/* Terrestrial minus universal time, in days. */
static double delta_t(double t)
{
    if (t < -11)
        return 0.001 + 0.000839 * t + 0.0002261 * t * t - 0.00000845 * t * t * t -
               0.000000081 * t * t * t * t;
    return -0.000278 + 0.000265 * t + 0.000262 * t * t;
}

/* Instant of new moon k, as a Julian date in UTC. */
static double new_moon(int64_t k)
{
    double t = (double)k / 1236.85, t2 = t * t, t3 = t2 * t;
    double mean = 2415020.75933 + 29.53058868 * (double)k + 0.0001178 * t2 - 0.000000155 * t3 +
                  0.00033 * sin((166.56 + 132.87 * t - 0.009173 * t2) * RAD);
    double sun = (359.2242 + 29.10535608 * (double)k - 0.0000333 * t2 - 0.00000347 * t3) * RAD;
    double moon = (306.0253 + 385.81691806 * (double)k + 0.0107306 * t2 + 0.00001236 * t3) * RAD;
    double node = (21.2964 + 390.67050646 * (double)k - 0.0016528 * t2 - 0.00000239 * t3) * RAD;
    double c = (0.1734 - 0.000393 * t) * sin(sun) + 0.0021 * sin(2 * sun);
    c += -0.4068 * sin(moon) + 0.0161 * sin(2 * moon) - 0.0004 * sin(3 * moon);
    c += 0.0104 * sin(2 * node) - 0.0051 * sin(sun + moon);
    c += -0.0074 * sin(sun - moon) + 0.0004 * sin(2 * node + sun);
    c += -0.0004 * sin(2 * node - sun) - 0.0006 * sin(2 * node + moon);
    c += 0.0010 * sin(2 * node - moon) + 0.0005 * sin(2 * moon + sun);
    return mean + c - delta_t(t);
}

static int64_t new_moon_day(int64_t k)
{
    return (int64_t)floor(new_moon(k) + 0.5 + ZONE_DAYS);
}

/* Which twelfth of its circle the sun is in at local midnight of a day; 0 = spring equinox, 9 =
 * winter solstice. */
static int sun_term(int64_t julian)
{
    double t = ((double)julian - 0.5 - ZONE_DAYS - 2451545.0) / 36525, t2 = t * t;
    double m = (357.52910 + 35999.05030 * t - 0.0001559 * t2 - 0.00000048 * t * t2) * RAD;
    double mean = 280.46645 + 36000.76983 * t + 0.0003032 * t2;
    double c = (1.914600 - 0.004817 * t - 0.000014 * t2) * sin(m) +
               (0.019993 - 0.000101 * t) * sin(2 * m) + 0.000290 * sin(3 * m);
    double degrees = fmod(mean + c, 360);
    return (int)((degrees < 0 ? degrees + 360 : degrees) / 30);
}

/* First day of the lunar month 11 that falls in solar year `year`. */
static int64_t month_11(int year)
{
    int64_t k = (int64_t)floor((double)(lunar_julian(year, 12, 31) - 2415021) / SYNODIC);
    int64_t day = new_moon_day(k);
    return sun_term(day) >= 9 ? new_moon_day(k - 1) : day;
}

static int64_t moon_near(int64_t julian)
{
    return (int64_t)floor(((double)julian - FIRST_MOON) / SYNODIC + 0.5);
}

/* How many months after the month 11 that begins on `eleventh` the leap month comes: the first one
 * without a major term. Asked only where thirteen months lie before the next. */
static int leap_offset(int64_t eleventh)
{
    int64_t k = moon_near(eleventh);
    int i = 1;
    int last, term = sun_term(new_moon_day(k + i));
    do {
        last = term;
        i++;
        term = sun_term(new_moon_day(k + i));
    } while (term != last && i < MOST_MONTHS);
    return i - 1;
}

static void name_month(LunarMonth *month, int solar_year)
{
    int64_t before = month_11(solar_year), after = before;
    month->year = solar_year;
    if (before >= month->first) {
        before = month_11(solar_year - 1);
    } else {
        month->year = solar_year + 1;
        after = month_11(solar_year + 1);
    }
    int months = (int)((month->first - before) / 29);
    month->month = months + 11;
    if (after - before > 365) {
        int leap = leap_offset(before);
        month->month -= months >= leap;
        month->leap = months == leap;
    }
    if (month->month > 12)
        month->month -= 12;
    if (month->month >= 11 && months < 4)
        month->year--;
}

LunarMonth lunar_month(int64_t julian)
{
    int64_t k = (int64_t)floor(((double)julian - FIRST_MOON) / SYNODIC) + 1;
    while (new_moon_day(k) > julian)
        k--;
    LunarMonth month = {.first = new_moon_day(k)};
    month.length = (int)(new_moon_day(k + 1) - month.first);
    int year, unused_month, unused_day;
    lunar_solar(julian, &year, &unused_month, &unused_day);
    name_month(&month, year);
    return month;
}

LunarDate lunar_date(int64_t julian)
{
    LunarMonth month = lunar_month(julian);
    return (LunarDate){.year = month.year,
                       .month = month.month,
                       .day = (int)(julian - month.first) + 1,
                       .leap = month.leap};
}

/* The leap month of the thirteen from month 11 of `eleventh_year` on; 0 = an ordinary year. */
static int leap_between(int eleventh_year, int *ret_offset)
{
    int64_t before = month_11(eleventh_year);
    if (month_11(eleventh_year + 1) - before <= 365)
        return 0;
    *ret_offset = leap_offset(before);
    return *ret_offset <= 2 ? *ret_offset + 10 : *ret_offset - 2;
}

bool lunar_find(LunarDate date, int64_t *ret_julian)
{
    if (date.month < 1 || date.month > 12 || date.day < 1 || date.day > 30)
        return false;
    int eleventh_year = date.month < 11 ? date.year - 1 : date.year;
    int offset = date.month < 11 ? date.month + 1 : date.month - 11;
    int leap_at = 0;
    int leap = leap_between(eleventh_year, &leap_at);
    if (date.leap && leap != date.month)
        return false;
    if (leap && (date.leap || offset >= leap_at))
        offset++;
    int64_t k = moon_near(month_11(eleventh_year)) + offset;
    int64_t first = new_moon_day(k);
    if (date.day > new_moon_day(k + 1) - first)
        return false;
    *ret_julian = first + date.day - 1;
    return true;
}

int lunar_leap_month(int year)
{
    int unused;
    int leap = leap_between(year - 1, &unused);
    if (leap && leap < 11)
        return leap;
    leap = leap_between(year, &unused);
    return leap >= 11 ? leap : 0;
}
