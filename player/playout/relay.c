/* The child says how it ended: 2 = this is not the format it was said to be, 3 = silent for long,
 * anything else = the source went away. The parent believes only the ring: no frames for a while,
 * though there is room, and the child is replaced. */
#include "playout/relay.h"

#include "base/log.h"
#include "playout/child.h"
#include "playout/relay_return.h"

#define SILENT            "silent"
#define STALLED           "stalled"
#define EXIT_BAD_MEDIA    2
#define EXIT_SILENT       3
#define WATCH_MS          200
#define FIRST_REST_MS     500
#define LONGEST_REST_MS   10000
#define CPU_S             86400 /* a day of radio costs an hour of it */
#define MAX_TURNS         256   /* of sources that delivered; more are told as the last one */
#define ADDRESS_SPACE_MIB 1024  /* the network's threads have stacks of 8 MiB each */

/* From this frame of the ring on, another source was heard. */
typedef struct Turn {
    int64_t frame;
    unsigned source;
} Turn;

struct Relay {
    char *program;
    GPtrArray *urls, *formats;
    Ring *ring;
    GSubprocess *child;
    pid_t pid;
    unsigned now;       /* index of the source */
    unsigned fruitless; /* sources tried since one delivered */
    unsigned switches;
    unsigned rest_ms;
    RelayLimits limits;
    RelayReturn *back;
    int wanted; /* source to go to when the child is dead; -1 = the next one */
    bool may_leave;
    GArray *turns;   /* Turn, ascending */
    uint64_t silent; /* bit per source: it was left for that */
    const char *fault;
    guint watch, rest;
    ChildWatch still;
    uint64_t began; /* of the ring when the child started */
    bool freed;     /* only a dying child still holds a reference */
};

static void launch(Relay *self);

static void clear(gpointer data)
{
    Relay *self = data;
    g_clear_object(&self->child);
    g_ptr_array_unref(self->urls);
    g_ptr_array_unref(self->formats);
    g_array_unref(self->turns);
    g_free(self->program);
}

static bool delivered(const Relay *self)
{
    return ring_progress(self->ring) != self->began;
}

static gboolean launch_now(gpointer data)
{
    Relay *self = data;
    self->rest = 0;
    launch(self);
    return G_SOURCE_REMOVE;
}

static bool was_silent(const Relay *self)
{
    return self->silent >> self->now % 64 & 1;
}

/* It was asked for its next sound, and there was none. */
static bool is_still_silent(const Relay *self, const char *fault)
{
    return was_silent(self) && !delivered(self) && g_str_equal(fault, STALLED);
}

static void note_silence(Relay *self, const char *fault)
{
    uint64_t bit = UINT64_C(1) << self->now % 64;
    if (delivered(self))
        self->silent &= ~bit;
    if (g_str_equal(fault, SILENT))
        self->silent |= bit;
}

/* What comes into the ring from here on is the source's of this moment. */
static void take_turn(Relay *self, uint64_t frame)
{
    Turn turn = {.frame = (int64_t)frame, .source = self->now};
    Turn *last = self->turns->len ? &g_array_index(self->turns, Turn, self->turns->len - 1) : NULL;
    if (last && (last->frame == turn.frame || self->turns->len >= MAX_TURNS))
        last->source = turn.source;
    else if (!last || last->source != turn.source)
        g_array_append_val(self->turns, turn);
}

unsigned relay_source_at(const Relay *self, int64_t frame, int64_t *ret_left)
{
    unsigned source = 0;
    *ret_left = INT64_MAX;
    for (unsigned i = 0; i < self->turns->len; i++) {
        const Turn *turn = &g_array_index(self->turns, Turn, i);
        if (turn->frame > frame) {
            *ret_left = turn->frame - frame;
            break;
        }
        source = turn->source;
    }
    return source;
}

static void change_source(Relay *self, unsigned source)
{
    self->switches++;
    self->now = source;
    take_turn(self, ring_restart(self->ring));
}

/* What lies in the ring sounds until the better one is there. */
static void go_back(Relay *self)
{
    self->silent &= ~(UINT64_C(1) << self->wanted % 64); /* it was heard */
    self->fruitless = 0;
    change_source(self, (unsigned)self->wanted);
    self->wanted = -1;
    log_info("relay: back to %s", relay_url(self));
    launch(self);
}

/* The next source at once, as long as there is one that was not tried in vain. */
static void next_source(Relay *self, const char *fault)
{
    relay_return_left(self->back);
    self->fruitless = delivered(self) ? 0 : self->fruitless + 1;
    if (self->fruitless == 0)
        self->rest_ms = FIRST_REST_MS;
    log_info("relay: %s is %s", relay_url(self), fault);
    self->fault = is_still_silent(self, fault) ? SILENT : fault;
    note_silence(self, fault);
    change_source(self, (self->now + 1) % self->urls->len);
    if (self->fruitless < self->urls->len) {
        launch(self);
        return;
    }
    self->rest = g_timeout_add(self->rest_ms, launch_now, self);
    self->rest_ms = MIN(self->rest_ms * 2, LONGEST_REST_MS);
    self->fruitless = 0;
}

