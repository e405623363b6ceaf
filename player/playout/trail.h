/* Which frames of the card carry which frames of the item, until the hardware pointer has passed
 * them. This is what turns "written" into "left the converter". Pure; writer thread only. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define TRAIL_RUNS                                                                                 \
    64 /* a card's buffer holds a handful; more are dropped, which only undercounts */

typedef struct TrailRun {
    int64_t card_frame; /* first */
    int64_t item_frame; /* first */
    int64_t frames;
} TrailRun;

typedef struct Trail {
    TrailRun run[TRAIL_RUNS];
    unsigned first, count;
} Trail;

void trail_clear(Trail *self);
void trail_add(Trail *self, int64_t card_frame, int64_t item_frame, int64_t frames);
/* Takes off what lies before `card_frame`, one piece at a time: true with a piece, false when
 * there is nothing more to take. */
bool trail_pass(Trail *self, int64_t card_frame, TrailRun *ret_piece);
/* Forgets what lies at `card_frame` and after it: it was taken back from the card. */
void trail_cut(Trail *self, int64_t card_frame);
bool trail_empty(const Trail *self);
