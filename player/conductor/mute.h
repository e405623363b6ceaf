/* When this station was, is or will be silent because the centre said so. Emergencies sound all the
 * same. */
#pragma once

#include "timeline/timeline.h"

#define MUTE_MAX_PAST 16
#define MUTE_MAX      (MUTE_MAX_PAST + 1)

typedef struct MuteSpan {
    int64_t from_us, until_us; /* wall clock */
} MuteSpan;

typedef struct Mute {
    MuteSpan now;                 /* the last that was said; until_us 0 = none yet */
    MuteSpan past[MUTE_MAX_PAST]; /* those before, a ring: they explain what did not sound */
    unsigned n_past;
} Mute;

/* The later word: what it replaces is over at `now_us`. The same instant twice = it may sound. */
void mute_set(Mute *self, MuteSpan span, int64_t now_us);
/* The end of the silence that covers the instant; 0 = it may sound. */
int64_t mute_until(const Mute *self, int64_t at_us);
/* As events of the timeline; gives their number. */
unsigned mute_events(const Mute *self, TimelineEvent ret_events[MUTE_MAX]);
