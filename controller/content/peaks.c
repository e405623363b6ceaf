/* Taken from the canonical file as it is decoded for measuring, so it costs no pass of its own and
 * shows what stations will play, not what was uploaded. */
#include "content/peaks.h"

#include <math.h>
#include <string.h>

void peaks_begin(Peaks *self, int64_t frames)
{
    memset(self, 0, sizeof *self);
    self->frames_per_part = MAX((frames + PEAKS_PARTS - 1) / PEAKS_PARTS, 1);
}

static size_t part_of(const Peaks *self, int64_t frame)
{
    return (size_t)MIN(frame / self->frames_per_part, PEAKS_PARTS - 1);
}

void peaks_add(Peaks *self, const float *pcm, size_t frames)
{
    for (size_t i = 0; i < frames; i++) {
        int8_t *pair = &self->pairs[2 * part_of(self, self->frames++)];
        const int8_t value = (int8_t)CLAMP(lrintf(pcm[i] * 127.0f), -128, 127);
        pair[0] = MIN(pair[0], value);
        pair[1] = MAX(pair[1], value);
    }
}

unsigned peaks_parts(const Peaks *self)
{
    return self->frames == 0 ? 0 : (unsigned)part_of(self, self->frames - 1) + 1;
}

char *peaks_to_text(const Peaks *self)
{
    return g_base64_encode((const guchar *)self->pairs, 2 * peaks_parts(self));
}

bool peaks_from_text(const char *text, int8_t *ret_pairs, unsigned *ret_parts)
{
    gsize length = 0;
    if (text == NULL || strlen(text) > 4 * PEAKS_PARTS)
        return false;
    g_autofree guchar *bytes = g_base64_decode(text, &length);
    if (length == 0 || length % 2 != 0 || length > 2 * PEAKS_PARTS)
        return false;
    memcpy(ret_pairs, bytes, length);
    *ret_parts = (unsigned)length / 2;
    return true;
}
