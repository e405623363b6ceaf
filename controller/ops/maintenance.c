/* The jobs that need the database but no running controller. The take-over is one
 * transaction: a restore that is cut off leaves a copy that was not taken over, never half of one.
 */
#include "ops/maintenance.h"

#include <stdio.h>

#include "db/database_copy.h"
#include "fleet/epoch_store.h"
#include "ledger/receipt_store.h"
#include "ledger/rollup_store.h"
#include "ops/restore_store.h"
#include "registry/shelf_check_store.h"

static char *database_file(const char *data_dir)
{
    return g_build_filename(data_dir, "loa.db", NULL);
}

static void say_percent(unsigned percent, void *user)
{
    (void)user;
    fprintf(stderr, "\rdatabase: %u %%%s", percent, percent == 100 ? "\n" : "");
}

bool maintenance_copy_database(const char *data_dir, const char *to, GError **error)
{
    g_autofree char *path = database_file(data_dir);
    return database_copy(path, to, say_percent, NULL, error);
}

bool maintenance_check_database(const char *data_dir, GError **error)
{
    g_autofree char *path = database_file(data_dir);
    return database_check(path, error);
}

bool maintenance_take_over(const char *data_dir, int64_t copied_us, int64_t now_us,
                           int64_t *ret_epoch, GError **error)
{
    g_autofree char *path = database_file(data_dir);
    if (!database_check(path, error))
        return false;
    g_autoptr(Database) database = database_open(path, error);
    if (!database || !database_begin(database, error))
        return false;
    if (!epoch_store_raise(database, copied_us, now_us, ret_epoch, error) ||
        !receipt_store_expect_gaps(database, error) || !restore_store_forget(database, error)) {
        database_rollback(database);
        return false;
    }
    return database_commit(database, error);
}

static bool recount(Database *database, int64_t *ret_rows, GError **error)
{
    int64_t left = 0;
    if (!rollup_store_wrong(database, ret_rows, error))
        return false;
    if (*ret_rows == 0)
        return true;
    if (!rollup_store_rebuild(database, error) || !rollup_store_wrong(database, &left, error))
        return false;
    if (left > 0)
        g_set_error(error, DATABASE_ERROR, DATABASE_ERROR_FAILED,
                    "the counts still differ in %" G_GINT64_FORMAT " rows after a full count; "
                    "nothing was changed",
                    left);
    return left == 0;
}

bool maintenance_recount(const char *data_dir, int64_t *ret_rows, GError **error)
{
    g_autofree char *path = database_file(data_dir);
    g_autoptr(Database) database = database_open(path, error);
    if (!database || !database_begin(database, error))
        return false;
    if (!recount(database, ret_rows, error)) {
        database_rollback(database);
        return false;
    }
    return database_commit(database, error);
}

static bool compare_index(const char *path, GError **error)
{
    g_autoptr(Database) reader = database_open_reader(path, error);
    return reader && shelf_check_store_compare(reader, error);
}

bool maintenance_check_index(const char *data_dir, GError **error)
{
    g_autofree char *path = database_file(data_dir);
    return compare_index(path, error);
}

bool maintenance_reindex(const char *data_dir, bool *ret_was_wrong, GError **error)
{
    g_autofree char *path = database_file(data_dir);
    g_autoptr(Database) database = database_open(path, error);
    if (!database)
        return false;
    *ret_was_wrong = !compare_index(path, NULL) || !shelf_check_store_look(database, NULL);
    if (!*ret_was_wrong)
        return true;
    return shelf_check_store_rebuild(database, error) && compare_index(path, error);
}
