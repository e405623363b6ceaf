/* A source that a relay would rather hear than the one it hears now: listened to beside it, by a
 * child and a ring of its own, until it is known whether it can be gone back to. It is good when it
 * was heard for as long as the limits say without a stall; silence is no sound. Main loop only. */
#pragma once

#include "playout/audio.h"

typedef struct RelayTrialSettings {
    const char *program; /* path of loa-decode */
    AudioSource source;
    RelayLimits limits; /* none of them 0 */
} RelayTrialSettings;

/* Once, and the trial is over: it may be freed from in here. */
typedef void (*RelayTrialDone)(bool good, void *user);

typedef struct RelayTrial RelayTrial;

/* NULL: no child could be started. */
RelayTrial *relay_trial_new(const RelayTrialSettings *settings, RelayTrialDone done, void *user);
void relay_trial_free(RelayTrial *self); /* in its midst, too: then nobody is told */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RelayTrial, relay_trial_free)
uint64_t relay_trial_bytes(const RelayTrial *self); /* fetched so far */
