/* How loud was what we handed over? RMS and peak of a whole item and of its last second. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define METER_SLOTS       10
#define METER_SLOT_FRAMES 4800u /* 100 ms at 48 kHz */
#define METER_SILENT_DBFS -70.0 /* quieter than this is no sound: dither, a muted source */

typedef struct Meter {
    double sum, count; /* squares and samples so far, full scale = 1 */
    int peak;
    double slot[METER_SLOTS]; /* squares of the last slots; `at` is being filled */
    unsigned at, filled;
    int64_t quiet_frames, longest_quiet_frames;
} Meter;

void meter_init(Meter *self);
/* `frames` interleaved stereo frames, after gain. */
void meter_add(Meter *self, const int16_t *samples, unsigned frames);
double meter_rms_dbfs(const Meter *self); /* a full-scale square = 0; -INFINITY = nothing */
double meter_peak_dbfs(const Meter *self);
double meter_level_dbfs(const Meter *self); /* RMS of the last second */
bool meter_silent(const Meter *self);       /* the whole of it */
