/* What a programme is made of.
 *
 * Stations say in their health which formats they speak; a kind whose format no station knows, or
 * that plans cannot carry, is refused when it is saved and not offered. A kind that becomes
 * playable changes its row here and nothing else. */
#include "schedule/programme.h"

const char *const programme_kind_words[] = {"bulletin", "tune", "pause", "relay", "live", NULL};

static const ProgrammeKindFacts facts[PROGRAMME_KINDS] = {
    [PROGRAMME_BULLETIN] = {"ogg-opus", true},   [PROGRAMME_TUNE] = {"ogg-opus", true},
    [PROGRAMME_PAUSE] = {"pause", false},        [PROGRAMME_RELAY] = {"relay-mp3", true},
    [PROGRAMME_LIVE] = {"live-ogg-opus", false},
};

const ProgrammeKindFacts *programme_kind_facts(ProgrammeKind kind)
{
    return &facts[kind];
}

static void item_free(gpointer data)
{
    ProgrammeItem *item = data;
    g_free(item->bulletin);
    g_free(item);
}

Programme *programme_new(void)
{
    Programme *self = g_new0(Programme, 1);
    self->items = g_ptr_array_new_with_free_func(item_free);
    return self;
}

void programme_free(Programme *self)
{
    if (!self)
        return;
    g_free(self->id);
    g_free(self->area);
    g_free(self->title);
    g_ptr_array_unref(self->items);
    g_free(self->created_by);
    g_free(self->created_by_name);
    g_free(self);
}

void programme_add(Programme *self, ProgrammeKind kind, const char *bulletin, int gain_mdb)
{
    ProgrammeItem *item = g_new0(ProgrammeItem, 1);
    item->kind = kind;
    item->bulletin = g_strdup(bulletin);
    item->gain_mdb = gain_mdb;
    g_ptr_array_add(self->items, item);
}
