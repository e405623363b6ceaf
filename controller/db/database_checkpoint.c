/* Checkpoints beside the main loop: a thread with a connection of its own copies the write-ahead
 * log into the database, so that the loop goes on committing while the disk works.
 *
 * Before 3.51.3 SQLite can lose frames when a checkpoint begins at the instant at which another
 * connection starts the log over. A log is started over only when all of it is copied. So a
 * checkpoint begins right after a commit that added frames, when there is something left to copy;
 * from there on only the checkpoint itself can make the log wholly copied, and it is the only one:
 * never two at a time, and neither connection checkpoints by itself. A passive one waits for nobody
 * and holds nobody up. */
#include "db/database_private.h"

#include <sqlite3.h>

#define CHECKPOINT_PAGES 20000 /* 80 MB of log: fewer, longer checkpoints write less in all */

struct DatabaseCheckpoint {
    char *path;
    int pages;       /* of log that start one */
    sqlite3 *handle; /* of the thread; opened by the first */
    GThread *thread; /* NULL = none was ever started */
    int is_running;  /* atomic */
};

DatabaseCheckpoint *database_checkpoint_new(const char *path)
{
    DatabaseCheckpoint *self = g_new0(DatabaseCheckpoint, 1);
    self->path = g_strdup(path);
    self->pages = CHECKPOINT_PAGES;
    return self;
}

static bool open_handle(DatabaseCheckpoint *self)
{
    if (self->handle)
        return true;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(self->path, &self->handle, flags, NULL) == SQLITE_OK &&
        sqlite3_exec(self->handle, "PRAGMA mmap_size=0; PRAGMA synchronous=FULL;", NULL, NULL,
                     NULL) == SQLITE_OK) {
        sqlite3_extended_result_codes(self->handle, 1);
        sqlite3_wal_autocheckpoint(self->handle, 0);
        sqlite3_db_config(self->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        return true;
    }
    sqlite3_close_v2(self->handle);
    self->handle = NULL;
    return false;
}

static void *run(void *data)
{
    DatabaseCheckpoint *self = data;
    if (open_handle(self)) {
        int code =
            sqlite3_wal_checkpoint_v2(self->handle, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        if ((code & 0xff) == SQLITE_IOERR)
            database_disk_failed(self->handle, code);
        /* busy or full: the next one will do it */
    }
    g_atomic_int_set(&self->is_running, 0);
    return NULL;
}

void database_checkpoint_every(DatabaseCheckpoint *self, int pages)
{
    self->pages = pages;
}

void database_checkpoint_consider(DatabaseCheckpoint *self, int pages)
{
    if (pages < self->pages || g_atomic_int_get(&self->is_running))
        return;
    if (self->thread)
        g_thread_join(self->thread); /* it has ended: only its name is left */
    g_atomic_int_set(&self->is_running, 1);
    self->thread = g_thread_try_new("checkpoint", run, self, NULL);
    if (!self->thread)
        g_atomic_int_set(&self->is_running, 0); /* the next commit tries again */
}

void database_checkpoint_free(DatabaseCheckpoint *self)
{
    if (!self)
        return;
    if (self->thread)
        g_thread_join(self->thread);
    sqlite3_close_v2(self->handle);
    g_free(self->path);
    g_free(self);
}
