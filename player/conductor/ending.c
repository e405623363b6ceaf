/* What the sound says while it lasts and when it is over. What was pre-empted falls silent and
 * keeps its place; all else is closed with its receipt. */
#include "conductor/conductor_private.h"

#include "base/log.h"

static Sounding *find_audio(const Conductor *self, AudioId id)
{
    for (unsigned i = 0; i < self->soundings->len; i++) {
        Sounding *one = self->soundings->pdata[i];
        if (one->audio == id)
            return one;
    }
    return NULL;
}

static AgendaEntry *entry_of(const Conductor *self, const Sounding *sounding)
{
    return sounding->alert ? NULL : agenda_find(self->agenda, sounding->id);
}

/* ---- while it sounds ---- */

static void note_sound(Conductor *self, Sounding *sounding, int64_t first_us)
{
    AgendaEntry *entry = entry_of(self, sounding);
    if (entry && !sounding->heard)
        agenda_sound(entry, conductor_in_frame(self, entry, first_us));
    sounding->heard = true;
    sounding->heard_us = conductor_boottime(self) - (conductor_wall(self) - first_us);
    self->changed = true;
}

static void on_started(AudioId id, int64_t first_us, void *user)
{
    Conductor *self = user;
    Sounding *sounding = find_audio(self, id);
    if (standin_started(self, id, first_us) || !sounding || sounding->state == SOUNDING_DROPPED)
        return;
    bool very_first = sounding->account.played_frames == 0;
    performance_read_board(self, sounding, false);
    sounding_started(sounding, first_us);
    note_sound(self, sounding, first_us);
    performance_mark(self, sounding); /* from here on somebody has heard something */
    programme_prepare_next(self, sounding);
    if (very_first && self->settings.on_sound)
        self->settings.on_sound(self->settings.user);
}

static void on_progress(AudioId id, int64_t frames, int64_t at_us, void *user)
{
    Conductor *self = user;
    Sounding *sounding = find_audio(self, id);
    if (standin_progress(self, id, frames, at_us) || !sounding ||
        sounding->state == SOUNDING_DROPPED)
        return;
    Audio *audio = self->settings.audio;
    performance_read_board(self, sounding, true);
    sounding_progress(sounding, frames, at_us, audio->ops->level_dbfs(audio, id));
    performance_mark_in_time(self, sounding);
}

/* ---- its end ---- */

static bool any_sounds(const Conductor *self)
{
    for (unsigned i = 0; i < self->soundings->len; i++) {
        const Sounding *one = self->soundings->pdata[i];
        if (one->state == SOUNDING_ARMED || one->state == SOUNDING_STOPPING)
            return true;
    }
    return false;
}

static void rest_amplifier(Conductor *self, int64_t after_us)
{
    if (self->amplifier_off_us && !any_sounds(self))
        self->amplifier_off_us = conductor_boottime(self) + after_us;
}

void ending_close(Conductor *self, Sounding *sounding)
{
    if (standin_holds_up(self, sounding))
        return;
    Receipt *receipt = sounding_close(sounding, conductor_wall(self));
    bool alert = sounding->alert != NULL;
    conductor_note_device(self, receipt);
    if (alert && receipt->reason == REASON_LOCAL_STOP)
        happenings_stop(self->happenings, sounding->alert, conductor_boottime(self));
    g_ptr_array_remove(self->soundings, sounding);
    rest_amplifier(self, (int64_t)self->settings.linger_ms * 1000);
    conductor_end(self, receipt);
}

/* The journal's draft says why, so that it may go on even after a crash. */
static void fall_silent(Conductor *self, Sounding *sounding, int64_t last_us)
{
    AgendaEntry *entry = entry_of(self, sounding);
    int64_t at_us = last_us ? last_us : MIN(conductor_wall(self), sounding->start_us);
    sounding->state = SOUNDING_SILENT;
    sounding->audio = 0;
    if (entry)
        agenda_fall_silent(entry, conductor_in_frame(self, entry, at_us));
    if (sounding->alert || sounding->airing->on_preempt == PREEMPT_RESTART)
        sounding_rewind(sounding);
    Receipt *draft = sounding->receipt;
    draft->outcome = OUTCOME_PARTIAL;
    draft->reason = sounding->account.stop == STOP_MUTED ? REASON_MUTED : REASON_DISPLACED;
    g_free(draft->fault);
    draft->fault = g_strdup(sounding->winner);
    performance_mark(self, sounding);
    draft->reason = REASON_RESTART; /* of the next mark, when it sounds again */
    rest_amplifier(self, (int64_t)self->settings.linger_ms * 1000);
    self->changed = true;
}

