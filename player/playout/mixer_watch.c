/* A mute that was seen once in an item stays seen, and so does the lowest gain: the evidence is of
 * the worst moment, not of the last. Nothing here puts a foreign change right while an item sounds;
 * somebody stood at the station and turned it. */
#include "playout/mixer_watch.h"

void mixer_watch_init(MixerWatch *self, const char *device, const char *element)
{
    *self = (MixerWatch){.device = g_strdup(device), .element = g_strdup(element)};
}

void mixer_watch_clear(MixerWatch *self)
{
    g_clear_pointer(&self->device, g_free);
    g_clear_pointer(&self->element, g_free);
}

bool mixer_watch_set(MixerWatch *self, double db, bool *ret_present, GError **error)
{
    CardMixerState state = {0};
    self->volume_db = db;
    if (self->device && !card_mixer_set(self->device, self->element, db, false, &state, error))
        return false;
    *ret_present = state.present;
    return true;
}

void mixer_watch_assert(MixerWatch *self)
{
    CardMixerState state;
    g_autoptr(GError) error = NULL;
    if (self->device)
        (void)!card_mixer_set(self->device, self->element, self->volume_db, false, &state, &error);
}

void mixer_watch_look(MixerWatch *self, MixerRecord *record)
{
    CardMixerState state = {0};
    g_autoptr(GError) error = NULL;
    if (!self->device)
        return;
    record->unreadable = !card_mixer_read(self->device, self->element, &state, &error);
    if (record->unreadable || !state.present)
        return;
    if (!record->worst.present)
        record->worst = state;
    record->worst.muted |= state.muted;
    record->worst.db = MIN(record->worst.db, state.db);
}
