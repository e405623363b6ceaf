/* Retention touches backups only, and keeps the newest by what their names say. */
#include <glib/gstdio.h>
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
    g_assert_true(backup_prune(directory, 2, &removed, NULL));
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
    g_assert_true(backup_prune(directory, 0, &removed, NULL));
    g_assert_cmpuint(removed, ==, 0);
    g_assert_true(stands(directory, names[0]));
    remove_directory(directory);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/prune/newest", test_the_newest_stay_and_other_files_are_not_touched);
    g_test_add_func("/prune/last", test_the_last_backup_is_never_removed);
    return g_test_run();
}
