/* A peak limiter without delay: the gain falls at once to what the loudest sample needs and comes
 * back over RELEASE_FRAMES, so that only the rising edge of the first peak is bent and those after
 * it pass in proportion. It delays nothing because a start must stay on its frame. Both channels
 * share one gain. */
#include "playout/limiter.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define CHANNELS       2u
#define CEILING        32767
#define RELEASE_FRAMES 14400 /* 300 ms from silence to full */

void limiter_init(Limiter *self)
{
    self->gain = 1;
}

static bool fits(const int32_t *mix, unsigned samples)
{
    int32_t low = 0, high = 0;
    for (unsigned i = 0; i < samples; i++) {
        low = mix[i] < low ? mix[i] : low;
        high = mix[i] > high ? mix[i] : high;
    }
    return low >= -CEILING && high <= CEILING;
}

static void limit_frame(Limiter *self, const int32_t *mix, int16_t *ret_samples)
{
    int32_t peak = 0;
    for (unsigned c = 0; c < CHANNELS; c++)
        peak = abs(mix[c]) > peak ? abs(mix[c]) : peak;
    self->gain = fminf(1, self->gain + 1.0f / RELEASE_FRAMES);
    if ((float)peak * self->gain > CEILING)
        self->gain = (float)CEILING / (float)peak;
    for (unsigned c = 0; c < CHANNELS; c++) {
        long sample = lrintf((float)mix[c] * self->gain);
        ret_samples[c] = (int16_t)(sample > CEILING    ? CEILING
                                   : sample < -CEILING ? -CEILING
                                                       : sample);
    }
}

void limiter_apply(Limiter *self, const int32_t *mix, int16_t *ret_samples, unsigned frames)
{
    if (self->gain >= 1 && fits(mix, frames * CHANNELS)) {
        for (unsigned i = 0; i < frames * CHANNELS; i++)
            ret_samples[i] = (int16_t)mix[i];
        return;
    }
    for (unsigned i = 0; i < frames; i++)
        limit_frame(self, mix + i * CHANNELS, ret_samples + i * CHANNELS);
}
