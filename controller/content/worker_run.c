/* The parent's side of the content worker. What the child says is judged like anything from
 * outside, since it has handled hostile bytes: a bounded amount, strict JSON, and a deadline. */
#include "content/worker_run.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct WorkerRun {
    GSubprocess *child;
    GInputStream *said;
    GCancellable *cancel;
    GString *lines; /* what is not yet a whole line */
    gsize total;
    Json *result;
    double progress;
    guint deadline;
    bool said_all, exited;
    WorkerRunDone done;
    void *user;
    char piece[4096];
    int references;
    bool freed;
};

static void unref(WorkerRun *self)
{
    if (--self->references > 0)
        return;
    g_clear_object(&self->child);
    g_clear_object(&self->cancel);
    g_string_free(self->lines, TRUE);
    json_drop(self->result);
    g_free(self);
}

static void finish(WorkerRun *self)
{
    if (self->freed || !self->said_all || !self->exited)
        return;
    g_clear_handle_id(&self->deadline, g_source_remove);
    self->done(self->result, self->user);
}

static void take_line(WorkerRun *self, const char *line, gsize length)
{
    g_autoptr(Json) value = json_parse(line, length, NULL);
    if (value == NULL || !json_is_object(value))
        return;
    self->progress = CLAMP(json_peek_real(value, "progress", self->progress), 0.0, 1.0);
    if (json_peek(value, "ok") == NULL)
        return;
    json_drop(self->result);
    self->result = json_hold(value);
}

static void take_piece(WorkerRun *self, gsize length)
{
    g_string_append_len(self->lines, self->piece, (gssize)length);
    const char *end = NULL;
    while ((end = memchr(self->lines->str, '\n', self->lines->len)) != NULL) {
        const gsize line = (gsize)(end - self->lines->str);
        take_line(self, self->lines->str, line);
        g_string_erase(self->lines, 0, (gssize)line + 1);
    }
}

static void read_more(WorkerRun *self);

static void piece_read(GObject *source, GAsyncResult *result, gpointer user)
{
    WorkerRun *self = user;
    const gssize length = g_input_stream_read_finish(G_INPUT_STREAM(source), result, NULL);
    self->total += (gsize)MAX(length, 0);
    if (!self->freed && self->total > WORKER_SAID_MAX) {
        g_clear_pointer(&self->result, json_drop);
        g_subprocess_force_exit(self->child);
        self->said_all = true;
    } else if (!self->freed && length > 0) {
        take_piece(self, (gsize)length);
        read_more(self);
    } else {
        self->said_all = true;
    }
    finish(self);
    unref(self);
}

static void read_more(WorkerRun *self)
{
    self->references++;
    g_input_stream_read_async(self->said, self->piece, sizeof self->piece, G_PRIORITY_DEFAULT,
                              self->cancel, piece_read, self);
}

static void exited(GObject *source, GAsyncResult *result, gpointer user)
{
    WorkerRun *self = user;
    const bool fine = g_subprocess_wait_check_finish(G_SUBPROCESS(source), result, NULL);
    if (!fine) /* whatever it said before it died */
        g_clear_pointer(&self->result, json_drop);
    self->exited = true;
    finish(self);
    unref(self);
}

static gboolean too_late(gpointer user)
{
    WorkerRun *self = user;
    self->deadline = 0;
    g_subprocess_force_exit(self->child);
    return G_SOURCE_REMOVE;
}

static bool hand_over(GSubprocessLauncher *launcher, const char *input, const char *output,
                      GError **error)
{
    const int in = open(input, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    const int out = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (in < 0 || out < 0) {
        g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(errno), "content worker: %s: %s",
                    in < 0 ? input : output, g_strerror(errno));
        if (in >= 0)
            close(in);
        if (out >= 0)
            close(out);
        return false;
    }
    g_subprocess_launcher_take_stdin_fd(launcher, in);
    g_subprocess_launcher_take_fd(launcher, out, 3);
    return true;
}

WorkerRun *worker_run_start(const char *worker, const char *input, const char *output,
                            WorkerRunDone done, void *user, GError **error)
{
    static const char *const environment[] = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8", NULL};
    g_autoptr(GSubprocessLauncher) launcher =
        g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE);
    g_subprocess_launcher_set_environ(launcher, (char **)environment);
    if (!hand_over(launcher, input, output, error))
        return NULL;
    GSubprocess *child = g_subprocess_launcher_spawn(launcher, error, worker, NULL);
    if (child == NULL)
        return NULL;
    WorkerRun *self = g_new0(WorkerRun, 1);
    self->child = child;
    self->said = g_subprocess_get_stdout_pipe(child);
    self->cancel = g_cancellable_new();
    self->lines = g_string_new(NULL);
    self->done = done;
    self->user = user;
    self->references = 2; /* the owner and the wait */
    self->deadline = g_timeout_add_seconds(WORKER_WALL_SECONDS, too_late, self);
    g_subprocess_wait_check_async(child, NULL, exited, self);
    read_more(self);
    return self;
}

void worker_run_free(WorkerRun *self)
{
    if (self == NULL)
        return;
    self->freed = true;
    g_clear_handle_id(&self->deadline, g_source_remove);
    g_cancellable_cancel(self->cancel);
    if (!self->exited)
        g_subprocess_force_exit(self->child);
    unref(self);
}

double worker_run_progress(const WorkerRun *self)
{
    return self->progress;
}
