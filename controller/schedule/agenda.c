/* The world of one area, small enough to be read for one question: only what this area and those
 * above it have issued can reach its stations, and what comes through a group that it accepted. */
#include "schedule/agenda.h"

#include "registry/policy.h"
#include "schedule/broadcast_store.h"

struct Agenda {
    char *zone;
    int64_t from_us, until_us;
    GPtrArray *path;
    GPtrArray *broadcasts, *rundowns, *occurrences; /* what the rules point to */
    GArray *rules;                                  /* PlannerRule; a draft comes last */
    GPtrArray *policies;                            /* Policy*, from the top */
    Precedence *precedence;
    bool is_cut;        /* path and precedence belong to the whole */
    unsigned drafts;    /* how many of the last rules */
    GHashTable *shared; /* while it is read: broadcast id -> its occurrences; NULL = none */
};

/* What comes from above is the same for every area below: expanded once for all of them. */
static GArray *plays_of(const Agenda *self, const Broadcast *broadcast, const Rundown *rundown)
{
    const char *own = g_ptr_array_index(self->path, self->path->len - 1);
    bool shares = self->shared && !g_str_equal(broadcast->area, own);
    GArray *known = shares ? g_hash_table_lookup(self->shared, broadcast->id) : NULL;
    if (known)
        return g_array_ref(known);
    GArray *plays =
        broadcast_plays(broadcast, rundown_length_us(rundown), self->from_us, self->until_us);
    if (shares)
        g_hash_table_insert(self->shared, g_strdup(broadcast->id), g_array_ref(plays));
    return plays;
}

static bool add_rule(Agenda *self, Database *database, const Broadcast *broadcast, GError **error)
{
    g_autoptr(GError) failed = NULL;
    Rundown *rundown = rundown_load(database, broadcast, &failed);
    if (failed) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return false;
    }
    if (!rundown)
        return true;
    PlannerRule rule = {.broadcast = broadcast,
                        .rundown = rundown,
                        .occurrences = plays_of(self, broadcast, rundown)};
    g_ptr_array_add(self->rundowns, rundown);
    g_ptr_array_add(self->occurrences, (GArray *)rule.occurrences);
    g_array_append_val(self->rules, rule);
    return true;
}

static bool add_list(Agenda *self, Database *database, GPtrArray *take_list, GError **error)
{
    g_autoptr(GPtrArray) list = take_list;
    if (!list)
        return false;
    g_ptr_array_set_free_func(list, NULL);
    bool ok = true;
    for (unsigned i = 0; i < list->len; i++) {
        Broadcast *broadcast = g_ptr_array_index(list, i);
        g_ptr_array_add(self->broadcasts, broadcast);
        ok = ok && (!broadcast_may_reach(broadcast, self->path) ||
                    add_rule(self, database, broadcast, error));
    }
    return ok;
}

GHashTable *agenda_share_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
}

Agenda *agenda_new(Database *database, const Area *area, int64_t from_us, int64_t until_us,
                   GError **error)
{
    return agenda_new_sharing(database, area, from_us, until_us, NULL, error);
}

Agenda *agenda_new_sharing(Database *database, const Area *area, int64_t from_us, int64_t until_us,
                           GHashTable *share, GError **error)
{
    g_autoptr(Agenda) self = g_new0(Agenda, 1);
    self->shared = share;
    self->zone = g_strdup(area->zone);
    self->from_us = from_us;
    self->until_us = until_us;
    self->path = area_store_ids(area->path);
    self->broadcasts = g_ptr_array_new_with_free_func((GDestroyNotify)broadcast_free);
    self->rundowns = g_ptr_array_new_with_free_func((GDestroyNotify)rundown_free);
    self->occurrences = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    self->rules = g_array_new(FALSE, FALSE, sizeof(PlannerRule));
    for (unsigned i = 0; i < self->path->len; i++)
        if (!add_list(self, database,
                      broadcast_store_issued(database, g_ptr_array_index(self->path, i),
                                             self->from_us, error),
                      error))
            return NULL;
    if (!add_list(self, database,
                  broadcast_store_accepted(database, area->path, self->from_us, error), error))
        return NULL;
    self->policies = policy_store_path(database, area->path, error);
    self->precedence = precedence_store_path(database, area->path, error);
    self->shared = NULL;
    return self->policies && self->precedence ? g_steal_pointer(&self) : NULL;
}

void agenda_free(Agenda *self)
{
    if (!self)
        return;
    g_free(self->zone);
    g_ptr_array_unref(self->path);
    g_array_unref(self->rules);
    g_ptr_array_unref(self->broadcasts);
    g_ptr_array_unref(self->rundowns);
    g_ptr_array_unref(self->occurrences);
    if (self->policies)
        g_ptr_array_unref(self->policies);
    if (!self->is_cut)
        precedence_free(self->precedence);
    g_free(self);
}

