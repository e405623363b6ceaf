/* What voice.c (the writer's half) and voice_owner.c (the main loop's half) share. */
#pragma once

#include "card.h"
#include "playout/voice.h"

struct Voice {
    /* Fixed. */
    Ring *ring;
    int64_t start_us, skip_frames, expect_frames, prepared_us;

    /* From the main loop to the writer. */
    _Atomic bool armed;
    _Atomic int64_t stop_fade; /* frames; -1 = not asked */
    _Atomic double gain;       /* linear */

    /* From the writer to the main loop. */
    _Atomic unsigned news;
    _Atomic int64_t first_us, told_frames, told_us;
    _Atomic double level_dbfs;

    /* The writer's own; the main loop may read it after VOICE_NEWS_DONE. */
    VoiceState state;
    AudioEnd end;
    const char *fault;
    bool away;                      /* without a card */
    int64_t position;               /* item frame to be rendered next */
    int64_t faded;                  /* frames of the fade-out rendered */
    int64_t anchor_item, anchor_ns; /* this frame of the item was due then (MONOTONIC) */
    int64_t played;                 /* frames that left the converter */
    int64_t starved;
    unsigned xruns;
    Meter meter;
    Trail trail;
    AudioSegment segment[VOICE_SEGMENTS];
    unsigned segments;
    bool segment_open;
    int16_t chunk[VOICE_CHUNK_FRAMES * CARD_CHANNELS];
};

/* The segment that sounds now; past VOICE_SEGMENTS the last one goes on. */
AudioSegment *voice_open_segment(Voice *self);
void voice_close_segment(Voice *self, AudioEnd ended);
void voice_finish(Voice *self, AudioEnd end, const char *fault);
