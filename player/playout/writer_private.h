/* What writer.c (one turn) and writer_thread.c (who turns it) share. */
#pragma once

#include "playout/writer.h"

#include <pthread.h>

struct Writer {
    WriterOps ops;
    void *user;
    _Atomic(Voice *) voice;

    Card *card; /* NULL: closed, or gone */
    bool started;
    unsigned period;
    int64_t handed; /* frames the card has taken since it was opened */
    DacClock dac;
    int64_t seen_frame, seen_ns; /* the pointer when it last moved */
    int64_t retry_ns, linger_ns;
    unsigned recoveries;                 /* xruns since the pointer last moved */
    unsigned pending_at, pending_frames; /* rendered, not yet taken */
    int32_t mix[VOICE_CHUNK_FRAMES * CARD_CHANNELS];
    int16_t pending[VOICE_CHUNK_FRAMES * CARD_CHANNELS];

    pthread_t thread;
    bool threaded;
    _Atomic bool quit;
    int wake_fd;
};
