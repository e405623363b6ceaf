/* Minutes of routine sound per session and day at the station: a restart, a crash, a new plan or
 * an older journal does not begin them anew, and only what was heard counts. */
#include "desk.h"

#include <sqlite3.h>

#define NEXT_BOOT "ffffffffffffffffffffffffffffffff"

static const int64_t eight = EIGHT;

static void assert_said(Desk *desk, const char *name, Outcome outcome, Reason reason)
{
    g_autofree char *id = plan_airing_id(name, 0, 0, "station-1");
    for (unsigned i = 0; i < desk_receipts(desk); i++) {
        g_autoptr(Receipt) one = desk_receipt(desk, i);
        if (!g_str_equal(one->airing, id))
            continue;
        g_assert_cmpstr(outcome_words[one->outcome], ==, outcome_words[outcome]);
        g_assert_cmpstr(reason_words[one->reason], ==, reason_words[reason]);
        return;
    }
    g_error("no receipt of %s", name);
}

static void restart(Desk *desk, const char *boot_id)
{
    g_autoptr(Plan) plan = plan_hold(desk->plan);
    desk_crash(desk);
    desk_boot(desk, boot_id);
    conductor_set_plan(desk->conductor, plan);
}

/* Two of six minutes, of which the second is too much; the third fits. */
static Desk *two_and_a_short_one(int session_min, int day_min, int64_t second_us)
{
    Desk *desk = desk_new();
    desk->session_min = session_min;
    desk->day_min = day_min;
    PlanAiring *airings[] = {desk_airing(desk, "first", eight, 360),
                             desk_airing(desk, "second", second_us, 360),
                             desk_airing(desk, "third", second_us + 12 * MINUTE, 180)};
    desk_give_plan(desk, airings, 3);
    desk_run_until(desk, eight + 7 * MINUTE);
    assert_said(desk, "first", OUTCOME_PLAYED, REASON_NONE);
    return desk;
}

static void a_day_goes_on_after_a_restart(void)
{
    g_autoptr(Desk) desk = two_and_a_short_one(0, 10, eight + HOUR);
    restart(desk, NEXT_BOOT);
    desk_run_until(desk, eight + 90 * MINUTE);
    assert_said(desk, "second", OUTCOME_MISSED, REASON_POLICY);
    assert_said(desk, "third", OUTCOME_PLAYED, REASON_NONE);
}

static void a_session_goes_on_after_a_restart(void)
{
    g_autoptr(Desk) desk = two_and_a_short_one(10, 0, eight + 10 * MINUTE);
    restart(desk, NULL);
    desk_run_until(desk, eight + 40 * MINUTE);
    assert_said(desk, "second", OUTCOME_MISSED, REASON_POLICY);
}

/* The new plan begins after it, and the receipt has long been acknowledged. */
static void what_no_plan_names_any_more_counts(void)
{
    g_autoptr(Desk) desk = two_and_a_short_one(0, 10, eight + 3 * HOUR);
    g_autoptr(GError) error = NULL;
    g_assert_true(journal_acknowledge(desk->journal, 1, &error));
    desk_crash(desk);
    fake_clock_advance(&desk->clock, 2 * HOUR);
    desk_boot(desk, NEXT_BOOT);
    PlanAiring *airings[] = {desk_airing(desk, "second", eight + 3 * HOUR, 360),
                             desk_airing(desk, "third", eight + 4 * HOUR, 180)};
    desk_give_plan(desk, airings, 2);
    desk_run_until(desk, eight + 5 * HOUR);
    assert_said(desk, "second", OUTCOME_MISSED, REASON_POLICY);
    assert_said(desk, "third", OUTCOME_PLAYED, REASON_NONE);
}

/* Three minutes of nine were heard: of ten, seven are left. */
static void of_what_a_crash_cut_off_counts_what_was_heard(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk->day_min = 10;
    PlanAiring *airings[] = {desk_airing(desk, "first", eight, 540),
                             desk_airing(desk, "second", eight + HOUR, 360),
                             desk_airing(desk, "third", eight + 2 * HOUR, 180),
                             desk_airing(desk, "fourth", eight + 3 * HOUR, 45)};
    desk_give_plan(desk, airings, 4);
    desk_run_until(desk, eight + 3 * MINUTE);
    restart(desk, NEXT_BOOT);
    desk_run_until(desk, eight + 90 * MINUTE);
    assert_said(desk, "first", OUTCOME_PARTIAL, REASON_NO_POWER);
    assert_said(desk, "second", OUTCOME_PLAYED, REASON_NONE);
    restart(desk, NULL);
    desk_run_until(desk, eight + 4 * HOUR);
    assert_said(desk, "third", OUTCOME_MISSED, REASON_POLICY);
    assert_said(desk, "fourth", OUTCOME_PLAYED, REASON_NONE);
}

static void the_next_day_begins_anew(void)
{
    g_autoptr(Desk) desk = two_and_a_short_one(0, 10, eight + 18 * HOUR);
    restart(desk, NEXT_BOOT);
    desk_run_until(desk, eight + 19 * HOUR);
    assert_said(desk, "second", OUTCOME_PLAYED, REASON_NONE);
}

/* A journal of the version before has no such table; it is brought up to date and keeps its rows.
 */
static void a_journal_of_before_is_taken_over(void)
{
    g_autoptr(Desk) desk = two_and_a_short_one(0, 10, eight + HOUR);
    g_autofree char *path = g_build_filename(desk->dir, "journal.db", NULL);
    g_autoptr(Plan) plan = plan_hold(desk->plan);
    desk_crash(desk);
    sqlite3 *db;
    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(db, "DROP TABLE heard; PRAGMA user_version = 1", NULL, NULL, NULL),
                    ==, SQLITE_OK);
    sqlite3_close(db);
    desk_boot(desk, NEXT_BOOT);
    conductor_set_plan(desk->conductor, plan);
    desk_run_until(desk, eight + 70 * MINUTE);
    assert_said(desk, "first", OUTCOME_PLAYED, REASON_NONE);
    assert_said(desk, "second", OUTCOME_PLAYED, REASON_NONE); /* nobody knows of the first */
    restart(desk, NULL);
    desk_run_until(desk, eight + 90 * MINUTE);
    assert_said(desk, "third", OUTCOME_PLAYED, REASON_NONE);
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) heard = journal_heard(desk->journal, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(g_hash_table_size(heard), ==, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    desk_quiet();
    g_test_add_func("/conductor minutes/day", a_day_goes_on_after_a_restart);
    g_test_add_func("/conductor minutes/session", a_session_goes_on_after_a_restart);
    g_test_add_func("/conductor minutes/in no plan", what_no_plan_names_any_more_counts);
    g_test_add_func("/conductor minutes/crash", of_what_a_crash_cut_off_counts_what_was_heard);
    g_test_add_func("/conductor minutes/next day", the_next_day_begins_anew);
    g_test_add_func("/conductor minutes/older journal", a_journal_of_before_is_taken_over);
    return g_test_run();
}
