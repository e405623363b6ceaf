/* When does which frame leave the converter? A straight line through what the card said lately.
 *
 * Pure arithmetic: no clock is read here. The writer adds a reading a period and asks. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define DAC_CLOCK_WINDOW  256   /* readings the line goes through */
#define DAC_CLOCK_ENOUGH  8     /* readings before the line may start an item */
#define DAC_CLOCK_MAX_PPM 500.0 /* a crystal further off than this is a wrong reading */

typedef struct DacClock {
    double rate;                    /* nominal, frames a second */
    double frame[DAC_CLOCK_WINDOW]; /* relative to base_frame */
    double ns[DAC_CLOCK_WINDOW];    /* relative to base_ns */
    int64_t base_frame, base_ns;    /* the first reading after a reset */
    unsigned count, next, strays;
    double mid_frame, mid_ns, ns_per_frame; /* the line */
} DacClock;

void dac_clock_init(DacClock *self, unsigned rate);
/* Forgets every reading: after an xrun, a replug, a jump. */
void dac_clock_reset(DacClock *self);
/* `frame` was leaving the converter at `mono_ns`. Readings far off the line are ignored; two in a
 * row start a new line. */
void dac_clock_add(DacClock *self, int64_t frame, int64_t mono_ns);

bool dac_clock_ready(const DacClock *self);
/* CLOCK_MONOTONIC of `frame`, ns; needs one reading at least. */
int64_t dac_clock_ns(const DacClock *self, int64_t frame);
/* The frame that leaves at `mono_ns`, rounded to the nearest. */
int64_t dac_clock_frame(const DacClock *self, int64_t mono_ns);
/* The frame that leaves at the wall time `real_us`, where `offset_ns` = REALTIME - MONOTONIC now.
 */
int64_t dac_clock_frame_at(const DacClock *self, int64_t real_us, int64_t offset_ns);
double dac_clock_ppm(const DacClock *self); /* the crystal's error; positive = fast */
