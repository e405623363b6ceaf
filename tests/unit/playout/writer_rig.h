/* The writer over a card in memory, turned by hand: 10 ms of virtual time, then one turn. */
#pragma once

#include "playout/writer.h"

#define PERIOD  960
#define BUFFER  9600
#define TURN    480
#define BORN_NS 1000000000000LL /* the fake card's clock at its start */
#define OFFSET  1700000000000000000LL
#define SECOND  48000

/* A voice beside the rig's own: `level` on every frame. */
typedef struct Extra {
    Voice *voice;
    Ring *ring, *producer;
    int64_t length, fed;
    int16_t level;
    unsigned news;
} Extra;

typedef struct Rig {
    Card *card; /* NULL: closed */
    bool refuse;
    unsigned opened, news;
    unsigned open_takes; /* frames that go by while a card is opened */
    int64_t elapsed;     /* virtual time, frames */
    int64_t offset_ns;
    GArray *heard; /* left channel of what sounded; index = elapsed */
    Writer *writer;
    Ring *ring, *producer;
    Voice *voice;
    int64_t length, fed;
    int64_t stalls_at;      /* the decoder comes no further for now; 0 = it works */
    GPtrArray *extras;      /* Extra */
    AudioEvidence evidence; /* freed with the rig */
} Rig;

/* An item of `length` frames to start when `start` frames have gone by. */
Rig *given_item(int64_t start, int64_t length);
void rig_free(Rig *rig);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rig, rig_free)

/* Lends another voice; `id` above those before it, `after` another's id or 0. It lives as long as
 * the rig. The rig's own voice has the id 1. */
Extra *add_voice(Rig *rig, const VoiceSettings *settings, int64_t length, int16_t level);

/* Feeds, lets time go by and turns, again and again. */
void run(Rig *rig, double seconds);
/* Its two halves: one turn; time that goes by. */
void turn(Rig *rig);
void pass_time(Rig *rig, unsigned frames);
int64_t wall_us(const Rig *rig, int64_t elapsed);
/* Frame n of the item sounds as this on both channels. */
int16_t tone(int64_t frame);
