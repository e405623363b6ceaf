/* The card's mixer around one item: asserted before, read back while it sounds. */
#pragma once

#include "card_mixer.h"

#include <stdint.h>

typedef struct MixerWatch {
    char *device, *element; /* NULL device = no mixer */
    double volume_db;       /* asserted last */
    CardMixerState worst;   /* of all read back since mixer_watch_begin() */
    bool unreadable;        /* a mixer that should be there did not answer */
} MixerWatch;

void mixer_watch_init(MixerWatch *self, const char *device, const char *element);
void mixer_watch_clear(MixerWatch *self);
/* Unmutes and sets; true with `ret_present` false where the card has no volume of its own. */
bool mixer_watch_set(MixerWatch *self, double db, bool *ret_present, GError **error);
void mixer_watch_begin(MixerWatch *self);  /* a new item: forget, assert */
void mixer_watch_assert(MixerWatch *self); /* the card is back: set again */
void mixer_watch_look(MixerWatch *self);   /* read back, keep the worst */
