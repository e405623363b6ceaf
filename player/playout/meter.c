/* RMS and peak in 100 ms slots.
 *
 * Ten slots make the last second; the item's sum lives beside them. Silence is judged slot by slot
 * so that a pause between two words does not count as a fault, a muted stretch does. */
#include "playout/meter.h"

#include <math.h>
#include <stdlib.h>

#define CHANNELS   2u
#define FULL_SCALE 32768.0

static double to_db(double power)
{
    return power > 0 ? 10 * log10(power) : -INFINITY;
}

static void close_slot(Meter *self)
{
    double db = to_db(self->slot[self->at] / (METER_SLOT_FRAMES * CHANNELS));
    self->quiet_frames = db < METER_SILENT_DBFS ? self->quiet_frames + METER_SLOT_FRAMES : 0;
    if (self->quiet_frames > self->longest_quiet_frames)
        self->longest_quiet_frames = self->quiet_frames;
    self->at = (self->at + 1) % METER_SLOTS;
    self->slot[self->at] = 0;
    self->filled = 0;
}

void meter_init(Meter *self)
{
    *self = (Meter){0};
}

/* Whole numbers inside: a compiler makes vectors of it, and nothing is rounded. */
static int64_t add_squares(Meter *self, const int16_t *samples, unsigned count)
{
    int64_t sum = 0;
    int peak = self->peak;
    for (unsigned i = 0; i < count; i++) {
        int sample = samples[i];
        int size = abs(sample);
        sum += (int64_t)sample * sample;
        peak = size > peak ? size : peak;
    }
    self->peak = peak;
    return sum;
}

void meter_add(Meter *self, const int16_t *samples, unsigned frames)
{
    self->count += (double)frames * CHANNELS;
    while (frames > 0) {
        unsigned room = METER_SLOT_FRAMES - self->filled;
        unsigned now = frames < room ? frames : room;
        int64_t squares = add_squares(self, samples, now * CHANNELS);
        double power = (double)squares / (FULL_SCALE * FULL_SCALE);
        self->sum += power;
        self->slot[self->at] += power;
        self->filled += now;
        if (self->filled == METER_SLOT_FRAMES)
            close_slot(self);
        samples += (size_t)now * CHANNELS;
        frames -= now;
    }
}

double meter_rms_dbfs(const Meter *self)
{
    return self->count > 0 ? to_db(self->sum / self->count) : -INFINITY;
}

double meter_peak_dbfs(const Meter *self)
{
    return to_db(self->peak * (double)self->peak / (FULL_SCALE * FULL_SCALE));
}

double meter_level_dbfs(const Meter *self)
{
    double sum = 0;
    double frames = (METER_SLOTS - 1) * METER_SLOT_FRAMES + self->filled;
    double so_far = self->count / CHANNELS;
    for (unsigned i = 0; i < METER_SLOTS; i++)
        sum += self->slot[i];
    frames = fmin(frames, so_far);
    return frames > 0 ? to_db(sum / (frames * CHANNELS)) : -INFINITY;
}

bool meter_silent(const Meter *self)
{
    return meter_rms_dbfs(self) < METER_SILENT_DBFS;
}
