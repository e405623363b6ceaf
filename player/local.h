/* The buttons of a station that nobody has accepted yet: a conductor without plan and controller,
 * and messages from a folder that only root can have written. */
#pragma once

#include "board.h"
#include "conductor/conductor.h"

#define LOCAL_CLIP_BYTES (4 * 1024 * 1024)

typedef struct LocalParts {
    const char *folder;  /* of 1.opus to 4.opus; it need not be there; NULL = none */
    unsigned owner;      /* who must own them: root, but in a test */
    const char *journal; /* path of a journal of its own */
    const Key *key;      /* the station's */
    const char *boot_id;
    const Clock *clock;
    Trust *trust;
    Audio *audio; /* its events are the conductor's from here on */
    Board *board;
    MediaCache *media;
    const Interlock *interlock;
    unsigned settle_ms, linger_ms;
    int current_min_ma;
} LocalParts;

typedef struct Local Local;

/* The parts must outlive it. */
Local *local_new(const LocalParts *parts, GError **error);
void local_free(Local *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Local, local_free)

/* False when it means nothing here: no message stands behind it, or nothing sounds to be stopped.
 */
bool local_button(Local *self, BoardButton button);
/* A message sounds, or the amplifier is still its own. */
bool local_is_busy(const Local *self);
Conductor *local_conductor(const Local *self);

/* Once the station is accepted: what was played before gets its receipts in the station's own
 * journal, and the other one goes. Called again it takes up where it was broken off. */
bool local_hand_over(const char *path, Journal *to, const char *station,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
