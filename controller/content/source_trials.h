/* Trials of radio addresses: a worker listens for ten seconds and what it heard can be played in
 * the panel. Only an address that was heard can be saved. Trials live in memory and in temporary
 * files; a controller that starts again has forgotten them. */
#pragma once

#include "base/clock.h"
#include "json.h"

#define SOURCE_TRIALS_KEPT    64 /* in all; the oldest that is over goes first */
#define SOURCE_TRIALS_AT_ONCE 4
#define SOURCE_TRIAL_HOURS    24

typedef enum { TRIAL_WORKING, TRIAL_HEARD, TRIAL_FAILED } TrialState;
extern const char *const trial_state_words[];

typedef struct SourceTrial {
    char *id;
    char *user; /* id: nobody else sees it */
    char *url;
    TrialState state;
    char *format; /* TRIAL_HEARD; relay_format.h */
    int seconds;  /* that were heard */
    double peak_dbfs;
    const char *why; /* TRIAL_FAILED: unreachable, not-audio, silent, ended, internal */
    char *path;      /* Ogg/Opus of what was heard */
    int64_t made_us;
} SourceTrial;

typedef struct SourceTrials SourceTrials;

/* `worker`: path of loa-listen-worker; `folder`: for its files, emptied. */
SourceTrials *source_trials_new(const char *worker, const char *folder, const Clock *clock,
                                GError **error);
void source_trials_free(SourceTrials *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SourceTrials, source_trials_free)

/* NULL without error when too many are under way. */
const SourceTrial *source_trials_start(SourceTrials *self, const char *user, const char *url,
                                       GError **error);
/* NULL when there is none of that user's. */
const SourceTrial *source_trials_find(SourceTrials *self, const char *user, const char *id);
