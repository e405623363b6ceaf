/* A single-producer, single-consumer ring in a sealed memfd.
 *
 * Counters are frames since the ring was made and never wrap in practice (64 bits). The producer
 * owns `written`, the consumer `read`; `read` in the shared page is only a copy for the producer to
 * see how much room there is. Order: samples, then `written` (release), then `eos` (release); the
 * consumer loads them the other way round (acquire). RING_GUARD frames behind the consumer are
 * never overwritten by an honest producer, so that the writer can take frames back that it handed
 * to a card which then went away. */
#include "playout/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER_BYTES 4096u
#define FRAME_BYTES  (RING_CHANNELS * sizeof(int16_t))
#define RING_BYTES   (HEADER_BYTES + RING_FRAMES * FRAME_BYTES)
#define USABLE       (RING_FRAMES - RING_GUARD)
#define ROOM_MATTERS (RING_FRAMES / 4) /* with less room than this a producer may rest */

typedef struct RingShared {
    _Atomic uint64_t written;
    _Atomic uint64_t touched, bytes;
    _Atomic uint32_t eos;
    _Alignas(64) _Atomic uint64_t read;
} RingShared;

struct Ring {
    int fd; /* -1 on the producer's side: the mapping is enough */
    RingShared *shared;
    int16_t *samples;
    _Atomic uint64_t read;
    uint64_t furthest; /* the consumer's own: the guard lies behind this, not behind `read` */
    _Atomic bool broken, given_up;
};

G_STATIC_ASSERT(sizeof(RingShared) <= HEADER_BYTES);

static bool ring_map(Ring *self, int fd, GError **error)
{
    void *pages = mmap(NULL, RING_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (pages == MAP_FAILED) {
        g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "ring: %s", g_strerror(errno));
        return false;
    }
    self->shared = pages;
    self->samples = (int16_t *)((char *)pages + HEADER_BYTES);
    return true;
}

/* How many of `frames` lie before the seam, counted from `at`; the rest starts at sample 0. */
static unsigned before_seam(uint64_t at, unsigned frames)
{
    return MIN(frames, RING_FRAMES - (unsigned)(at % RING_FRAMES));
}

static int16_t *sample_at(const Ring *self, uint64_t at)
{
    return self->samples + at % RING_FRAMES * RING_CHANNELS;
}

static void set_read(Ring *self, uint64_t read)
{
    self->furthest = MAX(self->furthest, read);
    atomic_store(&self->read, read);
    atomic_store_explicit(&self->shared->read, read, memory_order_release);
}

