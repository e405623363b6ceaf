/* When a relay goes back to a source that stands before the one it hears.
 *
 * After a while on a later source the ones before it are tried, the first one first, each beside
 * what sounds (relay_trial.h). The first good one is gone back to. Each round makes the while until
 * the next one twice as long, whether it was in vain or led back to a source that then fails again,
 * so that nobody hears a relay that flaps; a long time on the first source makes it short again.
 * Main loop only. */
#pragma once

#include "playout/audio.h"

typedef struct RelayReturnSettings {
    const char *program;           /* path of loa-decode */
    const GPtrArray *urls, *names; /* of the sources and of their formats; outlive it */
    RelayLimits limits;            /* none of them 0 */
    void (*back)(unsigned source, void *user);
    void *user;
} RelayReturnSettings;

typedef struct RelayReturn RelayReturn;

RelayReturn *relay_return_new(const RelayReturnSettings *settings);
void relay_return_free(RelayReturn *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RelayReturn, relay_return_free)
/* Said again and again: this source is heard now. */
void relay_return_heard(RelayReturn *self, unsigned source);
/* The relay has left a source by itself: whatever was under way is over. */
void relay_return_left(RelayReturn *self);
uint64_t relay_return_bytes(const RelayReturn *self);   /* that trials have fetched, in all */
unsigned relay_return_wait_ms(const RelayReturn *self); /* before the next round */
