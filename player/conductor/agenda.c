/* A sorted list with an index. A plan is whole for its span [from, until): an airing of that span
 * that it does not name was cancelled. An airing from before the span was already due when the plan
 * was made, so its absence says nothing, and it still gets its outcome. */
#include "conductor/agenda.h"

struct Agenda {
    GPtrArray *entries; /* AgendaEntry* */
    GHashTable *index;  /* id -> AgendaEntry* */
};

static void entry_free(gpointer data)
{
    AgendaEntry *entry = data;
    if (!entry)
        return;
    g_array_unref(entry->silences);
    plan_free(entry->plan);
    g_free(entry->items);
    g_free(entry->fault);
    g_free(entry);
}

Agenda *agenda_new(void)
{
    Agenda *self = g_new0(Agenda, 1);
    self->entries = g_ptr_array_new_with_free_func(entry_free);
    self->index = g_hash_table_new(g_str_hash, g_str_equal);
    return self;
}

void agenda_free(Agenda *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->entries);
    g_hash_table_unref(self->index);
    g_free(self);
}

static AgendaEntry *entry_new(Plan *plan, const PlanAiring *airing, int64_t now_us)
{
    AgendaEntry *entry = g_new0(AgendaEntry, 1);
    entry->plan = plan_hold(plan);
    entry->airing = airing;
    entry->known_us = now_us;
    entry->silences = g_array_new(FALSE, FALSE, sizeof(AgendaSpan));
    entry->items = g_new0(TimelineItem, airing->items->len);
    for (unsigned i = 0; i < airing->items->len; i++) {
        const PlanItem *item = airing->items->pdata[i];
        entry->items[i].length_us = MAX(item->frames * G_USEC_PER_SEC / 48000, 1);
        entry->items[i].stream = plan_item_is_stream(item);
    }
    return entry;
}

static int by_due(gconstpointer a, gconstpointer b)
{
    const PlanAiring *left = (*(AgendaEntry *const *)a)->airing;
    const PlanAiring *right = (*(AgendaEntry *const *)b)->airing;
    if (left->start_us != right->start_us)
        return left->start_us < right->start_us ? -1 : 1;
    return (left->order > right->order) - (left->order < right->order);
}

static void keep_failure(AgendaEntry *entry, AgendaEntry *before)
{
    entry->known_us = before->known_us;
    entry->reason = before->reason;
    entry->fault = g_steal_pointer(&before->fault);
    entry->failed_us = before->failed_us;
    entry->retry_us = before->retry_us;
    entry->failed = before->failed;
}

/* Takes the entry of before out of the old list. */
static AgendaEntry *take_old(GPtrArray *old, GHashTable *where, const char *id)
{
    gpointer place;
    if (!g_hash_table_lookup_extended(where, id, NULL, &place))
        return NULL;
    AgendaEntry *entry = old->pdata[GPOINTER_TO_UINT(place)];
    old->pdata[GPOINTER_TO_UINT(place)] = NULL;
    return entry;
}

static AgendaEntry *successor(AgendaEntry *before, Plan *plan, const PlanAiring *airing,
                              GHashTable *known, int64_t now_us)
{
    if (before && before->has_facts)
        return before; /* no later plan moves it */
    AgendaEntry *entry = entry_new(plan, airing, now_us);
    bool moved = before && before->airing->start_us != airing->start_us;
    if (before && !moved)
        keep_failure(entry, before);
    if (g_hash_table_contains(known, airing->id))
        entry->state = AGENDA_ENDED;
    entry_free(before);
    return entry;
}

static bool is_kept(const AgendaEntry *entry, const Plan *plan, int64_t now_us)
{
    int64_t start_us = entry->airing->start_us;
    if (entry->state == AGENDA_ENDED)
        return start_us > now_us - AGENDA_REMEMBER_US && entry->has_facts;
    return entry->state == AGENDA_BEGUN || start_us < plan->from_us;
}

void agenda_load(Agenda *self, Plan *plan, GHashTable *known, int64_t now_us)
{
    g_autoptr(GPtrArray) old = self->entries;
    g_autoptr(GHashTable) where = g_hash_table_new(g_str_hash, g_str_equal);
    for (unsigned i = 0; i < old->len; i++)
        g_hash_table_insert(where, ((AgendaEntry *)old->pdata[i])->airing->id, GUINT_TO_POINTER(i));
    self->entries = g_ptr_array_new_with_free_func(entry_free);
    for (unsigned i = 0; i < plan->airings->len; i++) {
        const PlanAiring *airing = plan->airings->pdata[i];
        AgendaEntry *before = take_old(old, where, airing->id);
        g_ptr_array_add(self->entries, successor(before, plan, airing, known, now_us));
    }
    for (unsigned i = 0; i < old->len; i++)
        if (old->pdata[i] && is_kept(old->pdata[i], plan, now_us))
            g_ptr_array_add(self->entries, g_steal_pointer(&old->pdata[i]));
    g_ptr_array_sort(self->entries, by_due);
    g_hash_table_remove_all(self->index);
    for (unsigned i = 0; i < self->entries->len; i++) {
        AgendaEntry *entry = self->entries->pdata[i];
        g_hash_table_insert(self->index, entry->airing->id, entry);
    }
}

unsigned agenda_length(const Agenda *self)
{
    return self->entries->len;
}

AgendaEntry *agenda_at(const Agenda *self, unsigned index)
{
    return self->entries->pdata[index];
}

AgendaEntry *agenda_find(const Agenda *self, const char *airing)
{
    return g_hash_table_lookup(self->index, airing);
}

void agenda_begin(AgendaEntry *entry, int64_t resolved_us, int64_t frame_us)
{
    entry->state = AGENDA_BEGUN;
    entry->failed = false;
    entry->has_facts = true;
    entry->frame_us = frame_us;
    entry->resolved_us = resolved_us;
}

void agenda_fall_silent(AgendaEntry *entry, int64_t from_us)
{
    AgendaSpan span = {.from_us = from_us};
    if (entry->silences->len < AGENDA_MAX_SPANS)
        g_array_append_val(entry->silences, span);
}

void agenda_sound(AgendaEntry *entry, int64_t from_us)
{
    AgendaSpan late = {.from_us = entry->resolved_us, .until_us = from_us};
    for (unsigned i = 0; i < entry->silences->len; i++) {
        AgendaSpan *span = &g_array_index(entry->silences, AgendaSpan, i);
        if (!span->until_us)
            span->until_us = MAX(from_us, span->from_us);
    }
    if (entry->silences->len == 0 && from_us > entry->resolved_us)
        g_array_append_val(entry->silences, late);
}

void agenda_end(Agenda *self, const char *airing, int64_t at_us)
{
    AgendaEntry *entry = agenda_find(self, airing);
    if (!entry)
        return;
    entry->state = AGENDA_ENDED;
    entry->ended_us = at_us;
}

void agenda_fail(AgendaEntry *entry, Reason reason, const char *fault, int64_t now_us,
                 int64_t retry_boottime_us)
{
    if (!entry->failed)
        entry->failed_us = now_us;
    entry->failed = true;
    entry->retry_us = retry_boottime_us;
    if (entry->reason != REASON_NONE)
        return;
    entry->reason = reason;
    entry->fault = g_strdup(fault);
}
