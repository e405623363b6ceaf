/* What the child decodes is thrown away; only its frames are counted. It hands on nothing before
 * the first sound, and ends by itself when it hears none for as long as it is on trial. A server
 * that sends what lay in its queue at once is heard no faster: the time must pass as well. */
#include "playout/relay_trial.h"

#include "playout/child.h"

#define WATCH_MS          100
#define CPU_S             600
#define ADDRESS_SPACE_MIB 1024 /* as of the relay itself */
#define LONGEST           4    /* times as long as it must be heard; then it is too slow */

struct RelayTrial {
    Ring *ring;
    GSubprocess *child;
    RelayLimits limits;
    RelayTrialDone done; /* NULL: over, only a dying child still holds a reference */
    void *user;
    guint watch;
    ChildWatch still;
    int64_t began_us;
    uint64_t frames;
};

static void clear(gpointer data)
{
    RelayTrial *self = data;
    g_clear_object(&self->child);
    g_clear_pointer(&self->ring, ring_free);
}

static void stop_watching(RelayTrial *self)
{
    if (self->watch)
        g_source_remove(self->watch);
    self->watch = 0;
}

static void tell(RelayTrial *self, bool good)
{
    RelayTrialDone done = self->done;
    stop_watching(self);
    self->done = NULL;
    if (done)
        done(good, self->user);
}

static void on_child_exit(GObject *object, GAsyncResult *result, gpointer data)
{
    RelayTrial *self = data;
    g_subprocess_wait_finish(G_SUBPROCESS(object), result, NULL);
    tell(self, false);
    g_rc_box_release_full(self, clear);
}

static bool is_stalled(RelayTrial *self, int64_t now_us)
{
    int64_t counts_us, passed_us;
    return child_watch_is_still(&self->still, self->ring, child_pid(self->child), now_us,
                                &counts_us, &passed_us) &&
           counts_us > self->limits.stall_ms * INT64_C(1000);
}

/* 1 = good, -1 = not, 0 = not known yet. */
static int judge(RelayTrial *self, int64_t now_us)
{
    int64_t good_us = self->limits.good_ms * INT64_C(1000);
    int64_t lasted_us = now_us - self->began_us;
    bool heard = self->frames >= self->limits.good_ms * UINT64_C(48);
    if (heard && lasted_us >= good_us)
        return 1;
    bool too_slow = lasted_us > LONGEST * good_us + LONGEST * self->limits.stall_ms * INT64_C(1000);
    return ring_broken(self->ring) || is_stalled(self, now_us) || too_slow ? -1 : 0;
}

static gboolean watch(gpointer data)
{
    RelayTrial *self = data;
    self->frames += ring_skip(self->ring, ring_available(self->ring));
    int verdict = judge(self, g_get_monotonic_time());
    if (verdict == 0)
        return G_SOURCE_CONTINUE;
    self->watch = 0;
    tell(self, verdict > 0);
    return G_SOURCE_REMOVE;
}

static bool launch(RelayTrial *self, const RelayTrialSettings *settings)
{
    g_autofree char *silence = g_strdup_printf("%u", settings->limits.good_ms);
    const ChildSettings child = {
        .program = settings->program,
        .arguments = (const char *const[]){"relay", settings->source.format, settings->source.url,
                                           silence, "sound", NULL},
        .ring = self->ring,
        .media_fd = -1,
        .cpu_s = CPU_S,
        .space_mib = ADDRESS_SPACE_MIB,
    };
    self->child = child_spawn(&child, NULL);
    if (!self->child)
        return false;
    child_watch_begin(&self->still, self->ring);
    g_subprocess_wait_async(self->child, NULL, on_child_exit, g_rc_box_acquire(self));
    return true;
}

RelayTrial *relay_trial_new(const RelayTrialSettings *settings, RelayTrialDone done, void *user)
{
    g_autoptr(RelayTrial) self = g_rc_box_new0(RelayTrial);
    self->ring = ring_new(NULL);
    self->limits = settings->limits;
    self->done = done;
    self->user = user;
    self->began_us = g_get_monotonic_time();
    if (!self->ring || !launch(self, settings))
        return NULL;
    self->watch = g_timeout_add(WATCH_MS, watch, self);
    return g_steal_pointer(&self);
}

void relay_trial_free(RelayTrial *self)
{
    if (!self)
        return;
    stop_watching(self);
    self->done = NULL;
    if (self->child)
        g_subprocess_force_exit(self->child);
    g_rc_box_release_full(self, clear);
}

uint64_t relay_trial_bytes(const RelayTrial *self)
{
    return self ? ring_bytes(self->ring) : 0;
}
