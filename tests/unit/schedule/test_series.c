/* A series: holidays with their names, changes of one and of all following, and the RECURRENCE-ID
 * that outlives them all. */
#include "schedule/series.h"

#include <string.h>

#include "base/clock.h"
#include "schedule/broadcast_store.h"
#include "schedule/holiday_store.h"
#include "schedule/lunar.h"
#include "schedule/recurrence_check.h"

#define DAY INT64_C(86400000000)

static int64_t at(const char *text)
{
    int64_t us;
    g_assert_true(clock_parse_rfc3339(text, &us, NULL));
    return us;
}

static Database *open_database(void)
{
    g_autoptr(GError) error = NULL;
    Database *database = database_open(":memory:", &error);
    g_assert_no_error(error);
    return database;
}

/* "local start" of what plays, "(local start: reason)" of what does not, one per line. */
static char *story(const Series *series, const char *from, const char *to)
{
    g_autoptr(GArray) list = series_expand(series, at(from), at(to));
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < list->len; i++) {
        const SeriesOccurrence *one = &g_array_index(list, SeriesOccurrence, i);
        int offset = recurrence_offset_s(series->rule.zone, one->start_us);
        g_autofree char *start = clock_format_utc(one->start_us + offset * INT64_C(1000000));
        g_autofree char *reason = series_reason_text(one, LANGUAGE_EN);
        start[16] = '\0';
        g_string_append_printf(text, reason ? "%s(%s: %s)" : "%s%s", i ? ", " : "", start + 5,
                               reason);
    }
    return g_string_free(text, FALSE);
}

static void assert_story(const Series *series, const char *from, const char *to,
                         const char *expected)
{
    g_autofree char *said = story(series, from, to);
    g_assert_cmpstr(said, ==, expected);
}

static Series weekdays_at_five_pm(void)
{
    return (Series){.rule = {.kind = RECURRENCE_RULE,
                             .start_us = at("2026-08-31T17:00:00+07:00"),
                             .zone = "Asia/Ho_Chi_Minh",
                             .rrule = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"},
                    .tolerance_s = 600};
}

/* Worked example 6. */
static void test_national_day_is_skipped_and_named(void)
{
    g_autoptr(Database) database = open_database();
    g_autoptr(HolidayCalendar) vietnam = holiday_store_get(database, "vn", NULL);
    Series series = weekdays_at_five_pm();
    series.holidays = vietnam;
    series.mode = SERIES_HOLIDAYS_EXCEPT;
    assert_story(&series, "2026-08-31T00:00:00+07:00", "2026-09-07T00:00:00+07:00",
                 "08-31T17:00, (09-01T17:00: Not on holidays: National Day), "
                 "(09-02T17:00: Not on holidays: National Day), 09-03T17:00, 09-04T17:00");
    g_autoptr(GArray) list =
        series_expand(&series, at("2026-09-02T00:00:00+07:00"), at("2026-09-03T00:00:00+07:00"));
    g_autofree char *reason =
        series_reason_text(&g_array_index(list, SeriesOccurrence, 0), LANGUAGE_VI);
    g_assert_cmpstr(reason, ==, "Không phát ngày lễ: Quốc khánh");
    series.mode = SERIES_HOLIDAYS_ONLY;
    series.rule.rrule = "FREQ=DAILY";
    g_autoptr(GArray) only =
        series_expand(&series, at("2026-09-01T00:00:00+07:00"), at("2026-09-05T00:00:00+07:00"));
    for (unsigned i = 0; i < only->len; i++)
        g_assert_cmpint(g_array_index(only, SeriesOccurrence, i).fate, ==,
                        i < 2 ? SERIES_PLAYS : SERIES_NO_HOLIDAY);
}

static void test_one_moved_onto_a_holiday_does_not_play(void)
{
    g_autoptr(Database) database = open_database();
    g_autoptr(HolidayCalendar) vietnam = holiday_store_get(database, "vn", NULL);
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(SeriesOverride));
    SeriesOverride onto = {.recurrence_us = at("2026-08-31T17:00:00+07:00"),
                           .moves = true,
                           .start_us = at("2026-09-02T18:00:00+07:00")};
    SeriesOverride away = {.recurrence_us = at("2026-09-01T17:00:00+07:00"),
                           .moves = true,
                           .start_us = at("2026-09-03T18:00:00+07:00")};
    g_array_append_val(rows, onto);
    g_array_append_val(rows, away);
    Series series = weekdays_at_five_pm();
    series.holidays = vietnam;
    series.mode = SERIES_HOLIDAYS_EXCEPT;
    series.overrides = rows;
    assert_story(&series, "2026-08-31T00:00:00+07:00", "2026-09-04T00:00:00+07:00",
                 "(09-02T17:00: Not on holidays: National Day), "
                 "(09-02T18:00: Not on holidays: National Day), 09-03T17:00, 09-03T18:00");
}

