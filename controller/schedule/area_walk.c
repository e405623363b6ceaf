/* An area in each turn of the loop. Only ids are looked at beforehand; what an area's question
 * costs is spent in its own turn. */
#include "schedule/area_walk.h"

#include "schedule/named_stations.h"

typedef struct Walk {
    Database *database;
    GPtrArray *stations; /* Station*, by area */
    unsigned next;
    AreaWalkEach each;
    AreaWalkDone done;
    void *user;
} Walk;

static void walk_free(Walk *self)
{
    g_ptr_array_unref(self->stations);
    g_free(self);
}

/* The stations of the next area; false with an error. */
static bool step(Walk *self, GError **error)
{
    const char *id = ((Station *)g_ptr_array_index(self->stations, self->next))->area;
    g_autoptr(Area) area = area_store_get(self->database, id, error);
    if (!area)
        return false;
    g_autoptr(GPtrArray) path = area_store_ids(area->path);
    g_autoptr(GPtrArray) named = g_ptr_array_new();
    for (; self->next < self->stations->len; self->next++) {
        Station *station = g_ptr_array_index(self->stations, self->next);
        if (!g_str_equal(station->area, id))
            break;
        g_ptr_array_add(named, station);
    }
    return self->each(self->user, area, path, named, error);
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
