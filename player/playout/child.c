/* Limits are set between fork and exec: processor time, no files to write, no core, little memory.
 * The environment holds only what the child needs: no configuration of the user's, nothing to scan
 * or to write. */
#include "playout/child.h"

#include "base/sanitized.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define CHILD_RING_FD  3
#define CHILD_MEDIA_FD 4

/* Runs in the child between fork and exec: async-signal-safe calls only. */
static void confine(gpointer data)
{
    const ChildSettings *settings = data;
    const struct rlimit none = {0, 0};
    const struct rlimit cpu = {settings->cpu_s, settings->cpu_s};
    const rlim_t bytes = (rlim_t)settings->space_mib << 20;
    const struct rlimit memory = {bytes, bytes};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    setrlimit(RLIMIT_CORE, &none);
    setrlimit(RLIMIT_FSIZE, &none);
    signal(SIGXFSZ, SIG_IGN); /* its last words may go to a log that is a file */
    setrlimit(RLIMIT_CPU, &cpu);
    if (!SANITIZED)
        setrlimit(RLIMIT_AS, &memory);
}

static char **child_environment(void)
{
    static const char *const kept[] = {"ASAN_OPTIONS", "UBSAN_OPTIONS"};
    char **env = g_environ_setenv(NULL, "GST_REGISTRY_DISABLE", "yes", TRUE);
    env = g_environ_setenv(env, "GST_REGISTRY_FORK", "no", TRUE);
    env = g_environ_setenv(env, "MALLOC_ARENA_MAX", "1", TRUE);
    env = g_environ_setenv(env, "GSETTINGS_BACKEND", "memory", TRUE);
    env = g_environ_setenv(env, "GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
    for (unsigned i = 0; i < G_N_ELEMENTS(kept); i++)
        if (g_getenv(kept[i]))
            env = g_environ_setenv(env, kept[i], g_getenv(kept[i]), TRUE);
    return env;
}

GSubprocess *child_spawn(const ChildSettings *settings, GError **error)
{
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_NONE);
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    g_auto(GStrv) env = child_environment();
    ChildSettings copy = *settings;
    g_subprocess_launcher_set_environ(launcher, env);
    g_subprocess_launcher_set_child_setup(launcher, confine, &copy, NULL);
    g_subprocess_launcher_take_fd(launcher, dup(ring_fd(settings->ring)), CHILD_RING_FD);
    if (settings->media_fd >= 0)
        g_subprocess_launcher_take_fd(launcher, settings->media_fd, CHILD_MEDIA_FD);
    g_ptr_array_add(words, (gpointer)settings->program);
    for (const char *const *word = settings->arguments; *word; word++)
        g_ptr_array_add(words, (gpointer)*word);
    g_ptr_array_add(words, NULL);
    return g_subprocess_launcher_spawnv(launcher, (const char *const *)words->pdata, error);
}

pid_t child_pid(GSubprocess *child)
{
    const char *pid = g_subprocess_get_identifier(child);
    return pid ? (pid_t)g_ascii_strtoll(pid, NULL, 10) : 0;
}

/* "time on the processor, time in its queue (ns), turns": the kernel's Documentation/scheduler/
 * sched-stats. */
static int64_t queued_us(const char *folder, const char *thread)
{
    g_autofree char *path = g_build_filename(folder, thread, "schedstat", NULL);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return 0;
    const char *second = strchr(text, ' ');
    return second ? g_ascii_strtoll(second, NULL, 10) / 1000 : 0;
}

int64_t child_waited_us(pid_t pid)
{
    int64_t most = 0;
    const char *thread;
    g_autofree char *folder = g_strdup_printf("/proc/%d/task", (int)pid);
    g_autoptr(GDir) threads = g_dir_open(folder, 0, NULL);
    while (threads && (thread = g_dir_read_name(threads)))
        most = MAX(most, queued_us(folder, thread));
    return most;
}

void child_watch_begin(ChildWatch *self, const Ring *ring)
{
    *self = (ChildWatch){.progress = ring_progress(ring), .since_us = g_get_monotonic_time()};
}

bool child_watch_is_still(ChildWatch *self, const Ring *ring, pid_t pid, int64_t now_us,
                          int64_t *ret_counts_us, int64_t *ret_passed_us)
{
    uint64_t progress = ring_progress(ring);
    if (progress != self->progress || !ring_has_room(ring)) {
        *self = (ChildWatch){.progress = progress, .since_us = now_us, .waited_us = -1};
        return false;
    }
    int64_t waited_us = child_waited_us(pid);
    if (self->waited_us < 0)
        self->waited_us = waited_us;
    *ret_passed_us = now_us - self->since_us;
    *ret_counts_us = *ret_passed_us - (waited_us - self->waited_us);
    return true;
}
