/* Keys that stations had before: a replaced device may still bring the receipts of its time. */
#pragma once

#include "registry/station_store.h"

typedef struct StationKey {
    char *keyid;
    char *station;
    uint8_t public_key[32];
    int64_t replaced_us;
    int64_t cloned_us; /* 0 = no sign that it exists twice */
} StationKey;

void station_key_free(StationKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StationKey, station_key_free)

/* NULL without error when no station had it. */
StationKey *station_key_store_get(Database *database, const char *keyid, GError **error);
/* Puts `now` (keyid, public_key, serial, model) in the place of what `before` holds, and keeps the
 * old key here. Inside the caller's transaction. */
bool station_key_store_replace(Database *database, const Station *before, const Station *now,
                               int64_t now_us, GError **error) G_GNUC_WARN_UNUSED_RESULT;
