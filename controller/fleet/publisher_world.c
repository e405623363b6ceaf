/* The planner's input from the database, kept between changes.
 *
 * A province has thousands of broadcasts and a change touches one: so the world is read once a day
 * and then only what a change names is read again. A rule is expanded when the first station that
 * it reaches is planned, once for all of its stations; most rules are never expanded for a change
 * in one commune. The order of the table does not reach the plan: the planner sorts.
 *
 * Stations whose plans say the same but for their ids share a sheet. The mark by which they are
 * known is made of the area, the rules that reach the station and which airings of the past it had
 * been told of; all else follows from these. */
#include "fleet/publisher_world.h"

#include "content/clip_store.h"
#include "fleet/publisher_rules.h"
#include "schedule/airing_store.h"
#include "schedule/broadcast_reach_store.h"
#include "schedule/broadcast_store.h"

#define SHEETS_MAX 16 /* a sheet of a full plan is half a MiB */

typedef struct WorldRule {
    unsigned serial;
    Broadcast *broadcast;
    GArray *occurrences; /* SeriesOccurrence; NULL until somebody needs them */
} WorldRule;

/* An area as the planner sees it. */
typedef struct WorldArea {
    Area *area;
    GPtrArray *path;
    Precedence *precedence;
    GPtrArray *rules; /* WorldRule*: those that may reach a station here; NULL = not looked up */
} WorldArea;

struct PublisherWorld {
    Database *database;
    int64_t from_us, until_us;
    unsigned serial;
    GHashTable *rules;    /* broadcast id -> WorldRule */
    GHashTable *stale;    /* ids of broadcasts to be read again */
    GHashTable *rundowns; /* broadcast id -> Rundown* */
    GHashTable *areas;    /* id -> WorldArea* */
    GHashTable *sheets;   /* mark -> PublisherSheet* */
};

static void world_area_free(gpointer data)
{
    WorldArea *area = data;
    area_free(area->area);
    precedence_free(area->precedence);
    g_ptr_array_unref(area->path);
    if (area->rules)
        g_ptr_array_unref(area->rules);
    g_free(area);
}

static void rule_free(gpointer data)
{
    WorldRule *rule = data;
    broadcast_free(rule->broadcast);
    if (rule->occurrences)
        g_array_unref(rule->occurrences);
    g_free(rule);
}

static void put_rule(PublisherWorld *self, Broadcast *take_broadcast)
{
    WorldRule *rule = g_new0(WorldRule, 1);
    rule->serial = ++self->serial;
    rule->broadcast = take_broadcast;
    g_hash_table_replace(self->rules, take_broadcast->id, rule);
}

PublisherWorld *publisher_world_new(Database *database, int64_t from_us, int64_t until_us,
                                    GError **error)
{
    g_autoptr(GPtrArray) broadcasts = broadcast_reach_store_all(database, from_us, error);
    if (!broadcasts)
        return NULL;
    PublisherWorld *self = g_new0(PublisherWorld, 1);
    self->database = database;
    self->from_us = from_us;
    self->until_us = until_us;
    self->rules = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, rule_free);
    self->stale = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->rundowns =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)rundown_free);
    self->areas = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, world_area_free);
    self->sheets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify)publisher_sheet_unref);
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
    g_hash_table_unref(self->rundowns);
    g_hash_table_unref(self->areas);
    g_hash_table_unref(self->sheets);
    g_free(self);
}

void publisher_world_forget_sheets(PublisherWorld *self)
{
    g_hash_table_remove_all(self->sheets);
}

void publisher_world_forget_broadcast(PublisherWorld *self, const char *id)
{
    g_hash_table_add(self->stale, g_strdup(id));
    g_hash_table_remove(self->rundowns, id);
    publisher_world_forget_sheets(self);
}

void publisher_world_forget_bulletin(PublisherWorld *self, const char *id)
{
    GHashTableIter iter;
    gpointer rundown;
    g_hash_table_iter_init(&iter, self->rundowns);
    while (g_hash_table_iter_next(&iter, NULL, &rundown))
        if (rundown_holds(rundown, id))
            g_hash_table_iter_remove(&iter);
    publisher_world_forget_sheets(self);
}

void publisher_world_forget_areas(PublisherWorld *self)
{
    g_hash_table_remove_all(self->areas);
    publisher_world_forget_sheets(self);
}

