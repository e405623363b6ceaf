/* A sorted list. A plan is whole for its span [from, until): an airing of that span that it does
 * not name was cancelled. An airing from before the span was already due when the plan was made, so
 * its absence says nothing, and it still gets its outcome. */
#include "conductor/agenda.h"

struct Agenda {
    GPtrArray *entries; /* AgendaEntry* */
};

static void entry_free(gpointer data)
{
    AgendaEntry *entry = data;
    plan_free(entry->plan);
    g_free(entry->fault);
    g_free(entry);
}

Agenda *agenda_new(void)
{
    Agenda *self = g_new0(Agenda, 1);
    self->entries = g_ptr_array_new_with_free_func(entry_free);
    return self;
}

void agenda_free(Agenda *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->entries);
    g_free(self);
}

static AgendaEntry *entry_new(Plan *plan, const PlanAiring *airing)
{
    AgendaEntry *entry = g_new0(AgendaEntry, 1);
    entry->plan = plan_hold(plan);
    entry->airing = airing;
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

/* What is known of an airing goes on with it into the new plan. */
static void carry_notes(GPtrArray *old, GHashTable *fresh, const Plan *plan, GPtrArray *into)
{
    for (unsigned i = 0; i < old->len; i++) {
        AgendaEntry *entry = old->pdata[i];
        AgendaEntry *successor = g_hash_table_lookup(fresh, entry->airing->id);
        if (successor)
            agenda_note(successor, entry->reason, entry->fault);
        else if (entry->airing->start_us < plan->from_us) {
            AgendaEntry *kept = entry_new(entry->plan, entry->airing);
            agenda_note(kept, entry->reason, entry->fault);
            g_ptr_array_add(into, kept);
        }
    }
}

void agenda_load(Agenda *self, Plan *plan, GHashTable *known)
{
    g_autoptr(GPtrArray) old = self->entries;
    g_autoptr(GHashTable) fresh = g_hash_table_new(g_str_hash, g_str_equal);
    self->entries = g_ptr_array_new_with_free_func(entry_free);
    for (unsigned i = 0; i < plan->airings->len; i++) {
        const PlanAiring *airing = plan->airings->pdata[i];
        if (g_hash_table_contains(known, airing->id))
            continue;
        AgendaEntry *entry = entry_new(plan, airing);
        g_ptr_array_add(self->entries, entry);
        g_hash_table_insert(fresh, airing->id, entry);
    }
    carry_notes(old, fresh, plan, self->entries);
    g_ptr_array_sort(self->entries, by_due);
}

unsigned agenda_length(const Agenda *self)
{
    return self->entries->len;
}

AgendaEntry *agenda_at(const Agenda *self, unsigned index)
{
    return self->entries->pdata[index];
}

void agenda_remove(Agenda *self, const char *airing)
{
    for (unsigned i = 0; i < self->entries->len; i++) {
        const AgendaEntry *entry = self->entries->pdata[i];
        if (g_str_equal(entry->airing->id, airing)) {
            g_ptr_array_remove_index(self->entries, i);
            return;
        }
    }
}

void agenda_note(AgendaEntry *entry, Reason reason, const char *fault)
{
    if (entry->reason != REASON_NONE || reason == REASON_NONE)
        return;
    entry->reason = reason;
    entry->fault = g_strdup(fault);
}
