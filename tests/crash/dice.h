/* Repeatable randomness: the same seed, the same run. xorshift64* (Vigna, 2014). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct Dice {
    uint64_t state;
} Dice;

static inline uint64_t dice_next(Dice *self)
{
    self->state ^= self->state >> 12;
    self->state ^= self->state << 25;
    self->state ^= self->state >> 27;
    return self->state * UINT64_C(2685821657736338717);
}

static inline Dice dice_of(uint64_t seed)
{
    Dice dice = {seed * UINT64_C(0x9e3779b97f4a7c15) + 1};
    dice_next(&dice);
    return dice;
}

/* 0 .. below-1 */
static inline unsigned dice_below(Dice *self, unsigned below)
{
    return (unsigned)((dice_next(self) >> 33) % below);
}

static inline bool dice_chance(Dice *self, unsigned percent)
{
    return dice_below(self, 100) < percent;
}
