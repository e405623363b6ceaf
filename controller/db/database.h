/* The controller's database: one file, one connection that writes, statements with bound values.
 *
 * SQLite behind it (WAL, synchronous=FULL, foreign keys, mmap off, one writer, checkpoints beside
 * it); only database*.c know that. SQL stands in the *_store.c of each room, with $1..$n bound in
 * order, in the subset that SQLite and PostgreSQL share.
 *
 * A commit that fails because the disk did is fatal by design: the process says so and ends, since
 * after a failed fsync nobody knows what is on the disk. A full disk is an error like any other. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Database Database;
typedef struct Query Query;

typedef enum {
    DATABASE_ERROR_FAILED,
    DATABASE_ERROR_FULL,       /* no room on the disk: nothing was changed */
    DATABASE_ERROR_CONSTRAINT, /* unique, foreign key or check */
    DATABASE_ERROR_BUSY,       /* another controller holds the data directory */
} DatabaseError;
#define DATABASE_ERROR (database_error_quark())
GQuark database_error_quark(void);

/* Opens or creates `path`, takes the lock on its directory for good, brings the schema up to date
 * (migrate.h). ":memory:" for tests. */
Database *database_open(const char *path, GError **error);
/* For tests of migrations: stops after the one with number `last_migration`. */
Database *database_open_to(const char *path, int last_migration, GError **error);
/* Only reads, for a thread of its own: a long report does not hold up the loop. */
Database *database_open_reader(const char *path, GError **error);
const char *database_path(const Database *self); /* NULL for one in memory */
void database_close(Database *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Database, database_close)

/* Transactions nest by counting; the outermost commits. After a rollback inside, the outermost
 * commit fails. Always pair: if (!database_begin) return; ... database_commit or database_rollback.
 */
bool database_begin(Database *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool database_commit(Database *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void database_rollback(Database *self);
/* Writing to see what would be: all between the two is undone, and an outer transaction goes on as
 * if nothing had been. Not for what asks for database_after_commit. */
bool database_trial_begin(Database *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void database_trial_end(Database *self);

/* Runs once the outermost transaction has committed (or at once without one); not after a rollback.
 * The same pair asked for twice runs once. This is where waking stations and browsers belongs. */
void database_after_commit(Database *self, void (*run)(void *user), void *user);

/* Several statements without values (migrations). */
bool database_script(Database *self, const char *sql, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A statement, prepared once and kept by its text: `sql` must be a string constant. Reset and
 * unbound when handed out; query_done() gives it back. */
Query *database_query(Database *self, const char *sql);
void query_done(Query *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Query, query_done)

/* Bind the next value, $1 first. Text and blobs are copied. NULL text binds NULL. */
void query_text(Query *self, const char *value);
void query_int(Query *self, int64_t value);
void query_real(Query *self, double value);
void query_bool(Query *self, bool value);
void query_blob(Query *self, const void *bytes, size_t length);
void query_null(Query *self);

/* query_next: 1 = a row, 0 = no more, -1 = error. query_run: to the end; rows are skipped. */
int query_next(Query *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool query_run(Query *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
int64_t query_changes(Query *self); /* rows changed by the last query_run */
/* Runs what should change one row; a constraint error that says `otherwise` where it did not. */
bool query_run_one(Query *self, const char *otherwise, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Columns of the current row, from 0. Text and blobs are borrowed until the next step. */
const char *row_text(Query *self, int column); /* NULL for NULL */
int64_t row_int(Query *self, int column);
double row_real(Query *self, int column);
bool row_bool(Query *self, int column);
bool row_is_null(Query *self, int column);
const void *row_blob(Query *self, int column, size_t *ret_length);
