/* The planner's input from the database, kept between changes.
 *
 * A province has thousands of broadcasts and a change touches one: so the world is read once a day
 * and then only what a change names is read again. A rule is expanded when the first station that
 * it reaches is planned, once for all of its stations; most rules are never expanded for a change
 * in one commune. The order of the table does not reach the plan: the planner sorts. */
#include "fleet/publisher_world.h"

#include "schedule/airing_store.h"
#include "schedule/broadcast_store.h"

typedef struct WorldRule {
    Broadcast *broadcast;
    GArray *starts; /* int64_t; NULL until somebody needs them */
} WorldRule;

struct PublisherWorld {
    Database *database;
    int64_t from_us, until_us;
    GHashTable *rules;     /* broadcast id -> WorldRule */
    GHashTable *stale;     /* ids of broadcasts to be read again */
    GHashTable *bulletins; /* id -> Bulletin* */
    GHashTable *areas;     /* id -> Area* */
};

static void rule_free(gpointer data)
{
    WorldRule *rule = data;
    broadcast_free(rule->broadcast);
    if (rule->starts)
        g_array_unref(rule->starts);
    g_free(rule);
}

static void put_rule(PublisherWorld *self, Broadcast *take_broadcast)
{
    WorldRule *rule = g_new0(WorldRule, 1);
    rule->broadcast = take_broadcast;
    g_hash_table_replace(self->rules, take_broadcast->id, rule);
}

PublisherWorld *publisher_world_new(Database *database, int64_t from_us, int64_t until_us,
                                    GError **error)
{
    g_autoptr(GPtrArray) broadcasts = broadcast_store_active(database, from_us, error);
    if (!broadcasts)
        return NULL;
    PublisherWorld *self = g_new0(PublisherWorld, 1);
    self->database = database;
    self->from_us = from_us;
    self->until_us = until_us;
    self->rules = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, rule_free);
    self->stale = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->bulletins =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)bulletin_free);
    self->areas = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)area_free);
    g_ptr_array_set_free_func(broadcasts, NULL);
    for (unsigned i = 0; i < broadcasts->len; i++)
        put_rule(self, g_ptr_array_index(broadcasts, i));
    return self;
}

void publisher_world_free(PublisherWorld *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->rules);
    g_hash_table_unref(self->stale);
    g_hash_table_unref(self->bulletins);
    g_hash_table_unref(self->areas);
    g_free(self);
}

void publisher_world_forget_broadcast(PublisherWorld *self, const char *id)
{
    g_hash_table_add(self->stale, g_strdup(id));
}

void publisher_world_forget_bulletin(PublisherWorld *self, const char *id)
{
    g_hash_table_remove(self->bulletins, id);
}

void publisher_world_forget_areas(PublisherWorld *self)
{
    g_hash_table_remove_all(self->areas);
}

static bool read_stale(PublisherWorld *self, GError **error)
{
    GHashTableIter iter;
    gpointer id;
    g_hash_table_iter_init(&iter, self->stale);
    while (g_hash_table_iter_next(&iter, &id, NULL)) {
        g_autoptr(GError) failed = NULL;
        Broadcast *broadcast = broadcast_store_get(self->database, id, &failed);
        if (failed) {
            g_propagate_error(error, g_steal_pointer(&failed));
            return false;
        }
        if (broadcast)
            put_rule(self, broadcast);
        else
            g_hash_table_remove(self->rules, id);
        g_hash_table_iter_remove(&iter);
    }
    return true;
}

static const Bulletin *bulletin_of(PublisherWorld *self, const char *id, GError **error)
{
    Bulletin *bulletin = g_hash_table_lookup(self->bulletins, id);
    if (!bulletin && (bulletin = bulletin_store_get(self->database, id, error)))
        g_hash_table_insert(self->bulletins, bulletin->id, bulletin);
    return bulletin;
}

static const GArray *starts_of(PublisherWorld *self, WorldRule *rule)
{
    Recurrence recurrence = broadcast_rule(rule->broadcast);
    if (!rule->starts)
        rule->starts = recurrence_expand(&recurrence, self->from_us, self->until_us);
    return rule->starts;
}

/* Rules that reach one station: GArray of PlannerRule; NULL on error. */
static GArray *rules_for(PublisherWorld *self, const char *station, const GPtrArray *path,
                         GError **error)
{
    g_autoptr(GArray) rules = g_array_new(FALSE, FALSE, sizeof(PlannerRule));
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, self->rules);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        WorldRule *rule = value;
        if (!broadcast_reaches(rule->broadcast, station, path))
            continue;
        g_autoptr(GError) failed = NULL;
        PlannerRule one = {.broadcast = rule->broadcast,
                           .bulletin = bulletin_of(self, rule->broadcast->bulletin, &failed)};
        if (failed) {
            g_propagate_error(error, g_steal_pointer(&failed));
            return NULL;
        }
        one.starts = starts_of(self, rule);
        if (one.bulletin)
            g_array_append_val(rules, one);
    }
    return g_steal_pointer(&rules);
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

static Plan *plan_in_area(PublisherWorld *self, const Station *station, const Area *area,
                          int64_t now_us, GError **error)
{
    g_autoptr(GPtrArray) path = publisher_world_path(area->path);
    g_autoptr(GArray) rules = rules_for(self, station->id, path, error);
    if (!rules)
        return NULL;
    g_autoptr(GHashTable) known =
        airing_store_known(self->database, station->id, self->from_us, now_us, error);
    if (!known)
        return NULL;
    PlannerWorld world = {
        .rules = rules, .from_us = self->from_us, .until_us = self->until_us, .now_us = now_us};
    PlannerStation asked = {
        .id = station->id,
        .area_path = path,
        .utc_offset_s = recurrence_offset_s(area->zone, now_us),
        .volume_mdb = station->volume_mdb,
        .known = known,
    };
    Plan *plan = planner_plan(&world, &asked);
    g_strlcpy(plan->keyid, station->keyid, sizeof plan->keyid);
    return plan;
}

Plan *publisher_world_plan(PublisherWorld *self, const char *station_id, int64_t now_us,
                           GError **error)
{
    if (!read_stale(self, error))
        return NULL;
    g_autoptr(Station) station = station_store_get(self->database, station_id, error);
    if (!station || station->retired_us)
        return NULL;
    const Area *area = area_of(self, station->area, error);
    return area ? plan_in_area(self, station, area, now_us, error) : NULL;
}
