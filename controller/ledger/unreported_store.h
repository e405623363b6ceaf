/* Entries that close airings without a word, word for word, for good. */
#pragma once

#include "db/database.h"

typedef struct UnreportedEntry {
    int64_t made_us;
    int64_t airings;
    const char *sha256;   /* of the payload */
    const char *envelope; /* JSON text */
} UnreportedEntry;

/* Its number, from 1; 0 on error. */
int64_t unreported_store_add(Database *database, const UnreportedEntry *entry, GError **error);
