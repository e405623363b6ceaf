/* One read of the tree serves a whole import, and areas that the same file makes are found by the
 * rows after them. Only areas in which the person holds the right are in the index, so a name of a
 * neighbour's village is simply not there. */
#include "registry/area_index.h"

#include <string.h>

#include "registry/search.h"

struct AreaIndex {
    GPtrArray *areas;    /* Area*, owned */
    GHashTable *by_id;   /* id -> Area* */
    GHashTable *by_name; /* folded name -> GPtrArray of Area* */
};

static void add(AreaIndex *self, Area *area)
{
    g_autofree char *name = search_fold(area->name);
    GPtrArray *same = g_hash_table_lookup(self->by_name, name);
    if (!same) {
        same = g_ptr_array_new();
        g_hash_table_insert(self->by_name, g_steal_pointer(&name), same);
    }
    g_ptr_array_add(same, area);
    g_hash_table_insert(self->by_id, area->id, area);
    g_ptr_array_add(self->areas, area);
}

AreaIndex *area_index_new(Database *database, const User *user, Verb verb, GError **error)
{
    g_autoptr(GPtrArray) all = area_store_list(database, NULL, error);
    if (!all)
        return NULL;
    AreaIndex *self = g_new0(AreaIndex, 1);
    self->areas = g_ptr_array_new_with_free_func((GDestroyNotify)area_free);
    self->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    self->by_name =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    for (unsigned i = 0; i < all->len; i++) {
        Area *area = all->pdata[i];
        if (!access_allows_path(user, verb, area->path))
            continue;
        add(self, area);
        all->pdata[i] = NULL;
    }
    return self;
}

void area_index_free(AreaIndex *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->by_name);
    g_hash_table_unref(self->by_id);
    g_ptr_array_unref(self->areas);
    g_free(self);
}

/* Every name must be that of an area further up, in order; areas between may be left out. */
static bool lies_below(const AreaIndex *self, const Area *area, char **names, unsigned n_names)
{
    unsigned left = n_names;
    for (const Area *at = area; left > 0 && at->parent;) {
        at = g_hash_table_lookup(self->by_id, at->parent);
        if (!at)
            return false;
        g_autofree char *name = search_fold(at->name);
        left -= g_str_equal(name, names[left - 1]);
    }
    return left == 0;
}

static char **names_of(const char *said)
{
    g_autofree char *folded = search_fold(said);
    char **names = g_strsplit_set(folded, "/>", -1);
    for (unsigned i = 0; names[i]; i++)
        g_strstrip(names[i]);
    return names;
}

AreaIndexAnswer area_index_find(const AreaIndex *self, const char *said, const Area **ret_area)
{
    *ret_area = g_hash_table_lookup(self->by_id, said);
    if (*ret_area)
        return AREA_INDEX_FOUND;
    g_auto(GStrv) names = names_of(said);
    unsigned n_names = g_strv_length(names), found = 0;
    const GPtrArray *same = n_names ? g_hash_table_lookup(self->by_name, names[n_names - 1]) : NULL;
    for (unsigned i = 0; same && i < same->len; i++) {
        if (!lies_below(self, same->pdata[i], names, n_names - 1))
            continue;
        *ret_area = same->pdata[i];
        found++;
    }
    return found == 0 ? AREA_INDEX_NONE : found == 1 ? AREA_INDEX_FOUND : AREA_INDEX_SEVERAL;
}

const Area *area_index_child(const AreaIndex *self, const char *parent, const char *name)
{
    g_autofree char *folded = search_fold(name);
    const GPtrArray *same = g_hash_table_lookup(self->by_name, folded);
    for (unsigned i = 0; same && i < same->len; i++) {
        const Area *area = same->pdata[i];
        if (g_strcmp0(area->parent, parent) == 0)
            return area;
    }
    return NULL;
}

const Area *area_index_add_take(AreaIndex *self, Area *area)
{
    add(self, area);
    return area;
}
