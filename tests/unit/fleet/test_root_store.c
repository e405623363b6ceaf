/* Set-up of the root of trust on the controller. */
#include "fleet_desk.h"

#include <glib/gstdio.h>

#include "fleet/root_store.h"

static void test_the_first_start_makes_keys_that_nobody_else_reads(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    for (const char *const *name = (const char *[]){"root.key", "online.key", NULL}; *name;
         name++) {
        g_autofree char *path = g_build_filename(desk.keys_dir, *name, NULL);
        GStatBuf about;
        g_assert_cmpint(g_stat(path, &about), ==, 0);
        g_assert_cmpint(about.st_mode & 0777, ==, 0600);
    }
    fleet_desk_clear(&desk);
}

static void test_the_next_start_finds_the_same_root_even_without_the_root_key(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    g_autofree char *before = root_store_envelope(desk.database, 1, NULL);
    g_autofree char *carried_away = g_build_filename(desk.keys_dir, "root.key", NULL);
    g_assert_cmpint(g_unlink(carried_away), ==, 0);
    Key online;
    g_autoptr(GError) error = NULL;
    G_GNUC_UNUSED g_autoptr(Root) root =
        root_store_open(desk.database, desk.keys_dir, DESK_NOW, &online, &error);
    g_assert_no_error(error);
    g_autofree char *after = root_store_envelope(desk.database, 0, NULL);
    g_assert_cmpstr(before, ==, after);
    fleet_desk_clear(&desk);
}

static void test_a_foreign_online_key_is_an_error_and_not_a_new_root(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    g_autofree char *path = g_build_filename(desk.keys_dir, "online.key", NULL);
    Key other, online;
    key_generate(&other);
    g_assert_true(key_save(&other, path, NULL));
    g_autoptr(GError) error = NULL;
    g_assert_null(root_store_open(desk.database, desk.keys_dir, DESK_NOW, &online, &error));
    g_assert_error(error, ROOT_ERROR, ROOT_ERROR_KEY);
    g_assert_null(root_store_envelope(desk.database, 2, NULL));
    fleet_desk_clear(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/root_store/keys_are_private",
                    test_the_first_start_makes_keys_that_nobody_else_reads);
    g_test_add_func("/root_store/same_root",
                    test_the_next_start_finds_the_same_root_even_without_the_root_key);
    g_test_add_func("/root_store/foreign_key",
                    test_a_foreign_online_key_is_an_error_and_not_a_new_root);
    return g_test_run();
}
