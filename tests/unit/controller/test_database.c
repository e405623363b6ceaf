/* The database: transactions that nest, statements, and what happens when the disk does not play
 * along. */
#include "db/database.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>

typedef struct Fixture {
    char *folder;
    char *path;
    Database *database;
} Fixture;

static void run(Database *database, const char *sql)
{
    g_autoptr(GError) error = NULL;
    bool ok = database_script(database, sql, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
}

static int64_t count(Database *database)
{
    g_autoptr(Query) query = database_query(database, "SELECT count(*) FROM things");
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    return row_int(query, 0);
}

static bool add(Database *database, const char *name, GError **error)
{
    g_autoptr(Query) query = database_query(database, "INSERT INTO things (name) VALUES ($1)");
    query_text(query, name);
    return query_run(query, error);
}

static void set_up(Fixture *self, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    self->folder = g_dir_make_tmp("loa-db-XXXXXX", NULL);
    self->path = g_build_filename(self->folder, "loa.db", NULL);
    self->database = database_open(self->path, &error);
    g_assert_no_error(error);
    run(self->database, "CREATE TABLE things (name TEXT PRIMARY KEY) STRICT");
}

static void tear_down(Fixture *self, const void *data)
{
    (void)data;
    database_close(self->database);
    g_autofree char *command = g_strdup_printf("rm -rf '%s'", self->folder);
    g_assert_cmpint(system(command), ==, 0);
    g_free(self->path);
    g_free(self->folder);
}

static void test_inner_commit_waits_for_the_outer_one(Fixture *self, const void *data)
{
    (void)data;
    g_assert_true(database_begin(self->database, NULL));
    g_assert_true(database_begin(self->database, NULL));
    g_assert_true(add(self->database, "a", NULL));
    g_assert_true(database_commit(self->database, NULL));
    database_rollback(self->database);
    g_assert_cmpint(count(self->database), ==, 0);
}

static void test_inner_rollback_fails_the_outer_commit(Fixture *self, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_assert_true(database_begin(self->database, NULL));
    g_assert_true(add(self->database, "a", NULL));
    g_assert_true(database_begin(self->database, NULL));
    database_rollback(self->database);
    g_assert_false(add(self->database, "b", NULL)); /* nothing runs in a broken transaction */
    g_assert_false(database_commit(self->database, &error));
    g_assert_error(error, DATABASE_ERROR, DATABASE_ERROR_FAILED);
    g_assert_cmpint(count(self->database), ==, 0);
    g_assert_true(add(self->database, "c", NULL)); /* and the next one is free of it */
}

static void test_a_trial_leaves_the_outer_transaction_whole(Fixture *self, const void *data)
{
    (void)data;
    g_assert_true(database_begin(self->database, NULL));
    g_assert_true(add(self->database, "a", NULL));
    g_assert_true(database_trial_begin(self->database, NULL));
    g_assert_true(add(self->database, "b", NULL));
    g_assert_cmpint(count(self->database), ==, 2);
    database_trial_end(self->database);
    g_assert_cmpint(count(self->database), ==, 1);
    g_assert_true(database_commit(self->database, NULL));
    g_assert_true(database_trial_begin(self->database, NULL)); /* and alone */
    g_assert_true(add(self->database, "c", NULL));
    database_trial_end(self->database);
    g_assert_cmpint(count(self->database), ==, 1);
}

static void test_constraint_is_told_apart(Fixture *self, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_assert_true(add(self->database, "a", NULL));
    g_assert_false(add(self->database, "a", &error));
    g_assert_error(error, DATABASE_ERROR, DATABASE_ERROR_CONSTRAINT);
}

static void count_up(void *user)
{
    (*(int *)user)++;
}

static void test_after_commit_runs_once_and_only_after_a_commit(Fixture *self, const void *data)
{
    (void)data;
    int calls = 0;
    g_assert_true(database_begin(self->database, NULL));
    database_after_commit(self->database, count_up, &calls);
    database_after_commit(self->database, count_up, &calls);
    g_assert_cmpint(calls, ==, 0);
    g_assert_true(database_commit(self->database, NULL));
    g_assert_cmpint(calls, ==, 1);

    g_assert_true(database_begin(self->database, NULL));
    database_after_commit(self->database, count_up, &calls);
    database_rollback(self->database);
    g_assert_cmpint(calls, ==, 1);

    database_after_commit(self->database, count_up, &calls);
    g_assert_cmpint(calls, ==, 2);
}

static void test_values_are_bound_by_number(Fixture *self, const void *data)
{
    (void)data;
    g_autoptr(Query) query = database_query(self->database, "SELECT $2, $1, $3, $2, $4, $5");
    query_text(query, "first");
    query_int(query, 2);
    query_null(query);
    query_blob(query, "\0x", 2);
    query_real(query, 0.5);
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    size_t length = 0;
    g_assert_cmpint(row_int(query, 0), ==, 2);
    g_assert_cmpstr(row_text(query, 1), ==, "first");
    g_assert_true(row_is_null(query, 2));
    g_assert_null(row_text(query, 2));
    g_assert_cmpint(row_int(query, 3), ==, 2);
    g_assert_cmpmem(row_blob(query, 4, &length), 2, "\0x", 2);
    g_assert_cmpfloat(row_real(query, 5), ==, 0.5);
}

static void test_one_text_can_be_used_twice_at_once(Fixture *self, const void *data)
{
    (void)data;
    const char *sql = "SELECT name FROM things ORDER BY name";
    g_assert_true(add(self->database, "a", NULL));
    g_assert_true(add(self->database, "b", NULL));
    g_autoptr(Query) outer = database_query(self->database, sql);
    g_assert_cmpint(query_next(outer, NULL), ==, 1);
    {
        g_autoptr(Query) inner = database_query(self->database, sql);
        g_assert_cmpint(query_next(inner, NULL), ==, 1);
        g_assert_cmpstr(row_text(inner, 0), ==, "a");
    }
    g_assert_cmpint(query_next(outer, NULL), ==, 1);
    g_assert_cmpstr(row_text(outer, 0), ==, "b");
}

static void test_full_disk_changes_nothing(Fixture *self, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    run(self->database, "PRAGMA max_page_count=60");
    g_assert_true(add(self->database, "before", NULL));
    g_assert_true(database_begin(self->database, NULL));
    bool ok = true;
    for (int i = 0; ok && i < 100; i++) {
        g_autofree char *name = g_strnfill(8000, (char)('a' + i % 26));
        name[0] = (char)('A' + i % 50);
        ok = add(self->database, name, &error);
    }
    g_assert_error(error, DATABASE_ERROR, DATABASE_ERROR_FULL);
    g_clear_error(&error);
    g_assert_false(add(self->database, "outside", NULL)); /* never slips out of its transaction */
    g_assert_false(database_commit(self->database, &error));
    g_assert_error(error, DATABASE_ERROR, DATABASE_ERROR_FULL);
    g_assert_cmpint(count(self->database), ==, 1);
}

static void test_second_controller_is_refused(Fixture *self, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_assert_null(database_open(self->path, &error));
    g_assert_error(error, DATABASE_ERROR, DATABASE_ERROR_BUSY);
    g_clear_pointer(&self->database, database_close);
    self->database = database_open(self->path, NULL);
    g_assert_nonnull(self->database);
}

static void test_failing_disk_under_a_commit_ends_the_process(Fixture *self, const void *data)
{
    (void)data;
    if (g_test_subprocess()) {
        struct rlimit limit = {.rlim_cur = 4096, .rlim_max = 4096}; /* writes fail with EFBIG */
        signal(SIGXFSZ, SIG_IGN);
        g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
        g_assert_true(database_begin(self->database, NULL));
        g_assert_true(add(self->database, "a", NULL));
        bool committed = database_commit(self->database, NULL);
        g_test_message("still here: %d", committed);
        exit(0);
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*disk failed*");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add("/database/" #name, Fixture, NULL, set_up, test_##name, tear_down)
    ADD(inner_commit_waits_for_the_outer_one);
    ADD(inner_rollback_fails_the_outer_commit);
    ADD(a_trial_leaves_the_outer_transaction_whole);
    ADD(constraint_is_told_apart);
    ADD(after_commit_runs_once_and_only_after_a_commit);
    ADD(values_are_bound_by_number);
    ADD(one_text_can_be_used_twice_at_once);
    ADD(full_disk_changes_nothing);
    ADD(second_controller_is_refused);
    ADD(failing_disk_under_a_commit_ends_the_process);
    return g_test_run();
}
