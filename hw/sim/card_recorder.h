/* What a simulated card leaves behind: the WAV of what left its converter, and the stamps that say
 * when. Both only ever grow, across any number of openings of the same card. libc only. */
#pragma once

#include <stdint.h>

#define CARD_RECORDER_RATE     48000
#define CARD_RECORDER_CHANNELS 2

typedef struct CardRecorder CardRecorder;

/* One instant on both clocks. */
typedef struct CardInstant {
    int64_t realtime_ns;
    int64_t monotonic_ns;
} CardInstant;

/* Both clocks read together, a microsecond or so apart at most. */
CardInstant card_instant_now(void);

/* Either path may be NULL. NULL with errno: a file cannot be made, or the WAV is not one of ours
 * (EEXIST), and it is left as it is. */
CardRecorder *card_recorder_new(const char *wav, const char *log);
void card_recorder_free(CardRecorder *self);

/* The frame that the WAV gets next. */
int64_t card_recorder_frame(const CardRecorder *self);

/* Appends interleaved S16LE frames. An error of the disk is not told: the place of every later
 * frame stays right, and what could not be written reads as silence. */
void card_recorder_append(CardRecorder *self, const int16_t *samples, unsigned frames);

/* Appends a stamp: at `when`, the next frame of the WAV was due. `rate` is the frames per second
 * from here on. Brings the WAV's header up to date. */
void card_recorder_stamp(CardRecorder *self, const char *event, const char *reason,
                         CardInstant when, double rate);
