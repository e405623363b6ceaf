/* From rules to nominal airings of one station.
 *
 * The planner does not resolve clashes: two airings of the same minute stand both at their nominal
 * time, and `order` says who goes first. Order among equals: rank, then the issuing level (province
 * before commune before village), then the earlier order given, then the id of the broadcast (not
 * of the airing: stations of one commune must agree), so that nothing is left to the order of rows
 * in a database.
 *
 * What already lies in the past stays in the plan for as long as a station may owe its outcome, but
 * only if it had been planned: a broadcast made at noon never asks for this morning. */
#include "schedule/planner.h"

#include <string.h>

typedef struct Entry {
    PlanAiring *airing;
    unsigned level;     /* of the issuer on the station's path; 0 = top */
    int64_t created_us; /* of the broadcast */
} Entry;

static bool is_planned(const PlannerWorld *world, const PlannerStation *station,
                       const PlannerRule *rule, const SeriesOccurrence *occurrence, const char *id)
{
    const Broadcast *broadcast = rule->broadcast;
    int64_t start_us = occurrence->start_us;
    if (start_us < world->from_us || start_us >= world->until_us)
        return false;
    if (occurrence->fate != SERIES_PLAYS)
        return false;
    if (broadcast->deleted_us && start_us >= broadcast->deleted_us)
        return false;
    if (start_us < world->now_us)
        return station->known && g_hash_table_contains(station->known, id);
    return rundown_sounds(rule->rundown, start_us, broadcast_repeats(broadcast));
}

/* Stands in a draft for a sound that is still being made. */
static const char unknown_sha256[] =
    "0000000000000000000000000000000000000000000000000000000000000000";

static PlanItem *file_of(const Bulletin *bulletin)
{
    PlanItem *file = plan_item_new();
    file->bulletin = g_strdup(bulletin->id);
    file->bulletin_version = g_strdup(bulletin->version);
    file->sha256 = g_strdup(bulletin->sha256);
    file->frames = bulletin->frames;
    return file;
}

/* What stands in is bound by its own validity, as what it stands in for is. */
static void add_fallback(PlanItem *item, const RundownItem *one, int64_t start_us)
{
    for (unsigned i = 0; one->fallback && i < one->fallback->len; i++) {
        const Bulletin *bulletin = one->fallback->pdata[i];
        int64_t until_us = bulletin->valid_until_us;
        bool holds =
            start_us >= bulletin->valid_from_us &&
            (!until_us || start_us + one->bulletin->frames * G_USEC_PER_SEC / 48000 < until_us);
        if (holds && plan_item_fallbacks(item) < PLAN_MAX_FALLBACK)
            plan_item_add_fallback(item, file_of(bulletin));
    }
}

static PlanItem *item_of(const RundownItem *one, int64_t start_us)
{
    const Bulletin *bulletin = one->bulletin;
    PlanItem *item = plan_item_new();
    item->bulletin = g_strdup(bulletin->id);
    item->bulletin_version = g_strdup(bulletin->version);
    item->kind = one->source ? ITEM_RELAY : ITEM_FILE;
    for (unsigned i = 0; one->source && i < one->source->addresses->len; i++) {
        const SourceAddress *address = g_ptr_array_index(one->source->addresses, i);
        plan_item_add_source(item, address->url, address->format);
    }
    if (!one->source)
        item->sha256 = g_strdup(bulletin->sha256 ? bulletin->sha256 : unknown_sha256);
    item->frames = bulletin->frames;
    item->gain_mdb = one->gain_mdb;
    add_fallback(item, one, start_us);
    return item;
}

/* What sounds at that start; the airing is void as soon as the first of it is. */
static void add_items(PlanAiring *airing, const PlannerRule *rule)
{
    const Rundown *rundown = rule->rundown;
    const bool repeats = broadcast_repeats(rule->broadcast);
    for (unsigned i = 0; i < rundown->items->len; i++) {
        const RundownItem *item = &g_array_index(rundown->items, RundownItem, i);
        if (!rundown_sounds_item(rundown, i, airing->start_us, repeats))
            continue;
        const int64_t until_us = item->bulletin->valid_until_us;
        if (until_us && (!airing->valid_until_us || until_us < airing->valid_until_us))
            airing->valid_until_us = until_us;
        if (i == rundown_main(rundown, airing->start_us, repeats))
            airing->main_item = airing->items->len;
        g_ptr_array_add(airing->items, item_of(item, airing->start_us));
    }
}

