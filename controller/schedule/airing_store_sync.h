/* Bringing the log of airings in line with a plan about to be published. Airings that have not
 * started are added or brought up to date, those of this station that the plan no longer names
 * become "cancelled". What had started, and what a station has spoken about, stays as it is. */
#pragma once

#include "schedule/airing_store.h"

bool airing_store_sync(Database *database, const AiringPlan *planned, int64_t now_us,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same in steps: each index of the plan once, in any number of transactions, then the end. What
 * `planned` points at must stay. */
typedef struct AiringSync AiringSync;
AiringSync *airing_store_sync_new(Database *database, const AiringPlan *planned, int64_t now_us,
                                  GError **error);
void airing_store_sync_free(AiringSync *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AiringSync, airing_store_sync_free)
bool airing_store_sync_put(AiringSync *self, unsigned index,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool airing_store_sync_end(AiringSync *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A station out of service: nothing that is still to come will be played there. */
bool airing_store_cancel_station(Database *database, const char *station, int64_t now_us,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Equal where the log has nothing new to say of an airing. free() with g_free(). */
char *airing_store_mark(const PlanAiring *airing, const char *area_path);
