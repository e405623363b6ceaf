/* Changes of what airs that make no version. */
#pragma once

#include "content/bulletin_store.h"

/* A version that was let end at `until_us`, sooner than before. */
typedef struct Shortening {
    char *version;
    char *by, *by_name; /* user id; the name as it was then */
    int64_t until_us, at_us;
} Shortening;

void shortening_free(Shortening *shortening);

/* Ends `airs` at `until_us`, and the versions that wait behind it and would last longer. Of `act`
 * the version is not read. */
bool amend_store_shorten(Database *database, const Bulletin *airs, const Shortening *act,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All of a bulletin's versions, oldest first: Shortening*. */
GPtrArray *amend_store_shortenings(Database *database, const char *bulletin, GError **error);
/* Drops `newest`, so that `airs` is the newest again. A constraint error where `newest` has been
 * decided on meanwhile, or is not the newest any more. */
bool amend_store_revert(Database *database, const Bulletin *newest, const Bulletin *airs,
                        int64_t now_us, GError **error) G_GNUC_WARN_UNUSED_RESULT;
