#include "playout/quarantine.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define NOW INT64_C(1000000000)

static char *given_file(void)
{
    char *path = NULL;
    close(g_file_open_tmp("loa-quarantine-XXXXXX", &path, NULL));
    g_assert_true(g_file_set_contents(path, "crash", -1, NULL));
    return path;
}

static void test_a_file_stays_a_day(void)
{
    g_autofree char *path = given_file();
    Quarantine *quarantine = quarantine_new();
    g_assert_false(quarantine_has(quarantine, path, NOW));
    quarantine_add(quarantine, path, NOW);
    g_assert_true(quarantine_has(quarantine, path, NOW));
    g_assert_true(quarantine_has(quarantine, path, NOW + QUARANTINE_US - 1));
    g_assert_false(quarantine_has(quarantine, path, NOW + QUARANTINE_US));
    quarantine_free(quarantine);
    g_unlink(path);
}

static void test_a_file_that_changed_is_another_one(void)
{
    g_autofree char *path = given_file();
    Quarantine *quarantine = quarantine_new();
    quarantine_add(quarantine, path, NOW);
    g_assert_true(g_file_set_contents(path, "good music", -1, NULL));
    g_assert_false(quarantine_has(quarantine, path, NOW));
    g_unlink(path);
    g_assert_false(quarantine_has(quarantine, path, NOW));
    quarantine_add(quarantine, path, NOW); /* gone: nothing to keep */
    quarantine_free(quarantine);
}

static void test_it_is_bounded(void)
{
    g_autofree char *first = given_file();
    Quarantine *quarantine = quarantine_new();
    quarantine_add(quarantine, first, NOW);
    for (unsigned i = 0; i < QUARANTINE_MAX; i++) {
        g_autofree char *path = given_file();
        quarantine_add(quarantine, path, NOW);
        g_unlink(path);
    }
    g_assert_false(quarantine_has(quarantine, first, NOW));
    quarantine_free(quarantine);
    g_unlink(first);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/quarantine/a_file_stays_a_day", test_a_file_stays_a_day);
    g_test_add_func("/quarantine/a_file_that_changed_is_another_one",
                    test_a_file_that_changed_is_another_one);
    g_test_add_func("/quarantine/it_is_bounded", test_it_is_bounded);
    return g_test_run();
}
