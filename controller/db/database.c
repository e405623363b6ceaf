/* The connection and its transactions; database*.c are the only files that know SQLite.
 *
 * One connection writes, in the main loop, so there are no locks here; the checkpoints run beside
 * it (database_checkpoint.c). Readers are connections of their own, each for one thread.
 *
 * Three things are never papered over: a disk that failed under a commit or a checkpoint ends the
 * process (after a failed fsync nobody knows what is on the disk), a second controller on the same
 * data directory is turned away, and a statement never runs outside the transaction that its
 * caller believes to be in (SQLite rolls back by itself when the disk is full). */
#include "db/database.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/log.h"
#include "db/database_private.h"
#include "db/migrate.h"

#define BUSY_TIMEOUT_MS         2000 /* a backup tool may hold the database for a moment */
#define STATEMENT_JOURNAL_BYTES (256 * 1024)
#define CACHE_KIB               "-65536" /* the log's indexes take rows at random places: 3x as fast as 2 MiB */

G_DEFINE_QUARK(database_error, database_error)

typedef struct AfterCommit {
    void (*run)(void *user);
    void *user;
} AfterCommit;

DatabaseError database_code(int sqlite_code)
{
    switch (sqlite_code & 0xff) {
    case SQLITE_FULL: return DATABASE_ERROR_FULL;
    case SQLITE_CONSTRAINT: return DATABASE_ERROR_CONSTRAINT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return DATABASE_ERROR_BUSY;
    default: return DATABASE_ERROR_FAILED;
    }
}

void database_disk_failed(sqlite3 *handle, int code)
{
    log_write(G_LOG_LEVEL_CRITICAL, NULL,
              "the disk failed while the database was written (%s, %d, errno %d): ending now, "
              "since nobody knows what is on it; check the disk, then start again",
              sqlite3_errmsg(handle), code, sqlite3_system_errno(handle));
    _exit(EXIT_FAILURE);
}

static bool is_sync_failure(int code)
{
    return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC ||
           code == SQLITE_IOERR_TRUNCATE;
}

/* SQLite ends a transaction by itself on a full disk and the like. */
static void note_engine_rollback(Database *self, int code)
{
    if (self->depth == 0 || self->broken || !sqlite3_get_autocommit(self->handle))
        return;
    self->broken = true;
    self->broken_code = database_code(code);
}

void database_set_error(Database *self, int code, const char *sql, GError **error)
{
    int extended = sqlite3_extended_errcode(self->handle);
    if (is_sync_failure(extended))
        database_disk_failed(self->handle, extended);
    note_engine_rollback(self, code);
    g_set_error(error, DATABASE_ERROR, database_code(code), "%s (in: %.80s)",
                sqlite3_errmsg(self->handle), sql);
}

/* Runs text without values. */
static int exec_code(Database *self, const char *sql)
{
    return sqlite3_exec(self->handle, sql, NULL, NULL, NULL);
}

bool database_script(Database *self, const char *sql, GError **error)
{
    int code = exec_code(self, sql);
    if (code != SQLITE_OK)
        database_set_error(self, code, sql, error);
    return code == SQLITE_OK;
}

/* In place of SQLite's own hook, which checkpoints here and now. */
static int on_wal_grown(void *user, sqlite3 *handle, const char *schema, int pages)
{
    (void)handle;
    (void)schema;
    database_checkpoint_consider(user, pages);
    return SQLITE_OK;
}

static bool take_lock(Database *self, const char *path, GError **error)
{
    g_autofree char *directory = g_path_get_dirname(path);
    g_autofree char *lock = g_build_filename(directory, "lock", NULL);
    self->lock_fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (self->lock_fd < 0) {
        g_set_error(error, DATABASE_ERROR, DATABASE_ERROR_FAILED, "cannot open %s: %s", lock,
                    g_strerror(errno));
        return false;
    }
    if (flock(self->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        g_set_error(error, DATABASE_ERROR, DATABASE_ERROR_BUSY,
                    "another controller works in %s; stop it first", directory);
        return false;
    }
    return true;
}

/* Once, before the first connection. Nobody asks the engine how much memory it uses, and counting
 * it takes a lock for each piece; a row of the log with all that its triggers count fills a
 * statement journal of the usual 64 KiB, which then goes through a file. */
static gpointer configure_engine(gpointer unused)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, STATEMENT_JOURNAL_BYTES);
    return unused;
}

static bool open_engine(Database *self, const char *path, GError **error)
{
    static GOnce configured = G_ONCE_INIT;
    g_once(&configured, configure_engine, NULL);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path, &self->handle, flags, NULL) != SQLITE_OK) {
        g_set_error(error, DATABASE_ERROR, DATABASE_ERROR_FAILED, "cannot open %s: %s", path,
                    sqlite3_errmsg(self->handle));
        return false;
    }
    sqlite3_extended_result_codes(self->handle, 1);
    sqlite3_busy_timeout(self->handle, BUSY_TIMEOUT_MS);
    if (!database_script(
            self,
            "PRAGMA mmap_size=0; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA cache_size=" CACHE_KIB ";",
            error)) {
        g_prefix_error(error, "%s: ", path);
        return false;
    }
    const char *file = sqlite3_db_filename(self->handle, "main");
    if (file && *file) {
        self->checkpoint = database_checkpoint_new(file);
        sqlite3_wal_hook(self->handle, on_wal_grown, self->checkpoint);
    }
    return true;
}

