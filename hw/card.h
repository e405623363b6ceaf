/* The sound card as the playout sees it: frames in, the hardware's own account of them out.
 *
 * Nothing blocks; one thread at a time (the writer's). Frame numbers count from the card's opening
 * and only a rewind takes them back; after an xrun they go on where they would have been written.
 * A card that was gone is closed and opened anew, and then counts from 0 again. */
#pragma once

#include <glib.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#define CARD_RATE     48000u
#define CARD_CHANNELS 2u /* interleaved S16LE; mono items are sent to both */

typedef struct Card Card;

/* What the hardware pointer says: at `at_ns`, the frame `frame` was leaving the converter. */
typedef struct CardPosition {
    int64_t frame; /* frames handed over minus delay */
    int64_t at_ns; /* CLOCK_MONOTONIC, ns */
    int64_t delay; /* frames queued in the card */
    bool running;
} CardPosition;

typedef enum {
    CARD_ERROR_GONE,  /* unplugged, or could not be opened: close and try again later */
    CARD_ERROR_XRUN,  /* ran dry: card_prepare() and go on */
    CARD_ERROR_STUCK, /* the pointer stands still */
    CARD_ERROR_SETUP, /* the device does not take our format */
} CardError;
#define CARD_ERROR (card_error_quark())
GQuark card_error_quark(void);

typedef struct CardOps {
    /* Writes up to `frames` frames without blocking; returns how many, 0 when full, -1 with error.
     */
    long (*write)(Card *self, const int16_t *samples, unsigned frames, GError **error);
    /* Takes back queued frames that have not been played; returns how many (0 if the card cannot).
     * The card plays on meanwhile: the caller leaves itself a guard before the pointer. */
    long (*rewind)(Card *self, unsigned frames);
    bool (*start)(Card *self, GError **error);   /* nothing sounds before it */
    bool (*prepare)(Card *self, GError **error); /* after an xrun or a drop */
    /* STUCK when the pointer of a running card was seen at one place for a second. */
    bool (*position)(Card *self, CardPosition *ret, GError **error);
    /* Descriptors to poll until there is room; returns how many were filled in. */
    unsigned (*poll_fds)(Card *self, struct pollfd *fds, unsigned max);
    /* Translates what poll() said: true when there is room or an error to fetch. */
    bool (*poll_ready)(Card *self, struct pollfd *fds, unsigned count);
    void (*close)(Card *self);
} CardOps;

struct Card {
    const CardOps *ops;
    unsigned period_frames;
    unsigned buffer_frames;
};

void card_close(Card *self); /* takes NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Card, card_close)

/* Opens an ALSA playback device by its name. `period_frames` and `buffer_frames` are wishes
 * (0 = 50 ms and 200 ms); what the device took stands in the Card. */
Card *card_alsa_open(const char *device, unsigned period_frames, unsigned buffer_frames,
                     GError **error);

/* A card in memory for unit tests: a virtual converter that a test advances by hand, and gives the
 * samples that left it back. See hw/sim/card_fake.c. */
Card *card_fake_new(unsigned period_frames, unsigned buffer_frames);
/* Lets the converter play `frames` frames; CLOCK_MONOTONIC of the fake moves with it. Running dry
 * is an underrun, as on a real card. */
void card_fake_advance(Card *card, unsigned frames);
void card_fake_set_gone(Card *card, bool gone);
void card_fake_set_stuck(Card *card, bool stuck);
/* At most so many frames can be taken back at once; 0 = none. Without a word, all that is queued.
 */
void card_fake_set_rewindable(Card *card, unsigned frames);
int64_t card_fake_now_ns(Card *card);
/* Everything that left the converter so far (interleaved S16, native endian); borrowed, grows with
 * card_fake_advance() only. */
GArray *card_fake_played(Card *card);
