/* Wall times and instants. RFC 5545 leaves a skipped and a repeated hour to the reader; what we
 * promise there (first valid instant, first of the two) is a dozen lines over GLib's zone data.
 *
 * An instant in a gap is found by bisection between the two readings of the wall time, one with the
 * offset of the day before and one with that of the day after: the change lies between them. */
#include "schedule/recurrence_zone.h"

#include "schedule/schedule_mutant.h"

#include <stdio.h>

#define SECOND_US INT64_C(1000000)
#define DAY_S     INT64_C(86400)

/* Reading a zone's file takes longer than expanding a month: zones that exist are kept for good. */
GTimeZone *recurrence_zone_open(const char *zone)
{
    static GMutex mutex;
    static GHashTable *known;
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&mutex);
    if (!known)
        known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                      (GDestroyNotify)g_time_zone_unref);
    GTimeZone *found = zone ? g_hash_table_lookup(known, zone) : NULL;
    if (found)
        return g_time_zone_ref(found);
    found = zone ? g_time_zone_new_identifier(zone) : NULL;
    if (!found)
        return g_time_zone_new_utc();
    g_hash_table_insert(known, g_strdup(zone), found);
    return g_time_zone_ref(found);
}

static int offset_at(GTimeZone *zone, int64_t utc_s)
{
    int interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, utc_s);
    return interval < 0 ? 0 : g_time_zone_get_offset(zone, interval);
}

int64_t recurrence_zone_wall_s(GTimeZone *zone, int64_t utc_s)
{
    return utc_s + offset_at(zone, utc_s);
}

int64_t recurrence_floor_s(int64_t us)
{
    return us >= 0 ? us / SECOND_US : -((-us + SECOND_US - 1) / SECOND_US);
}

static int64_t floor_day(int64_t wall_s)
{
    return wall_s >= 0 ? wall_s / DAY_S : -((-wall_s + DAY_S - 1) / DAY_S);
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

int64_t recurrence_zone_utc_s(GTimeZone *zone, int64_t wall_s)
{
    int before = offset_at(zone, wall_s - DAY_S);
    int after = offset_at(zone, wall_s + DAY_S);
    int64_t first = wall_s - before;
    int64_t second = wall_s - after;
    if (offset_at(zone, first) == before)
        return first;
    if (offset_at(zone, second) == after)
        return second;
    if (SCHEDULE_MUTANT(MUTANT_DST_GAP_SKIPPED))
        return first;
    return end_of_gap(zone, second, first, after);
}

int recurrence_offset_s(const char *zone_name, int64_t at_us)
{
    g_autoptr(GTimeZone) zone = recurrence_zone_open(zone_name);
    return offset_at(zone, recurrence_floor_s(at_us));
}

int64_t recurrence_local_day(const char *zone_name, int64_t at_us)
{
    g_autoptr(GTimeZone) zone = recurrence_zone_open(zone_name);
    return floor_day(recurrence_zone_wall_s(zone, recurrence_floor_s(at_us)));
}

int64_t recurrence_day_us(const char *zone_name, int64_t at_us, int days)
{
    g_autoptr(GTimeZone) zone = recurrence_zone_open(zone_name);
    int64_t day = floor_day(recurrence_zone_wall_s(zone, recurrence_floor_s(at_us)));
    return recurrence_zone_utc_s(zone, (day + days) * DAY_S) * SECOND_US;
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

char *recurrence_local_text(const char *zone, int64_t at_us)
{
    int64_t local_s = at_us / G_USEC_PER_SEC + recurrence_offset_s(zone, at_us);
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(local_s);
    return g_date_time_format(time, "%d/%m/%Y %H:%M");
}
