/* Starts, watches, kills and retries `loa-decode`.
 *
 * A decoder is a process because a thread cannot be killed and a crash must not take the writer
 * along. It may use as much processor time as its file plays, plus a margin. It hangs when it got
 * nowhere for three seconds in which it could have run: on a board that is busy with something
 * else a child that waits for the processor is not at fault. How it ended is its exit status: 0 =
 * all decoded, 2 = this is not what we play (no second try), anything else = it broke. */
#include "playout/decoder.h"

#include "playout/child.h"

#include <errno.h>
#include <fcntl.h>

#define EXIT_BAD_MEDIA    2
#define MAX_ATTEMPTS      2
#define SLACK_FRAMES      48000 /* a file may be so much longer than the plan says */
#define WATCH_MS          500
#define HANG_US           (3 * G_USEC_PER_SEC)
#define STARVED_US        (30 * G_USEC_PER_SEC) /* no excuse counts any more */
#define ADDRESS_SPACE_MIB 128                   /* three times what it needs */
#define CPU_MARGIN_S      30
#define CPU_UNKNOWN_S     3600
#define RATE              48000

struct Decoder {
    char *program, *path;
    Ring *ring;
    int64_t skip_frames; /* of the item */
    int64_t until_frames;
    int64_t reached; /* frames in the ring already */
    unsigned cpu_s;
    DecoderDone done; /* NULL: freed, only a dying child still holds a reference */
    void *user;
    GSubprocess *child;
    pid_t pid;
    unsigned attempts;
    guint watch;
    ChildWatch still;
};

static bool launch(Decoder *self, GError **error);

static void stop_watching(Decoder *self)
{
    if (self->watch)
        g_source_remove(self->watch);
    self->watch = 0;
}

static void give_up(Decoder *self, const char *fault)
{
    stop_watching(self);
    ring_give_up(self->ring);
    self->done(fault, self->user);
}

/* The child broke: once more from where it was, or never again. */
static void broke(Decoder *self)
{
    uint64_t reached = ring_restart(self->ring);
    if (self->attempts >= MAX_ATTEMPTS) {
        give_up(self, DECODER_FAILED);
        return;
    }
    self->reached = (int64_t)reached;
    if (!launch(self, NULL))
        give_up(self, DECODER_FAILED);
}

/* The child has ended: what does that mean? */
static void settle(Decoder *self, GSubprocess *child)
{
    bool bad_media =
        g_subprocess_get_if_exited(child) && g_subprocess_get_exit_status(child) == EXIT_BAD_MEDIA;
    self->pid = 0;
    if (ring_finished(self->ring) && !ring_broken(self->ring)) {
        stop_watching(self);
        self->done(NULL, self->user);
    } else if (bad_media)
        give_up(self, "bad-media");
    else
        broke(self);
}

static void on_child_exit(GObject *object, GAsyncResult *result, gpointer data)
{
    Decoder *self = data;
    GSubprocess *child = G_SUBPROCESS(object);
    g_subprocess_wait_finish(child, result, NULL);
    if (self->done)
        settle(self, child);
    g_rc_box_release(self);
}

static bool hangs(Decoder *self, int64_t now_us)
{
    int64_t counts_us, passed_us;
    return child_watch_is_still(&self->still, self->ring, self->pid, now_us, &counts_us,
                                &passed_us) &&
           (passed_us > STARVED_US || counts_us > HANG_US);
}

static gboolean watch(gpointer data)
{
    Decoder *self = data;
    if (self->pid && (hangs(self, g_get_monotonic_time()) || ring_broken(self->ring)))
        g_subprocess_force_exit(self->child);
    return G_SOURCE_CONTINUE;
}

static bool launch(Decoder *self, GError **error)
{
    int media = open(self->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (media < 0) {
        g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "%s: %s", self->path,
                    g_strerror(errno));
        return false;
    }
    g_autofree char *skip = g_strdup_printf("%" G_GINT64_FORMAT, self->skip_frames + self->reached);
    g_autofree char *until = g_strdup_printf("%" G_GINT64_FORMAT, self->until_frames);
    const ChildSettings settings = {
        .program = self->program,
        .arguments = (const char *const[]){skip, until, NULL},
        .ring = self->ring,
        .media_fd = media,
        .cpu_s = self->cpu_s,
        .space_mib = ADDRESS_SPACE_MIB,
    };
    g_autoptr(GSubprocess) child = child_spawn(&settings, error);
    if (!child)
        return false;
    g_set_object(&self->child, child);
    self->pid = child_pid(child);
    self->attempts++;
    child_watch_begin(&self->still, self->ring);
    g_subprocess_wait_async(child, NULL, on_child_exit, g_rc_box_acquire(self));
    return true;
}

Decoder *decoder_new(const DecoderSettings *settings, DecoderDone done, void *user, GError **error)
{
    g_autoptr(Decoder) self = g_rc_box_new0(Decoder);
    int64_t seconds = settings->expect_frames / RATE + CPU_MARGIN_S;
    self->program = g_strdup(settings->program);
    self->path = g_strdup(settings->path);
    self->ring = settings->ring;
    self->skip_frames = settings->skip_frames;
    self->until_frames =
        settings->expect_frames ? settings->expect_frames + SLACK_FRAMES : INT64_MAX;
    self->reached = (int64_t)ring_restart(settings->ring);
    self->cpu_s = settings->expect_frames ? (unsigned)seconds : CPU_UNKNOWN_S;
    self->done = done;
    self->user = user;
    if (!launch(self, error))
        return NULL;
    self->watch = g_timeout_add(WATCH_MS, watch, self);
    return g_steal_pointer(&self);
}

void decoder_free(Decoder *self)
{
    if (!self)
        return;
    stop_watching(self);
    self->done = NULL;
    if (self->child && self->pid)
        g_subprocess_force_exit(self->child);
    g_clear_object(&self->child);
    g_clear_pointer(&self->program, g_free);
    g_clear_pointer(&self->path, g_free);
    g_rc_box_release(self);
}

pid_t decoder_pid(const Decoder *self)
{
    return self->pid;
}

unsigned decoder_attempts(const Decoder *self)
{
    return self->attempts;
}
