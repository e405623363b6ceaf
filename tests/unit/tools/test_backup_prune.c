/* Retention touches backups only, and keeps the newest by what their names say. */
#include <glib/gstdio.h>
#include <stdint.h>
#include <stdlib.h>

#include "backup_prune.h"

static char *make_directory(const char *const *names)
{
    char *directory = g_dir_make_tmp("loa-prune-XXXXXX", NULL);
    for (; *names; names++) {
        g_autofree char *path = g_build_filename(directory, *names, NULL);
        g_assert_true(g_file_set_contents(path, "x", 1, NULL));
    }
    return directory;
}

static void remove_directory(const char *directory)
{
    g_autofree char *command = g_strdup_printf("rm -rf %s", directory);
    g_assert_cmpint(system(command), ==, 0);
}

static bool stands(const char *directory, const char *name)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void test_the_newest_stay_and_other_files_are_not_touched(void)
{
    const char *const names[] = {"loa-20261120T010000Z.tar.age",
                                 "loa-20261122T010000Z.tar.age",
                                 "loa-20261121T010000Z.tar.age",
                                 "loa-20261119T010000Z.tar.age.partial",
                                 "loa-notes.tar.age",
                                 "loa-2026112XT010000Z.tar.age",
                                 "family.jpg",
                                 NULL};
    unsigned removed = 0;
    g_autofree char *directory = make_directory(names);
    g_assert_true(backup_prune(directory, &(BackupKeep){.newest = 2}, &removed, NULL));
    g_assert_cmpuint(removed, ==, 1);
    g_assert_false(stands(directory, names[0]));
    for (unsigned i = 1; names[i]; i++)
        g_assert_true(stands(directory, names[i]));
    remove_directory(directory);
}

static void test_the_last_backup_is_never_removed(void)
{
    const char *const names[] = {"loa-20261120T010000Z.tar.age", NULL};
    unsigned removed = 9;
    g_autofree char *directory = make_directory(names);
    g_assert_true(backup_prune(directory, &(BackupKeep){0}, &removed, NULL));
    g_assert_cmpuint(removed, ==, 0);
    g_assert_true(stands(directory, names[0]));
    remove_directory(directory);
}

/* Two a day from Monday, 2 November 2026, to Sunday, 29 November; the evening's one is the later.
 */
static char *make_four_weeks(void)
{
    const char *names[28 * 2 + 1] = {NULL};
    for (unsigned i = 0; i < 56; i++)
        names[i] = g_strdup_printf("loa-202611%02uT%02u0000Z.tar.age", 2 + i / 2, i % 2 ? 22 : 1);
    char *directory = make_directory(names);
    for (unsigned i = 0; i < 56; i++)
        g_free((char *)(uintptr_t)names[i]);
    return directory;
}

static void test_a_week_of_days_and_a_month_of_weeks_stay(void)
{
    unsigned removed = 0;
    g_autoptr(GString) left = g_string_new(NULL);
    g_autofree char *directory = make_four_weeks();

    g_assert_true(backup_prune(directory, &(BackupKeep){.days = 7, .weeks = 4}, &removed, NULL));

    g_autoptr(GPtrArray) names = backup_prune_list(directory, NULL);
    for (unsigned i = 0; i < names->len; i++) /* day and hour */
        g_string_append_printf(left, "%.2s:%.2s ", (char *)names->pdata[i] + 10,
                               (char *)names->pdata[i] + 13);
    g_assert_cmpstr(left->str, ==, "29:22 28:22 27:22 26:22 25:22 24:22 23:22 22:22 15:22 08:22 ");
    g_assert_cmpuint(removed, ==, 46);
    /* and a second time there is nothing to do */
    g_assert_true(backup_prune(directory, &(BackupKeep){.days = 7, .weeks = 4}, &removed, NULL));
    g_assert_cmpuint(removed, ==, 0);
    remove_directory(directory);
}

static void test_days_without_a_backup_do_not_count(void)
{
    const char *const names[] = {"loa-20261101T010000Z.tar.age", "loa-20260801T010000Z.tar.age",
                                 "loa-20260501T010000Z.tar.age", "loa-20260201T010000Z.tar.age",
                                 NULL};
    unsigned removed = 0;
    g_autofree char *directory = make_directory(names);
    g_assert_true(backup_prune(directory, &(BackupKeep){.days = 3}, &removed, NULL));
    g_assert_cmpuint(removed, ==, 1);
    g_assert_true(stands(directory, names[2]));
    g_assert_false(stands(directory, names[3]));
    remove_directory(directory);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/prune/newest", test_the_newest_stay_and_other_files_are_not_touched);
    g_test_add_func("/prune/week", test_a_week_of_days_and_a_month_of_weeks_stay);
    g_test_add_func("/prune/holes", test_days_without_a_backup_do_not_count);
    g_test_add_func("/prune/last", test_the_last_backup_is_never_removed);
    return g_test_run();
}
