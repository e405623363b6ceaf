/* Outlines of areas for the map: GeoJSON geometries as the province loaded them. */
#pragma once

#include "db/database.h"

/* Calls `take` for each area at or below `area_path` that has one. */
bool outline_store_each(Database *database, const char *area_path,
                        void (*take)(const char *area, const char *name, const char *kind,
                                     const char *geometry, void *user),
                        void *user, GError **error);
bool outline_store_put(Database *database, const char *area, const char *geometry, int64_t now_us,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
