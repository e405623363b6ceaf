/* Plans and airings into the database.
 *
 * For each station the shelf remembers version and fingerprint of its newest plan and the list of
 * its airings. Nobody else writes plans, so this cannot go stale; after a rollback it is forgotten
 * and read again. Without a list (after a start) the log itself is read and compared. */
#include "fleet/publisher_shelf.h"

#include "fleet/plan_store.h"
#include "fleet/publisher.h"
#include "fleet/publisher_list.h"
#include "schedule/airing_store_sync.h"
#include "schedule/broadcast_store.h"

#define LISTS_MAX 8 /* each holds on to its sheet */
#define PAST_US   (PUBLISHER_PAST_DAYS * INT64_C(86400) * G_USEC_PER_SEC)

typedef struct Standing {
    int64_t epoch, version;
    char *fingerprint;
    PublisherList *list; /* NULL = unknown */
} Standing;

struct PublisherShelf {
    Database *database;
    int64_t epoch;
    GHashTable *standings; /* station -> Standing */
    GHashTable *lists;     /* PublisherSheet -> PublisherList, the latest */
    GHashTable *begun;     /* broadcasts that are marked as planned */
    GHashTable *fetched;   /* station -> StoredPlan */
};

static void standing_free(gpointer data)
{
    Standing *standing = data;
    g_free(standing->fingerprint);
    publisher_list_unref(standing->list);
    g_free(standing);
}

PublisherShelf *publisher_shelf_new(Database *database, int64_t epoch)
{
    PublisherShelf *self = g_new0(PublisherShelf, 1);
    self->database = database;
    self->epoch = epoch;
    self->standings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, standing_free);
    self->lists = g_hash_table_new_full(NULL, NULL, (GDestroyNotify)publisher_sheet_unref,
                                        (GDestroyNotify)publisher_list_unref);
    self->begun = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->fetched = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return self;
}

void publisher_shelf_free(PublisherShelf *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->standings);
    g_hash_table_unref(self->lists);
    g_hash_table_unref(self->begun);
    g_hash_table_unref(self->fetched);
    g_free(self);
}

static Standing *standing_of(PublisherShelf *self, const char *station, GError **error)
{
    Standing *standing = g_hash_table_lookup(self->standings, station);
    if (standing)
        return standing;
    g_auto(StoredPlan) newest = {0};
    if (!plan_store_newest(self->database, station, false, &newest, error))
        return NULL;
    standing = g_new0(Standing, 1);
    standing->epoch = newest.epoch;
    standing->version = newest.version;
    standing->fingerprint = g_steal_pointer(&newest.fingerprint);
    g_hash_table_insert(self->standings, g_strdup(station), standing);
    return standing;
}

bool publisher_shelf_look(PublisherShelf *self, PublisherItem *item, GError **error)
{
    const Standing *standing = standing_of(self, item->station, error);
    if (!standing)
        return false;
    item->epoch = standing->epoch;
    item->version = standing->version;
    item->fingerprint = g_strdup(standing->fingerprint);
    return true;
}

bool publisher_shelf_begin(PublisherShelf *self, GError **error)
{
    return database_begin(self->database, error);
}

static PublisherList *list_of(PublisherShelf *self, PublisherSheet *sheet)
{
    PublisherList *list = g_hash_table_lookup(self->lists, sheet);
    if (!list) {
        if (g_hash_table_size(self->lists) >= LISTS_MAX)
            g_hash_table_remove_all(self->lists);
        list = publisher_list_new(publisher_sheet_model(sheet));
        g_hash_table_insert(self->lists, publisher_sheet_ref(sheet), list);
    }
    return list;
}

static bool write_change(PublisherShelf *self, const AiringPlan *planned, PublisherChange change,
                         int64_t now_us, GError **error)
{
    const GPtrArray *airings = planned->plan->airings;
    for (unsigned i = 0; i < change.puts->len; i++) {
        unsigned index = g_array_index(change.puts, unsigned, i);
        const PlanAiring *airing = g_ptr_array_index(airings, index);
        if (airing_store_wants(self->database, planned->station, airing, planned->ids[index],
                               now_us) &&
            !airing_store_put(self->database, planned, index, error))
            return false;
    }
    for (unsigned i = 0; i < change.drops->len; i++) {
        const PublisherListed *gone = &g_array_index(change.drops, PublisherListed, i);
        if (gone->start_us < now_us || gone->start_us >= planned->plan->until_us)
            continue;
        g_autofree char *id =
            plan_airing_id(gone->broadcast, gone->recurrence_us, gone->repeat, planned->station);
        if (!airing_store_cancel(self->database, gone->start_us, id, error))
            return false;
    }
    return true;
}

