/* The plan in force, kept on disk exactly as it was signed. */
#pragma once

#include "link/accept.h"

typedef struct PlanFile PlanFile;

/* Reads and verifies what `dir` holds; one that does not hold up is not used and `ret_refused` says
 * why (ACCEPT_OK: in force, or there was none). `identity` must outlive it. */
PlanFile *plan_file_open(const char *dir, const Identity *identity, AcceptCode *ret_refused);
void plan_file_free(PlanFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlanFile, plan_file_free)

/* Accepts, writes durably, then uses; on false the plan before stays in force, here and on disk.
 * `ret_code` ACCEPT_OK with an error: it could not be written. */
bool plan_file_replace(PlanFile *self, const char *text, size_t length, AcceptCode *ret_code,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Borrowed until the next replace; NULL when there is none. */
Plan *plan_file_plan(const PlanFile *self);
/* Highest ever seen, also when no plan is in force. */
void plan_file_seen(const PlanFile *self, int64_t *ret_epoch, int64_t *ret_version);
