/* Writing the airings of first plans. The log is kept in the order of time: the rows of one station
 * lie on as many pages as it has airings, those of one airing at all stations of a commune lie side
 * by side. So a sheaf writes airing by airing, which is a tenth of the pages, and in as many
 * transactions as it takes: its stations have never had a plan, so nobody waits for these rows, and
 * whatever becomes of them a first plan is always new and sets the log right when it is written. */
#include "fleet/publisher_sheaf.h"

#include "schedule/airing_store_sync.h"

struct PublisherSheaf {
    GPtrArray *items; /* PublisherItem* */
    GPtrArray *syncs; /* AiringSync*, one per item, once the first airing is written */
    unsigned next;    /* place in the plan, times the stations, plus the station */
};

PublisherSheaf *publisher_sheaf_new(void)
{
    PublisherSheaf *self = g_new0(PublisherSheaf, 1);
    self->items = g_ptr_array_new_with_free_func((GDestroyNotify)publisher_item_free);
    self->syncs = g_ptr_array_new_with_free_func((GDestroyNotify)airing_store_sync_free);
    return self;
}

void publisher_sheaf_free(PublisherSheaf *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->syncs); /* they look into the items */
    g_ptr_array_unref(self->items);
    g_free(self);
}

static const PublisherItem *item_at(const PublisherSheaf *self, unsigned index)
{
    return g_ptr_array_index(self->items, index);
}

bool publisher_sheaf_fits(const PublisherSheaf *self, const PublisherItem *item)
{
    bool is_first = item->sheet && item->is_new && item->version == 0 && !item->is_logged;
    return is_first && self->items->len < PUBLISHER_SHEAF_MAX &&
           (self->items->len == 0 || item_at(self, 0)->sheet == item->sheet);
}

void publisher_sheaf_add(PublisherSheaf *self, PublisherItem *take_item)
{
    g_ptr_array_add(self->items, take_item);
}

static bool open_syncs(PublisherSheaf *self, Database *database, int64_t now_us, GError **error)
{
    for (unsigned i = self->syncs->len; i < self->items->len; i++) {
        const PublisherItem *item = item_at(self, i);
        AiringPlan planned = {.station = item->station,
                              .plan = publisher_sheet_model(item->sheet),
                              .ids = (const AiringId *)item->paper.ids};
        AiringSync *sync = airing_store_sync_new(database, &planned, now_us, error);
        if (!sync)
            return false;
        g_ptr_array_add(self->syncs, sync);
    }
    return true;
}

static bool close_syncs(PublisherSheaf *self, GError **error)
{
    for (unsigned i = 0; i < self->syncs->len; i++) {
        if (!airing_store_sync_end(g_ptr_array_index(self->syncs, i), error))
            return false;
        ((PublisherItem *)g_ptr_array_index(self->items, i))->is_logged = true;
    }
    return true;
}

bool publisher_sheaf_write(PublisherSheaf *self, Database *database, int64_t now_us,
                           int64_t until_us, bool *ret_done, GError **error)
{
    if (!open_syncs(self, database, now_us, error))
        return false;
    unsigned stations = self->items->len;
    unsigned all = publisher_sheet_model(item_at(self, 0)->sheet)->airings->len * stations;
    do {
        if (self->next == all) {
            *ret_done = true;
            return close_syncs(self, error);
        }
        AiringSync *sync = g_ptr_array_index(self->syncs, self->next % stations);
        if (!airing_store_sync_put(sync, self->next / stations, error))
            return false;
        self->next++;
    } while (g_get_monotonic_time() < until_us);
    *ret_done = false;
    return true;
}

PublisherItem *publisher_sheaf_take(PublisherSheaf *self)
{
    g_ptr_array_set_size(self->syncs, 0);
    return self->items->len ? g_ptr_array_steal_index(self->items, 0) : NULL;
}
