/* Copies of a database in use, and what makes an old copy the one that goes on. */
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "db/database_copy.h"
#include "fleet/epoch_store.h"
#include "ops/maintenance.h"

#define DAY_US  (INT64_C(86400) * G_USEC_PER_SEC)
#define NOW_US  (INT64_C(20778) * DAY_US)
#define ADD_ROW "INSERT INTO settings (name, value) VALUES ($1, $2)"

typedef struct Place {
    char *dir;
    char *path;
    char *copy;
    Database *database;
} Place;

static void place_init(Place *place)
{
    g_autoptr(GError) error = NULL;
    place->dir = g_dir_make_tmp("loa-maintenance-XXXXXX", NULL);
    place->path = g_build_filename(place->dir, "loa.db", NULL);
    place->copy = g_build_filename(place->dir, "copy.db", NULL);
    place->database = database_open(place->path, &error);
    g_assert_no_error(error);
}

static void place_clear(Place *place)
{
    database_close(place->database);
    g_autofree char *command = g_strdup_printf("rm -rf %s", place->dir);
    g_assert_cmpint(system(command), ==, 0);
    g_free(place->dir);
    g_free(place->path);
    g_free(place->copy);
}

static void add_setting(Database *database, const char *name, const char *value)
{
    g_autoptr(Query) query = database_query(database, ADD_ROW);
    query_text(query, name);
    query_text(query, value);
    g_assert_true(query_run(query, NULL));
}

static int64_t ask(Database *database, const char *sql)
{
    g_autoptr(Query) query = database_query(database, sql);
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    return row_int(query, 0);
}

/* The controller commits while the copy is under way, at every word of progress. */
static void commit_more(unsigned percent, void *user)
{
    g_autofree char *name = g_strdup_printf("late %u", percent);
    add_setting(user, name, "x");
}

static void test_a_copy_is_of_one_instant_while_the_controller_goes_on(void)
{
    Place place;
    g_autoptr(GError) error = NULL;
    g_autofree char *long_text = g_strnfill(1000 * 1000, 'a');
    place_init(&place);
    /* given 40 MB, so that the copy takes several steps */
    for (int i = 0; i < 40; i++) {
        g_autofree char *name = g_strdup_printf("early %d", i);
        add_setting(place.database, name, long_text);
    }
    int64_t before = ask(place.database, "SELECT count(*) FROM settings");
    /* when */
    bool good = database_copy(place.path, place.copy, commit_more, place.database, &error);
    /* then */
    g_assert_no_error(error);
    g_assert_true(good);
    g_assert_cmpint(ask(place.database, "SELECT count(*) FROM settings WHERE name LIKE 'late %'"),
                    >=, 3);
    g_autofree char *apart = g_build_filename(place.dir, "apart", NULL);
    g_autofree char *inside = g_build_filename(apart, "loa.db", NULL);
    g_assert_cmpint(g_mkdir(apart, 0700), ==, 0);
    g_assert_cmpint(g_rename(place.copy, inside), ==, 0);
    g_autoptr(Database) copy = database_open(inside, &error);
    g_assert_no_error(error);
    g_assert_cmpint(ask(copy, "SELECT count(*) FROM settings"), ==, before);
    place_clear(&place);
}

/* Overwrites a piece in the middle of the file. */
static void damage(const char *path)
{
    FILE *file = fopen(path, "r+");
    char junk[65536];
    memset(junk, 0x5a, sizeof junk);
    g_assert_nonnull(file);
    g_assert_cmpint(fseek(file, 8 * 4096, SEEK_SET), ==, 0);
    g_assert_cmpint(fwrite(junk, 1, sizeof junk, file), ==, sizeof junk);
    fclose(file);
}

static void test_a_damaged_database_is_found_and_leaves_no_copy(void)
{
    Place place;
    g_autoptr(GError) error = NULL, second = NULL;
    place_init(&place);
    g_clear_pointer(&place.database, database_close); /* everything is in the file now */
    g_assert_true(maintenance_check_database(place.dir, &error));
    damage(place.path);
    g_assert_false(maintenance_check_database(place.dir, &error));
    g_assert_nonnull(error);
    g_assert_false(database_copy(place.path, place.copy, NULL, NULL, &second));
    g_assert_nonnull(second);
    g_assert_false(g_file_test(place.copy, G_FILE_TEST_EXISTS));
    place_clear(&place);
}

