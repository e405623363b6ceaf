/* The child process that decodes one item into a ring, and its keeper.
 *
 * The child gets two descriptors (ring, media file) and opens no path. It is killed when it stands
 * still for three seconds though the ring has room, and tried once more, at the frame it had
 * reached, when it dies. Main loop only; the writer never waits for any of this. */
#pragma once

#include "playout/ring.h"

#include <sys/types.h>

typedef struct DecoderSettings {
    const char *program;   /* path of loa-decode */
    const char *path;      /* media file; opened here, the child inherits the descriptor */
    Ring *ring;            /* outlives the decoder; what lies in it already is not decoded again */
    int64_t skip_frames;   /* of the item, before the ring's first frame */
    int64_t expect_frames; /* bounds the child's processor time and what it may give; 0 = unknown */
} DecoderSettings;

#define DECODER_FAILED "decoder-failed" /* the fault of a file on which two children broke */

/* `fault` is NULL when everything was decoded; otherwise the ring has been given up. */
typedef void (*DecoderDone)(const char *fault, void *user);

typedef struct Decoder Decoder;

Decoder *decoder_new(const DecoderSettings *settings, DecoderDone done, void *user, GError **error);
void decoder_free(Decoder *self); /* kills the child; `done` is not called any more */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Decoder, decoder_free)
pid_t decoder_pid(const Decoder *self); /* 0 when no child runs */
unsigned decoder_attempts(const Decoder *self);
