/* Entries that close airings without a word, word for word, for good. */
#pragma once

#include "db/database.h"

typedef struct UnreportedEntry {
    int64_t made_us;
    int64_t airings;
    const char *sha256;   /* of the payload */
    const char *envelope; /* JSON text */
} UnreportedEntry;

bool unreported_store_add(Database *database, const UnreportedEntry *entry,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
