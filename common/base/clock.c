/* The machine's clocks, a clock for tests, and RFC 3339 in both directions.
 *
 * The calendar arithmetic is Howard Hinnant's "chrono-compatible low-level date algorithms"
 * (days_from_civil, civil_from_days): pure integers, proleptic Gregorian, no time zone database and
 * no libc state, so it gives the same answer on every machine. */
#include "base/clock.h"

#include <string.h>
#include <time.h>

#define US_PER_SECOND G_GINT64_CONSTANT(1000000)
#define US_PER_DAY    (86400 * US_PER_SECOND)

G_DEFINE_QUARK(clock - error - quark, clock_error)

static int64_t read_clock_us(clockid_t id)
{
    struct timespec ts = {0};
    clock_gettime(id, &ts);
    return ts.tv_sec * US_PER_SECOND + ts.tv_nsec / 1000;
}

static int64_t system_wall_us(G_GNUC_UNUSED void *self)
{
    return read_clock_us(CLOCK_REALTIME);
}

static int64_t system_boottime_us(G_GNUC_UNUSED void *self)
{
    return read_clock_us(CLOCK_BOOTTIME);
}

static int64_t fake_wall_us(void *self)
{
    return ((FakeClock *)self)->wall;
}

static int64_t fake_boottime_us(void *self)
{
    return ((FakeClock *)self)->boottime;
}

static int64_t days_from_civil(int64_t year, unsigned month, unsigned day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (int64_t)(month + (month > 2 ? -3U : 9U)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static void civil_from_days(int64_t days, int64_t *ret_year, int *ret_month, int *ret_day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t doe = days - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t shifted = (5 * doy + 2) / 153; /* March is 0 */
    *ret_day = (int)(doy - (153 * shifted + 2) / 5 + 1);
    *ret_month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    *ret_year = yoe + era * 400 + (*ret_month <= 2);
}

static unsigned days_in_month(unsigned year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

/* Exactly `digits` digits within [min, max]; moves the cursor behind them. */
static bool take_number(const char **cursor, int digits, unsigned min, unsigned max,
                        unsigned *ret_value)
{
    unsigned value = 0;
    for (int i = 0; i < digits; i++) {
        if (!g_ascii_isdigit((*cursor)[i]))
            return false;
        value = value * 10 + (unsigned)((*cursor)[i] - '0');
    }
    if (value < min || value > max)
        return false;
    *cursor += digits;
    *ret_value = value;
    return true;
}

static bool take_char(const char **cursor, char wanted)
{
    if (g_ascii_toupper(**cursor) != wanted)
        return false;
    (*cursor)++;
    return true;
}

/* ".123456789": at least one digit; what is finer than a microsecond is dropped. */
static bool take_fraction(const char **cursor, int64_t *ret_us)
{
    int64_t unit = US_PER_SECOND / 10;
    *ret_us = 0;
    if (**cursor != '.')
        return true;
    (*cursor)++;
    if (!g_ascii_isdigit(**cursor))
        return false;
    for (; g_ascii_isdigit(**cursor); (*cursor)++, unit /= 10)
        *ret_us += (**cursor - '0') * unit;
    return true;
}

static bool take_offset(const char **cursor, int64_t *ret_us)
{
    unsigned hours, minutes;
    *ret_us = 0;
    if (take_char(cursor, 'Z'))
        return true;
    int sign = **cursor == '-' ? -1 : 1;
    if (!take_char(cursor, '-') && !take_char(cursor, '+'))
        return false;
    if (!take_number(cursor, 2, 0, 23, &hours) || !take_char(cursor, ':') ||
        !take_number(cursor, 2, 0, 59, &minutes))
        return false;
    *ret_us = sign * (int64_t)(hours * 60 + minutes) * 60 * US_PER_SECOND;
    return true;
}

static bool take_date(const char **cursor, int64_t *ret_us)
{
    unsigned year, month, day;
    if (!take_number(cursor, 4, 0, 9999, &year) || !take_char(cursor, '-') ||
        !take_number(cursor, 2, 1, 12, &month) || !take_char(cursor, '-') ||
        !take_number(cursor, 2, 1, days_in_month(year, month), &day))
        return false;
    *ret_us = days_from_civil(year, month, day) * US_PER_DAY;
    return true;
}

/* A leap second (":60") is refused: the time scale has no place for it. */
static bool take_time(const char **cursor, int64_t *ret_us)
{
    unsigned hour, minute, second;
    if (!take_number(cursor, 2, 0, 23, &hour) || !take_char(cursor, ':') ||
        !take_number(cursor, 2, 0, 59, &minute) || !take_char(cursor, ':') ||
        !take_number(cursor, 2, 0, 59, &second))
        return false;
    *ret_us = (int64_t)((hour * 60 + minute) * 60 + second) * US_PER_SECOND;
    return true;
}

const Clock *clock_system(void)
{
    static const ClockOps ops = {.wall_us = system_wall_us, .boottime_us = system_boottime_us};
    static const Clock clock = {.ops = &ops};
    return &clock;
}

int64_t clock_wall_us(const Clock *clock)
{
    return clock->ops->wall_us(clock->self);
}

int64_t clock_boottime_us(const Clock *clock)
{
    return clock->ops->boottime_us(clock->self);
}

void fake_clock_init(FakeClock *fake, int64_t wall_us)
{
    static const ClockOps ops = {.wall_us = fake_wall_us, .boottime_us = fake_boottime_us};
    *fake = (FakeClock){.clock = {.ops = &ops, .self = fake}, .wall = wall_us};
}

void fake_clock_advance(FakeClock *fake, int64_t by_us)
{
    fake->wall += by_us;
    fake->boottime += by_us;
}

char *clock_format_utc(int64_t wall_us)
{
    int64_t days = wall_us / US_PER_DAY;
    int64_t rest = wall_us % US_PER_DAY;
    if (rest < 0) {
        rest += US_PER_DAY;
        days--;
    }
    int64_t year;
    int month, day;
    civil_from_days(days, &year, &month, &day);
    int seconds = (int)(rest / US_PER_SECOND);
    int ms = (int)(rest % US_PER_SECOND / 1000);
    g_autofree char *text =
        g_strdup_printf("%04" G_GINT64_FORMAT "-%02d-%02dT%02d:%02d:%02d", year, month, day,
                        seconds / 3600, seconds / 60 % 60, seconds % 60);
    return ms ? g_strdup_printf("%s.%03dZ", text, ms) : g_strconcat(text, "Z", NULL);
}

bool clock_parse_rfc3339(const char *text, int64_t *ret_wall_us, GError **error)
{
    int64_t date, time, fraction, offset;
    const char *cursor = text ? text : "";
    if (!take_date(&cursor, &date) || !take_char(&cursor, 'T') || !take_time(&cursor, &time) ||
        !take_fraction(&cursor, &fraction) || !take_offset(&cursor, &offset) || *cursor) {
        g_set_error_literal(error, CLOCK_ERROR, CLOCK_ERROR_FORMAT,
                            "not a time as in RFC 3339, for example 2026-11-22T05:30:00+07:00");
        return false;
    }
    *ret_wall_us = date + time + fraction - offset;
    return true;
}