/* Worked example 7. */
static void test_half_past_two_in_paris(void)
{
    Series series = {.rule = {.kind = RECURRENCE_RULE,
                              .start_us = at("2026-03-01T02:30:00+01:00"),
                              .zone = "Europe/Paris",
                              .rrule = "FREQ=DAILY"}};
    assert_story(&series, "2026-03-28T00:00:00Z", "2026-03-30T12:00:00Z",
                 "03-28T02:30, 03-29T03:00, 03-30T02:30");
    assert_story(&series, "2026-10-24T00:00:00Z", "2026-10-26T12:00:00Z",
                 "10-24T02:30, 10-25T02:30, 10-26T02:30");
    g_autoptr(GArray) list =
        series_expand(&series, at("2026-10-25T00:00:00Z"), at("2026-10-25T12:00:00Z"));
    g_assert_cmpint(g_array_index(list, SeriesOccurrence, 0).start_us, ==,
                    at("2026-10-25T00:30:00Z"));
}

/* Worked example 8: Tết 2025, and leap month 6 of that year. */
static void test_lunar_day_1_and_15(void)
{
    Series series = {.rule = {.kind = RECURRENCE_RULE,
                              .start_us = at("2025-01-01T05:00:00+07:00"),
                              .zone = "Asia/Ho_Chi_Minh",
                              .lunar = {.days = 1u << 1 | 1u << 15}}};
    assert_story(&series, "2025-01-01T00:00:00Z", "2025-03-01T00:00:00Z",
                 "01-14T05:00, 01-29T05:00, 02-12T05:00, 02-28T05:00");
    assert_story(&series, "2025-06-20T00:00:00Z", "2025-09-01T00:00:00Z",
                 "06-25T05:00, 07-09T05:00, 07-25T05:00, 08-08T05:00, 08-23T05:00");
    series.rule.lunar.skip_leap = true;
    assert_story(&series, "2025-06-20T00:00:00Z", "2025-09-01T00:00:00Z",
                 "06-25T05:00, 07-09T05:00, 08-23T05:00");
    series.rule.lunar = (RecurrenceLunar){.days = 1u << 1, .months = 1u << 1};
    assert_story(&series, "2025-01-01T00:00:00Z", "2030-12-31T00:00:00Z",
                 "01-29T05:00, 02-17T05:00, 02-06T05:00, 01-26T05:00, 02-13T05:00, 02-02T05:00");
    series.rule.lunar = (RecurrenceLunar){.days = 1, .months = 1u << 12};
    assert_story(&series, "2025-06-01T00:00:00Z", "2026-12-31T00:00:00Z", "02-16T05:00");
}

static GArray *overrides_of(const SeriesOverride *rows, unsigned n)
{
    GArray *overrides = g_array_new(FALSE, FALSE, sizeof *rows);
    return g_array_append_vals(overrides, rows, n);
}

