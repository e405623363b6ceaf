/* One list for all who ask what an order concerns: the clash check, the minutes, the publisher, the
 * formats of a relay. */
#include "schedule/named_stations.h"

typedef struct Named {
    Database *database;
    GHashTable *seen; /* ids, borrowed */
    GPtrArray *all;   /* Station* */
} Named;

/* One station as a list; empty where there is none. */
static GPtrArray *only(Database *database, const char *id, GError **error)
{
    g_autoptr(GError) failed = NULL;
    Station *station = station_store_get(database, id, &failed);
    if (failed) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return NULL;
    }
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)station_free);
    if (station)
        g_ptr_array_add(list, station);
    return list;
}

static bool add_named(Named *self, bool is_station, const char *id, GError **error)
{
    g_autoptr(GPtrArray) some = is_station ? only(self->database, id, error)
                                           : station_store_in_area(self->database, id, error);
    for (unsigned i = 0; some && i < some->len; i++) {
        Station *station = g_ptr_array_index(some, i);
        if (station->retired_us || !g_hash_table_add(self->seen, station->id))
            continue;
        g_ptr_array_add(self->all, station);
        some->pdata[i] = NULL;
    }
    return some != NULL;
}

static bool add_target(Named *self, const BroadcastTarget *target, GError **error)
{
    if (target->exclude)
        return true;
    if (target->kind != TARGET_GROUP)
        return add_named(self, target->kind == TARGET_STATION, target->id, error);
    for (unsigned i = 0; target->members && i < target->members->len; i++) {
        const GroupMember *member = g_ptr_array_index(target->members, i);
        if (!add_named(self, member->kind == GROUP_STATION, member->id, error))
            return false;
    }
    return true;
}

static int by_area(gconstpointer left, gconstpointer right)
{
    const Station *a = *(Station *const *)left, *b = *(Station *const *)right;
    int by = g_strcmp0(a->area, b->area);
    return by ? by : g_strcmp0(a->id, b->id);
}

GPtrArray *named_stations(Database *database, const Broadcast *order, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)station_free);
    Named named = {.database = database, .seen = seen, .all = all};
    for (unsigned i = 0; i < order->targets->len; i++)
        if (!add_target(&named, g_ptr_array_index(order->targets, i), error))
            return NULL;
    g_ptr_array_sort(all, by_area);
    return g_steal_pointer(&all);
}
