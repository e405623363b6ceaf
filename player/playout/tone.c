/* A sine of 880 Hz: high enough for a small horn, low enough to carry. */
#include "playout/tone.h"

#include <math.h>

#define RATE    48000
#define HERTZ   880.0
#define RAMP    960 /* frames */
#define PIECE   480
#define CREST   M_SQRT2 /* peak of a sine over its RMS */
#define MAX_S16 32767.0

static int16_t sample_at(unsigned frame)
{
    unsigned edge = MIN(frame, TONE_FRAMES - 1 - frame);
    double ramp = edge < RAMP ? (double)edge / RAMP : 1;
    double peak = MAX_S16 * CREST * pow(10, TONE_RMS_DBFS / 20);
    return (int16_t)lrint(peak * ramp * sin(2 * G_PI * HERTZ * frame / RATE));
}

void tone_pour(Ring *ring)
{
    int16_t samples[PIECE * RING_CHANNELS];
    for (unsigned from = 0; from < TONE_FRAMES; from += PIECE) {
        for (unsigned i = 0; i < PIECE; i++)
            samples[2 * i] = samples[2 * i + 1] = sample_at(from + i);
        ring_put(ring, samples, PIECE);
    }
    ring_finish(ring);
}
