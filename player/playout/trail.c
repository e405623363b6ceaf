/* A short queue of runs. Runs that continue each other are one, so that an item without starvation
 * or xrun is a single run however long the card's buffer is. */
#include "playout/trail.h"

#include <sys/param.h>

void trail_clear(Trail *self)
{
    self->first = self->count = 0;
}

void trail_add(Trail *self, int64_t card_frame, int64_t item_frame, int64_t frames)
{
    if (frames <= 0)
        return;
    if (self->count > 0) {
        TrailRun *last = &self->run[(self->first + self->count - 1) % TRAIL_RUNS];
        if (last->card_frame + last->frames == card_frame &&
            last->item_frame + last->frames == item_frame) {
            last->frames += frames;
            return;
        }
    }
    if (self->count == TRAIL_RUNS)
        return;
    self->run[(self->first + self->count++) % TRAIL_RUNS] =
        (TrailRun){.card_frame = card_frame, .item_frame = item_frame, .frames = frames};
}

bool trail_pass(Trail *self, int64_t card_frame, TrailRun *ret_piece)
{
    if (self->count == 0 || self->run[self->first].card_frame >= card_frame)
        return false;
    TrailRun *run = &self->run[self->first];
    int64_t passed = card_frame - run->card_frame;
    *ret_piece = *run;
    if (passed < run->frames) {
        ret_piece->frames = passed;
        run->card_frame += passed;
        run->item_frame += passed;
        run->frames -= passed;
        return true;
    }
    self->first = (self->first + 1) % TRAIL_RUNS;
    self->count--;
    return true;
}

void trail_cut(Trail *self, int64_t card_frame)
{
    while (self->count > 0) {
        TrailRun *last = &self->run[(self->first + self->count - 1) % TRAIL_RUNS];
        if (last->card_frame < card_frame) {
            last->frames = MIN(last->frames, card_frame - last->card_frame);
            return;
        }
        self->count--;
    }
}

bool trail_empty(const Trail *self)
{
    return self->count == 0;
}
