/* Counts of refused requests as rows. */
#pragma once

#include "db/database.h"

typedef struct Refusals {
    const char *code;
    const char *keyid; /* "" where no known key is concerned */
    const char *remote;
    int64_t count, first_us, last_us;
} Refusals;

/* Adds to the row of that day, code and key. */
bool refusal_store_add(Database *database, const Refusals *refusals,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