Ring *ring_new(GError **error)
{
    g_autoptr(Ring) self = g_new0(Ring, 1);
    self->fd = memfd_create("loa-ring", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (self->fd < 0 || ftruncate(self->fd, RING_BYTES) < 0 ||
        fcntl(self->fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0) {
        g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "ring: %s", g_strerror(errno));
        return NULL;
    }
    if (!ring_map(self, self->fd, error))
        return NULL;
    return g_steal_pointer(&self);
}

void ring_free(Ring *self)
{
    if (!self)
        return;
    if (self->shared)
        munmap(self->shared, RING_BYTES);
    if (self->fd >= 0)
        close(self->fd);
    g_free(self);
}

int ring_fd(const Ring *self)
{
    return self->fd;
}

unsigned ring_available(Ring *self)
{
    uint64_t written = atomic_load_explicit(&self->shared->written, memory_order_acquire);
    uint64_t available = written - atomic_load(&self->read);
    if (atomic_load(&self->broken))
        return 0;
    if (available > RING_FRAMES) {
        atomic_store(&self->broken, true);
        return 0;
    }
    return available;
}

unsigned ring_take(Ring *self, int16_t *ret_samples, unsigned frames)
{
    unsigned take = MIN(frames, ring_available(self));
    uint64_t read = atomic_load(&self->read);
    unsigned first = before_seam(read, take);
    memcpy(ret_samples, sample_at(self, read), first * FRAME_BYTES);
    memcpy(ret_samples + (size_t)first * RING_CHANNELS, self->samples,
           (take - first) * FRAME_BYTES);
    set_read(self, read + take);
    return take;
}

unsigned ring_skip(Ring *self, unsigned frames)
{
    unsigned skip = MIN(frames, ring_available(self));
    set_read(self, atomic_load(&self->read) + skip);
    return skip;
}

unsigned ring_back(Ring *self, unsigned frames)
{
    uint64_t read = atomic_load(&self->read);
    uint64_t oldest = self->furthest > RING_GUARD ? self->furthest - RING_GUARD : 0;
    unsigned back = MIN(frames, read - oldest);
    if (atomic_load(&self->broken))
        return 0;
    set_read(self, read - back);
    return back;
}

RingEnd ring_end(Ring *self)
{
    bool given_up = atomic_load(&self->given_up);
    bool eos = atomic_load_explicit(&self->shared->eos, memory_order_acquire);
    if ((!given_up && !eos) || ring_available(self) > 0)
        return RING_OPEN;
    if (given_up)
        return RING_FAILED;
    return atomic_load(&self->broken) ? RING_OPEN : RING_EOS;
}

uint64_t ring_taken(const Ring *self)
{
    return atomic_load(&self->read);
}

uint64_t ring_bytes(const Ring *self)
{
    return atomic_load(&self->shared->bytes);
}

uint64_t ring_progress(const Ring *self)
{
    return atomic_load(&self->shared->written) + atomic_load(&self->shared->touched);
}

bool ring_has_room(const Ring *self)
{
    uint64_t queued = atomic_load(&self->shared->written) - atomic_load(&self->read);
    return queued < USABLE - ROOM_MATTERS;
}

unsigned ring_capacity(void)
{
    return USABLE;
}

bool ring_finished(const Ring *self)
{
    return atomic_load(&self->shared->eos) != 0;
}

bool ring_broken(const Ring *self)
{
    return atomic_load(&self->broken);
}

uint64_t ring_restart(Ring *self)
{
    uint64_t read = atomic_load(&self->read);
    uint64_t written = atomic_load(&self->shared->written);
    if (atomic_load(&self->broken) || written - read > RING_FRAMES)
        written = read;
    atomic_store(&self->shared->written, written);
    atomic_store(&self->shared->eos, 0);
    atomic_store(&self->broken, false);
    return written;
}

void ring_give_up(Ring *self)
{
    atomic_store(&self->given_up, true);
}

Ring *ring_attach(int fd, GError **error)
{
    g_autoptr(Ring) self = g_new0(Ring, 1);
    struct stat about;
    self->fd = -1;
    if (fstat(fd, &about) < 0 || about.st_size != RING_BYTES) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "descriptor %d is not a ring", fd);
        return NULL;
    }
    if (!ring_map(self, fd, error))
        return NULL;
    return g_steal_pointer(&self);
}

unsigned ring_room(const Ring *self)
{
    uint64_t read = atomic_load_explicit(&self->shared->read, memory_order_acquire);
    uint64_t queued = atomic_load(&self->shared->written) - read;
    return queued < USABLE ? USABLE - queued : 0;
}

unsigned ring_put(Ring *self, const int16_t *samples, unsigned frames)
{
    unsigned put = MIN(frames, ring_room(self));
    uint64_t written = atomic_load(&self->shared->written);
    unsigned first = before_seam(written, put);
    memcpy(sample_at(self, written), samples, first * FRAME_BYTES);
    memcpy(self->samples, samples + (size_t)first * RING_CHANNELS, (put - first) * FRAME_BYTES);
    atomic_store_explicit(&self->shared->written, written + put, memory_order_release);
    return put;
}

void ring_touch(Ring *self)
{
    atomic_fetch_add(&self->shared->touched, 1);
}

void ring_count_bytes(Ring *self, uint64_t bytes)
{
    atomic_fetch_add(&self->shared->bytes, bytes);
}

void ring_finish(Ring *self)
{
    atomic_store_explicit(&self->shared->eos, 1, memory_order_release);
}
