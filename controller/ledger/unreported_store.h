/* Entries that close airings without a word, word for word, for good. */
#pragma once

#include "db/database.h"
#include "wire/silence.h"

typedef struct UnreportedEntry {
    int64_t made_us;
    int64_t airings;
    const char *sha256;   /* of the payload */
    const char *envelope; /* JSON text */
} UnreportedEntry;

/* Number and hash for the entry that comes next. */
bool unreported_store_follow(Database *database, Silence *entry, GError **error);
/* Adds the last receipt of each key that the station has or had. */
bool unreported_store_heads(Database *database, const char *station, Silence *entry,
                            GError **error);
/* Its number, from 1; 0 on error. */
int64_t unreported_store_add(Database *database, const UnreportedEntry *entry, GError **error);
