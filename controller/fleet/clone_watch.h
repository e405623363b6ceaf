/* Finds a key that exists twice: two boots of it that take turns. */
#pragma once

#include "fleet/boot_store.h"
#include "registry/station_store.h"

typedef struct CloneWatch CloneWatch;

CloneWatch *clone_watch_new(Database *database, GError **error);
void clone_watch_free(CloneWatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CloneWatch, clone_watch_free)

/* A station said which boot it is in. True when this shows that its key exists twice, the first
 * time. */
bool clone_watch_heard(CloneWatch *self, const Station *station, const char *boot_id,
                       int64_t now_us, GError **error);
/* Since when a station's key is known to exist twice; 0 = it does not. */
int64_t clone_watch_since(const CloneWatch *self, const char *station);
/* Another device has taken the station's place. */
void clone_watch_forget(CloneWatch *self, const char *station);
