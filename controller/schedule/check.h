/* What a broadcast that is not saved yet would change: the timeline of its stations with and
 * without it, side by side. One area at a time; the answers are summed. */
#pragma once

#include "registry/station_store.h"
#include "schedule/agenda.h"
#include "schedule/minutes.h"

#define CHECK_DAYS        7  /* looked at, from the first start on */
#define CHECK_SKIPPED_MAX 50 /* starts named that do not play; more are counted */

typedef struct Check Check;

/* Of the only order in it; a broadcast of its id that is there gives way where it says so. */
Check *check_new(Minutes *take_minutes, int64_t now_us);
void check_free(Check *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Check, check_free)

const Broadcast *check_draft(const Check *self);
const Losses *check_losses(const Check *self);
/* Stations (Station*) of one area that the draft reaches. */
bool check_area(Check *self, Database *database, const Area *area, const GPtrArray *stations,
                GError **error) G_GNUC_WARN_UNUSED_RESULT;
Json *check_json(const Check *self);
