/* The outline of a sound for the eye: the lowest and highest sample of each of 800 equal parts. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PEAKS_PARTS                                                                                \
    800 /* a panel's strip is at most that wide; a sound of fewer frames has fewer */

/* min, max, min, max ...; full scale is -128..127. */
typedef struct Peaks {
    int8_t pairs[2 * PEAKS_PARTS];
    int64_t frames; /* seen so far */
    int64_t frames_per_part;
} Peaks;

/* For a sound of about `frames`; what comes beyond goes into the last part. */
void peaks_begin(Peaks *self, int64_t frames);
void peaks_add(Peaks *self, const float *pcm, size_t frames);
unsigned peaks_parts(const Peaks *self);

/* As text, the way it is reported and stored: base64 of the pairs. */
char *peaks_to_text(const Peaks *self);
/* False when `text` is no such thing. `ret_pairs` holds 2 * PEAKS_PARTS. */
bool peaks_from_text(const char *text, int8_t *ret_pairs, unsigned *ret_parts);
