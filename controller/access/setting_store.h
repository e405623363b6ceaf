/* Single values that belong to the whole controller. */
#pragma once

#include "db/database.h"

/* NULL without error when there is none. Free with g_free(). */
char *setting_store_get(Database *database, const char *name, GError **error);
bool setting_store_set(Database *database, const char *name, const char *value,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool setting_store_remove(Database *database, const char *name,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
