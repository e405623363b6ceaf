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

void meter_add(Meter *self, const int16_t *samples, unsigned frames)
{
    for (unsigned i = 0; i < frames; i++) {
        double square = 0;
        for (unsigned c = 0; c < CHANNELS; c++) {
            int sample = samples[i * CHANNELS + c];
            square += (double)sample * sample;
            if (abs(sample) > self->peak)
                self->peak = abs(sample);
        }
        square /= FULL_SCALE * FULL_SCALE;
        self->sum += square;
        self->slot[self->at] += square;
        if (++self->filled == METER_SLOT_FRAMES)
            close_slot(self);
    }
    self->count += (double)frames * CHANNELS;
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