/* Items of one airing follow each other; a bad file does not silence the ones after it. */
static bool next_item(Conductor *self, Sounding *sounding, AudioEnd end)
{
    bool goes_on = end == AUDIO_END_COMPLETE || end == AUDIO_END_MEDIA;
    bool last = sounding->item + 1 >= sounding->airing->items->len;
    if (!goes_on || last || sounding->state != SOUNDING_ARMED)
        return false;
    bool good = programme_go_on(self, sounding);
    if (!good)
        log_warning("the next item of airing %s cannot be prepared", sounding->id);
    return good;
}

/* A file that broke off, with something to stand in for the rest of it; where the next item has
 * joined already, that is the end of it. */
static bool goes_hollow(Conductor *self, Sounding *sounding, AudioEnd end)
{
    const PlanItem *item = sounding->airing->items->pdata[sounding->item];
    if (end != AUDIO_END_MEDIA || sounding->state != SOUNDING_ARMED ||
        (sounding->next && sounding->next_armed) || plan_item_is_stream(item) ||
        sounding->hollow[sounding->item] != REASON_NONE || !standin_is_ready(self, item))
        return false;
    log_warning("an item of airing %s broke off; what was named for that stands in", sounding->id);
    return programme_hollow(self, sounding, REASON_BAD_MEDIA);
}

/* The data for its stream ran out on the way, with something to stand in for the rest; or there is
 * some again. */
static bool goes_on_without_data(Conductor *self, Sounding *sounding, AudioEnd end)
{
    if (sounding->account.stop != STOP_BUDGET || sounding->final || end != AUDIO_END_STOPPED)
        return false;
    sounding->account.stop = STOP_NONE;
    sounding->state = SOUNDING_ARMED;
    return programme_heed_data(self, sounding);
}

static void finish_dropped(Conductor *self, Sounding *sounding)
{
    AgendaEntry *entry = entry_of(self, sounding);
    if (entry)
        entry->held = false;
    sounding->audio = 0;
    self->changed = true;
    if (sounding->begun && sounding->final) {
        ending_close(self, sounding);
        return;
    }
    sounding->state = SOUNDING_SILENT;
    if (!sounding->begun)
        g_ptr_array_remove(self->soundings, sounding);
    rest_amplifier(self, 0);
}

static void on_finished(AudioId id, const AudioEvidence *evidence, void *user)
{
    Conductor *self = user;
    Sounding *sounding = find_audio(self, id);
    if (standin_ended(self, id, evidence) || !sounding)
        return;
    if (sounding->state == SOUNDING_DROPPED) {
        finish_dropped(self, sounding);
        return;
    }
    performance_read_board(self, sounding, false);
    int64_t last_us = sounding_item_ended(sounding, evidence);
    if (goes_on_without_data(self, sounding, evidence->end) ||
        goes_hollow(self, sounding, evidence->end) || next_item(self, sounding, evidence->end))
        return;
    if (sounding->next) /* nobody asks for it any more; its end is not heard of */
        self->settings.audio->ops->stop(self->settings.audio, sounding->next, 0);
    bool taken_along = evidence->end == AUDIO_END_STOPPED && sounding->state == SOUNDING_ARMED;
    bool goes_on = (sounding->state == SOUNDING_STOPPING || taken_along) && !sounding->final;
    if (goes_on && evidence->end == AUDIO_END_STOPPED)
        fall_silent(self, sounding, last_us);
    else
        ending_close(self, sounding);
}

void ending_listen(Conductor *self)
{
    self->settings.audio->events = (AudioEvents){
        .started = on_started,
        .progress = on_progress,
        .finished = on_finished,
    };
    self->settings.audio->events_user = self;
}
