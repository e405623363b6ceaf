/* A journal that cannot be written: nothing falls silent for it, nothing plays twice, and what
 * could not be kept says so. The disk fails on the Nth write, for every N there is. */
#include "desk.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <unistd.h>

static const int64_t soon = MORNING + 25 * SECOND;

/* ---- a disk that fails ---- */

static unsigned writes, first_bad, last_bad; /* the Nth writes that fail */
static int bad_errno;

static ssize_t failing_pwrite(int file, const void *bytes, size_t length, off_t at)
{
    writes++;
    if (writes >= first_bad && writes <= last_bad) {
        errno = bad_errno;
        return -1;
    }
    return pwrite(file, bytes, length, at);
}

static void hook_disk(void)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    g_assert_cmpint(vfs->xSetSystemCall(vfs, "pwrite", (sqlite3_syscall_ptr)failing_pwrite), ==,
                    SQLITE_OK);
    vfs->xSetSystemCall(vfs, "pwrite64", (sqlite3_syscall_ptr)failing_pwrite);
}

static void break_writes(unsigned from, unsigned until, int with)
{
    writes = 0;
    first_bad = from;
    last_bad = until;
    bad_errno = with;
}

/* ---- every write ---- */

static void check_one_life(unsigned from, unsigned until, int with, unsigned *ret_writes)
{
    g_autoptr(Desk) desk = desk_new();
    break_writes(from, until, with);
    desk_give_airing(desk, desk_airing(desk, "a", soon, 20));
    desk_run_until(desk, soon + 40 * SECOND);
    *ret_writes = writes;
    break_writes(1, 0, 0);
    g_assert_cmpuint(audio_fake_prepared(desk->audio), ==, 1); /* heard, once */
    desk_run_until(desk, soon + 70 * SECOND);
    desk_assert_only(desk, OUTCOME_PLAYED, REASON_NONE);

    g_autoptr(Plan) plan = plan_hold(desk->plan);
    desk_crash(desk);
    desk_boot(desk, "ffffffffffffffffffffffffffffffff");
    conductor_set_plan(desk->conductor, plan);
    desk_run_until(desk, soon + 5 * MINUTE);
    g_assert_cmpuint(audio_fake_prepared(desk->audio), ==, 0); /* never again */
    g_assert_cmpuint(desk_receipts(desk), ==, 1);
}

static void fails_on_every_write(gconstpointer data)
{
    int with = GPOINTER_TO_INT(data);
    unsigned count;
    check_one_life(1, 0, 0, &count);
    g_assert_cmpuint(count, >, 10);
    for (unsigned n = 1, made = count; n <= made; n++) {
        check_one_life(n, n, with, &made);        /* once */
        check_one_life(n, UINT_MAX, with, &made); /* from there on */
        made = MIN(made, 2 * count);
    }
}

/* The start could not be written and the power fails while it sounds: nobody knows that it began,
 * but it must not begin again. */
static void what_was_kept_in_memory_only_does_not_start_again(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_run_until(desk, MORNING + SECOND);
    break_writes(1, UINT_MAX, ENOSPC);
    desk_give_airing(desk, desk_airing(desk, "a", soon, 60));
    desk_run_until(desk, soon + 10 * SECOND);
    g_assert_cmpstr(conductor_now_playing(desk->conductor), !=, NULL);
    break_writes(1, 0, 0);
    g_autoptr(Plan) plan = plan_hold(desk->plan);
    desk_crash(desk);
    fake_clock_advance(&desk->clock, 20 * SECOND);
    desk_boot(desk, "ffffffffffffffffffffffffffffffff");
    conductor_set_plan(desk->conductor, plan);
    desk_run_until(desk, soon + 12 * MINUTE);
    g_assert_cmpuint(audio_fake_prepared(desk->audio), ==, 0);
    desk_assert_only(desk, OUTCOME_MISSED, REASON_NO_POWER);
}

static void without_a_journal_it_plays_and_says_so_later(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autofree char *path = g_build_filename(desk->dir, "journal.db", NULL);
    g_autofree char *wal = g_strconcat(path, "-wal", NULL), *shm = g_strconcat(path, "-shm", NULL);
    desk_crash(desk);
    g_unlink(path), g_unlink(wal), g_unlink(shm);
    g_mkdir(path, 0700); /* nothing can be opened there */
    desk_boot(desk, "ffffffffffffffffffffffffffffffff");
    PlanAiring *airings[] = {desk_airing(desk, "before", MORNING - MINUTE, 20),
                             desk_airing(desk, "a", soon, 20)};
    desk_give_plan(desk, airings, 2);
    desk_run_until(desk, soon + 40 * SECOND);
    g_assert_true(conductor_journal_fault(desk->conductor));
    g_assert_cmpuint(audio_fake_prepared(desk->audio), ==, 1); /* not the one from before */

    g_rmdir(path);
    desk_run_until(desk, soon + 70 * SECOND);
    g_assert_false(conductor_journal_fault(desk->conductor));
    g_assert_cmpuint(desk_receipts(desk), ==, 2);
    for (unsigned i = 0; i < 2; i++) {
        g_autoptr(Receipt) receipt = desk_receipt(desk, i);
        g_assert_true(receipt->is_volatile);
    }
}

static void a_full_journal_stops_routine_but_no_alert(void)
{
    g_autoptr(Desk) desk = desk_new();
    for (unsigned i = 0; i < JOURNAL_MAX_WAITING; i++) {
        g_autoptr(Receipt) receipt = receipt_new();
        g_autoptr(GError) error = NULL;
        receipt->station = g_strdup("station-1");
        receipt->boot_id = g_strdup(desk->boot_id);
        receipt->airing = plan_airing_id("full", i, 0, "station-1");
        receipt->broadcast = g_strdup("b");
        receipt->amplifier = g_strdup("on");
        receipt->outcome = OUTCOME_MISSED;
        receipt->reason = REASON_LATE;
        g_assert_true(journal_end(desk->journal, receipt, &error));
    }
    desk_give_airing(desk, desk_airing(desk, "a", soon, 20));
    desk_run_until(desk, soon + MINUTE);
    g_assert_true(conductor_journal_fault(desk->conductor));
    g_assert_null(conductor_now_playing(desk->conductor));

    HappeningClip clip = {
        .sha256 = desk->good_sha256, .version = "siren", .frames = 20 * INT64_C(48000)};
    conductor_alert(desk->conductor,
                    &(HappeningAlert){.id = "flood", .clips = &clip, .n_clips = 1});
    desk_run_until(desk, desk->clock.wall + 5 * SECOND);
    g_assert_nonnull(conductor_now_playing(desk->conductor));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    desk_quiet();
    hook_disk();
    g_test_add_data_func("/conductor journal/EIO on every write", GINT_TO_POINTER(EIO),
                         fails_on_every_write);
    g_test_add_data_func("/conductor journal/ENOSPC on every write", GINT_TO_POINTER(ENOSPC),
                         fails_on_every_write);
    g_test_add_data_func("/conductor journal/read-only from every write", GINT_TO_POINTER(EROFS),
                         fails_on_every_write);
    g_test_add_func("/conductor journal/in memory only",
                    what_was_kept_in_memory_only_does_not_start_again);
    g_test_add_func("/conductor journal/cannot be opened",
                    without_a_journal_it_plays_and_says_so_later);
    g_test_add_func("/conductor journal/full", a_full_journal_stops_routine_but_no_alert);
    return g_test_run();
}
