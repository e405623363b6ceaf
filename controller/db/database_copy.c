/* SQLite's backup interface, run from a process of its own beside the controller.
 *
 * The source is held in one read transaction from the first page to the last, so what the
 * controller commits meanwhile is not in the copy and never makes the copy start again; the
 * write-ahead log merely cannot be reset so long. The source is opened read-only and the connection
 * never checkpoints. The copy is durable and checked before anybody is told that it is there. */
#include "db/database_copy.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define STEP_PAGES      2500 /* 10 MB between two words of progress */
#define BUSY_TIMEOUT_MS 10000

typedef sqlite3 Engine;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Engine, sqlite3_close)

static bool fail(Engine *engine, const char *what, const char *path, GError **error)
{
    g_set_error(error, DATABASE_ERROR, DATABASE_ERROR_FAILED, "%s: cannot %s: %s", path, what,
                sqlite3_errmsg(engine));
    return false;
}

static Engine *engine_open(const char *path, int flags, GError **error)
{
    g_autoptr(Engine) engine = NULL;
    if (sqlite3_open_v2(path, &engine, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        fail(engine, "be opened", path, error);
        return NULL;
    }
    sqlite3_busy_timeout(engine, BUSY_TIMEOUT_MS);
    sqlite3_db_config(engine, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    return g_steal_pointer(&engine);
}

static bool check(Engine *engine, const char *path, GError **error)
{
    sqlite3_stmt *row = NULL;
    bool good = false;
    if (sqlite3_prepare_v2(engine, "PRAGMA quick_check(1)", -1, &row, NULL) != SQLITE_OK ||
        sqlite3_step(row) != SQLITE_ROW)
        fail(engine, "be checked", path, error);
    else if (g_strcmp0((const char *)sqlite3_column_text(row, 0), "ok") == 0)
        good = true;
    else
        g_set_error(error, DATABASE_ERROR, DATABASE_ERROR_FAILED, "%s is damaged: %s", path,
                    sqlite3_column_text(row, 0));
    sqlite3_finalize(row);
    return good;
}

static bool copy_pages(Engine *source, Engine *target, const char *to,
                       void (*progress)(unsigned percent, void *user), void *user, GError **error)
{
    unsigned said = 0;
    sqlite3_backup *backup = sqlite3_backup_init(target, "main", source, "main");
    if (!backup)
        return fail(target, "be begun", to, error);
    int code;
    while ((code = sqlite3_backup_step(backup, STEP_PAGES)) == SQLITE_OK) {
        unsigned total = (unsigned)MAX(sqlite3_backup_pagecount(backup), 1);
        unsigned percent = 100 - (unsigned)sqlite3_backup_remaining(backup) * 100 / total;
        if (progress && percent != said)
            progress(percent, user);
        said = percent;
    }
    sqlite3_backup_finish(backup);
    if (code != SQLITE_DONE)
        return fail(target, "be copied", to, error);
    if (progress)
        progress(100, user);
    return true;
}

static bool copy_into(Engine *source, const char *from, const char *to,
                      void (*progress)(unsigned percent, void *user), void *user, GError **error)
{
    g_autoptr(Engine) target =
        engine_open(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE, error);
    if (!target)
        return false;
    /* A first read fixes what the whole copy is of. */
    const char *freeze = "BEGIN; SELECT count(*) FROM sqlite_schema;";
    if (sqlite3_exec(source, freeze, NULL, NULL, NULL) != SQLITE_OK)
        return fail(source, "be read", from, error);
    return copy_pages(source, target, to, progress, user, error) && check(target, to, error);
}

bool database_copy(const char *from, const char *to, void (*progress)(unsigned percent, void *user),
                   void *user, GError **error)
{
    g_autoptr(Engine) source = engine_open(from, SQLITE_OPEN_READONLY, error);
    if (!source)
        return false;
    if (g_file_test(to, G_FILE_TEST_EXISTS)) {
        g_set_error(error, DATABASE_ERROR, DATABASE_ERROR_FAILED, "%s is there already", to);
        return false;
    }
    if (copy_into(source, from, to, progress, user, error))
        return true;
    (void)g_unlink(to);
    return false;
}

bool database_check(const char *path, GError **error)
{
    g_autoptr(Engine) engine = engine_open(path, SQLITE_OPEN_READONLY, error);
    return engine && check(engine, path, error);
}
