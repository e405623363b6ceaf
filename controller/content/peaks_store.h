/* Outlines of sounds, by the hash of the canonical file: versions that share a sound share it. */
#pragma once

#include "db/database.h"

bool peaks_store_add(Database *database, const char *sha256, const char *pairs,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* As peaks_to_text() made it; NULL without error when there is none. */
char *peaks_store_get(Database *database, const char *sha256, GError **error);
