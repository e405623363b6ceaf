/* The card's mixer around the items: asserted before, read back while they sound. */
#pragma once

#include "card_mixer.h"

#include <stdint.h>

typedef struct MixerWatch {
    char *device, *element; /* NULL device = no mixer */
    double volume_db;       /* asserted last */
} MixerWatch;

/* What one item saw of the mixer. */
typedef struct MixerRecord {
    CardMixerState worst; /* of all looks */
    bool unreadable;      /* a mixer that should be there did not answer */
} MixerRecord;

void mixer_watch_init(MixerWatch *self, const char *device, const char *element);
void mixer_watch_clear(MixerWatch *self);
/* Unmutes and sets; true with `ret_present` false where the card has no volume of its own. */
bool mixer_watch_set(MixerWatch *self, double db, bool *ret_present, GError **error);
void mixer_watch_assert(MixerWatch *self); /* a new item, or the card is back: set again */
void mixer_watch_look(MixerWatch *self, MixerRecord *record); /* read back, keep the worst */
