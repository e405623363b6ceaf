/* Migrations: from every older version to the newest, twice, and never backwards. */
#include "db/migrate.h"

#include <stdlib.h>

static char *folder;

static char *fresh_path(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

static char *schema(Database *database)
{
    GString *text = g_string_new(NULL);
    g_autoptr(Query) query = database_query(
        database, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name");
    while (query_next(query, NULL) == 1)
        g_string_append_printf(text, "%s\n", row_text(query, 0));
    return g_string_free(text, FALSE);
}

static int newest(void)
{
    g_autoptr(Database) database = database_open(":memory:", NULL);
    int from = 0, to = 0;
    g_assert_true(migrate_run(database, MIGRATE_ALL, &from, &to, NULL));
    g_assert_cmpint(from, ==, to);
    return to;
}

static void test_every_older_version_ends_at_the_same_schema(void)
{
    g_autoptr(Database) fresh = database_open(":memory:", NULL);
    g_autofree char *expected = schema(fresh);
    int last = newest();
    g_assert_cmpint(last, >=, 2);
    for (int version = 1; version <= last; version++) {
        g_autofree char *name = g_strdup_printf("from-%d/loa.db", version);
        g_autofree char *path = fresh_path(name);
        g_autofree char *parent = g_path_get_dirname(path);
        g_autoptr(GError) error = NULL;
        g_mkdir_with_parents(parent, 0700);
        database_close(database_open_to(path, version, &error));
        g_assert_no_error(error);
        g_autoptr(Database) database = database_open(path, &error);
        g_assert_no_error(error);
        g_autofree char *found = schema(database);
        g_assert_cmpstr(found, ==, expected);
    }
}

static void test_newer_database_is_refused_and_left_alone(void)
{
    g_autofree char *path = fresh_path("newer.db");
    g_autoptr(GError) error = NULL;
    g_autoptr(Database) database = database_open(path, NULL);
    g_assert_true(database_script(
        database, "INSERT INTO schema_versions VALUES (999, '999_future.sql')", NULL));
    g_clear_pointer(&database, database_close);
    g_assert_null(database_open(path, &error));
    g_assert_error(error, DATABASE_ERROR, DATABASE_ERROR_FAILED);
    g_assert_nonnull(strstr(error->message, "999_future.sql"));
}

static void test_all_tables_are_strict(void)
{
    g_autoptr(Database) database = database_open(":memory:", NULL);
    g_autoptr(Query) query = database_query(
        database, "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 "
                  "AND type = 'table' AND name NOT LIKE 'sqlite_%'");
    while (query_next(query, NULL) == 1)
        g_test_fail_printf("table %s is not STRICT", row_text(query, 0));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("loa-migrate-XXXXXX", NULL);
    g_test_add_func("/migrate/every_older_version_ends_at_the_same_schema",
                    test_every_older_version_ends_at_the_same_schema);
    g_test_add_func("/migrate/newer_database_is_refused_and_left_alone",
                    test_newer_database_is_refused_and_left_alone);
    g_test_add_func("/migrate/all_tables_are_strict", test_all_tables_are_strict);
    int result = g_test_run();
    g_autofree char *command = g_strdup_printf("rm -rf '%s'", folder);
    return system(command) == 0 ? result : 1;
}
