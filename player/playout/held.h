/* The beginnings of clips that must not wait for a decoder, decoded in memory. Main loop only. */
#pragma once

#include "playout/ring.h"

typedef struct Held Held;

Held *held_new(const char *program);
void held_free(Held *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Held, held_free)
/* Keeps these (NULL-terminated, AUDIO_MAX_HELD at most) and forgets others. They are decoded one
 * after the other from the loop; a file that cannot be is simply not held. */
void held_set(Held *self, const char *const *paths);
/* Puts the beginning into a fresh ring, and finishes it where that is all there is. False when the
 * file is not held (yet). */
bool held_pour(Held *self, const char *path, Ring *ring);