static Database *database_new(void)
{
    Database *self = g_new0(Database, 1);
    self->lock_fd = -1;
    self->queries = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, database_query_free);
    self->after_commit = g_array_new(FALSE, FALSE, sizeof(AfterCommit));
    return self;
}

Database *database_open_to(const char *path, int last_migration, GError **error)
{
    g_autoptr(Database) self = database_new();
    if (strcmp(path, ":memory:") != 0 && !take_lock(self, path, error))
        return NULL;
    if (!open_engine(self, path, error))
        return NULL;
    if (!migrate_run(self, last_migration, NULL, NULL, error)) {
        g_prefix_error(error, "%s: ", path);
        return NULL;
    }
    return g_steal_pointer(&self);
}

Database *database_open(const char *path, GError **error)
{
    return database_open_to(path, MIGRATE_ALL, error);
}

const char *database_path(const Database *self)
{
    const char *file = sqlite3_db_filename(self->handle, "main");
    return file && *file ? file : NULL;
}

Database *database_open_reader(const char *path, GError **error)
{
    g_autoptr(Database) self = database_new();
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path, &self->handle, flags, NULL) != SQLITE_OK) {
        g_set_error(error, DATABASE_ERROR, DATABASE_ERROR_FAILED, "cannot read %s: %s", path,
                    sqlite3_errmsg(self->handle));
        return NULL;
    }
    sqlite3_extended_result_codes(self->handle, 1);
    sqlite3_busy_timeout(self->handle, BUSY_TIMEOUT_MS);
    sqlite3_db_config(self->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    if (!database_script(self, "PRAGMA mmap_size=0; PRAGMA trusted_schema=OFF;", error))
        return NULL;
    return g_steal_pointer(&self);
}

void database_close(Database *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->queries);
    g_array_unref(self->after_commit);
    database_checkpoint_free(self->checkpoint);
    sqlite3_close_v2(self->handle);
    if (self->lock_fd >= 0)
        close(self->lock_fd);
    g_free(self);
}

bool database_begin(Database *self, GError **error)
{
    if (self->depth == 0 && !database_script(self, "BEGIN IMMEDIATE", error))
        return false;
    self->depth++;
    return true;
}

static void end_transaction(Database *self)
{
    if (!sqlite3_get_autocommit(self->handle))
        exec_code(self, "ROLLBACK");
    self->depth = 0;
    self->broken = false;
    g_array_set_size(self->after_commit, 0);
}

static void run_after_commit(Database *self)
{
    g_autoptr(GArray) due = self->after_commit;
    self->after_commit = g_array_new(FALSE, FALSE, sizeof(AfterCommit));
    for (unsigned i = 0; i < due->len; i++) {
        AfterCommit *entry = &g_array_index(due, AfterCommit, i);
        entry->run(entry->user);
    }
}

bool database_commit(Database *self, GError **error)
{
    g_return_val_if_fail(self->depth > 0, false);
    if (self->broken) {
        g_set_error(error, DATABASE_ERROR, self->broken_code,
                    "a part of the transaction was rolled back, so all of it is");
        database_rollback(self);
        return false;
    }
    if (self->depth > 1) {
        self->depth--;
        return true;
    }
    int code = exec_code(self, "COMMIT");
    if ((code & 0xff) == SQLITE_IOERR)
        database_disk_failed(self->handle, code);
    if (code != SQLITE_OK) {
        database_set_error(self, code, "COMMIT", error);
        end_transaction(self);
        return false;
    }
    self->depth = 0;
    run_after_commit(self);
    return true;
}

void database_rollback(Database *self)
{
    g_return_if_fail(self->depth > 0);
    if (self->depth == 1) {
        end_transaction(self);
        return;
    }
    self->depth--;
    if (!self->broken)
        self->broken_code = DATABASE_ERROR_FAILED;
    self->broken = true;
}

bool database_trial_begin(Database *self, GError **error)
{
    if (!database_begin(self, error))
        return false;
    if (database_script(self, "SAVEPOINT trial", error))
        return true;
    database_rollback(self);
    return false;
}

void database_trial_end(Database *self)
{
    g_return_if_fail(self->depth > 0);
    bool is_undone = !self->broken && exec_code(self, "ROLLBACK TO trial") == SQLITE_OK &&
                     exec_code(self, "RELEASE trial") == SQLITE_OK;
    if (is_undone && self->depth > 1)
        self->depth--;
    else
        database_rollback(self);
}

void database_after_commit(Database *self, void (*run)(void *user), void *user)
{
    if (self->depth == 0) {
        run(user);
        return;
    }
    for (unsigned i = 0; i < self->after_commit->len; i++) {
        AfterCommit *entry = &g_array_index(self->after_commit, AfterCommit, i);
        if (entry->run == run && entry->user == user)
            return;
    }
    AfterCommit entry = {.run = run, .user = user};
    g_array_append_val(self->after_commit, entry);
}