static void forget_area_rules(PublisherWorld *self)
{
    GHashTableIter iter;
    gpointer area;
    g_hash_table_iter_init(&iter, self->areas);
    while (g_hash_table_iter_next(&iter, NULL, &area))
        g_clear_pointer(&((WorldArea *)area)->rules, g_ptr_array_unref);
}

static bool read_stale(PublisherWorld *self, GError **error)
{
    if (g_hash_table_size(self->stale) > 0)
        forget_area_rules(self);
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

static const Rundown *rundown_of(PublisherWorld *self, const Broadcast *broadcast, GError **error)
{
    Rundown *rundown = g_hash_table_lookup(self->rundowns, broadcast->id);
    if (!rundown && (rundown = rundown_load(self->database, broadcast, error)))
        g_hash_table_insert(self->rundowns, g_strdup(broadcast->id), rundown);
    return rundown;
}

static const GArray *occurrences_of(PublisherWorld *self, WorldRule *rule, const Rundown *rundown)
{
    if (!rule->occurrences)
        rule->occurrences = broadcast_plays(rule->broadcast, rundown_length_us(rundown),
                                            self->from_us, self->until_us);
    return rule->occurrences;
}

static WorldArea *area_of(PublisherWorld *self, const char *id, GError **error)
{
    WorldArea *known = g_hash_table_lookup(self->areas, id);
    Area *area = known ? NULL : area_store_get(self->database, id, error);
    if (!area)
        return known;
    Precedence *precedence = precedence_store_path(self->database, area->path, error);
    if (!precedence) {
        area_free(area);
        return NULL;
    }
    known = g_new0(WorldArea, 1);
    known->precedence = precedence;
    known->area = area;
    known->path = area_store_ids(area->path);
    g_hash_table_insert(self->areas, area->id, known);
    return known;
}

static const GPtrArray *area_rules(PublisherWorld *self, WorldArea *area)
{
    if (area->rules)
        return area->rules;
    area->rules = g_ptr_array_new();
    GHashTableIter iter;
    gpointer rule;
    g_hash_table_iter_init(&iter, self->rules);
    while (g_hash_table_iter_next(&iter, NULL, &rule))
        if (broadcast_may_reach(((WorldRule *)rule)->broadcast, area->path))
            g_ptr_array_add(area->rules, rule);
    return area->rules;
}

/* Rules that reach one station: GArray of PlannerRule; NULL on error. Names them in `mark`. */
static GArray *rules_for(PublisherWorld *self, const char *station, WorldArea *area, GString *mark,
                         GError **error)
{
    g_autoptr(GArray) rules = g_array_new(FALSE, FALSE, sizeof(PlannerRule));
    const GPtrArray *near = area_rules(self, area);
    for (unsigned i = 0; i < near->len; i++) {
        WorldRule *rule = g_ptr_array_index(near, i);
        if (!broadcast_reaches(rule->broadcast, station, area->path))
            continue;
        g_autoptr(GError) failed = NULL;
        PlannerRule one = {.broadcast = rule->broadcast,
                           .rundown = rundown_of(self, rule->broadcast, &failed)};
        if (failed) {
            g_propagate_error(error, g_steal_pointer(&failed));
            return NULL;
        }
        if (!one.rundown)
            continue;
        one.occurrences = occurrences_of(self, rule, one.rundown);
        g_array_append_val(rules, one);
        g_string_append_printf(mark, " %u", rule->serial);
    }
    return g_steal_pointer(&rules);
}

/* Which of the airings that lie in the past this station had been told of, one digit each. */
static void mark_past(const GArray *rules, const PlannerStation *station, int64_t now_us,
                      GString *mark)
{
    for (unsigned i = 0; i < rules->len; i++) {
        const PlannerRule *rule = &g_array_index(rules, PlannerRule, i);
        g_string_append_c(mark, ' ');
        for (unsigned j = 0; j < rule->occurrences->len; j++) {
            const SeriesOccurrence *one = &g_array_index(rule->occurrences, SeriesOccurrence, j);
            if (one->start_us >= now_us)
                break;
            g_autofree char *id =
                plan_airing_id(rule->broadcast->id, one->recurrence_us, one->repeat, station->id);
            g_string_append_c(mark, g_hash_table_contains(station->known, id) ? '1' : '0');
        }
    }
}

/* When a rule was in force for a station: ordered, approved and the station accepted. */
static int64_t in_force_us(const PlannerRule *rule, const Station *station)
{
    int64_t ordered_us = MAX(rule->broadcast->created_us, rule->rundown->updated_us);
    return MAX(ordered_us, station->accepted_us);
}

/* Adds to `known` what was in force before its start but passed unplanned, because the controller
 * was down or busy meanwhile: an acknowledged order still gets its answer. What was once planned
 * and cancelled has its row and stays cancelled. */
static bool know_overdue(PublisherWorld *self, const Station *station, const GArray *rules,
                         int64_t now_us, GHashTable *known, GError **error)
{
    for (unsigned i = 0; i < rules->len; i++) {
        const PlannerRule *rule = &g_array_index(rules, PlannerRule, i);
        int64_t from_us = MAX(in_force_us(rule, station), self->from_us);
        for (unsigned j = 0; j < rule->occurrences->len; j++) {
            const SeriesOccurrence *one = &g_array_index(rule->occurrences, SeriesOccurrence, j);
            if (one->start_us < from_us || one->start_us >= now_us)
                continue;
            g_autofree char *id =
                plan_airing_id(rule->broadcast->id, one->recurrence_us, one->repeat, station->id);
            g_autoptr(GError) failed = NULL;
            int64_t planned_us = 0;
            if (g_hash_table_contains(known, id) ||
                airing_store_find(self->database, station->id, id, one->start_us, &planned_us,
                                  &failed))
                continue;
            if (failed) {
                g_propagate_error(error, g_steal_pointer(&failed));
                return false;
            }
            g_hash_table_add(known, g_steal_pointer(&id));
        }
    }
    return true;
}

static PublisherSheet *sheet_of(PublisherWorld *self, const PlannerWorld *world,
                                const PlannerStation *station, const Area *area, const char *mark,
                                GError **error)
{
    PublisherSheet *sheet = g_hash_table_lookup(self->sheets, mark);
    if (!sheet) {
        if (g_hash_table_size(self->sheets) >= SHEETS_MAX)
            publisher_world_forget_sheets(self);
        g_autoptr(Plan) plan = planner_plan(world, station);
        if (!clip_store_fill(self->database, area->path, world->now_us, plan, error) ||
            !publisher_rules_fill(self->database, area, plan, error))
            return NULL;
        sheet = publisher_sheet_new(g_steal_pointer(&plan));
        g_hash_table_insert(self->sheets, g_strdup(mark), sheet);
    }
    return publisher_sheet_ref(sheet);
}

static PublisherSheet *sheet_in_area(PublisherWorld *self, const Station *station, WorldArea *area,
                                     int64_t now_us, GError **error)
{
    g_autoptr(GString) mark = g_string_new(area->area->id);
    g_autoptr(GArray) rules = rules_for(self, station->id, area, mark, error);
    if (!rules)
        return NULL;
    g_autoptr(GHashTable) known =
        airing_store_known(self->database, station->id, self->from_us, now_us, error);
    if (!known || !know_overdue(self, station, rules, now_us, known, error))
        return NULL;
    PlannerWorld world = {
        .rules = rules, .from_us = self->from_us, .until_us = self->until_us, .now_us = now_us};
    PlannerStation asked = {
        .id = station->id,
        .area_path = area->path,
        .utc_offset_s = recurrence_offset_s(area->area->zone, now_us),
        .volume_mdb = station->volume_mdb,
        .precedence = area->precedence,
        .known = known,
    };
    g_string_append_printf(mark, " %d", asked.utc_offset_s);
    mark_past(rules, &asked, now_us, mark);
    return sheet_of(self, &world, &asked, area->area, mark->str, error);
}

void publisher_wish_clear(PublisherWish *wish)
{
    station_free(wish->station);
    publisher_sheet_unref(wish->sheet);
    *wish = (PublisherWish){0};
}

bool publisher_world_wish(PublisherWorld *self, const char *station_id, int64_t now_us,
                          PublisherWish *ret_wish, GError **error)
{
    g_autoptr(GError) failed = NULL;
    *ret_wish = (PublisherWish){0};
    g_autoptr(Station) station = NULL;
    if (read_stale(self, &failed))
        station = station_store_get(self->database, station_id, &failed);
    bool in_service = station && !station->retired_us;
    WorldArea *area = in_service ? area_of(self, station->area, &failed) : NULL;
    PublisherSheet *sheet = area ? sheet_in_area(self, station, area, now_us, &failed) : NULL;
    if (failed) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return false;
    }
    if (sheet)
        *ret_wish = (PublisherWish){.station = g_steal_pointer(&station), .sheet = sheet};
    return true;
}