static PlanAiring *airing_of(const PlannerRule *rule, const SeriesOccurrence *occurrence,
                             char *take_id)
{
    const Broadcast *broadcast = rule->broadcast;
    const Rundown *rundown = rule->rundown;
    PlanAiring *airing = plan_airing_new();
    airing->id = take_id;
    airing->broadcast = g_strdup(broadcast->id);
    airing->start_us = occurrence->start_us;
    airing->recurrence_us = occurrence->recurrence_us;
    airing->repeat = occurrence->repeat;
    airing->start_by_us = occurrence->start_us + occurrence->tolerance_s * G_USEC_PER_SEC;
    airing->class = broadcast->class;
    airing->rank = broadcast->class == CLASS_PRIORITY ? RANK_PRIORITY
                   : rundown_is_relay(rule->rundown)  ? RANK_RELAY
                   : occurrence->manner.filler        ? RANK_FILLER
                                                      : RANK_NORMAL;
    airing->on_preempt = occurrence->manner.on_preempt;
    airing->gain_mdb = occurrence->gain_mdb;
    airing->title = g_strdup(rundown->title);
    airing->issuer = g_strdup(broadcast->area);
    airing->author = g_strdup(rundown->author);
    airing->approver = g_strdup(rundown->approver);
    add_items(airing, rule);
    return airing;
}

static unsigned level_of(const GPtrArray *area_path, const char *area)
{
    unsigned level = 0;
    while (level < area_path->len && !g_str_equal(g_ptr_array_index(area_path, level), area))
        level++;
    return level;
}

static void collect(const PlannerWorld *world, const PlannerStation *station,
                    const PlannerRule *rule, GArray *entries)
{
    const Broadcast *broadcast = rule->broadcast;
    if (!rundown_is_approved(rule->rundown))
        return;
    if (!broadcast_reaches(broadcast, station->id, station->area_path))
        return;
    for (unsigned i = 0; i < rule->occurrences->len; i++) {
        const SeriesOccurrence *one = &g_array_index(rule->occurrences, SeriesOccurrence, i);
        g_autofree char *id =
            plan_airing_id(broadcast->id, one->recurrence_us, one->repeat, station->id);
        if (!is_planned(world, station, rule, one, id))
            continue;
        Entry entry = {.airing = airing_of(rule, one, g_steal_pointer(&id)),
                       .level = level_of(station->area_path, broadcast->area),
                       .created_us = broadcast->created_us};
        entry.airing->level = (int)entry.level;
        entry.airing->came_us = broadcast->created_us;
        g_array_append_val(entries, entry);
    }
}

