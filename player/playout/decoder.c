/* Spawns, limits, watches, kills and retries `loa-decode`.
 *
 * A decoder is a process because a thread cannot be killed and a crash must not take the writer
 * along. Its limits are set between fork and exec: processor time no more than real time plus a
 * margin, no files to write, no core, little memory, and it dies with us. How it ended is its exit
 * status: 0 = all decoded, 2 = this is not what we play (no second try), anything else = it broke.
 */
#include "playout/decoder.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define CHILD_RING_FD  3
#define CHILD_MEDIA_FD 4
#define EXIT_BAD_MEDIA 2
#define MAX_ATTEMPTS   2
#define WATCH_MS       500
#define HANG_US        (3 * G_USEC_PER_SEC)
#define ADDRESS_SPACE  (384u << 20)
#define CPU_MARGIN_S   30
#define CPU_UNKNOWN_S  3600
#define RATE           48000

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

typedef struct Limits {
    rlim_t cpu_s;
    bool memory;
} Limits;

struct Decoder {
    char *program, *path;
    Ring *ring;
    int64_t skip_frames; /* of the item */
    int64_t reached;     /* frames in the ring already */
    Limits limits;
    DecoderDone done; /* NULL: freed, only a dying child still holds a reference */
    void *user;
    GSubprocess *child;
    pid_t pid;
    unsigned attempts;
    guint watch;
    uint64_t progress; /* of the ring when it last moved */
    int64_t progress_us;
};

static bool launch(Decoder *self, GError **error);

/* Runs in the child between fork and exec: async-signal-safe calls only. */
static void confine(gpointer data)
{
    const Limits *limits = data;
    const struct rlimit none = {0, 0};
    const struct rlimit cpu = {limits->cpu_s, limits->cpu_s};
    const struct rlimit memory = {ADDRESS_SPACE, ADDRESS_SPACE};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    setrlimit(RLIMIT_CORE, &none);
    setrlimit(RLIMIT_FSIZE, &none);
    signal(SIGXFSZ, SIG_IGN); /* its last words may go to a log that is a file */
    setrlimit(RLIMIT_CPU, &cpu);
    if (limits->memory)
        setrlimit(RLIMIT_AS, &memory);
}

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
        give_up(self, "decoder-failed");
        return;
    }
    self->reached = (int64_t)reached;
    if (!launch(self, NULL))
        give_up(self, "decoder-failed");
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

static gboolean watch(gpointer data)
{
    Decoder *self = data;
    int64_t now = g_get_monotonic_time();
    uint64_t progress = ring_progress(self->ring);
    if (progress != self->progress || !ring_has_room(self->ring)) {
        self->progress = progress;
        self->progress_us = now;
    }
    bool hangs = now - self->progress_us > HANG_US;
    if ((hangs || ring_broken(self->ring)) && self->pid)
        g_subprocess_force_exit(self->child);
    return G_SOURCE_CONTINUE;
}

/* Only what the child needs: no configuration of the user's, nothing to scan or to write. */
static char **child_environment(void)
{
    static const char *const kept[] = {"ASAN_OPTIONS", "UBSAN_OPTIONS"};
    char **env = g_environ_setenv(NULL, "GST_REGISTRY_DISABLE", "yes", TRUE);
    env = g_environ_setenv(env, "GST_REGISTRY_FORK", "no", TRUE);
    env = g_environ_setenv(env, "MALLOC_ARENA_MAX", "1", TRUE);
    for (unsigned i = 0; i < G_N_ELEMENTS(kept); i++)
        if (g_getenv(kept[i]))
            env = g_environ_setenv(env, kept[i], g_getenv(kept[i]), TRUE);
    return env;
}

static bool launch(Decoder *self, GError **error)
{
    int media = open(self->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (media < 0) {
        g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "%s: %s", self->path,
                    g_strerror(errno));
        return false;
    }
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_NONE);
    g_auto(GStrv) env = child_environment();
    g_autofree char *skip = g_strdup_printf("%" G_GINT64_FORMAT, self->skip_frames + self->reached);
    g_subprocess_launcher_set_environ(launcher, env);
    g_subprocess_launcher_set_child_setup(launcher, confine, &self->limits, NULL);
    g_subprocess_launcher_take_fd(launcher, dup(ring_fd(self->ring)), CHILD_RING_FD);
    g_subprocess_launcher_take_fd(launcher, media, CHILD_MEDIA_FD);
    g_autoptr(GSubprocess) child =
        g_subprocess_launcher_spawn(launcher, error, self->program, skip, NULL);
    if (!child)
        return false;
    g_set_object(&self->child, child);
    const char *pid = g_subprocess_get_identifier(child); /* NULL: dead already */
    self->pid = pid ? (pid_t)g_ascii_strtoll(pid, NULL, 10) : 0;
    self->attempts++;
    self->progress_us = g_get_monotonic_time();
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
    self->reached = (int64_t)ring_restart(settings->ring);
    self->limits.cpu_s = settings->expect_frames ? (rlim_t)seconds : CPU_UNKNOWN_S;
    self->limits.memory = true;
#if SANITIZED
    self->limits.memory = false; /* its shadow memory alone is larger */
#endif
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