static bool note_begun(PublisherShelf *self, const Plan *plan, GError **error)
{
    for (unsigned i = 0; i < plan->airings->len; i++) {
        const char *broadcast = ((PlanAiring *)g_ptr_array_index(plan->airings, i))->broadcast;
        if (g_hash_table_contains(self->begun, broadcast))
            continue;
        if (!broadcast_store_mark_planned(self->database, broadcast, error))
            return false;
        g_hash_table_add(self->begun, g_strdup(broadcast));
    }
    return true;
}

static bool write_airings(PublisherShelf *self, const PublisherItem *item, const Standing *standing,
                          PublisherList *list, int64_t now_us, GError **error)
{
    AiringPlan planned = {.station = item->station,
                          .plan = publisher_sheet_model(item->sheet),
                          .ids = (const AiringId *)item->paper.ids};
    if (item->is_logged)
        return note_begun(self, planned.plan, error);
    if (!standing->list)
        return airing_store_sync(self->database, &planned, now_us, error) &&
               note_begun(self, planned.plan, error);
    PublisherChange change = publisher_list_change(list, standing->list);
    return write_change(self, &planned, change, now_us, error) &&
           (change.puts->len == 0 || note_begun(self, planned.plan, error));
}

/* Older bodies go, but not the one that the station took a moment ago. */
static bool prune(PublisherShelf *self, const char *station, const StoredPlan *newest,
                  int64_t now_us, GError **error)
{
    const StoredPlan *taken = g_hash_table_lookup(self->fetched, station);
    if (taken && !plan_store_note_fetched(self->database, station, taken, now_us, error))
        return false;
    return plan_store_prune(self->database, station, newest, now_us - PAST_US, error);
}

static void remember(Standing *standing, const PublisherItem *item, int64_t epoch,
                     PublisherList *list)
{
    publisher_list_ref(list);
    publisher_list_unref(standing->list);
    standing->list = list;
    if (!item->is_new)
        return;
    standing->epoch = epoch;
    standing->version = item->new_version;
    g_free(standing->fingerprint);
    standing->fingerprint = g_strdup(item->new_fingerprint);
}

bool publisher_shelf_write(PublisherShelf *self, PublisherItem *item, int64_t now_us,
                           GError **error)
{
    if (!item->sheet) {
        g_hash_table_remove(self->standings, item->station);
        return airing_store_cancel_station(self->database, item->station, now_us, error);
    }
    Standing *standing = standing_of(self, item->station, error);
    if (!standing)
        return false;
    PublisherList *list = list_of(self, item->sheet);
    if (item->is_new) {
        StoredPlan next = {.epoch = self->epoch,
                           .version = item->new_version,
                           .fingerprint = item->new_fingerprint,
                           .sha256 = item->paper.sha256,
                           .gzip = item->paper.gzip};
        if (!plan_store_add(self->database, item->station, &next, now_us, error) ||
            !prune(self, item->station, &next, now_us, error) ||
            !write_airings(self, item, standing, list, now_us, error))
            return false;
    }
    remember(standing, item, self->epoch, list);
    return true;
}

static bool write_fetched(PublisherShelf *self, int64_t now_us, GError **error)
{
    GHashTableIter iter;
    gpointer station, plan;
    g_hash_table_iter_init(&iter, self->fetched);
    while (g_hash_table_iter_next(&iter, &station, &plan))
        if (!plan_store_note_fetched(self->database, station, plan, now_us, error))
            return false;
    return true;
}

bool publisher_shelf_end(PublisherShelf *self, bool ok, GError **error)
{
    if (!ok)
        database_rollback(self->database);
    else
        ok = database_commit(self->database, error);
    if (ok)
        return true;
    g_hash_table_remove_all(self->standings);
    g_hash_table_remove_all(self->begun);
    g_hash_table_remove_all(self->lists);
    return false;
}

void publisher_shelf_note_fetched(PublisherShelf *self, const char *station, int64_t epoch,
                                  int64_t version)
{
    StoredPlan *plan = g_new0(StoredPlan, 1);
    plan->epoch = epoch;
    plan->version = version;
    g_hash_table_insert(self->fetched, g_strdup(station), plan);
}

bool publisher_shelf_flush(PublisherShelf *self, int64_t now_us, GError **error)
{
    if (g_hash_table_size(self->fetched) == 0)
        return true;
    if (!database_begin(self->database, error))
        return false;
    if (!write_fetched(self, now_us, error)) {
        database_rollback(self->database);
        return false;
    }
    if (!database_commit(self->database, error))
        return false;
    g_hash_table_remove_all(self->fetched);
    return true;
}