static int compare_int64(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_entries(gconstpointer left, gconstpointer right)
{
    const Entry *a = left;
    const Entry *b = right;
    int by_start = compare_int64(a->airing->start_us, b->airing->start_us);
    if (by_start)
        return by_start;
    if (a->airing->rank != b->airing->rank)
        return a->airing->rank < b->airing->rank ? -1 : 1;
    if (a->level != b->level)
        return a->level < b->level ? -1 : 1;
    int by_created = compare_int64(a->created_us, b->created_us);
    return by_created ? by_created : strcmp(a->airing->broadcast, b->airing->broadcast);
}

static int64_t local_day(const PlannerStation *station, int64_t at_us)
{
    int64_t local_s = at_us / G_USEC_PER_SEC + station->utc_offset_s;
    return local_s / 86400 - (local_s % 86400 < 0);
}

/* Hands the sorted airings to the plan. What an area put into an order comes first on that day, in
 * that order; the rest is numbered where it starts together. */
static void fill_airings(Plan *plan, GArray *entries, const PlannerStation *station)
{
    int64_t before_us = G_MININT64;
    int order = 0;
    for (unsigned i = 0; i < entries->len; i++) {
        PlanAiring *airing = g_array_index(entries, Entry, i).airing;
        if (plan->airings->len == PLAN_MAX_AIRINGS) {
            plan->until_us = MIN(plan->until_us, airing->start_us);
            plan_airing_free(airing);
            continue;
        }
        order = airing->start_us == before_us ? order + 1 : 0;
        before_us = airing->start_us;
        unsigned place;
        bool listed = precedence_find(station->precedence, local_day(station, airing->start_us),
                                      airing->broadcast, &place);
        airing->order = (int)place + (listed ? 0 : order);
        g_ptr_array_add(plan->airings, airing);
    }
}

static int compare_media(gconstpointer left, gconstpointer right)
{
    const PlanMedia *a = *(PlanMedia *const *)left;
    const PlanMedia *b = *(PlanMedia *const *)right;
    int by_need = compare_int64(a->needed_by_us, b->needed_by_us);
    return by_need ? by_need : strcmp(a->sha256, b->sha256);
}

typedef struct MediaList {
    GPtrArray *media; /* PlanMedia* */
    GHashTable *seen;
    const GHashTable *bytes_of;
} MediaList;

static void add_media(MediaList *self, const PlanItem *item, int64_t needed_by_us)
{
    if (!item->sha256 || !g_hash_table_add(self->seen, item->sha256) ||
        self->media->len == PLAN_MAX_MEDIA)
        return;
    const int64_t *bytes = g_hash_table_lookup((GHashTable *)self->bytes_of, item->sha256);
    g_ptr_array_add(self->media, plan_media_new(item->sha256, bytes ? *bytes : 0, needed_by_us));
}

/* Each file once, the one needed first at the top. Airings are in order of start. */
static void fill_media(Plan *plan, const GHashTable *bytes_of)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    MediaList list = {plan->media, seen, bytes_of};
    for (unsigned i = 0; i < plan->airings->len; i++) {
        const PlanAiring *airing = g_ptr_array_index(plan->airings, i);
        for (unsigned j = 0; j < airing->items->len; j++) {
            const PlanItem *item = g_ptr_array_index(airing->items, j);
            add_media(&list, item, airing->start_us);
            for (unsigned k = 0; k < plan_item_fallbacks(item); k++)
                add_media(&list, item->fallback->pdata[k], airing->start_us);
        }
    }
    g_ptr_array_sort(plan->media, compare_media);
}

static void note_bytes(const RundownItem *item, GHashTable *bytes_of)
{
    Bulletin *sound = item->bulletin;
    if (sound->sha256)
        g_hash_table_insert(bytes_of, sound->sha256, &sound->bytes);
    for (unsigned i = 0; item->fallback && i < item->fallback->len; i++) {
        Bulletin *one = item->fallback->pdata[i];
        g_hash_table_insert(bytes_of, one->sha256, &one->bytes);
    }
}

Plan *planner_plan(const PlannerWorld *world, const PlannerStation *station)
{
    Plan *plan = plan_new();
    plan->station = g_strdup(station->id);
    plan->from_us = world->from_us;
    plan->until_us = world->until_us;
    plan->utc_offset_s = station->utc_offset_s;
    plan->volume_mdb = station->volume_mdb;
    for (unsigned i = 0; i < station->area_path->len; i++)
        g_ptr_array_add(plan->area_path, g_strdup(g_ptr_array_index(station->area_path, i)));

    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    g_autoptr(GHashTable) bytes_of = g_hash_table_new(g_str_hash, g_str_equal);
    for (unsigned i = 0; i < world->rules->len; i++) {
        const PlannerRule *rule = &g_array_index(world->rules, PlannerRule, i);
        collect(world, station, rule, entries);
        for (unsigned j = 0; j < rule->rundown->items->len; j++)
            note_bytes(&g_array_index(rule->rundown->items, RundownItem, j), bytes_of);
    }
    g_array_sort(entries, compare_entries);
    fill_airings(plan, entries, station);
    fill_media(plan, bytes_of);
    return plan;
}
