/* Simulated cards for a test: a temporary folder of them, their faults, and what they recorded. */
#pragma once

#include "card.h"

#define DESK_CARDS  18 /* "station1" ... */
#define DESK_PERIOD 480
#define DESK_BUFFER 24000 /* half a second: room for a busy machine */

/* Makes the folder and points ALSA at it; before any ALSA call, once in a program. */
void desk_set_up(void);
void desk_tear_down(void);

char *desk_device(int card);
/* "unplugged=1 volume=88": done when this returns. */
void desk_set(int card, const char *assignments);
/* One field of what `loa-simcard show` prints. */
int64_t desk_get(int card, const char *field);

/* Everything that the card has recorded, interleaved; fails the test on a bad header. */
GArray *desk_recording(int card);

typedef struct DeskStamp {
    char event[16];
    int64_t realtime_ns;
    int64_t monotonic_ns;
    int64_t frame;
    double rate;
} DeskStamp;
/* All stamps, in order. */
GArray *desk_stamps(int card);
/* The last stamp of that event; fails the test if there is none. */
DeskStamp desk_last_stamp(int card, const char *event);

/* Opens it with the period and buffer above. */
Card *desk_open(int card);
/* Noise, never zero, so that a lost or silent frame shows. */
int16_t *desk_noise(unsigned frames, uint32_t seed);
/* Writes it all, waiting for room; false with the card's error. */
bool desk_feed(Card *card, const int16_t *samples, unsigned frames, GError **error);
/* Until the card has nothing left: then everything that was handed over lies in the recording. */
void desk_run_dry(Card *card);
/* Starts the card and plays it all, to the last frame. */
void desk_play(Card *card, const int16_t *samples, unsigned frames);
void desk_play_and_close(int card, const int16_t *samples, unsigned frames);
void desk_assert_recorded(GArray *recording, unsigned at, const int16_t *samples, unsigned frames);
