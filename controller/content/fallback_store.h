/* The bulletins that stand in, at the station, for a version that cannot be heard. */
#pragma once

#include "db/database.h"

#define FALLBACK_MAX 4

/* Ids of bulletins, in order; char*. */
GPtrArray *fallback_store_list(Database *database, const char *version, GError **error);
/* Of a version that has none yet; `bulletins` may be NULL. */
bool fallback_store_add(Database *database, const char *version, const GPtrArray *bulletins,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
