/* Which files the conductor may still have to sound, whatever the plan says that came last: what
 * sounds or waits in silence, an airing of an earlier plan that is still due, an alert that is not
 * over. Who makes room on a full disk asks here first. */
#include "conductor/conductor_private.h"

static void add_items(GHashTable *files, const GPtrArray *items)
{
    for (unsigned i = 0; items && i < items->len; i++) {
        const PlanItem *item = items->pdata[i];
        if (item->sha256)
            g_hash_table_add(files, g_strdup(item->sha256));
        add_items(files, item->fallback);
    }
}

static bool may_sound(const Happening *alert, int64_t boottime_us)
{
    return !alert->over && alert->until_us > boottime_us;
}

void conductor_add_needed(const Conductor *self, GHashTable *files)
{
    int64_t boottime_us = conductor_boottime(self);
    for (unsigned i = 0; i < self->soundings->len; i++)
        add_items(files, ((const Sounding *)self->soundings->pdata[i])->airing->items);
    for (unsigned i = 0; i < agenda_length(self->agenda); i++) {
        const AgendaEntry *entry = agenda_at(self->agenda, i);
        if (entry->state != AGENDA_ENDED)
            add_items(files, entry->airing->items);
    }
    for (unsigned i = 0; i < happenings_length(self->happenings); i++) {
        const Happening *alert = happenings_at(self->happenings, i);
        if (may_sound(alert, boottime_us))
            add_items(files, alert->airing->items);
    }
}
