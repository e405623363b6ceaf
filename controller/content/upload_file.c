/* Bytes go to the page cache on the loop (a copy of at most one network read) and to the disk in a
 * worker thread, so a slow disk never holds the loop. Only what fdatasync has seen counts: the
 * offset that a client is told survives kill -9 and a power cut. */
#include "content/upload_file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* What the thread works with; lives until it is done, whatever becomes of the upload. */
typedef struct {
    int fd;
    UploadFile *file; /* NULL once freed; touched on the loop only */
    int64_t reaches;
} Sync;

struct UploadFile {
    int fd;
    int64_t written, durable;
    Sync *sync; /* under way */
    UploadFileSynced synced;
    void *user;
};

static bool fail(GError **error, const char *what)
{
    const int code = errno;
    g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(code), "upload: %s: %s", what,
                g_strerror(code));
    return false;
}

UploadFile *upload_file_open(const char *path, int64_t offset, UploadFileSynced synced, void *user,
                             GError **error)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0 || ftruncate(fd, offset) != 0) {
        fail(error, "open");
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    UploadFile *self = g_new0(UploadFile, 1);
    self->fd = fd;
    self->written = self->durable = offset;
    self->synced = synced;
    self->user = user;
    return self;
}

void upload_file_free(UploadFile *self)
{
    if (self == NULL)
        return;
    if (self->sync != NULL)
        self->sync->file = NULL;
    close(self->fd);
    g_free(self);
}

bool upload_file_write(UploadFile *self, const void *bytes, size_t length, GError **error)
{
    const char *at = bytes;
    int64_t end = self->written;
    while (length > 0) {
        const ssize_t put = pwrite(self->fd, at, length, end);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return fail(error, "write"); /* `written` stays: half a piece is none */
        at += put;
        end += put;
        length -= (size_t)put;
    }
    self->written = end;
    if (self->written - self->durable >= UPLOAD_SYNC_EVERY)
        upload_file_sync(self);
    return true;
}

static void free_sync(gpointer data)
{
    Sync *sync = data;
    close(sync->fd);
    g_free(sync);
}

static void sync_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    (void)source;
    (void)cancellable;
    const Sync *sync = data;
    GError *error = NULL;
    if (fdatasync(sync->fd) == 0)
        g_task_return_boolean(task, TRUE);
    else {
        fail(&error, "sync");
        g_task_return_error(task, error);
    }
}

static void sync_done(GObject *source, GAsyncResult *result, gpointer user)
{
    (void)source;
    (void)user;
    const Sync *sync = g_task_get_task_data(G_TASK(result));
    UploadFile *self = sync->file;
    g_autoptr(GError) error = NULL;
    const bool fine = g_task_propagate_boolean(G_TASK(result), &error);
    if (self == NULL)
        return;
    self->sync = NULL;
    if (fine)
        self->durable = sync->reaches;
    self->synced(self, error, self->user);
}

void upload_file_sync(UploadFile *self)
{
    if (self->sync != NULL)
        return;
    const int fd = fcntl(self->fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0) {
        g_autoptr(GError) error = NULL;
        fail(&error, "sync");
        self->synced(self, error, self->user);
        return;
    }
    Sync *sync = g_new0(Sync, 1);
    *sync = (Sync){.fd = fd, .file = self, .reaches = self->written};
    self->sync = sync;
    g_autoptr(GTask) task = g_task_new(NULL, NULL, sync_done, NULL);
    g_task_set_task_data(task, sync, free_sync);
    g_task_run_in_thread(task, sync_in_thread);
}

bool upload_file_is_syncing(const UploadFile *self)
{
    return self->sync != NULL;
}

int64_t upload_file_written(const UploadFile *self)
{
    return self->written;
}

int64_t upload_file_durable(const UploadFile *self)
{
    return self->durable;
}
