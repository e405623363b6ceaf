/* Which airings a page of the log holds, for every filter but that of one station. */
#pragma once

#include "schedule/airing_store.h"

typedef struct AiringKey {
    int64_t planned_us;
    char id[AIRING_ID_HEX + 1];
} AiringKey;

/* Newest planned start first, at most filter->limit. Elements are AiringKey. */
GArray *airing_key_store_list(Database *database, const AiringFilter *filter, GError **error);