static void test_changes_never_change_the_recurrence_id(void)
{
    Series series = weekdays_at_five_pm();
    g_autoptr(GArray) before =
        series_expand(&series, at("2026-08-31T00:00:00Z"), at("2026-12-01T00:00:00Z"));
    SeriesOverride rows[] = {
        {.recurrence_us = at("2026-09-02T17:00:00+07:00"),
         .moves = true,
         .start_us = at("2026-09-03T06:15:00+07:00"),
         .sets_gain = true,
         .gain_mdb = -3000},
        {.recurrence_us = at("2026-09-09T17:00:00+07:00"),
         .following = true,
         .moves = true,
         .shift_s = 3600,
         .sets_tolerance = true,
         .tolerance_s = 60},
        {.recurrence_us = at("2026-09-14T17:00:00+07:00"),
         .following = true,
         .moves = true,
         .shift_s = -7200},
    };
    g_autoptr(GArray) overrides = overrides_of(rows, G_N_ELEMENTS(rows));
    series.overrides = overrides;
    assert_story(&series, "2026-09-01T00:00:00+07:00", "2026-09-04T00:00:00+07:00",
                 "09-01T17:00, 09-03T06:15, 09-03T17:00");
    assert_story(&series, "2026-09-08T00:00:00+07:00", "2026-09-16T00:00:00+07:00",
                 "09-08T17:00, 09-09T18:00, 09-10T18:00, 09-11T18:00, 09-14T15:00, 09-15T15:00");
    g_autoptr(GArray) after =
        series_expand(&series, at("2026-08-31T00:00:00Z"), at("2026-12-01T00:00:00Z"));
    g_assert_cmpuint(after->len, ==, before->len);
    for (unsigned i = 0; i < after->len; i++)
        g_assert_cmpint(g_array_index(after, SeriesOccurrence, i).recurrence_us, ==,
                        g_array_index(before, SeriesOccurrence, i).recurrence_us);
    SeriesOccurrence one;
    g_assert_true(series_find(&series, rows[0].recurrence_us, &one));
    g_assert_cmpint(one.gain_mdb, ==, -3000);
    g_assert_true(series_find(&series, rows[2].recurrence_us, &one));
    g_assert_cmpint(one.tolerance_s, ==, 60);
    g_assert_false(series_find(&series, rows[0].start_us, &one));
}

static void test_following_moves_by_the_clock_on_the_wall(void)
{
    Series series = {.rule = {.kind = RECURRENCE_DAILY,
                              .start_us = at("2026-03-20T05:00:00+01:00"),
                              .zone = "Europe/Paris"}};
    SeriesOverride row = {.recurrence_us = at("2026-03-22T05:00:00+01:00"),
                          .following = true,
                          .moves = true,
                          .shift_s = -3 * 3600};
    g_autoptr(GArray) overrides = overrides_of(&row, 1);
    series.overrides = overrides;
    assert_story(&series, "2026-03-27T12:00:00Z", "2026-03-31T12:00:00Z",
                 "03-28T02:00, 03-29T03:00, 03-30T02:00, 03-31T02:00");
}

static void test_one_taken_out_is_a_named_absence_and_the_end_is_an_end(void)
{
    Series series = weekdays_at_five_pm();
    int64_t out = at("2026-09-03T17:00:00+07:00");
    g_autoptr(GArray) exdates = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_array_append_val(exdates, out);
    series.exdates = exdates;
    series.end_us = at("2026-09-07T17:00:00+07:00");
    assert_story(&series, "2026-09-02T00:00:00Z", "2026-10-01T00:00:00Z",
                 "09-02T17:00, (09-03T17:00: Taken out: this one was cancelled), 09-04T17:00");
    SeriesOccurrence next;
    g_assert_true(series_next(&series, out, &next));
    g_assert_cmpint(next.start_us, ==, at("2026-09-04T17:00:00+07:00"));
    g_assert_false(series_next(&series, next.start_us + 1, &next));
}

