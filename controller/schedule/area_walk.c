/* An area in each turn of the loop. Only ids are looked at beforehand; what an area's question
 * costs is spent in its own turn. */
#include "schedule/area_walk.h"

typedef struct Walk {
    Database *database;
    GPtrArray *stations; /* Station*, by area */
    unsigned next;
    AreaWalkEach each;
    AreaWalkDone done;
    void *user;
} Walk;

static int by_area(gconstpointer left, gconstpointer right)
{
    const Station *a = *(Station *const *)left, *b = *(Station *const *)right;
    int by = g_strcmp0(a->area, b->area);
    return by ? by : g_strcmp0(a->id, b->id);
}

static void walk_free(Walk *self)
{
    g_ptr_array_unref(self->stations);
    g_free(self);
}

typedef struct Named {
    GHashTable *seen; /* ids, borrowed */
    GPtrArray *all;   /* Station* */
} Named;

static bool add_named(Database *database, bool is_station, const char *id, Named *named,
                      GError **error)
{
    g_autoptr(GPtrArray) some = NULL;
    if (is_station) {
        some = g_ptr_array_new_with_free_func((GDestroyNotify)station_free);
        Station *station = station_store_get(database, id, error);
        if (station)
            g_ptr_array_add(some, station);
    } else {
        some = station_store_in_area(database, id, error);
    }
    while (some && some->len > 0) {
        Station *station = g_ptr_array_steal_index_fast(some, some->len - 1);
        if (g_hash_table_add(named->seen, station->id))
            g_ptr_array_add(named->all, station);
        else
            station_free(station);
    }
    return some != NULL;
}

static bool add_target(Database *database, const BroadcastTarget *target, Named *named,
                       GError **error)
{
    if (target->kind != TARGET_GROUP)
        return add_named(database, target->kind == TARGET_STATION, target->id, named, error);
    for (unsigned i = 0; target->members && i < target->members->len; i++) {
        const GroupMember *member = g_ptr_array_index(target->members, i);
        if (!add_named(database, member->kind == GROUP_STATION, member->id, named, error))
            return false;
    }
    return true;
}

/* Those named directly, through an area or a group, each once, whether or not excluded elsewhere.
 */
static GPtrArray *named_stations(Database *database, const Broadcast *draft, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)station_free);
    Named named = {.seen = seen, .all = all};
    for (unsigned i = 0; i < draft->targets->len; i++)
        if (!add_target(database, g_ptr_array_index(draft->targets, i), &named, error))
            return NULL;
    g_ptr_array_sort(all, by_area);
    return g_steal_pointer(&all);
}

static GPtrArray *path_of(const Area *area)
{
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) parts = g_strsplit(area->path, "/", -1);
    for (unsigned i = 0; parts[i]; i++)
        if (*parts[i])
            g_ptr_array_add(ids, g_strdup(parts[i]));
    return ids;
}

/* The stations of the next area; false with an error. */
static bool step(Walk *self, GError **error)
{
    const char *id = ((Station *)g_ptr_array_index(self->stations, self->next))->area;
    g_autoptr(Area) area = area_store_get(self->database, id, error);
    if (!area)
        return false;
    g_autoptr(GPtrArray) path = path_of(area);
    g_autoptr(GPtrArray) named = g_ptr_array_new();
    for (; self->next < self->stations->len; self->next++) {
        Station *station = g_ptr_array_index(self->stations, self->next);
        if (!g_str_equal(station->area, id))
            break;
        if (!station->retired_us)
            g_ptr_array_add(named, station);
    }
    return named->len == 0 || self->each(self->user, area, path, named, error);
}

static gboolean on_turn(void *user)
{
    Walk *self = user;
    g_autoptr(GError) error = NULL;
    if (self->next < self->stations->len && step(self, &error))
        return G_SOURCE_CONTINUE;
    self->done(self->user, error);
    walk_free(self);
    return G_SOURCE_REMOVE;
}

bool area_walk(Database *database, const Broadcast *draft, AreaWalkEach each, AreaWalkDone done,
               void *user, GError **error)
{
    g_autoptr(GPtrArray) stations = named_stations(database, draft, error);
    if (!stations)
        return false;
    Walk *walk = g_new0(Walk, 1);
    *walk = (Walk){.database = database,
                   .stations = g_steal_pointer(&stations),
                   .each = each,
                   .done = done,
                   .user = user};
    g_idle_add_full(G_PRIORITY_DEFAULT, on_turn, walk, NULL);
    return true;
}
