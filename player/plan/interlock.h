/* The station's own limits: a file that only root writes. A plan and its policies can tighten them,
 * never widen them. */
#pragma once

#include "link/data_meter.h"
#include "timeline/timeline.h"

typedef struct Interlock Interlock;

/* No file = no limits. One that somebody other than `owner` could have written, or that is not in
 * order, is an error: a limit that silently does not hold would be worse than none. */
Interlock *interlock_load(const char *path, unsigned owner, GError **error);
void interlock_free(Interlock *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Interlock, interlock_free)

/* The loudest that this station may ever be, 1/1000 dB. */
int interlock_volume_mdb(const Interlock *self);
/* What it may use of its SIM. */
DataLimits interlock_data(const Interlock *self);

/* The policies of a plan (or NULL) with the station's own at their end, for timeline_resolve();
 * borrows from both. `self` NULL = no limits. */
typedef struct InterlockRules InterlockRules;
InterlockRules *interlock_rules(const Interlock *self, const Plan *plan);
void interlock_rules_free(InterlockRules *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(InterlockRules, interlock_rules_free)
TimelinePolicies interlock_policies(const InterlockRules *rules);
