/* What the files behind database.h share; nobody else includes it. Spelled without SQLite's own
 * header, which stays with the .c files. */
#pragma once

#include "db/database.h"

#define DATABASE_MAX_PARAMETERS 32

struct sqlite3;
struct sqlite3_stmt;
typedef struct DatabaseCheckpoint DatabaseCheckpoint;

struct Database {
    struct sqlite3 *handle;
    int lock_fd;
    GHashTable *queries; /* text -> Query */
    unsigned depth;      /* of nested transactions */
    DatabaseError broken_code;
    bool broken; /* something inside the transaction was rolled back */
    GArray *after_commit;
    DatabaseCheckpoint *checkpoint; /* NULL without a file */
};

struct Query {
    Database *database;
    struct sqlite3_stmt *statement; /* NULL when the text could not be prepared */
    int index[DATABASE_MAX_PARAMETERS + 1];
    unsigned bound;
    bool in_use;
    bool kept;
    int prepare_code;
    char *prepare_error;
    int64_t changes;
};

DatabaseError database_code(int sqlite_code);
/* The disk failed under a write: says so and ends the process. */
G_NORETURN void database_disk_failed(struct sqlite3 *handle, int code);
void database_set_error(Database *self, int code, const char *sql, GError **error);
void database_query_free(void *query);

/* Copies the write-ahead log into the database beside the main loop. */
DatabaseCheckpoint *database_checkpoint_new(const char *path);
void database_checkpoint_every(DatabaseCheckpoint *self, int pages); /* for tests */
void database_checkpoint_free(DatabaseCheckpoint *self); /* waits for the one under way */
/* Right after a commit that left the log at `pages`, from the thread that commits. */
void database_checkpoint_consider(DatabaseCheckpoint *self, int pages);
