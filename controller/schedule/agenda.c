/* The world of one area, small enough to be read for one question: only what this area and those
 * above it have issued can reach its stations, and what comes through a group that it accepted. */
#include "schedule/agenda.h"

#include "registry/policy.h"
#include "schedule/broadcast_reach_store.h"

struct Agenda {
    char *zone;
    int64_t from_us, until_us;
    GPtrArray *path;
    GPtrArray *owned;    /* Issued*: what the rules point to, as far as it is not shared */
    GPtrArray *drafted;  /* GArray of SeriesOccurrence, of drafts and cuts */
    GArray *rules;       /* PlannerRule; a draft comes last */
    GPtrArray *policies; /* Policy*, from the top */
    Precedence *precedence;
    bool is_cut;     /* path and precedence belong to the whole */
    unsigned drafts; /* how many of the last rules */
};

/* What one area has issued, with what follows from it. */
typedef struct Issued {
    GPtrArray *broadcasts;
    GPtrArray *rundowns; /* in the order of the broadcasts; NULL = not looked at, or gone */
    GPtrArray *plays;    /* GArray of SeriesOccurrence */
} Issued;

struct AgendaShare {
    GHashTable *issued; /* area id -> Issued */
};

static void drop_rundown(gpointer data)
{
    rundown_free(data);
}

static void drop_plays(gpointer data)
{
    if (data)
        g_array_unref(data);
}

static void issued_free(gpointer data)
{
    Issued *issued = data;
    g_ptr_array_unref(issued->broadcasts);
    g_ptr_array_unref(issued->rundowns);
    g_ptr_array_unref(issued->plays);
    g_free(issued);
}

static Issued *issued_new(GPtrArray *take_broadcasts)
{
    Issued *issued = g_new0(Issued, 1);
    issued->broadcasts = take_broadcasts;
    issued->rundowns = g_ptr_array_new_with_free_func(drop_rundown);
    issued->plays = g_ptr_array_new_with_free_func(drop_plays);
    g_ptr_array_set_size(issued->rundowns, (int)take_broadcasts->len);
    g_ptr_array_set_size(issued->plays, (int)take_broadcasts->len);
    return issued;
}

/* Reads the rundown the first time that it is asked for; false with an error. */
static bool know(const Agenda *self, Database *database, Issued *issued, unsigned i, GError **error)
{
    const Broadcast *broadcast = g_ptr_array_index(issued->broadcasts, i);
    if (g_ptr_array_index(issued->plays, i))
        return true;
    g_autoptr(GError) failed = NULL;
    Rundown *rundown = rundown_load(database, broadcast, &failed);
    if (failed) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return false;
    }
    g_ptr_array_index(issued->rundowns, i) = rundown;
    g_ptr_array_index(issued->plays, i) =
        rundown
            ? broadcast_plays(broadcast, rundown_length_us(rundown), self->from_us, self->until_us)
            : g_array_new(FALSE, FALSE, sizeof(SeriesOccurrence));
    return true;
}

/* Those of the list that may reach the area become rules; the list stays with its owner. */
static bool add_issued(Agenda *self, Database *database, Issued *issued, GError **error)
{
    for (unsigned i = 0; i < issued->broadcasts->len; i++) {
        const Broadcast *broadcast = g_ptr_array_index(issued->broadcasts, i);
        if (!broadcast_may_reach(broadcast, self->path))
            continue;
        if (!know(self, database, issued, i, error))
            return false;
        PlannerRule rule = {.broadcast = broadcast,
                            .rundown = g_ptr_array_index(issued->rundowns, i),
                            .occurrences = g_ptr_array_index(issued->plays, i)};
        if (rule.rundown)
            g_array_append_val(self->rules, rule);
    }
    return true;
}

static bool add_list(Agenda *self, Database *database, GPtrArray *take_list, GError **error)
{
    if (!take_list)
        return false;
    Issued *issued = issued_new(take_list);
    g_ptr_array_add(self->owned, issued);
    return add_issued(self, database, issued, error);
}

