/* The only file that knows SQLite.
 *
 * One connection writes and checkpoints; everything runs in the main loop, so there are no locks
 * here. Statements are kept by their text and handed out one at a time; a second user of the same
 * text meanwhile gets one of its own.
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
#include "db/migrate.h"

#define CHECKPOINT_PAGES 20000 /* 80 MB of WAL: fewer, longer checkpoints write less in all */
#define BUSY_TIMEOUT_MS  2000  /* a backup tool may hold the database for a moment */
#define CACHE_KIB        "-65536" /* the log's indexes take rows at random places: 3x as fast as 2 MiB */
#define MAX_PARAMETERS   32

G_DEFINE_QUARK(database_error, database_error)

typedef struct AfterCommit {
    void (*run)(void *user);
    void *user;
} AfterCommit;

struct Database {
    sqlite3 *handle;
    int lock_fd;
    GHashTable *queries; /* text -> Query */
    unsigned depth;      /* of nested transactions */
    DatabaseError broken_code;
    bool broken; /* something inside the transaction was rolled back */
    GArray *after_commit;
};

struct Query {
    Database *database;
    sqlite3_stmt *statement; /* NULL when the text could not be prepared */
    int index[MAX_PARAMETERS + 1];
    unsigned bound;
    bool in_use;
    bool kept;
    int prepare_code;
    char *prepare_error;
    int64_t changes;
};

static DatabaseError error_code(int sqlite_code)
{
    switch (sqlite_code & 0xff) {
    case SQLITE_FULL: return DATABASE_ERROR_FULL;
    case SQLITE_CONSTRAINT: return DATABASE_ERROR_CONSTRAINT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return DATABASE_ERROR_BUSY;
    default: return DATABASE_ERROR_FAILED;
    }
}

G_NORETURN static void disk_failed(Database *self, int code)
{
    log_write(G_LOG_LEVEL_CRITICAL, NULL,
              "the disk failed while the database was written (%s, %d, errno %d): ending now, "
              "since nobody knows what is on it; check the disk, then start again",
              sqlite3_errmsg(self->handle), code, sqlite3_system_errno(self->handle));
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
    self->broken_code = error_code(code);
}

