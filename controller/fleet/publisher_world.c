/* The planner's input from the database. Bulletins and areas are read once and shared; a rule is
 * expanded once, whether it reaches four stations or four thousand. */
#include "fleet/publisher_world.h"

#include "schedule/airing_store.h"
#include "schedule/broadcast_store.h"

struct PublisherWorld {
    Database *database;
    PlannerWorld planner;
    GPtrArray *broadcasts; /* Broadcast* */
    GHashTable *bulletins; /* id -> Bulletin* */
    GHashTable *areas;     /* id -> Area* */
    GPtrArray *starts;     /* GArray* of int64_t */
    GArray *rules;         /* PlannerRule */
};

static bool add_rule(PublisherWorld *self, const Broadcast *broadcast, GError **error)
{
    Bulletin *bulletin = g_hash_table_lookup(self->bulletins, broadcast->bulletin);
    if (!bulletin) {
        g_autoptr(GError) failed = NULL;
        bulletin = bulletin_store_get(self->database, broadcast->bulletin, &failed);
        if (failed) {
            g_propagate_error(error, g_steal_pointer(&failed));
            return false;
        }
        if (!bulletin)
            return true;
        g_hash_table_insert(self->bulletins, bulletin->id, bulletin);
    }
    Recurrence recurrence = broadcast_rule(broadcast);
    GArray *starts = recurrence_expand(&recurrence, self->planner.from_us, self->planner.until_us);
    g_ptr_array_add(self->starts, starts);
    PlannerRule rule = {.broadcast = broadcast, .bulletin = bulletin, .starts = starts};
    g_array_append_val(self->rules, rule);
    return true;
}

PublisherWorld *publisher_world_new(Database *database, int64_t from_us, int64_t until_us,
                                    GError **error)
{
    g_autoptr(PublisherWorld) self = g_new0(PublisherWorld, 1);
    self->database = database;
    self->planner.from_us = from_us;
    self->planner.until_us = until_us;
    self->bulletins =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)bulletin_free);
    self->areas = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)area_free);
    self->starts = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    self->rules = g_array_new(FALSE, FALSE, sizeof(PlannerRule));
    self->broadcasts = broadcast_store_active(database, from_us, error);
    if (!self->broadcasts)
        return NULL;
    for (unsigned i = 0; i < self->broadcasts->len; i++)
        if (!add_rule(self, g_ptr_array_index(self->broadcasts, i), error))
            return NULL;
    self->planner.rules = self->rules;
    return g_steal_pointer(&self);
}

void publisher_world_free(PublisherWorld *self)
{
    if (!self)
        return;
    g_array_unref(self->rules);
    g_ptr_array_unref(self->starts);
    if (self->broadcasts)
        g_ptr_array_unref(self->broadcasts);
    g_hash_table_unref(self->bulletins);
    g_hash_table_unref(self->areas);
    g_free(self);
}

GPtrArray *publisher_world_path(const char *path)
{
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);
    for (unsigned i = 0; parts[i]; i++)
        if (*parts[i])
            g_ptr_array_add(ids, g_strdup(parts[i]));
    return ids;
}

static const Area *area_of(PublisherWorld *self, const char *id, GError **error)
{
    Area *area = g_hash_table_lookup(self->areas, id);
    if (!area && (area = area_store_get(self->database, id, error)))
        g_hash_table_insert(self->areas, area->id, area);
    return area;
}

Plan *publisher_world_plan(PublisherWorld *self, const char *station_id, int64_t now_us,
                           GError **error)
{
    g_autoptr(Station) station = station_store_get(self->database, station_id, error);
    if (!station || station->retired_us)
        return NULL;
    const Area *area = area_of(self, station->area, error);
    if (!area)
        return NULL;
    g_autoptr(GHashTable) known =
        airing_store_known(self->database, station->id, self->planner.from_us, now_us, error);
    if (!known)
        return NULL;
    g_autoptr(GPtrArray) path = publisher_world_path(area->path);
    PlannerStation asked = {
        .id = station->id,
        .area_path = path,
        .utc_offset_s = recurrence_offset_s(area->zone, now_us),
        .volume_mdb = station->volume_mdb,
        .known = known,
    };
    self->planner.now_us = now_us;
    Plan *plan = planner_plan(&self->planner, &asked);
    g_strlcpy(plan->keyid, station->keyid, sizeof plan->keyid);
    return plan;
}
