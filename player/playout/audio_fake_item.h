/* One item of the fake audio: arithmetic on a virtual wall clock, no callbacks. */
#pragma once

#include "playout/audio_fake.h"

#define AUDIO_FAKE_PROGRESS 48000 /* frames between two words of it */
#define AUDIO_FAKE_NEVER    INT64_MAX

typedef struct AudioFakeItem {
    AudioId id;
    AudioFakePhase phase;
    AudioItem item;
    char *path;
    double duck_db;
    AudioEnd end;
    int64_t frames;            /* that will sound unless stopped; 0 = never starts */
    int64_t gap_after, gap_us; /* 0, 0 = no gap */
    int64_t from_us;           /* when the item sounds its first frame */
    int64_t stop_us;           /* when the fade asked for is over; AUDIO_FAKE_NEVER = not asked */
    int64_t reported;          /* frames told by progress so far */
    bool stream, never, told;  /* never: it has no source; told: that it started */
    GArray *heard;             /* of a stream: its stretches; the last one may be open */
} AudioFakeItem;

AudioFakeItem *audio_fake_item_new(void);
void audio_fake_item_free(AudioFakeItem *item);
/* Frames of the item that have sounded at `at_us`, the gap left out. */
int64_t audio_fake_item_sounded(const AudioFakeItem *item, int64_t at_us);
/* When the frame number `frame` is heard. */
int64_t audio_fake_item_heard_us(const AudioFakeItem *item, int64_t frame);
/* When the next thing happens to it, or AUDIO_FAKE_NEVER. */
int64_t audio_fake_item_next_us(const AudioFakeItem *item);
void audio_fake_item_add_segment(const AudioFakeItem *item, GArray *segments, int64_t from,
                                 int64_t frames, AudioEnd ended);
/* Of a stream: it is heard from here on, or no longer. */
void audio_fake_item_open_span(AudioFakeItem *item, int64_t at_us);
void audio_fake_item_close_span(AudioFakeItem *item, int64_t at_us);
/* Its stretches as segments; gives the frames that were starved. */
int64_t audio_fake_item_add_spans(AudioFakeItem *item, GArray *segments, int64_t now_us,
                                  AudioEnd end);