static int64_t epoch_of(const char *path, int64_t root_epoch)
{
    int64_t epoch = 0;
    g_autoptr(Database) database = database_open(path, NULL);
    g_assert_true(epoch_store_read(database, root_epoch, &epoch, NULL));
    return epoch;
}

static void test_taking_over_the_same_copy_twice_never_gives_the_same_epoch(void)
{
    Place place;
    int64_t first = 0, second = 0;
    place_init(&place);
    g_clear_pointer(&place.database, database_close);
    g_assert_cmpint(epoch_of(place.path, 1), ==, 1);
    g_autofree char *keep = NULL;
    size_t length = 0;
    g_assert_true(g_file_get_contents(place.path, &keep, &length, NULL));
    g_assert_true(maintenance_take_over(place.dir, NOW_US - DAY_US, NOW_US, &first, NULL));
    g_assert_cmpint(epoch_of(place.path, 1), ==, first);
    /* given the copy as it was, which knows nothing of the first time */
    g_assert_true(g_file_set_contents(place.path, keep, (gssize)length, NULL));
    g_assert_true(maintenance_take_over(place.dir, NOW_US - DAY_US, NOW_US + 2 * G_USEC_PER_SEC,
                                        &second, NULL));
    g_assert_cmpint(second, >, first);
    place_clear(&place);
}

static void test_a_clock_that_went_back_still_raises_the_epoch(void)
{
    Place place;
    int64_t first = 0, second = 0;
    place_init(&place);
    g_clear_pointer(&place.database, database_close);
    g_assert_true(maintenance_take_over(place.dir, NOW_US - DAY_US, NOW_US, &first, NULL));
    g_assert_true(maintenance_take_over(place.dir, NOW_US - DAY_US, 0, &second, NULL));
    g_assert_cmpint(second, ==, first + 1);
    place_clear(&place);
}

static void test_nobody_is_logged_in_after_a_restore(void)
{
    Place place;
    int64_t epoch = 0;
    place_init(&place);
    g_assert_true(database_script(
        place.database,
        "INSERT INTO users (id, login, name, password_hash, created_us) "
        "VALUES ('u', 'lan', 'Lan', 'x', 0);"
        "INSERT INTO sessions (id, user_id, created_us, seen_us) VALUES ('s', 'u', 0, 0);",
        NULL));
    g_clear_pointer(&place.database, database_close);
    g_assert_true(maintenance_take_over(place.dir, NOW_US, NOW_US, &epoch, NULL));
    g_autoptr(Database) after = database_open(place.path, NULL);
    g_assert_cmpint(ask(after, "SELECT count(*) FROM sessions"), ==, 0);
    g_assert_cmpint(ask(after, "SELECT count(*) FROM users"), ==, 1);
    place_clear(&place);
}

static void test_a_directory_in_use_is_not_taken_over(void)
{
    Place place;
    int64_t epoch = 0;
    g_autoptr(GError) error = NULL;
    place_init(&place);
    g_assert_false(maintenance_take_over(place.dir, NOW_US, NOW_US, &epoch, &error));
    g_assert_error(error, DATABASE_ERROR, DATABASE_ERROR_BUSY);
    place_clear(&place);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/maintenance/copy",
                    test_a_copy_is_of_one_instant_while_the_controller_goes_on);
    g_test_add_func("/maintenance/damaged", test_a_damaged_database_is_found_and_leaves_no_copy);
    g_test_add_func("/maintenance/twice",
                    test_taking_over_the_same_copy_twice_never_gives_the_same_epoch);
    g_test_add_func("/maintenance/clock", test_a_clock_that_went_back_still_raises_the_epoch);
    g_test_add_func("/maintenance/sessions", test_nobody_is_logged_in_after_a_restore);
    g_test_add_func("/maintenance/in_use", test_a_directory_in_use_is_not_taken_over);
    return g_test_run();
}