/* Any cut of a window: the two halves are the whole, nothing twice and nothing lost. */
static void test_windows_join_without_a_seam(void)
{
    Series series = weekdays_at_five_pm();
    SeriesOverride rows[] = {{.recurrence_us = at("2026-09-02T17:00:00+07:00"),
                              .moves = true,
                              .start_us = at("2026-09-08T06:15:00+07:00")},
                             {.recurrence_us = at("2026-09-09T17:00:00+07:00"),
                              .following = true,
                              .moves = true,
                              .shift_s = -6 * 86400}};
    g_autoptr(GArray) overrides = overrides_of(rows, 2);
    series.overrides = overrides;
    int64_t from = at("2026-08-31T00:00:00Z"), to = at("2026-09-30T00:00:00Z");
    g_autoptr(GArray) whole = series_expand(&series, from, to);
    for (int64_t cut = from; cut <= to; cut += DAY / 4 + 1) {
        g_autoptr(GArray) left = series_expand(&series, from, cut);
        g_autoptr(GArray) right = series_expand(&series, cut, to);
        g_assert_cmpuint(left->len + right->len, ==, whole->len);
        g_array_append_vals(left, right->data, right->len);
        g_assert_cmpmem(left->data, left->len * sizeof(SeriesOccurrence), whole->data,
                        whole->len * sizeof(SeriesOccurrence));
    }
}

static void assert_rule(const char *rrule, const char *expected)
{
    Series series = weekdays_at_five_pm();
    series.rule.rrule = rrule;
    assert_story(&series, "2026-08-01T00:00:00Z", "2027-01-31T00:00:00Z", expected);
}

static void test_rules_mean_what_rfc_5545_says(void)
{
    assert_rule("FREQ=DAILY;UNTIL=20260902T100000Z", "08-31T17:00, 09-01T17:00, 09-02T17:00");
    assert_rule("FREQ=DAILY;UNTIL=20260902T095959Z", "08-31T17:00, 09-01T17:00");
    assert_rule("FREQ=DAILY;UNTIL=20260902T170000", "08-31T17:00, 09-01T17:00, 09-02T17:00");
    assert_rule("FREQ=DAILY;UNTIL=20260902", "08-31T17:00, 09-01T17:00, 09-02T17:00");
    assert_rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=3", "08-31T17:00, 09-14T17:00, 09-28T17:00");
    assert_rule("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", "09-25T17:00, 10-30T17:00");
    assert_rule("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2",
                "08-31T17:00, 09-30T17:00");
    assert_rule("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", "08-31T17:00, 10-31T17:00, 12-31T17:00");
    assert_rule("FREQ=DAILY;BYHOUR=5,17;BYMINUTE=30;COUNT=3",
                "08-31T17:30, 09-01T05:30, 09-01T17:30");
    Series series = weekdays_at_five_pm();
    series.rule.rrule = "FREQ=MONTHLY;COUNT=2";
    g_autoptr(GArray) rdates = g_array_new(FALSE, FALSE, sizeof(int64_t));
    const int64_t also[] = {at("2026-09-05T06:00:00+07:00"), at("2026-10-31T17:00:00+07:00")};
    g_array_append_vals(rdates, also, 2);
    series.rule.rdates = rdates;
    assert_story(&series, "2026-08-01T00:00:00Z", "2026-12-01T00:00:00Z",
                 "08-31T17:00, 09-05T06:00, 10-31T17:00");
}

static void assert_happens(const char *rrule, RecurrenceFault expected)
{
    Series series = weekdays_at_five_pm();
    series.rule.rrule = rrule;
    g_test_message("%s", rrule);
    g_assert_cmpint(recurrence_check_text(rrule, NULL), ==, RECURRENCE_FINE);
    g_assert_cmpint(recurrence_check_rule(&series.rule), ==, expected);
}

static void test_days_that_never_come_are_told_from_rare_ones(void)
{
    assert_happens("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", RECURRENCE_FINE);
    assert_happens("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=29;INTERVAL=3", RECURRENCE_FINE);
    assert_happens("FREQ=MONTHLY;BYDAY=5MO", RECURRENCE_FINE);
    assert_happens("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", RECURRENCE_FINE);
    assert_happens("FREQ=MONTHLY;BYDAY=-1SU;BYMONTHDAY=-1", RECURRENCE_FINE);
    g_assert_cmpint(recurrence_check_text("FREQ=MONTHLY;BYHOUR=5,17;BYSETPOS=2", NULL), ==,
                    RECURRENCE_PART);
    assert_happens("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29", RECURRENCE_FINE);
    assert_happens("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", RECURRENCE_NEVER);
    assert_happens("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", RECURRENCE_NEVER);
    assert_happens("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", RECURRENCE_NEVER);
    assert_happens("FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1", RECURRENCE_NEVER);
    assert_happens("FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=8,9", RECURRENCE_NEVER);
    assert_happens("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", RECURRENCE_NEVER);
}