void agenda_add_draft(Agenda *self, const Broadcast *draft, const Rundown *rundown)
{
    PlannerRule rule = {.broadcast = draft,
                        .rundown = rundown,
                        .occurrences = broadcast_plays(draft, rundown_length_us(rundown),
                                                       self->from_us, self->until_us)};
    g_ptr_array_add(self->occurrences, (GArray *)rule.occurrences);
    g_array_append_val(self->rules, rule);
    self->drafts++;
}

void agenda_remove_draft(Agenda *self)
{
    g_return_if_fail(self->drafts > 0);
    g_array_set_size(self->rules, self->rules->len - 1);
    g_ptr_array_set_size(self->occurrences, (int)self->occurrences->len - 1);
    self->drafts--;
}

void agenda_expect(Agenda *self)
{
    for (unsigned i = 0; i < self->rundowns->len; i++)
        rundown_expect(g_ptr_array_index(self->rundowns, i));
}

/* Index of the first occurrence at or after an instant. */
static unsigned first_at(const GArray *occurrences, int64_t at_us)
{
    unsigned low = 0, high = occurrences->len;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (g_array_index(occurrences, SeriesOccurrence, middle).start_us < at_us)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

Agenda *agenda_cut(const Agenda *whole, int64_t from_us, int64_t until_us,
                   const unsigned skip[AGENDA_SKIPS])
{
    Agenda *self = g_new0(Agenda, 1);
    self->is_cut = true;
    self->zone = g_strdup(whole->zone);
    self->from_us = from_us;
    self->until_us = until_us;
    self->path = g_ptr_array_ref(whole->path);
    self->policies = g_ptr_array_ref(whole->policies);
    self->precedence = whole->precedence;
    self->broadcasts = g_ptr_array_new();
    self->rundowns = g_ptr_array_new();
    self->occurrences = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    self->rules = g_array_new(FALSE, FALSE, sizeof(PlannerRule));
    for (unsigned i = 0; i < whole->rules->len; i++) {
        PlannerRule rule = g_array_index(whole->rules, PlannerRule, i);
        unsigned first = first_at(rule.occurrences, from_us);
        unsigned after = first_at(rule.occurrences, until_us);
        if (first == after || i == skip[0] || i == skip[1])
            continue;
        GArray *some = g_array_sized_new(FALSE, FALSE, sizeof(SeriesOccurrence), after - first);
        g_array_append_vals(some, &g_array_index(rule.occurrences, SeriesOccurrence, first),
                            after - first);
        rule.occurrences = some;
        g_ptr_array_add(self->occurrences, some);
        g_array_append_val(self->rules, rule);
    }
    return self;
}

Plan *agenda_plan(const Agenda *self, const char *station, GHashTable *known, int64_t now_us)
{
    PlannerWorld world = {.rules = self->rules,
                          .from_us = self->from_us,
                          .until_us = self->until_us,
                          .now_us = now_us};
    PlannerStation asked = {.id = station,
                            .area_path = self->path,
                            .utc_offset_s = recurrence_offset_s(self->zone, now_us),
                            .precedence = self->precedence,
                            .known = known};
    return planner_plan(&world, &asked);
}

/* Looked at each hour. */
static GArray *offsets_of(const Agenda *self)
{
    GArray *offsets = g_array_new(FALSE, FALSE, sizeof(TimelineOffset));
    for (int64_t at_us = self->from_us; at_us < self->until_us;
         at_us += INT64_C(3600) * G_USEC_PER_SEC) {
        TimelineOffset one = {.from_us = at_us, .offset_s = recurrence_offset_s(self->zone, at_us)};
        if (offsets->len == 0 ||
            g_array_index(offsets, TimelineOffset, offsets->len - 1).offset_s != one.offset_s)
            g_array_append_val(offsets, one);
    }
    return offsets;
}

Explained *agenda_explain(const Agenda *self, const Plan *plan, int64_t now_us)
{
    g_autoptr(GArray) offsets = offsets_of(self);
    g_autoptr(GArray) levels = policy_timeline(self->policies);
    TimelinePolicies policies = {.data = (const TimelinePolicy *)(const void *)levels->data,
                                 .length = levels->len,
                                 .offsets = (const TimelineOffset *)(const void *)offsets->data,
                                 .n_offsets = offsets->len};
    return explain_plan(plan, policies, now_us);
}

const char *agenda_zone(const Agenda *self)
{
    return self->zone;
}

const GPtrArray *agenda_policies(const Agenda *self)
{
    return self->policies;
}

const Precedence *agenda_precedence(const Agenda *self)
{
    return self->precedence;
}

const GPtrArray *agenda_path(const Agenda *self)
{
    return self->path;
}

const GArray *agenda_rules(const Agenda *self)
{
    return self->rules;
}

GString *agenda_mark(const Agenda *self, const char *station)
{
    GString *mark = g_string_new(NULL);
    for (unsigned i = 0; i < self->rules->len; i++) {
        const Broadcast *broadcast = g_array_index(self->rules, PlannerRule, i).broadcast;
        bool reached = broadcast_reaches(broadcast, station, self->path);
        g_string_append_c(mark, reached ? '1' : '0');
    }
    return mark;
}
