/* Worlds that nobody would think of: the same seed gives the same world. */
#pragma once

#include "world.h"

typedef struct Random {
    uint64_t state;
} Random;

uint64_t random_next(Random *self);
/* In [0, below). */
int64_t random_below(Random *self, int64_t below);
bool random_chance(Random *self, int percent);

World *random_world(uint64_t seed);
/* The same arrays in another order. */
World *random_shuffled(const World *world, uint64_t seed);
