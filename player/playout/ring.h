/* Decoded sound on its way from the decoder's process to the writer thread: one producer, one
 * consumer, shared memory without a name.
 *
 * The consumer trusts nothing the producer writes but samples: its own position lies outside the
 * shared pages, counters that cannot be true break the ring instead of being followed, and seals
 * keep the pages from being taken away. All functions of one side are called by one thread, except
 * those marked "owner": they belong to the process that made the ring, any thread. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define RING_FRAMES 120000u /* interleaved stereo at 48 kHz: 2 s ahead and the guard behind */
#define RING_GUARD                                                                                 \
    24000u /* played frames that stay readable behind the consumer, for going back                 \
            */
#define RING_CHANNELS 2u

typedef enum {
    RING_OPEN,   /* more may come */
    RING_EOS,    /* everything has been produced */
    RING_FAILED, /* the owner gave the producer up */
} RingEnd;

typedef struct Ring Ring;

/* Owner and consumer. */
Ring *ring_new(GError **error);
void ring_free(Ring *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ring, ring_free)
int ring_fd(const Ring *self); /* borrowed; to be inherited by the producer */

unsigned ring_available(Ring *self);
/* Copies up to `frames` frames; returns how many. */
unsigned ring_take(Ring *self, int16_t *ret_samples, unsigned frames);
unsigned ring_skip(Ring *self, unsigned frames);
/* Goes back over frames already taken, RING_GUARD at most; returns how many. */
unsigned ring_back(Ring *self, unsigned frames);
/* RING_OPEN as long as there is something to take, or something to hope for. */
RingEnd ring_end(Ring *self);

/* Owner. */
uint64_t ring_taken(const Ring *self);    /* frames taken so far */
uint64_t ring_bytes(const Ring *self);    /* what the producer says it has fetched */
uint64_t ring_progress(const Ring *self); /* changes as long as the producer lives up to its name */
bool ring_has_room(const Ring *self);     /* whether a producer that lives has a reason to write */
unsigned ring_capacity(void);             /* frames an honest producer may be ahead */
bool ring_finished(const Ring *self);     /* the producer says that this was all */
bool ring_broken(const Ring *self);       /* impossible counters were seen */
/* After the producer is dead: ready for a new one, which goes on at the returned frame. */
uint64_t ring_restart(Ring *self);
void ring_give_up(Ring *self); /* what is there is still played, then RING_FAILED */

/* Producer. */
Ring *ring_attach(int fd, GError **error);
unsigned ring_room(const Ring *self);
unsigned ring_put(Ring *self, const int16_t *samples, unsigned frames);
void ring_touch(Ring *self);                       /* alive, though there is nothing to put yet */
void ring_count_bytes(Ring *self, uint64_t bytes); /* fetched over the network */
void ring_finish(Ring *self);
