/* Where stations stand and where older systems do. */
#pragma once

#include "db/database.h"

/* area id -> char*: "fm" | "wired". */
GHashTable *coverage_store_legacy(Database *database, GError **error);
/* NULL = none. */
bool coverage_store_set_legacy(Database *database, const char *area, const char *kind,
                               const char *user, int64_t now_us,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Every station in service, with its area. */
bool coverage_store_stations(Database *database,
                             void (*take)(const char *station, const char *area_path, void *user),
                             void *user, GError **error) G_GNUC_WARN_UNUSED_RESULT;
