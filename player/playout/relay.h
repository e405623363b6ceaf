/* A radio stream that is kept alive in a ring: an ordered list of sources, and the child process
 * that fetches and decodes one of them.
 *
 * A source that delivers nothing for a while, ends, or is silent for long is left for the next one;
 * what lies in the ring meanwhile goes on sounding. After the last comes the first again, with a
 * growing rest when none of them delivers. One that was left because it was silent is heard again
 * only from its next sound on. From a later source the relay goes back to one before it as soon as
 * that has been good for long enough (relay_return.h). Main loop only. */
#pragma once

#include "playout/audio.h"
#include "playout/ring.h"

typedef struct RelaySettings {
    const char *program;        /* path of loa-decode */
    const AudioSource *sources; /* ends with one without a url */
    Ring *ring;                 /* outlives the relay */
    RelayLimits limits;
    bool may_leave; /* even the only one, when it is silent */
} RelaySettings;

typedef struct Relay Relay;

Relay *relay_new(const RelaySettings *settings);
void relay_free(Relay *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Relay, relay_free)
/* What it hears now, or heard last; borrowed. */
const char *relay_url(const Relay *self);
unsigned relay_switches(const Relay *self); /* how often it went from one source to another */
/* A short word when the source of this moment cannot be heard: "unreachable", "stalled", "silent",
 * "bad-media"; else NULL. */
const char *relay_fault(const Relay *self);
/* The source (its place in the list) that the ring's frame came from; `ret_left`: as many frames
 * from there on did, at most. */
unsigned relay_source_at(const Relay *self, int64_t frame, int64_t *ret_left);
bool relay_is_silent(const Relay *self);
uint64_t relay_bytes(const Relay *self); /* fetched so far, in all */
