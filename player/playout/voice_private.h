/* What voice.c (rendering), voice_card.c (what became of it) and voice_owner.c (the main loop's
 * half) share. */
#pragma once

#include "card.h"
#include "playout/voice.h"

/* All that rendering changes, and that taking back restores. */
typedef struct VoiceRun {
    VoiceState state;
    AudioEnd end;
    const char *fault;
    int64_t position; /* item frame to be rendered next */
    int64_t faded;    /* frames of the fade-out rendered */
    int64_t starved;
    float gain; /* in force; moves towards the wanted one */
    bool fading_in;
    bool dry;       /* a stream that waits until there is enough ahead again */
    int64_t lasted; /* of a stream: frames since its planned begin, sounding or not */
    Meter meter;
} VoiceRun;

typedef struct VoiceMark {
    int64_t card_frame; /* -1 = nothing here */
    VoiceRun run;
} VoiceMark;

struct Voice {
    /* Fixed. */
    Ring *ring;
    AudioId id;
    int64_t skip_frames, expect_frames, prepared_us, fade_in;
    bool live;

    /* From the main loop to the writer. */
    _Atomic bool armed;
    _Atomic bool turned;       /* a knob was, since the writer last looked */
    _Atomic int64_t stop_fade; /* frames; -1 = not asked */
    _Atomic double gain, duck; /* linear */

    /* From the writer to the main loop. */
    _Atomic unsigned news;
    _Atomic int64_t first_us, told_frames, told_us;
    _Atomic double level_dbfs;
    _Atomic bool is_dry;

    /* The writer's own; the main loop may read it after VOICE_NEWS_DONE. */
    AudioId after;      /* 0: the leader has gone */
    bool held_back;     /* the leader has not ended */
    bool follower;      /* join_frame counts, not start_us */
    int64_t join_frame; /* card frame */
    int64_t end_frame;  /* card frame after the last rendered one, once all is rendered */
    int64_t start_us;
    VoiceRun run;
    VoiceMark mark[VOICE_MARKS];    /* by number of the chunk */
    int64_t anchor_item, anchor_ns; /* this frame of the item sounded then (MONOTONIC) ... */
    int64_t owed;      /* ... so many frames late, since the card took time to return */
    int64_t played;    /* frames that left the converter */
    int64_t passed_to; /* card frame after the last of them */
    int64_t lost_ns;   /* when the card went (MONOTONIC) */
    unsigned xruns;
    Trail trail;
    AudioSegment segment[VOICE_SEGMENTS];
    unsigned segments;
    bool segment_open;
    int16_t chunk[VOICE_CHUNK * CARD_CHANNELS];
};

/* The segment that sounds now; past VOICE_SEGMENTS the last one goes on. */
AudioSegment *voice_open_segment(Voice *self);
void voice_close_segment(Voice *self, AudioEnd ended);
void voice_finish(Voice *self, AudioEnd end, const char *fault);
void voice_forget_marks(Voice *self); /* the card's frames are numbered anew */
bool voice_stop_asked(const Voice *self);
/* Moves the next frame to be rendered to `target`, as far as the ring allows. */
void voice_seek(Voice *self, int64_t target);
