/* What writer.c (one turn), writer_mix.c (what is handed over) and writer_thread.c (who turns it)
 * share. */
#pragma once

#include "playout/limiter.h"
#include "playout/writer.h"

#include <pthread.h>

#define WRITER_HISTORY (VOICE_CHUNK * VOICE_MARKS) /* frames that can be handed over again */

struct Writer {
    WriterOps ops;
    void *user;
    _Atomic(Voice *) slot[AUDIO_MAX_ITEMS];

    Voice *voice[AUDIO_MAX_ITEMS]; /* of this turn; a leader comes before its follower */
    unsigned voices;
    Card *card; /* NULL: closed, or gone */
    bool started;
    unsigned period;
    int64_t handed;   /* frames the card has taken since it was opened, less those taken back */
    int64_t rendered; /* frames mixed; a multiple of VOICE_CHUNK, not less than `handed` */
    DacClock dac;
    int64_t seen_frame, seen_ns; /* the pointer when it last moved */
    int64_t retry_ns, linger_ns;
    unsigned recoveries; /* xruns since the pointer last moved */
    Limiter limiter;
    Limiter limiter_at[VOICE_MARKS]; /* as it was at the start of each chunk */
    int32_t mix[VOICE_CHUNK * CARD_CHANNELS];
    int16_t out[WRITER_HISTORY * CARD_CHANNELS]; /* frame n lies at n % WRITER_HISTORY */

    pthread_t thread;
    bool threaded;
    _Atomic bool quit;
    int wake_fd;
};

/* Tells followers how their leaders stand. */
void writer_follow_leaders(Writer *self, const VoiceTime *time);
/* Mixes until there is a period to hand over. */
void writer_mix_ahead(Writer *self, const VoiceTime *time);
/* What to hand over next: up to `*ret_frames` contiguous frames. */
const int16_t *writer_mixed(const Writer *self, unsigned *ret_frames);
/* Takes back from the card what has changed since it was mixed; the pointer was seen at
 * `seen_frame` just now. */
void writer_mix_again(Writer *self, const VoiceTime *time);