/* What comes from above is the same for every area below. */
static bool add_from(Agenda *self, Database *database, const char *area, AgendaShare *share,
                     GError **error)
{
    const char *own = g_ptr_array_index(self->path, self->path->len - 1);
    bool shares = share && !g_str_equal(area, own);
    Issued *issued = shares ? g_hash_table_lookup(share->issued, area) : NULL;
    GPtrArray *list =
        issued ? NULL : broadcast_reach_store_issued(database, area, self->from_us, error);
    if (!shares)
        return add_list(self, database, list, error);
    if (!issued && !list)
        return false;
    if (!issued) {
        issued = issued_new(list);
        g_hash_table_insert(share->issued, g_strdup(area), issued);
    }
    return add_issued(self, database, issued, error);
}

AgendaShare *agenda_share_new(void)
{
    AgendaShare *share = g_new0(AgendaShare, 1);
    share->issued = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, issued_free);
    return share;
}

void agenda_share_free(AgendaShare *share)
{
    if (!share)
        return;
    g_hash_table_unref(share->issued);
    g_free(share);
}

Agenda *agenda_new(Database *database, const Area *area, int64_t from_us, int64_t until_us,
                   GError **error)
{
    return agenda_new_sharing(database, area, from_us, until_us, NULL, error);
}

Agenda *agenda_new_sharing(Database *database, const Area *area, int64_t from_us, int64_t until_us,
                           AgendaShare *share, GError **error)
{
    g_autoptr(Agenda) self = g_new0(Agenda, 1);
    self->zone = g_strdup(area->zone);
    self->from_us = from_us;
    self->until_us = until_us;
    self->path = area_store_ids(area->path);
    self->owned = g_ptr_array_new_with_free_func(issued_free);
    self->drafted = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    self->rules = g_array_new(FALSE, FALSE, sizeof(PlannerRule));
    for (unsigned i = 0; i < self->path->len; i++)
        if (!add_from(self, database, g_ptr_array_index(self->path, i), share, error))
            return NULL;
    if (!add_list(self, database,
                  broadcast_reach_store_accepted(database, area->path, self->from_us, error),
                  error))
        return NULL;
    self->policies = policy_store_path(database, area->path, error);
    self->precedence = precedence_store_path(database, area->path, error);
    return self->policies && self->precedence ? g_steal_pointer(&self) : NULL;
}

void agenda_free(Agenda *self)
{
    if (!self)
        return;
    g_free(self->zone);
    g_ptr_array_unref(self->path);
    g_array_unref(self->rules);
    g_ptr_array_unref(self->owned);
    g_ptr_array_unref(self->drafted);
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
    g_ptr_array_add(self->drafted, (GArray *)rule.occurrences);
    g_array_append_val(self->rules, rule);
    self->drafts++;
}

void agenda_remove_draft(Agenda *self)
{
    g_return_if_fail(self->drafts > 0);
    g_array_set_size(self->rules, self->rules->len - 1);
    g_ptr_array_set_size(self->drafted, (int)self->drafted->len - 1);
    self->drafts--;
}

void agenda_expect(Agenda *self)
{
    for (unsigned i = 0; i < self->rules->len; i++)
        rundown_expect((Rundown *)g_array_index(self->rules, PlannerRule, i).rundown);
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
    self->owned = g_ptr_array_new();
    self->drafted = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
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
        g_ptr_array_add(self->drafted, some);
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

Explained *agenda_explain(const Agenda *self, const Plan *plan, TimelineEvents events,
                          int64_t now_us)
{
    g_autoptr(GArray) offsets = offsets_of(self);
    g_autoptr(GArray) levels = policy_timeline(self->policies);
    TimelinePolicies policies = {.data = (const TimelinePolicy *)(const void *)levels->data,
                                 .length = levels->len,
                                 .offsets = (const TimelineOffset *)(const void *)offsets->data,
                                 .n_offsets = offsets->len};
    return explain_plan(plan, events, policies, now_us);
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
