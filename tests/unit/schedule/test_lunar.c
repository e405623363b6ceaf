/* The Vietnamese lunar calendar against dates that are known, and against itself. */
#include "schedule/lunar.h"

#include <glib.h>

static void assert_tet(int year, int month, int day)
{
    LunarDate tet = {.year = year, .month = 1, .day = 1};
    int64_t julian = 0;
    g_assert_true(lunar_find(tet, &julian));
    g_assert_cmpint(julian, ==, lunar_julian(year, month, day));
    LunarDate back = lunar_date(julian);
    g_assert_cmpint(back.year, ==, year);
    g_assert_cmpint(back.month, ==, 1);
    g_assert_cmpint(back.day, ==, 1);
    g_assert_false(back.leap);
}

/* China has other dates in 1985, 2007 and 2030: its midnight comes an hour earlier. */
static void test_tet_falls_on_its_known_days(void)
{
    assert_tet(1985, 1, 21);
    assert_tet(2007, 2, 17);
    assert_tet(2020, 1, 25);
    assert_tet(2021, 2, 12);
    assert_tet(2022, 2, 1);
    assert_tet(2023, 1, 22);
    assert_tet(2024, 2, 10);
    assert_tet(2025, 1, 29);
    assert_tet(2026, 2, 17);
    assert_tet(2027, 2, 6);
    assert_tet(2028, 1, 26);
    assert_tet(2029, 2, 13);
    assert_tet(2030, 2, 2);
}

static void test_leap_months_are_where_the_almanac_has_them(void)
{
    static const int known[][2] = {{1984, 0}, {1985, 2}, {2004, 2}, {2006, 7},  {2009, 5},
                                   {2012, 4}, {2014, 9}, {2017, 6}, {2020, 4},  {2023, 2},
                                   {2025, 6}, {2028, 5}, {2031, 3}, {2033, 11}, {2024, 0},
                                   {2026, 0}, {2027, 0}, {2029, 0}, {2030, 0}};
    for (unsigned i = 0; i < G_N_ELEMENTS(known); i++) {
        g_test_message("%d", known[i][0]);
        g_assert_cmpint(lunar_leap_month(known[i][0]), ==, known[i][1]);
    }
}

static void test_days_everybody_knows(void)
{
    /* Hùng kings' day 2026: 26 April; mid-autumn 2026: 25 September; leap month 6 of 2025. */
    LunarDate hung = lunar_date(lunar_julian(2026, 4, 26));
    g_assert_cmpint(hung.month, ==, 3);
    g_assert_cmpint(hung.day, ==, 10);
    LunarDate autumn = lunar_date(lunar_julian(2026, 9, 25));
    g_assert_cmpint(autumn.month, ==, 8);
    g_assert_cmpint(autumn.day, ==, 15);
    LunarDate leap = lunar_date(lunar_julian(2025, 7, 25));
    g_assert_cmpint(leap.month, ==, 6);
    g_assert_cmpint(leap.day, ==, 1);
    g_assert_true(leap.leap);
}

static void test_every_day_from_1900_to_2100_comes_back(void)
{
    int64_t last = lunar_julian(2100, 12, 31);
    LunarDate before = lunar_date(lunar_julian(1900, 1, 1) - 1);
    for (int64_t day = lunar_julian(1900, 1, 1); day <= last; day++) {
        LunarDate date = lunar_date(day);
        int64_t back = 0;
        g_assert_true(lunar_find(date, &back));
        g_assert_cmpint(back, ==, day);
        if (date.day != 1)
            g_assert_cmpint(date.day, ==, before.day + 1);
        else
            g_assert_cmpint(before.day, >=, 29);
        bool same_month = date.month == before.month && date.leap == before.leap;
        bool next_month = date.month == before.month % 12 + 1 && !date.leap;
        bool leap_month = date.month == before.month && date.leap && !before.leap;
        g_assert_true(date.day == 1 ? next_month || leap_month : same_month);
        g_assert_cmpint(date.year, ==, before.year + (date.day == 1 && date.month == 1));
        before = date;
    }
}

static void test_solar_days_come_back(void)
{
    for (int64_t day = lunar_julian(1899, 12, 1); day < lunar_julian(2101, 2, 1); day++) {
        int year, month, date;
        lunar_solar(day, &year, &month, &date);
        g_assert_cmpint(lunar_julian(year, month, date), ==, day);
        g_assert_true(g_date_valid_dmy((GDateDay)date, (GDateMonth)month, (GDateYear)year));
    }
    g_assert_cmpint(lunar_julian(1970, 1, 1), ==, LUNAR_UNIX_DAY);
}

static void test_days_that_are_not_there_are_not_found(void)
{
    int64_t day = 7;
    g_assert_false(lunar_find((LunarDate){2024, 3, 1, true}, &day));
    g_assert_false(lunar_find((LunarDate){2025, 5, 1, true}, &day));
    g_assert_false(lunar_find((LunarDate){2026, 13, 1, false}, &day));
    g_assert_false(lunar_find((LunarDate){2026, 1, 31, false}, &day));
    LunarMonth month = lunar_month(lunar_julian(2026, 2, 17));
    g_assert_cmpint(lunar_find((LunarDate){2026, 1, 30, false}, &day), ==, month.length == 30);
    g_assert_true(lunar_find((LunarDate){2025, 6, 1, true}, &day));
    g_assert_cmpint(day, ==, lunar_julian(2025, 7, 25));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lunar/tet", test_tet_falls_on_its_known_days);
    g_test_add_func("/lunar/leap_months", test_leap_months_are_where_the_almanac_has_them);
    g_test_add_func("/lunar/known_days", test_days_everybody_knows);
    g_test_add_func("/lunar/round_trip", test_every_day_from_1900_to_2100_comes_back);
    g_test_add_func("/lunar/solar_round_trip", test_solar_days_come_back);
    g_test_add_func("/lunar/absent_days", test_days_that_are_not_there_are_not_found);
    return g_test_run();
}
