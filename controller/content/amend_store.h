/* Changes of what airs that make no version. */
#pragma once

#include "content/bulletin_store.h"

/* Ends `airs` at `until_us`, and the versions that wait behind it and would last longer. */
bool amend_store_shorten(Database *database, const Bulletin *airs, int64_t until_us, int64_t now_us,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Drops `newest`, so that `airs` is the newest again. A constraint error where `newest` has been
 * decided on meanwhile, or is not the newest any more. */
bool amend_store_revert(Database *database, const Bulletin *newest, const Bulletin *airs,
                        int64_t now_us, GError **error) G_GNUC_WARN_UNUSED_RESULT;
