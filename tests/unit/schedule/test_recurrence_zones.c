/* Property: in every zone of this machine's tzdata, on every day from 2020 to 2040 around a change
 * of the clock and on days between, a wall time plays at the first instant at which the clock on
 * the wall shows that time or later. That one sentence is both rules: a skipped time is the first
 * instant after the gap, a repeated one the first of the two. The oracle is the C library's
 * localtime, which shares nothing with GLib's zone code.
 *
 * By default every LOA_ZONES_STEP-th zone (60) from a start that the seed picks; LOA_ZONES_STEP=1
 * takes all. */
#include "schedule/recurrence.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HOUR      INT64_C(3600)
#define DAY       (24 * HOUR)
#define SECOND_US INT64_C(1000000)
#define FROM_S    INT64_C(1577836800) /* 2020-01-01 */
#define TO_S      INT64_C(2240611200) /* 2041-01-01 */

/* The reading of the wall as seconds, by the C library; TZ is the zone. */
static int64_t wall_at(int64_t utc_s)
{
    time_t at = (time_t)utc_s;
    struct tm wall;
    localtime_r(&at, &wall);
    return (int64_t)timegm(&wall);
}

static int64_t oracle(int64_t wall_s)
{
    /* The first hour whose end shows it or later, then the first second: readings only fall back
     * inside an hour-wide step where the clock does, so the coarse walk stops before any repeat. */
    int64_t at = wall_s - 27 * HOUR;
    while (wall_at(at + 900) < wall_s)
        at += 900;
    while (wall_at(at) < wall_s)
        at++;
    return at;
}

static void check_wall(const char *zone, int64_t wall_s)
{
    g_autoptr(GTimeZone) opened = recurrence_zone_open(zone);
    int64_t expected = oracle(wall_s);
    int64_t said = recurrence_zone_utc_s(opened, wall_s);
    if (said != expected)
        g_error("%s: wall %" G_GINT64_FORMAT " is %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT,
                zone, wall_s, said, expected);
}

/* A daily rule across the change plays once for each day, at those instants. */
static void check_rule(const char *zone, int64_t around_s, int64_t clock_s)
{
    int64_t day = wall_at(around_s) / DAY;
    int64_t first_s = oracle((day - 2) * DAY + clock_s);
    Recurrence rule = {.kind = RECURRENCE_RULE,
                       .start_us = first_s * SECOND_US,
                       .zone = zone,
                       .rrule = "FREQ=DAILY;COUNT=5"};
    if (wall_at(first_s) != (day - 2) * DAY + clock_s)
        return; /* the first day has no such time: another rule */
    g_autoptr(GArray) starts = recurrence_expand(&rule, 0, G_MAXINT64);
    g_assert_cmpuint(starts->len, >=, 4); /* a day that a zone leaves out is no day */
    for (unsigned i = 0, d = 0; i < starts->len; i++, d++) {
        int64_t expected = oracle((day - 2 + d) * DAY + clock_s) * SECOND_US;
        if (g_array_index(starts, int64_t, i) != expected)
            g_error("%s: day %u of the rule around %" G_GINT64_FORMAT, zone, i, around_s);
    }
}

static void check_change(const char *zone, int64_t change_s)
{
    int64_t before = wall_at(change_s - 1) + 1, after = wall_at(change_s);
    int64_t low = MIN(before, after), high = MAX(before, after);
    const int64_t walls[] = {low - 1, low, low + 1, (low + high) / 2, high - 1, high, high + 1};
    for (unsigned i = 0; i < G_N_ELEMENTS(walls); i++)
        check_wall(zone, walls[i]);
    check_rule(zone, change_s, ((low + high) / 2) % DAY);
}

static int64_t first_second_after(int64_t before_s, int64_t after_s)
{
    int64_t offset = wall_at(after_s) - after_s;
    while (after_s - before_s > 1) {
        int64_t middle = before_s + (after_s - before_s) / 2;
        *(wall_at(middle) - middle == offset ? &after_s : &before_s) = middle;
    }
    return after_s;
}

/* GLib 2.74 reads the rule at the end of Ireland's file (summer is its standard time) an hour wrong
 * in spring: from 2038 on, when the file's table has ended. docs/calendar.md says so. */
static int64_t last_known_s(const char *zone)
{
    bool irish = g_str_equal(zone, "Europe/Dublin") || g_str_equal(zone, "Eire");
    return irish ? INT64_C(2145916800) : TO_S;
}

static unsigned check_zone(const char *zone)
{
    unsigned changes = 0;
    int64_t last_s = last_known_s(zone);
    g_setenv("TZ", zone, TRUE);
    tzset();
    for (int64_t at = FROM_S; at < last_s; at += DAY) {
        if (at % (97 * DAY) == 0)
            check_wall(zone, at + 12345);
        if (wall_at(at) - at == wall_at(at + DAY) - (at + DAY))
            continue;
        check_change(zone, first_second_after(at, at + DAY));
        changes++;
    }
    return changes;
}

/* Names of tzdata: canonical ones and links. */
static GPtrArray *all_zones(void)
{
    g_autofree char *text = NULL;
    GPtrArray *zones = g_ptr_array_new_with_free_func(g_free);
    if (!g_file_get_contents("/usr/share/zoneinfo/tzdata.zi", &text, NULL, NULL))
        return zones;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (unsigned i = 0; lines[i]; i++) {
        g_auto(GStrv) words = g_strsplit(lines[i], " ", 4);
        unsigned n = g_strv_length(words);
        if (n >= 2 && g_str_equal(words[0], "Z"))
            g_ptr_array_add(zones, g_strdup(words[1]));
        else if (n >= 3 && g_str_equal(words[0], "L"))
            g_ptr_array_add(zones, g_strdup(words[2]));
    }
    return zones;
}

static void test_every_wall_time_is_its_first_instant(void)
{
    g_autoptr(GPtrArray) zones = all_zones();
    if (zones->len == 0) {
        g_test_skip("no tzdata.zi");
        return;
    }
    g_assert_cmpuint(zones->len, >, 300);
    const char *asked = g_getenv("LOA_ZONES_STEP");
    unsigned step = asked ? MAX(1, (unsigned)atoi(asked)) : 60;
    unsigned checked = 0, changes = 0;
    for (unsigned i = (unsigned)g_test_rand_int_range(0, (int)step); i < zones->len; i += step) {
        const char *zone = g_ptr_array_index(zones, i);
        if (!recurrence_zone_known(zone))
            continue;
        changes += check_zone(zone);
        checked++;
    }
    g_test_message("%u zones of %u, %u changes of the clock", checked, zones->len, changes);
    g_assert_cmpuint(checked, >, 0);
}

static void test_the_hard_zones(void)
{
    static const char *const hard[] = {"Europe/Paris", "Australia/Lord_Howe", "Africa/Casablanca",
                                       "America/Nuuk", "Asia/Ho_Chi_Minh",    "Antarctica/Troll",
                                       "Pacific/Apia", "America/Santiago",    "Asia/Gaza",
                                       "Europe/Dublin"};
    for (unsigned i = 0; i < G_N_ELEMENTS(hard); i++)
        check_zone(hard[i]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/recurrence_zones/hard", test_the_hard_zones);
    g_test_add_func("/recurrence_zones/all", test_every_wall_time_is_its_first_instant);
    return g_test_run();
}
