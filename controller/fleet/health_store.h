/* What is known of each station's health, and when it was online, as rows. */
#pragma once

#include "db/database.h"

typedef struct HealthRow {
    const char *station;
    const char *state; /* "online" | "offline" */
    int64_t state_us;  /* since when */
    int64_t last_us;   /* last contact */
    const char *facts; /* JSON object */
} HealthRow;

/* `take` sees each row; its texts are gone afterwards. */
bool health_store_load(Database *database, void (*take)(const HealthRow *row, void *user),
                       void *user, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool health_store_put(Database *database, const HealthRow *row,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A change of state, kept with its time for the reports. */
bool health_store_add_turn(Database *database, const HealthRow *row,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
