/* One prepared item of the playout: its ring, its decoder child, its voice. Main loop only. */
#pragma once

#include "playout/audio.h"
#include "playout/held.h"
#include "playout/mixer_watch.h"
#include "playout/voice.h"

typedef struct Item Item;

typedef struct ItemSettings {
    AudioId id;
    const AudioItem *audio;
    AudioId after;      /* an item that is still there, or 0 */
    bool decode_later;  /* item_decode() will be called */
    bool quarantined;   /* no decoder is to see it: it ends where it would begin */
    int64_t now_us;     /* wall time */
    double software_db; /* where the card has no volume of its own */
    const char *program;
    RelayLimits relay;
    Held *held;
    void (*on_decoded)(Item *item, void *user); /* its decoder has ended, well or not */
    void *user;
} ItemSettings;

Item *item_new(const ItemSettings *settings, GError **error);
void item_free(Item *self); /* the voice has come back from the writer */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Item, item_free)

AudioId item_id(const Item *self);
AudioId item_after(const Item *self);
Voice *item_voice(const Item *self);
const char *item_path(const Item *self); /* NULL of a stream */
bool item_broke_decoder(const Item *self);
MixerRecord *item_mixer(Item *self);
void item_decode(Item *self); /* starts the decoder unless it was; a failure ends the voice */
bool item_decoded(const Item *self);
/* Of a stream whose time it is: nothing of it, or nothing but silence. */
bool item_is_dry(const Item *self);
void item_set_software_gain(Item *self, double db);
/* After VOICE_NEWS_DONE: everything, the mixer and the fault word too. */
uint64_t item_stream_bytes(const Item *self); /* fetched so far; 0 of a file */
void item_evidence(Item *self, AudioEvidence *ret_evidence);
