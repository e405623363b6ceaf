/* The only door to libebur128.
 *
 * One channel only: the canonical form is mono, and R 128 weighs a single channel like the left of
 * a pair. A mono sum played by one horn therefore reads 3 dB below the same voice on two channels;
 * the target in canonical.h is meant for exactly this measure. True peak is the library's 4x
 * oversampled peak at 48 kHz. */
#include "content/loudness.h"

#include <ebur128.h>
#include <math.h>

struct Loudness {
    ebur128_state *state;
};

Loudness *loudness_new(unsigned rate_hz)
{
    g_return_val_if_fail(rate_hz > 0, NULL);
    Loudness *self = g_new0(Loudness, 1);
    self->state = ebur128_init(1, rate_hz, EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK);
    if (self->state == NULL)
        g_abort(); /* out of memory, as GLib itself does */
    return self;
}

void loudness_free(Loudness *self)
{
    if (self == NULL)
        return;
    if (self->state != NULL)
        ebur128_destroy(&self->state);
    g_free(self);
}

void loudness_add(Loudness *self, const float *pcm, size_t frames)
{
    if (ebur128_add_frames_float(self->state, pcm, frames) != EBUR128_SUCCESS)
        g_abort(); /* out of memory, as GLib itself does */
}

double loudness_integrated_lufs(const Loudness *self)
{
    double lufs = 0;
    if (ebur128_loudness_global(self->state, &lufs) != EBUR128_SUCCESS || !isfinite(lufs))
        return LOUDNESS_SILENT_LUFS;
    return MAX(lufs, LOUDNESS_SILENT_LUFS);
}

double loudness_true_peak_db(const Loudness *self)
{
    double peak = 0;
    if (ebur128_true_peak(self->state, 0, &peak) != EBUR128_SUCCESS || !(peak > 1e-6))
        return -120.0;
    return 20.0 * log10(peak);
}
