/* Where plans go: the tables of plans and airings, with a memory of what stands in them, so that
 * one more airing at 5,000 stations writes 5,000 rows and reads none. */
#pragma once

#include "db/database.h"
#include "fleet/publisher_job.h"

typedef struct PublisherShelf PublisherShelf;

PublisherShelf *publisher_shelf_new(Database *database, int64_t epoch);
void publisher_shelf_free(PublisherShelf *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PublisherShelf, publisher_shelf_free)

/* Fills in the newest plan of item->station. */
bool publisher_shelf_look(PublisherShelf *self, PublisherItem *item,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One transaction: begin, any number of writes, end. `ok` false rolls back and forgets what was
 * remembered; end returns whether all is on disk. */
bool publisher_shelf_begin(PublisherShelf *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool publisher_shelf_write(PublisherShelf *self, PublisherItem *item, int64_t now_us,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool publisher_shelf_end(PublisherShelf *self, bool ok, GError **error) G_GNUC_WARN_UNUSED_RESULT;

void publisher_shelf_note_fetched(PublisherShelf *self, const char *station, int64_t epoch,
                                  int64_t version);
bool publisher_shelf_flush(PublisherShelf *self, int64_t now_us,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