/* One expansion for all stations: what it finds is what libical's own iterator finds where no clock
 * changes. */
static void test_sharing_finds_what_the_raw_iterator_finds(void)
{
    Series series = weekdays_at_five_pm();
    int64_t from = at("2026-10-01T00:00:00Z"), to = at("2027-10-01T00:00:00Z");
    g_autoptr(GArray) list = series_expand(&series, from, to);
    g_assert_cmpuint(list->len, ==, 261);
    g_assert_cmpuint(recurrence_count_raw(&series.rule, from, to), ==, list->len);
}

static void assert_holiday(const HolidayCalendar *calendar, int year, int month, int day,
                           const char *name)
{
    const Holiday *found = holiday_calendar_find(calendar, lunar_julian(year, month, day));
    g_test_message("%04d-%02d-%02d", year, month, day);
    g_assert_cmpstr(found ? found->name_en : NULL, ==, name);
}

static void test_the_public_holidays_of_vietnam(void)
{
    g_autoptr(Database) database = open_database();
    g_autoptr(HolidayCalendar) vn = holiday_store_get(database, "vn", NULL);
    for (int year = 2024; year <= 2030; year++) {
        assert_holiday(vn, year, 1, 1, "New Year's Day");
        assert_holiday(vn, year, 5, 1, "Labour Day");
        assert_holiday(vn, year, 9, 2, "National Day");
        assert_holiday(vn, year, 11, 24, year < 2026 ? NULL : "Vietnamese Culture Day");
    }
    assert_holiday(vn, 2024, 2, 7, NULL);
    assert_holiday(vn, 2024, 2, 8, "Lunar New Year");
    assert_holiday(vn, 2024, 2, 14, "Lunar New Year");
    assert_holiday(vn, 2024, 9, 1, NULL);
    assert_holiday(vn, 2024, 9, 3, "National Day");
    assert_holiday(vn, 2025, 9, 1, "National Day");
    assert_holiday(vn, 2026, 2, 15, NULL);
    assert_holiday(vn, 2026, 2, 16, "Lunar New Year");
    assert_holiday(vn, 2026, 2, 20, "Lunar New Year");
    assert_holiday(vn, 2026, 2, 21, NULL);
    assert_holiday(vn, 2026, 4, 26, "Hùng Kings' Day");
    assert_holiday(vn, 2025, 4, 7, "Hùng Kings' Day");
    assert_holiday(vn, 2030, 2, 2, "Lunar New Year");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/series/national_day", test_national_day_is_skipped_and_named);
    g_test_add_func("/series/moved_holiday", test_one_moved_onto_a_holiday_does_not_play);
    g_test_add_func("/series/paris", test_half_past_two_in_paris);
    g_test_add_func("/series/lunar", test_lunar_day_1_and_15);
    g_test_add_func("/series/recurrence_id", test_changes_never_change_the_recurrence_id);
    g_test_add_func("/series/following_on_the_wall", test_following_moves_by_the_clock_on_the_wall);
    g_test_add_func("/series/taken_out",
                    test_one_taken_out_is_a_named_absence_and_the_end_is_an_end);
    g_test_add_func("/series/windows", test_windows_join_without_a_seam);
    g_test_add_func("/series/rules", test_rules_mean_what_rfc_5545_says);
    g_test_add_func("/series/never", test_days_that_never_come_are_told_from_rare_ones);
    g_test_add_func("/series/raw", test_sharing_finds_what_the_raw_iterator_finds);
    g_test_add_func("/series/vietnam", test_the_public_holidays_of_vietnam);
    return g_test_run();
}
