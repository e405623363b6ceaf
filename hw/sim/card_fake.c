/* A sound card in memory: a queue, a converter that moves only when a test says so, and all that
 * left it. It keeps every promise of card.h, with the same errors at the same places as ALSA's, and
 * a descriptor for poll() that is readable exactly while there is room for a period or an error to
 * fetch. A writer thread may use the card while the test advances it; one lock covers both.
 *
 * Its CLOCK_MONOTONIC starts at 1000 s and moves with card_fake_advance() alone, also while the
 * card is stopped, stuck or gone. */
#include "card.h"

#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define START_NS G_GINT64_CONSTANT(1000000000000)
#define STUCK_NS G_GINT64_CONSTANT(1000000000)

typedef enum { PREPARED, RUNNING, XRUN } FakeState;

typedef struct CardFake {
    Card card;
    GMutex lock;
    FakeState state;
    GArray *queue;  /* int16_t; what was handed over and has not left */
    GArray *played; /* int16_t */
    int64_t handed;
    int64_t elapsed_frames; /* the clock, in frames: no rounding adds up */
    int64_t moved_frames;   /* the clock when the converter last moved */
    unsigned rewindable;
    bool gone;
    bool stuck;
    bool signalled; /* the descriptor is readable */
    int wake;
} CardFake;

static unsigned queued(const CardFake *self)
{
    return self->queue->len / CARD_CHANNELS;
}

static int64_t now_ns(const CardFake *self)
{
    return START_NS + self->elapsed_frames * 1000000000 / CARD_RATE;
}

static bool is_ready(const CardFake *self)
{
    return self->gone || self->state == XRUN ||
           self->card.buffer_frames - queued(self) >= self->card.period_frames;
}

static void update_descriptor(CardFake *self)
{
    eventfd_t count;
    if (is_ready(self) == self->signalled)
        return;
    self->signalled = !self->signalled;
    if (self->signalled)
        eventfd_write(self->wake, 1);
    else
        eventfd_read(self->wake, &count);
}

static bool check(const CardFake *self, GError **error)
{
    if (self->gone) {
        g_set_error(error, CARD_ERROR, CARD_ERROR_GONE, "the fake card is gone");
        return false;
    }
    if (self->state == XRUN) {
        g_set_error(error, CARD_ERROR, CARD_ERROR_XRUN, "the fake card ran dry");
        return false;
    }
    return true;
}

static long card_fake_write(Card *card, const int16_t *samples, unsigned frames, GError **error)
{
    CardFake *self = (CardFake *)card;
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
    if (!check(self, error))
        return -1;
    unsigned count = MIN(frames, card->buffer_frames - queued(self));
    g_array_append_vals(self->queue, samples, count * CARD_CHANNELS);
    self->handed += count;
    update_descriptor(self);
    return count;
}

static long card_fake_rewind(Card *card, unsigned frames)
{
    CardFake *self = (CardFake *)card;
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
    if (self->gone || self->state == XRUN)
        return 0;
    unsigned count = MIN(MIN(frames, queued(self)), self->rewindable);
    g_array_set_size(self->queue, self->queue->len - count * CARD_CHANNELS);
    self->handed -= count;
    update_descriptor(self);
    return count;
}

static bool card_fake_start(Card *card, GError **error)
{
    CardFake *self = (CardFake *)card;
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
    if (!check(self, error))
        return false;
    self->state = RUNNING;
    self->moved_frames = self->elapsed_frames;
    return true;
}

static bool card_fake_prepare(Card *card, GError **error)
{
    CardFake *self = (CardFake *)card;
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
    if (self->gone)
        return check(self, error);
    g_array_set_size(self->queue, 0);
    self->state = PREPARED;
    update_descriptor(self);
    return true;
}

static bool card_fake_position(Card *card, CardPosition *ret, GError **error)
{
    CardFake *self = (CardFake *)card;
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
    if (!check(self, error))
        return false;
    int64_t still = (self->elapsed_frames - self->moved_frames) * 1000000000 / CARD_RATE;
    if (self->state == RUNNING && still >= STUCK_NS) {
        g_set_error(error, CARD_ERROR, CARD_ERROR_STUCK, "the fake card stands still");
        return false;
    }
    *ret = (CardPosition){
        .frame = self->handed - queued(self),
        .at_ns = now_ns(self),
        .delay = queued(self),
        .running = self->state == RUNNING,
    };
    return true;
}

static unsigned card_fake_poll_fds(Card *card, struct pollfd *fds, unsigned max)
{
    CardFake *self = (CardFake *)card;
    if (max == 0)
        return 0;
    fds[0] = (struct pollfd){.fd = self->wake, .events = POLLIN};
    return 1;
}

static bool card_fake_poll_ready(Card *card, struct pollfd *fds, unsigned count)
{
    CardFake *self = (CardFake *)card;
    (void)fds;
    (void)count;
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
    return is_ready(self);
}

static void card_fake_close(Card *card)
{
    CardFake *self = (CardFake *)card;
    g_array_unref(self->queue);
    g_array_unref(self->played);
    close(self->wake);
    g_mutex_clear(&self->lock);
    g_free(self);
}

static const CardOps card_fake_ops = {
    .write = card_fake_write,
    .rewind = card_fake_rewind,
    .start = card_fake_start,
    .prepare = card_fake_prepare,
    .position = card_fake_position,
    .poll_fds = card_fake_poll_fds,
    .poll_ready = card_fake_poll_ready,
    .close = card_fake_close,
};

Card *card_fake_new(unsigned period_frames, unsigned buffer_frames)
{
    g_return_val_if_fail(period_frames > 0 && period_frames <= buffer_frames, NULL);
    CardFake *self = g_new0(CardFake, 1);
    self->card = (Card){
        .ops = &card_fake_ops, .period_frames = period_frames, .buffer_frames = buffer_frames};
    self->queue = g_array_new(FALSE, FALSE, sizeof(int16_t));
    self->played = g_array_new(FALSE, FALSE, sizeof(int16_t));
    self->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    self->rewindable = buffer_frames;
    g_mutex_init(&self->lock);
    update_descriptor(self);
    return &self->card;
}

void card_fake_advance(Card *card, unsigned frames)
{
    CardFake *self = (CardFake *)card;
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
    self->elapsed_frames += frames;
    if (self->state != RUNNING || self->gone || self->stuck)
        return;
    unsigned count = MIN(frames, queued(self));
    g_array_append_vals(self->played, self->queue->data, count * CARD_CHANNELS);
    g_array_remove_range(self->queue, 0, count * CARD_CHANNELS);
    self->moved_frames = self->elapsed_frames;
    if (count < frames)
        self->state = XRUN;
    update_descriptor(self);
}

void card_fake_set_gone(Card *card, bool gone)
{
    CardFake *self = (CardFake *)card;
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
    self->gone = gone;
    update_descriptor(self);
}

void card_fake_set_stuck(Card *card, bool stuck)
{
    CardFake *self = (CardFake *)card;
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
    self->stuck = stuck;
}

void card_fake_set_rewindable(Card *card, unsigned frames)
{
    CardFake *self = (CardFake *)card;
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
    self->rewindable = frames;
}

int64_t card_fake_now_ns(Card *card)
{
    CardFake *self = (CardFake *)card;
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
    return now_ns(self);
}

GArray *card_fake_played(Card *card)
{
    return ((CardFake *)card)->played;
}