static const char *why_it_ended(GSubprocess *child)
{
    if (!g_subprocess_get_if_exited(child))
        return STALLED; /* we killed it, or it died */
    switch (g_subprocess_get_exit_status(child)) {
    case EXIT_BAD_MEDIA: return "bad-media";
    case EXIT_SILENT: return SILENT;
    default: return "unreachable";
    }
}

static void on_child_exit(GObject *object, GAsyncResult *result, gpointer data)
{
    Relay *self = data;
    GSubprocess *child = G_SUBPROCESS(object);
    g_subprocess_wait_finish(child, result, NULL);
    if (!self->freed) {
        self->pid = 0;
        if (self->wanted >= 0)
            go_back(self);
        else
            next_source(self, why_it_ended(child));
    }
    g_rc_box_release_full(self, clear);
}

static void launch(Relay *self)
{
    g_autoptr(GError) error = NULL;
    bool leaves = self->urls->len > 1 || self->may_leave;
    g_autofree char *silence = g_strdup_printf("%u", leaves ? self->limits.silence_ms : 0);
    const ChildSettings settings = {
        .program = self->program,
        .arguments = (const char *const[]){"relay", self->formats->pdata[self->now],
                                           self->urls->pdata[self->now], silence,
                                           was_silent(self) ? "sound" : "all", NULL},
        .ring = self->ring,
        .media_fd = -1,
        .cpu_s = CPU_S,
        .space_mib = ADDRESS_SPACE_MIB,
    };
    g_autoptr(GSubprocess) child = child_spawn(&settings, &error);
    self->began = ring_progress(self->ring);
    child_watch_begin(&self->still, self->ring);
    if (!child) {
        log_warning("relay: %s", error->message);
        self->rest = g_timeout_add(LONGEST_REST_MS, launch_now, self);
        return;
    }
    g_set_object(&self->child, child);
    self->pid = child_pid(child);
    g_subprocess_wait_async(child, NULL, on_child_exit, g_rc_box_acquire(self));
}

static void on_better(unsigned source, void *user)
{
    Relay *self = user;
    if (!self->pid)
        return;
    self->wanted = (int)source;
    g_subprocess_force_exit(self->child);
}

static bool is_stalled(Relay *self)
{
    int64_t counts_us, passed_us;
    return child_watch_is_still(&self->still, self->ring, self->pid, g_get_monotonic_time(),
                                &counts_us, &passed_us) &&
           counts_us > self->limits.stall_ms * INT64_C(1000);
}

static gboolean watch(gpointer data)
{
    Relay *self = data;
    if (ring_progress(self->ring) != self->still.progress) {
        self->fault = NULL;
        relay_return_heard(self->back, self->now);
    }
    if (self->pid && (is_stalled(self) || ring_broken(self->ring)))
        g_subprocess_force_exit(self->child);
    return G_SOURCE_CONTINUE;
}

static unsigned or_usual(unsigned given, unsigned usual)
{
    return given ? given : usual;
}

static RelayLimits whole(const RelayLimits *given)
{
    return (RelayLimits){
        .stall_ms = or_usual(given->stall_ms, RELAY_STALL_MS),
        .silence_ms = or_usual(given->silence_ms, RELAY_SILENCE_MS),
        .return_ms = or_usual(given->return_ms, RELAY_RETURN_MS),
        .good_ms = or_usual(given->good_ms, RELAY_GOOD_MS),
    };
}

Relay *relay_new(const RelaySettings *settings)
{
    Relay *self = g_rc_box_new0(Relay);
    self->program = g_strdup(settings->program);
    self->ring = settings->ring;
    self->rest_ms = FIRST_REST_MS;
    self->may_leave = settings->may_leave;
    self->turns = g_array_new(FALSE, FALSE, sizeof(Turn));
    self->limits = whole(&settings->limits);
    self->wanted = -1;
    self->urls = g_ptr_array_new_with_free_func(g_free);
    self->formats = g_ptr_array_new_with_free_func(g_free);
    for (const AudioSource *source = settings->sources; source->url; source++) {
        g_ptr_array_add(self->urls, g_strdup(source->url));
        g_ptr_array_add(self->formats, g_strdup(source->format));
    }
    self->back = relay_return_new(&(RelayReturnSettings){.program = self->program,
                                                         .urls = self->urls,
                                                         .names = self->formats,
                                                         .limits = self->limits,
                                                         .back = on_better,
                                                         .user = self});
    take_turn(self, 0);
    launch(self);
    self->watch = g_timeout_add(WATCH_MS, watch, self);
    return self;
}

void relay_free(Relay *self)
{
    if (!self)
        return;
    g_source_remove(self->watch);
    if (self->rest)
        g_source_remove(self->rest);
    g_clear_pointer(&self->back, relay_return_free);
    self->freed = true;
    if (self->child && self->pid)
        g_subprocess_force_exit(self->child);
    g_rc_box_release_full(self, clear);
}

const char *relay_url(const Relay *self)
{
    return self->urls->pdata[self->now];
}

unsigned relay_switches(const Relay *self)
{
    return self->switches;
}

const char *relay_fault(const Relay *self)
{
    return self->fault;
}

bool relay_is_silent(const Relay *self)
{
    return self->fault && g_str_equal(self->fault, SILENT);
}

uint64_t relay_bytes(const Relay *self)
{
    return ring_bytes(self->ring) + relay_return_bytes(self->back);
}
