/* Recurrence rules: libical walks the days on the wall clock, GLib's zone data turns each wall time
 * into an instant.
 *
 * The two steps are apart on purpose. RFC 5545 leaves a skipped and a repeated hour to the reader,
 * and what we promise there (first valid instant, first of the two) is a dozen lines that can be
 * tested; libical's own conversion guesses. Nothing here reads a clock.
 *
 * An instant in a gap is found by bisection between the two readings of the wall time, one with the
 * offset of the day before and one with that of the day after: the change lies between them. */
#include "schedule/recurrence.h"

#include <libical/ical.h>

#define SECOND_US INT64_C(1000000)
#define DAY_S     INT64_C(86400)
#define LOOK_DAYS 366

static GTimeZone *zone_new(const char *zone)
{
    GTimeZone *found = zone ? g_time_zone_new_identifier(zone) : NULL;
    return found ? found : g_time_zone_new_utc();
}

static int offset_at(GTimeZone *zone, int64_t utc_s)
{
    int interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, utc_s);
    return interval < 0 ? 0 : g_time_zone_get_offset(zone, interval);
}

static int64_t floor_seconds(int64_t us)
{
    return us >= 0 ? us / SECOND_US : -((-us + SECOND_US - 1) / SECOND_US);
}

static int64_t end_of_gap(GTimeZone *zone, int64_t before_s, int64_t after_s, int offset_after)
{
    while (after_s - before_s > 1) {
        int64_t middle = before_s + (after_s - before_s) / 2;
        if (offset_at(zone, middle) == offset_after)
            after_s = middle;
        else
            before_s = middle;
    }
    return after_s;
}

static int64_t wall_to_utc(GTimeZone *zone, int64_t wall_s)
{
    int before = offset_at(zone, wall_s - DAY_S);
    int after = offset_at(zone, wall_s + DAY_S);
    int64_t first = wall_s - before;
    int64_t second = wall_s - after;
    if (offset_at(zone, first) == before)
        return first;
    if (offset_at(zone, second) == after)
        return second;
    return end_of_gap(zone, second, first, after);
}

static struct icalrecurrencetype rule_of(const Recurrence *rule)
{
    struct icalrecurrencetype recur;
    icalrecurrencetype_clear(&recur);
    recur.freq = ICAL_DAILY_RECURRENCE;
    int year = 0, month = 0, day = 0;
    if (rule->until && sscanf(rule->until, "%d-%d-%d", &year, &month, &day) == 3)
        recur.until = (icaltimetype){
            .year = year, .month = month, .day = day, .hour = 23, .minute = 59, .second = 59};
    return recur;
}

static void append_start(GArray *starts, int64_t start_us)
{
    if (starts->len > 0 && g_array_index(starts, int64_t, starts->len - 1) == start_us)
        return; /* a whole day was skipped: two wall times, one instant */
    g_array_append_val(starts, start_us);
}

static void expand_daily(const Recurrence *rule, int64_t from_us, int64_t to_us, GArray *starts)
{
    g_autoptr(GTimeZone) zone = zone_new(rule->zone);
    int64_t start_s = floor_seconds(rule->start_us);
    int64_t fraction_us = rule->start_us - start_s * SECOND_US;
    int64_t wall_s = start_s + offset_at(zone, start_s);
    struct icaltimetype dtstart = icaltime_from_timet_with_zone((time_t)wall_s, 0, NULL);
    icalrecur_iterator *days = icalrecur_iterator_new(rule_of(rule), dtstart);
    while (days && starts->len < RECURRENCE_MAX) {
        struct icaltimetype wall = icalrecur_iterator_next(days);
        if (icaltime_is_null_time(wall))
            break;
        int64_t day_s = icaltime_as_timet(wall);
        /* The first start is an instant already; only the others are readings of a wall clock. */
        int64_t start_us =
            day_s == wall_s ? rule->start_us : wall_to_utc(zone, day_s) * SECOND_US + fraction_us;
        if (start_us >= to_us)
            break;
        if (start_us >= from_us)
            append_start(starts, start_us);
    }
    if (days)
        icalrecur_iterator_free(days);
}

GArray *recurrence_expand(const Recurrence *rule, int64_t from_us, int64_t to_us)
{
    GArray *starts = g_array_new(FALSE, FALSE, sizeof(int64_t));
    if (rule->kind == RECURRENCE_DAILY)
        expand_daily(rule, from_us, to_us, starts);
    else if (rule->start_us >= from_us && rule->start_us < to_us)
        g_array_append_val(starts, rule->start_us);
    return starts;
}

bool recurrence_next(const Recurrence *rule, int64_t at_us, int64_t *ret_start_us)
{
    int64_t from_us = MAX(at_us, rule->start_us);
    int64_t reach_us = (rule->kind == RECURRENCE_ONCE ? 2 : LOOK_DAYS) * DAY_S * SECOND_US;
    g_autoptr(GArray) starts = recurrence_expand(rule, from_us, from_us + reach_us);
    if (starts->len == 0)
        return false;
    *ret_start_us = g_array_index(starts, int64_t, 0);
    return true;
}

int recurrence_offset_s(const char *zone_name, int64_t at_us)
{
    g_autoptr(GTimeZone) zone = zone_new(zone_name);
    return offset_at(zone, floor_seconds(at_us));
}

int64_t recurrence_day_us(const char *zone_name, int64_t at_us, int days)
{
    g_autoptr(GTimeZone) zone = zone_new(zone_name);
    int64_t at_s = floor_seconds(at_us);
    int64_t wall_s = at_s + offset_at(zone, at_s);
    int64_t midnight_s = (wall_s / DAY_S + days) * DAY_S;
    return wall_to_utc(zone, midnight_s) * SECOND_US;
}

bool recurrence_zone_known(const char *zone_name)
{
    g_autoptr(GTimeZone) zone = zone_name ? g_time_zone_new_identifier(zone_name) : NULL;
    return zone != NULL;
}

bool recurrence_date_valid(const char *date)
{
    int year = 0, month = 0, day = 0, end = 0;
    if (!date || sscanf(date, "%4d-%2d-%2d%n", &year, &month, &day, &end) != 3)
        return false;
    return end == 10 && date[10] == '\0' && year >= 1970 && month >= 1 && month <= 12 &&
           g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year);
}
