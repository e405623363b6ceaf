/* Times as text in both directions, and the clock that only a test moves. */
#include "base/clock.h"

#define SECOND INT64_C(1000000)

static void texts_read_as_the_instants_they_name(void)
{
    static const struct {
        const char *text;
        int64_t us;
    } rows[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1969-12-31T23:59:59Z", -SECOND},
        {"1970-01-01T07:00:00+07:00", 0},
        {"1969-12-31T19:30:00-04:30", 0},
        {"2000-02-29T12:00:00Z", INT64_C(951825600) * SECOND},
        {"2026-11-22T05:30:00.123456789Z", INT64_C(1795325400123456)},
        {"2026-11-22t05:30:00z", INT64_C(1795325400) * SECOND},
        {"0000-01-01T00:00:00Z", INT64_C(-62167219200) * SECOND},
        {"9999-12-31T23:59:59Z", INT64_C(253402300799) * SECOND},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        int64_t us = 42;
        g_assert_true(clock_parse_rfc3339(rows[i].text, &us, &error));
        g_assert_no_error(error);
        g_assert_cmpint(us, ==, rows[i].us);
    }
}

static void other_texts_are_refused_and_leave_the_result_alone(void)
{
    static const char *const rows[] = {
        "",
        "2026-11-22",
        "2026-11-22T05:30:00",
        "2026-11-22 05:30:00Z",
        "2026-11-22T05:30Z",
        "2026-11-22T05:30:00.Z",
        "2026-11-22T05:30:00,5Z",
        "2026-11-22T05:30:60Z",
        "2026-11-22T24:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-11-22T05:30:00+0700",
        "2026-11-22T05:30:00+24:00",
        "2026-11-22T05:30:00+07:60",
        "2026-11-22T05:30:00Z ",
        " 2026-11-22T05:30:00Z",
        "+026-11-22T05:30:00Z",
        "12026-11-22T05:30:00Z",
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        int64_t us = 42;
        g_test_message("%s", rows[i]);
        g_assert_false(clock_parse_rfc3339(rows[i], &us, &error));
        g_assert_error(error, CLOCK_ERROR, CLOCK_ERROR_FORMAT);
        g_assert_cmpint(us, ==, 42);
    }
}

static void instants_print_in_utc_with_milliseconds_when_there_are_some(void)
{
    static const struct {
        int64_t us;
        const char *text;
    } rows[] = {
        {0, "1970-01-01T00:00:00Z"},
        {999, "1970-01-01T00:00:00Z"},
        {-1, "1969-12-31T23:59:59.999Z"},
        {INT64_C(1795325400123456), "2026-11-22T05:30:00.123Z"},
        {INT64_C(951782399) * SECOND, "2000-02-28T23:59:59Z"},
        {INT64_C(951782400) * SECOND, "2000-02-29T00:00:00Z"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = clock_format_utc(rows[i].us);
        g_assert_cmpstr(text, ==, rows[i].text);
    }
}

static void every_day_of_800_years_survives_the_round_trip(void)
{
    int64_t day_us = 86400 * SECOND;
    for (int64_t day = -146097; day < 146097; day++) {
        int64_t us;
        g_autofree char *text = clock_format_utc(day * day_us);
        g_assert_true(clock_parse_rfc3339(text, &us, NULL));
        g_assert_cmpint(us, ==, day * day_us);
    }
}

static void the_calendar_agrees_with_glib(void)
{
    for (int64_t second = -INT64_C(2000000000); second < INT64_C(4000000000); second += 8640007) {
        g_autoptr(GDateTime) reference = g_date_time_new_from_unix_utc(second);
        g_autofree char *expected = g_date_time_format(reference, "%Y-%m-%dT%H:%M:%SZ");
        g_autofree char *text = clock_format_utc(second * SECOND);
        g_assert_cmpstr(text, ==, expected);
    }
}

static void a_fake_clock_moves_only_when_told(void)
{
    FakeClock fake;
    fake_clock_init(&fake, 1000 * SECOND);
    g_assert_cmpint(clock_wall_us(&fake.clock), ==, 1000 * SECOND);
    int64_t boot = clock_boottime_us(&fake.clock);
    g_assert_cmpint(clock_boottime_us(&fake.clock), ==, boot);
    fake_clock_advance(&fake, 5);
    g_assert_cmpint(clock_wall_us(&fake.clock), ==, 1000 * SECOND + 5);
    g_assert_cmpint(clock_boottime_us(&fake.clock), ==, boot + 5);
}

static void the_system_clock_is_that_of_the_kernel(void)
{
    int64_t before = g_get_real_time();
    int64_t wall = clock_wall_us(clock_system());
    g_assert_cmpint(wall, >=, before);
    int64_t boot = clock_boottime_us(clock_system());
    g_assert_cmpint(clock_boottime_us(clock_system()), >=, boot);
    g_assert_cmpint(boot, >=, g_get_monotonic_time() - SECOND); /* boottime includes suspend */
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clock/reads", texts_read_as_the_instants_they_name);
    g_test_add_func("/clock/refuses", other_texts_are_refused_and_leave_the_result_alone);
    g_test_add_func("/clock/prints", instants_print_in_utc_with_milliseconds_when_there_are_some);
    g_test_add_func("/clock/round-trip", every_day_of_800_years_survives_the_round_trip);
    g_test_add_func("/clock/agrees-with-glib", the_calendar_agrees_with_glib);
    g_test_add_func("/clock/fake", a_fake_clock_moves_only_when_told);
    g_test_add_func("/clock/system", the_system_clock_is_that_of_the_kernel);
    return g_test_run();
}
