/* SQL of the roster. */
#pragma once

#include "db/database.h"

typedef struct RosterRow {
    const char *id, *name, *area, *area_path, *area_name;
} RosterRow;

/* Grows with every change of a station or of an area's name or place. */
bool roster_store_change(Database *database, int64_t *ret_change, GError **error);
/* Stations in service by path of their area, then by name. */
bool roster_store_load(Database *database, void (*take)(const RosterRow *row, void *user),
                       void *user, GError **error);
