/* What this station was told and did not believe: counted by code, kept across starts, told with
 * health. */
#pragma once

#include "base/clock.h"
#include "json.h"

#define REFUSALS_MAX 32 /* codes; what is more is counted as "other" */

typedef struct Refusals Refusals;

/* `path` keeps them; a damaged file is begun anew. */
Refusals *refusals_open(const char *path, const Clock *clock);
void refusals_free(Refusals *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Refusals, refusals_free)
/* One more of `what` ("plan", "root", "time", "command", "media", "import"), for this reason. NULL
 * is nobody to tell. */
void refusals_add(Refusals *self, const char *what, const char *why);
/* Writes what was counted since the last time. */
bool refusals_save(Refusals *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* [{"code": "plan.bad-signature", "count", "first_us", "last_us"}, ...], latest first. */
Json *refusals_to_json(const Refusals *self);