static void set_error(Database *self, int code, const char *sql, GError **error)
{
    int extended = sqlite3_extended_errcode(self->handle);
    if (is_sync_failure(extended))
        disk_failed(self, extended);
    note_engine_rollback(self, code);
    g_set_error(error, DATABASE_ERROR, error_code(code), "%s (in: %.80s)",
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
        set_error(self, code, sql, error);
    return code == SQLITE_OK;
}

/* In place of SQLite's own hook, which does not tell when a checkpoint failed. */
static int on_wal_grown(void *user, sqlite3 *handle, const char *schema, int pages)
{
    Database *self = user;
    if (pages < CHECKPOINT_PAGES)
        return SQLITE_OK;
    int code = sqlite3_wal_checkpoint_v2(handle, schema, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if ((code & 0xff) == SQLITE_IOERR)
        disk_failed(self, code);
    return SQLITE_OK; /* busy or full: the next one will do it */
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

static void query_free(void *data)
{
    Query *self = data;
    sqlite3_finalize(self->statement);
    g_free(self->prepare_error);
    g_free(self);
}

static bool open_engine(Database *self, const char *path, GError **error)
{
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
    sqlite3_wal_hook(self->handle, on_wal_grown, self);
    return true;
}

Database *database_open_to(const char *path, int last_migration, GError **error)
{
    g_autoptr(Database) self = g_new0(Database, 1);
    self->lock_fd = -1;
    self->queries = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, query_free);
    self->after_commit = g_array_new(FALSE, FALSE, sizeof(AfterCommit));
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

void database_close(Database *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->queries);
    g_array_unref(self->after_commit);
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
        disk_failed(self, code);
    if (code != SQLITE_OK) {
        set_error(self, code, "COMMIT", error);
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

/* $1, $2 ... are names to SQLite, numbered by where they first stand in the text. */
static void map_parameters(Query *self, const char *sql)
{
    int count = sqlite3_bind_parameter_count(self->statement);
    for (int i = 1; i <= count; i++) {
        const char *name = sqlite3_bind_parameter_name(self->statement, i);
        int number = name && name[0] == '$' ? atoi(name + 1) : 0;
        if (number < 1 || number > MAX_PARAMETERS)
            g_critical("parameter %s is not $1..$%d: %s", name ? name : "?", MAX_PARAMETERS, sql);
        else
            self->index[number] = i;
    }
}

static Query *query_prepare(Database *database, const char *sql, bool kept)
{
    Query *self = g_new0(Query, 1);
    self->database = database;
    self->kept = kept;
    unsigned flags = kept ? SQLITE_PREPARE_PERSISTENT : 0;
    int code = sqlite3_prepare_v3(database->handle, sql, -1, flags, &self->statement, NULL);
    if (code == SQLITE_OK) {
        map_parameters(self, sql);
        return self;
    }
    self->prepare_code = code;
    self->prepare_error = g_strdup(sqlite3_errmsg(database->handle));
    self->kept = false; /* try again next time */
    return self;
}

Query *database_query(Database *self, const char *sql)
{
    Query *query = g_hash_table_lookup(self->queries, sql);
    if (query && !query->in_use) {
        query->in_use = true;
        return query;
    }
    Query *fresh = query_prepare(self, sql, query == NULL);
    fresh->in_use = true;
    if (fresh->kept)
        g_hash_table_insert(self->queries, (char *)sql, fresh);
    return fresh;
}

void query_done(Query *self)
{
    if (!self)
        return;
    if (!self->kept) {
        query_free(self);
        return;
    }
    sqlite3_reset(self->statement);
    sqlite3_clear_bindings(self->statement);
    self->bound = 0;
    self->in_use = false;
}

/* Index of the next value; 0 when there is no such place. */
static int next_place(Query *self)
{
    if (!self->statement)
        return 0;
    self->bound++;
    int index = self->bound <= MAX_PARAMETERS ? self->index[self->bound] : 0;
    if (index == 0)
        g_critical("no $%u in: %s", self->bound, sqlite3_sql(self->statement));
    return index;
}

void query_text(Query *self, const char *value)
{
    int place = next_place(self);
    if (place)
        sqlite3_bind_text(self->statement, place, value, -1, SQLITE_TRANSIENT);
}

void query_int(Query *self, int64_t value)
{
    int place = next_place(self);
    if (place)
        sqlite3_bind_int64(self->statement, place, value);
}

void query_real(Query *self, double value)
{
    int place = next_place(self);
    if (place)
        sqlite3_bind_double(self->statement, place, value);
}

void query_bool(Query *self, bool value)
{
    query_int(self, value ? 1 : 0);
}

void query_blob(Query *self, const void *bytes, size_t length)
{
    int place = next_place(self);
    if (place)
        sqlite3_bind_blob64(self->statement, place, length ? bytes : "", length, SQLITE_TRANSIENT);
}

void query_null(Query *self)
{
    int place = next_place(self);
    if (place)
        sqlite3_bind_null(self->statement, place);
}

/* False when the statement must not run at all. */
static bool may_step(Query *self, GError **error)
{
    Database *database = self->database;
    if (!self->statement) {
        g_set_error(error, DATABASE_ERROR, error_code(self->prepare_code), "%s",
                    self->prepare_error);
        return false;
    }
    if (!database->broken)
        return true;
    g_set_error(error, DATABASE_ERROR, database->broken_code,
                "the transaction was rolled back already");
    return false;
}

int query_next(Query *self, GError **error)
{
    if (!may_step(self, error))
        return -1;
    int code = sqlite3_step(self->statement);
    if (code == SQLITE_ROW)
        return 1;
    if (code == SQLITE_DONE) {
        self->changes = sqlite3_changes64(self->database->handle);
        return 0;
    }
    set_error(self->database, code, sqlite3_sql(self->statement), error);
    sqlite3_reset(self->statement);
    return -1;
}

bool query_run(Query *self, GError **error)
{
    int more;
    do {
        more = query_next(self, error);
    } while (more == 1);
    return more == 0;
}

int64_t query_changes(Query *self)
{
    return self->changes;
}

const char *row_text(Query *self, int column)
{
    return (const char *)sqlite3_column_text(self->statement, column);
}

int64_t row_int(Query *self, int column)
{
    return sqlite3_column_int64(self->statement, column);
}

double row_real(Query *self, int column)
{
    return sqlite3_column_double(self->statement, column);
}

bool row_bool(Query *self, int column)
{
    return row_int(self, column) != 0;
}

bool row_is_null(Query *self, int column)
{
    return sqlite3_column_type(self->statement, column) == SQLITE_NULL;
}

const void *row_blob(Query *self, int column, size_t *ret_length)
{
    const void *bytes = sqlite3_column_blob(self->statement, column);
    *ret_length = (size_t)sqlite3_column_bytes(self->statement, column);
    return bytes;
}
