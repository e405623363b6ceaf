/* Recurrence: the same minute by the clock on the wall, in every zone, on every night. */
#include "schedule/recurrence.h"

#include "base/clock.h"

static int64_t at(const char *text)
{
    int64_t us;
    g_autoptr(GError) error = NULL;
    bool read = clock_parse_rfc3339(text, &us, &error);
    g_assert_no_error(error);
    g_assert_true(read);
    return us;
}

static void assert_starts(const Recurrence *rule, const char *from, const char *to,
                          const char *const *expected)
{
    g_autoptr(GArray) starts = recurrence_expand(rule, at(from), at(to));
    unsigned n = 0;
    for (; expected[n]; n++) {
        g_assert_cmpuint(n, <, starts->len);
        g_autofree char *text = clock_format_utc(g_array_index(starts, int64_t, n));
        g_assert_cmpstr(text, ==, expected[n]);
    }
    g_assert_cmpuint(starts->len, ==, n);
}

static void test_daily_keeps_its_wall_time(void)
{
    Recurrence rule = {.kind = RECURRENCE_DAILY,
                       .start_us = at("2026-11-20T05:00:00+07:00"),
                       .until = NULL,
                       .zone = "Asia/Ho_Chi_Minh"};
    assert_starts(&rule, "2026-11-21T00:00:00Z", "2026-11-23T00:00:00Z",
                  (const char *[]){"2026-11-21T22:00:00Z", "2026-11-22T22:00:00Z", NULL});
}

static void test_daily_through_the_spring_gap_of_paris(void)
{
    Recurrence rule = {.kind = RECURRENCE_DAILY,
                       .start_us = at("2026-03-27T02:30:00+01:00"),
                       .until = NULL,
                       .zone = "Europe/Paris"};
    assert_starts(&rule, "2026-03-28T00:00:00Z", "2026-03-31T00:00:00Z",
                  (const char *[]){"2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z",
                                   "2026-03-30T00:30:00Z", NULL});
}

static void test_daily_through_the_autumn_fold_of_paris(void)
{
    Recurrence rule = {.kind = RECURRENCE_DAILY,
                       .start_us = at("2026-10-23T02:30:00+02:00"),
                       .until = NULL,
                       .zone = "Europe/Paris"};
    assert_starts(&rule, "2026-10-24T00:00:00Z", "2026-10-27T00:00:00Z",
                  (const char *[]){"2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z",
                                   "2026-10-26T01:30:00Z", NULL});
}

static void test_daily_in_a_zone_that_moves_by_half_an_hour(void)
{
    Recurrence rule = {.kind = RECURRENCE_DAILY,
                       .start_us = at("2026-10-02T02:15:00+10:30"),
                       .until = NULL,
                       .zone = "Australia/Lord_Howe"};
    assert_starts(&rule, "2026-10-02T00:00:00Z", "2026-10-05T00:00:00Z",
                  (const char *[]){"2026-10-02T15:45:00Z", "2026-10-03T15:30:00Z",
                                   "2026-10-04T15:15:00Z", NULL});
}

static void test_until_is_the_last_day_that_plays(void)
{
    Recurrence rule = {.kind = RECURRENCE_DAILY,
                       .start_us = at("2026-11-20T05:00:00+07:00"),
                       .until = "2026-11-21",
                       .zone = "Asia/Ho_Chi_Minh"};
    assert_starts(&rule, "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z",
                  (const char *[]){"2026-11-19T22:00:00Z", "2026-11-20T22:00:00Z", NULL});
}

