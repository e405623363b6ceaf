/* Keeps the sum of several voices inside 16 bits without cutting its tops off. */
#pragma once

#include <stdint.h>

typedef struct Limiter {
    float gain; /* in force; 1 = nothing to do */
} Limiter;

void limiter_init(Limiter *self);
/* `frames` stereo frames. What fits passes unchanged, bit for bit. */
void limiter_apply(Limiter *self, const int32_t *mix, int16_t *ret_samples, unsigned frames);
