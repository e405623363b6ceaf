/* Turns the writer: sleeps on one eventfd for as long as the turn said, real-time where that is
 * allowed. The card's own descriptors are not polled: they wake for every period, and a buffer that
 * is taken back when something changes may be emptied in few, large steps. */
#include "playout/writer_private.h"

#include <errno.h>
#include <gio/gio.h>
#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define PRIORITY    20
#define STACK_BYTES (256 * 1024)
#define NEAR_NS     20000 /* two readings this close make a good pair */
#define TRIES       5
#define REST_US     2000 /* after a turn that found no room though the card said so */

static int64_t clock_ns(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

int64_t writer_system_monotonic_ns(void)
{
    return clock_ns(CLOCK_MONOTONIC);
}

/* Wall time read between two monotonic readings; again where somebody came between them. */
int64_t writer_offset_ns(const Clock *clock)
{
    int64_t best = INT64_MAX, offset = 0;
    for (int i = 0; i < TRIES && best > NEAR_NS; i++) {
        int64_t before = clock_ns(CLOCK_MONOTONIC);
        int64_t wall = clock_wall_us(clock) * 1000 + 500; /* it was cut to whole µs */
        int64_t after = clock_ns(CLOCK_MONOTONIC);
        if (after - before >= best)
            continue;
        best = after - before;
        offset = wall - (before + after) / 2;
    }
    return offset;
}

/* Waits until the owner wakes us, `wait_ms` at most (-1: for ever). */
static void wait_for_reason(Writer *self, int wait_ms)
{
    struct pollfd wake = {.fd = self->wake_fd, .events = POLLIN};
    uint64_t woken;
    if (poll(&wake, 1, wait_ms) > 0)
        (void)!read(self->wake_fd, &woken, sizeof woken);
}

static void *writer_main(void *data)
{
    Writer *self = data;
    struct sched_param priority = {.sched_priority = PRIORITY};
    pthread_setname_np(pthread_self(), "writer");
    pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority); /* refused: we do without */
    while (!atomic_load(&self->quit)) {
        int64_t before = self->handed;
        int wait_ms = writer_step(self);
        if (self->card && self->handed == before)
            g_usleep(REST_US); /* a real-time thread must not spin */
        wait_for_reason(self, wait_ms);
    }
    return NULL;
}

Writer *writer_new(const WriterOps *ops, void *user)
{
    Writer *self = g_new0(Writer, 1);
    self->ops = *ops;
    self->user = user;
    self->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    dac_clock_init(&self->dac, CARD_RATE);
    limiter_init(&self->limiter);
    return self;
}

bool writer_run(Writer *self, GError **error)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    int err = pthread_create(&self->thread, &attributes, writer_main, self);
    pthread_attr_destroy(&attributes);
    if (err || self->wake_fd < 0) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot start the writer: %s",
                    g_strerror(err ? err : errno));
        return false;
    }
    self->threaded = true;
    return true;
}

void writer_free(Writer *self)
{
    if (!self)
        return;
    atomic_store(&self->quit, true);
    writer_wake(self);
    if (self->threaded)
        pthread_join(self->thread, NULL);
    if (self->card)
        self->card->ops->close(self->card);
    if (self->wake_fd >= 0)
        close(self->wake_fd);
    g_free(self);
}

bool writer_play(Writer *self, Voice *voice)
{
    for (unsigned i = 0; i < AUDIO_MAX_ITEMS; i++) {
        Voice *empty = NULL;
        if (!atomic_compare_exchange_strong(&self->slot[i], &empty, voice))
            continue;
        writer_wake(self);
        return true;
    }
    return false;
}

void writer_wake(Writer *self)
{
    uint64_t one = 1;
    (void)!write(self->wake_fd, &one, sizeof one);
}

bool writer_has_card(const Writer *self)
{
    return self->card != NULL;
}