static void test_once_plays_once_at_the_very_microsecond(void)
{
    Recurrence rule = {.kind = RECURRENCE_ONCE,
                       .start_us = at("2026-11-20T05:00:00Z") + 123456,
                       .zone = "Europe/Paris"};
    g_autoptr(GArray) starts =
        recurrence_expand(&rule, at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
    g_assert_cmpuint(starts->len, ==, 1);
    g_assert_cmpint(g_array_index(starts, int64_t, 0), ==, rule.start_us);
}

static void test_once_inside_the_second_reading_of_a_fold_keeps_its_instant(void)
{
    Recurrence rule = {.kind = RECURRENCE_ONCE,
                       .start_us = at("2026-10-25T02:30:00+01:00"),
                       .zone = "Europe/Paris"};
    g_autoptr(GArray) starts =
        recurrence_expand(&rule, rule.start_us - 1, at("2027-01-01T00:00:00Z"));
    g_assert_cmpuint(starts->len, ==, 1);
    g_assert_cmpint(g_array_index(starts, int64_t, 0), ==, rule.start_us);
    rule.kind = RECURRENCE_DAILY;
    assert_starts(&rule, "2026-10-25T00:00:00Z", "2026-10-27T00:00:00Z",
                  (const char *[]){"2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z", NULL});
}

static void test_next_start_is_found_or_said_to_be_none(void)
{
    Recurrence rule = {.kind = RECURRENCE_DAILY,
                       .start_us = at("2026-11-20T05:00:00+07:00"),
                       .until = "2026-11-21",
                       .zone = "Asia/Ho_Chi_Minh"};
    int64_t next = 0;
    g_assert_true(recurrence_next(&rule, at("2026-11-20T06:00:00+07:00"), &next));
    g_assert_cmpint(next, ==, at("2026-11-21T05:00:00+07:00"));
    g_assert_false(recurrence_next(&rule, at("2026-11-21T06:00:00+07:00"), &next));
}

static void test_local_day_starts_at_local_midnight(void)
{
    int64_t noon = at("2026-11-22T12:00:00+07:00");
    g_assert_cmpint(recurrence_day_us("Asia/Ho_Chi_Minh", noon, 0), ==,
                    at("2026-11-22T00:00:00+07:00"));
    g_assert_cmpint(recurrence_day_us("Europe/Paris", at("2026-10-25T12:00:00Z"), 1), ==,
                    at("2026-10-26T00:00:00+01:00"));
}

static void test_dates_are_judged(void)
{
    g_assert_true(recurrence_date_valid("2028-02-29"));
    g_assert_false(recurrence_date_valid("2026-02-29"));
    g_assert_false(recurrence_date_valid("2026-2-3"));
    g_assert_false(recurrence_date_valid("2026-12-31T"));
    g_assert_false(recurrence_zone_known("Mars/Olympus"));
    g_assert_true(recurrence_zone_known("Asia/Ho_Chi_Minh"));
}

/* Daily rules have a walk of their own; libical is the truth. */
static void test_the_daily_walk_finds_what_libical_finds(void)
{
    static const char *const zones[] = {"Asia/Ho_Chi_Minh", "Europe/Paris", "Australia/Lord_Howe",
                                        "America/New_York", "UTC"};
    static const char *const ends[] = {NULL, "2026-03-29", "2026-10-25", "2027-01-01"};
    for (unsigned i = 0; i < 300; i++) {
        int64_t start_us = (INT64_C(1767225600) + g_test_rand_int_range(0, 400 * 86400)) * 1000000 +
                           g_test_rand_int_range(0, 1000000);
        int64_t from_us = start_us + g_test_rand_int_range(-40, 400) * INT64_C(86400000000);
        int64_t to_us = from_us + g_test_rand_int_range(0, 70 * 24) * INT64_C(3600000000);
        Recurrence fast = {.kind = RECURRENCE_DAILY,
                           .start_us = start_us,
                           .zone = zones[i % G_N_ELEMENTS(zones)],
                           .until = ends[g_test_rand_int_range(0, G_N_ELEMENTS(ends))]};
        Recurrence slow = fast;
        slow.kind = RECURRENCE_RULE;
        slow.rrule = "FREQ=DAILY";
        g_autoptr(GArray) found = recurrence_expand(&fast, from_us, to_us);
        g_autoptr(GArray) truth = recurrence_expand(&slow, from_us, to_us);
        g_test_message("%s, start %" G_GINT64_FORMAT ", from %" G_GINT64_FORMAT, fast.zone,
                       start_us, from_us);
        g_assert_cmpmem(found->data, found->len * sizeof(int64_t), truth->data,
                        truth->len * sizeof(int64_t));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/recurrence/daily_keeps_its_wall_time", test_daily_keeps_its_wall_time);
    g_test_add_func("/recurrence/spring_gap_of_paris", test_daily_through_the_spring_gap_of_paris);
    g_test_add_func("/recurrence/autumn_fold_of_paris",
                    test_daily_through_the_autumn_fold_of_paris);
    g_test_add_func("/recurrence/zone_that_moves_by_half_an_hour",
                    test_daily_in_a_zone_that_moves_by_half_an_hour);
    g_test_add_func("/recurrence/until_is_the_last_day_that_plays",
                    test_until_is_the_last_day_that_plays);
    g_test_add_func("/recurrence/once_plays_once", test_once_plays_once_at_the_very_microsecond);
    g_test_add_func("/recurrence/once_in_a_fold_keeps_its_instant",
                    test_once_inside_the_second_reading_of_a_fold_keeps_its_instant);
    g_test_add_func("/recurrence/daily_walk", test_the_daily_walk_finds_what_libical_finds);
    g_test_add_func("/recurrence/next_start", test_next_start_is_found_or_said_to_be_none);
    g_test_add_func("/recurrence/local_day", test_local_day_starts_at_local_midnight);
    g_test_add_func("/recurrence/dates_are_judged", test_dates_are_judged);
    return g_test_run();
}
