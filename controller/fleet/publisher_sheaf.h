/* First plans of stations that share a sheet, on their way into the log of airings. */
#pragma once

#include "db/database.h"
#include "fleet/publisher_job.h"

#define PUBLISHER_SHEAF_MAX 64 /* stations */

typedef struct PublisherSheaf PublisherSheaf;

PublisherSheaf *publisher_sheaf_new(void);
void publisher_sheaf_free(PublisherSheaf *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PublisherSheaf, publisher_sheaf_free)

/* True when the item is a first plan, not logged yet, and of the sheet of those in it. */
bool publisher_sheaf_fits(const PublisherSheaf *self, const PublisherItem *item);
void publisher_sheaf_add(PublisherSheaf *self, PublisherItem *take_item);
/* Writes airings until `until_us` (monotonic), at least one, inside the caller's transaction; in
 * `ret_done` whether all are written. After an error or a rollback the sheaf is of no more use. */
bool publisher_sheaf_write(PublisherSheaf *self, Database *database, int64_t now_us,
                           int64_t until_us, bool *ret_done,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The items, now the caller's, in the order in which they came. NULL = no more. */
PublisherItem *publisher_sheaf_take(PublisherSheaf *self);
