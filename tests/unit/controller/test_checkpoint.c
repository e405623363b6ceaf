/* Checkpoints beside the writer: nothing that was committed is lost, the log starts over, and a
 * reader sees one moment throughout. */
#include <glib/gstdio.h>
#include <stdlib.h>

#include "db/database_copy.h"
#include "db/database_private.h"

#define ROWS    1500
#define PAGES   24    /* of log: hundreds of checkpoints in one run */
#define LOG_MAX 20000 /* pages; with a checkpoint every 24 the log stays far below */

typedef struct Place {
    char *dir, *path, *log;
    Database *database;
} Place;

static void place_init(Place *place)
{
    g_autoptr(GError) error = NULL;
    place->dir = g_dir_make_tmp("loa-checkpoint-XXXXXX", NULL);
    place->path = g_build_filename(place->dir, "loa.db", NULL);
    place->log = g_strconcat(place->path, "-wal", NULL);
    place->database = database_open(place->path, &error);
    g_assert_no_error(error);
    database_checkpoint_every(place->database->checkpoint, PAGES);
}

static void place_clear(Place *place)
{
    g_autofree char *command = g_strdup_printf("rm -rf %s", place->dir);
    g_assert_cmpint(system(command), ==, 0);
    g_free(place->dir);
    g_free(place->path);
    g_free(place->log);
}

static void write_row(Database *database, unsigned number)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = g_strdup_printf("row %u", number % 499); /* pages are written again */
    g_autofree char *value = g_strnfill(200 + number % 1500, (char)('a' + number % 26));
    g_autoptr(Query) query =
        database_query(database, "INSERT INTO settings (name, value) VALUES ($1, $2) "
                                 "ON CONFLICT (name) DO UPDATE SET value = excluded.value || $3");
    g_autofree char *mark = g_strdup_printf(" %u", number);
    query_text(query, name);
    query_text(query, value);
    query_text(query, mark);
    g_assert_true(database_begin(database, &error));
    bool ok = query_run(query, &error) && database_commit(database, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
}

static char *value_of(Database *database, unsigned number)
{
    g_autofree char *name = g_strdup_printf("row %u", number);
    g_autoptr(Query) query = database_query(database, "SELECT value FROM settings WHERE name = $1");
    query_text(query, name);
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    return g_strdup(row_text(query, 0));
}

static int64_t size_of(const char *path)
{
    GStatBuf about;
    return g_stat(path, &about) == 0 ? (int64_t)about.st_size : 0;
}

static void test_nothing_is_lost_and_the_log_starts_over(void)
{
    Place place;
    place_init(&place);
    int64_t empty = size_of(place.path), longest = 0;
    for (unsigned i = 0; i < ROWS; i++) {
        write_row(place.database, i);
        longest = MAX(longest, size_of(place.log));
    }
    g_assert_cmpint(size_of(place.path), >, empty + 100 * 1024); /* copied while we wrote */
    g_assert_cmpint(longest, <, LOG_MAX * 4096);
    g_assert_cmpint(longest, >, PAGES * 4096);
    database_close(place.database);
    g_autoptr(GError) error = NULL;
    g_assert_true(database_check(place.path, &error));
    g_assert_no_error(error);
    Database *again = database_open(place.path, &error);
    g_assert_no_error(error);
    for (unsigned i = 0; i < 499; i++) {
        g_autofree char *value = value_of(again, i);
        unsigned last = i + (ROWS - 1 - i) / 499 * 499;
        g_autofree char *mark = g_strdup_printf(" %u", last);
        g_assert_true(g_str_has_suffix(value, mark));
    }
    database_close(again);
    place_clear(&place);
}

static int64_t count(Database *database)
{
    g_autoptr(Query) query = database_query(database, "SELECT count(*) FROM settings");
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    return row_int(query, 0);
}

static void test_a_reader_sees_one_moment_and_cannot_write(void)
{
    Place place;
    place_init(&place);
    write_row(place.database, 1);
    g_autoptr(GError) error = NULL;
    g_autoptr(Database) reader = database_open_reader(database_path(place.database), &error);
    g_assert_no_error(error);
    g_assert_true(database_script(reader, "BEGIN", NULL));
    int64_t before = count(reader);
    for (unsigned i = 2; i < 300; i++)
        write_row(place.database, i);
    g_assert_cmpint(count(reader), ==, before);
    g_assert_true(database_script(reader, "COMMIT", NULL));
    g_assert_cmpint(count(reader), ==, before + 298);
    g_assert_false(database_script(reader, "DELETE FROM settings", NULL));
    g_assert_cmpint(count(place.database), ==, before + 298);
    database_close(g_steal_pointer(&reader));
    database_close(place.database);
    place_clear(&place);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/checkpoint/nothing_lost", test_nothing_is_lost_and_the_log_starts_over);
    g_test_add_func("/checkpoint/reader", test_a_reader_sees_one_moment_and_cannot_write);
    return g_test_run();
}
