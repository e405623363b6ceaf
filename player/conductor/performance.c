/* One airing on its way through the sound: prepared a few seconds ahead, then amplifier on, then
 * the journal's `started`, durable, and only then armed. Before it is armed it can be dropped
 * without a word; afterwards it ends in a receipt, whatever happens. */
#include "conductor/conductor_private.h"

#include "base/log.h"

#define DECODER_LEAD_US                                                                            \
    (INT64_C(400) * 1000)                 /* a decoder's start, when there is no time to wait      \
                                           */
#define ARM_LEAD_US        G_USEC_PER_SEC /* for the journal's fsync */
#define STEPPED_BACK_US    (INT64_C(30) * G_USEC_PER_SEC)
#define MARK_EVERY_US      (INT64_C(5) * G_USEC_PER_SEC)
#define DEVICE_PATIENCE_US (INT64_C(10) * G_USEC_PER_SEC)
#define RETRY_US           (INT64_C(2) * G_USEC_PER_SEC)
#define FADE_MS            300

static int64_t wall(const Conductor *self)
{
    return clock_wall_us(self->settings.clock);
}

static int64_t boottime(const Conductor *self)
{
    return clock_boottime_us(self->settings.clock);
}

static int64_t settle_us(const Conductor *self)
{
    return (int64_t)self->settings.settle_ms * 1000;
}

static void read_amplifier(Conductor *self)
{
    BoardReadings readings;
    board_read(self->settings.board, &readings);
    sounding_amplifier(self->current, readings.amplifier);
}

static void switch_amplifier(Conductor *self, bool on)
{
    g_autoptr(GError) error = NULL;
    if (!board_set_amplifier(self->settings.board, on, &error))
        log_warning("the amplifier cannot be switched %s: %s", on ? "on" : "off", error->message);
    self->amplifier_off_us = on ? INT64_MAX : 0;
}

/* ---- before it sounds ---- */

static bool media_is_good(Conductor *self, AgendaEntry *entry)
{
    MediaCache *media = self->settings.media;
    for (unsigned i = 0; i < entry->airing->items->len; i++) {
        const PlanItem *item = entry->airing->items->pdata[i];
        g_autoptr(GError) error = NULL;
        bool there = media_cache_has(media, item->sha256);
        if (there && media_cache_verify(media, item->sha256, &error))
            continue;
        if (there)
            log_warning("%s; fetching it again", error->message);
        if (there || wall(self) >= entry->airing->start_us)
            agenda_note(entry, there ? REASON_BAD_MEDIA : REASON_NO_MEDIA, NULL);
        if (self->settings.on_media_missing)
            self->settings.on_media_missing(self->settings.user);
        return false;
    }
    return true;
}

static AudioId prepare_item(Conductor *self, unsigned index, int64_t start_us, GError **error)
{
    const PlanItem *item = self->current->airing->items->pdata[index];
    g_autofree char *path = media_cache_path(self->settings.media, item->sha256);
    AudioItem audio = {
        .path = path,
        .start_us = start_us,
        .gain_db = sounding_gain_db(self->current, index),
        .expect_frames = item->frames,
        .after = self->current->audio,
    };
    return self->settings.audio->ops->prepare(self->settings.audio, &audio, error);
}

static int64_t resolve_start(const Conductor *self, const PlanAiring *airing)
{
    int64_t lead_us = MAX(self->amplifier_off_us ? 0 : settle_us(self), DECODER_LEAD_US);
    return MAX(airing->start_us, wall(self) + lead_us);
}

static void refused(Conductor *self, AgendaEntry *entry, const GError *error)
{
    log_warning("airing %s cannot be prepared: %s", entry->airing->id, error->message);
    g_clear_pointer(&self->current, sounding_free);
    entry->retry_us = boottime(self) + RETRY_US;
    if (wall(self) < entry->airing->start_us)
        return;
    agenda_note(entry, REASON_DEVICE_FAULT, "no-decoder");
    if (wall(self) > entry->airing->start_us + DEVICE_PATIENCE_US)
        absence_close(self, entry, entry->reason, entry->fault);
}

bool performance_begin(Conductor *self, AgendaEntry *entry)
{
    const PlanAiring *airing = entry->airing;
    if (self->untrusted || boottime(self) < entry->retry_us)
        return false;
    entry->retry_us = boottime(self) + RETRY_US; /* looking at files costs, too */
    int64_t start_us = resolve_start(self, airing);
    if (start_us > airing->start_by_us && start_us > airing->start_us)
        return false;
    if (!media_is_good(self, entry))
        return false;

    g_autoptr(GError) error = NULL;
    SoundingHead head = conductor_head(self);
    Audio *audio = self->settings.audio;
    self->current = sounding_new(&head, entry->plan, airing, start_us);
    if (!audio->ops->set_volume(audio, entry->plan->volume_mdb / 1000.0, &error))
        g_clear_error(&error); /* no mixer: what is read back will tell */
    self->current->audio = prepare_item(self, 0, start_us, &error);
    if (self->current->audio)
        return true;
    refused(self, entry, error);
    return false;
}

void performance_drop(Conductor *self)
{
    self->current->dropped = true;
    self->settings.audio->ops->stop(self->settings.audio, self->current->audio, 0);
}

static AgendaEntry *entry_of(const Conductor *self, const PlanAiring *airing)
{
    for (unsigned i = 0; i < agenda_length(self->agenda); i++) {
        AgendaEntry *entry = agenda_at(self->agenda, i);
        if (g_str_equal(entry->airing->id, airing->id))
            return entry;
    }
    return NULL;
}

/* From here on it never starts a second time. */
static void arm(Conductor *self)
{
    g_autoptr(GError) error = NULL;
    Sounding *current = self->current;
    switch_amplifier(self, true);
    read_amplifier(self);
    if (conductor_journal_said(
            self, journal_start(self->settings.journal, current->receipt, &error), error)) {
        current->armed = true;
        self->settings.audio->ops->arm(self->settings.audio, current->audio);
        return;
    }
    AgendaEntry *entry = entry_of(self, current->airing);
    if (entry) {
        agenda_note(entry, REASON_DEVICE_FAULT, "journal");
        entry->retry_us = boottime(self) + 5 * RETRY_US;
    }
    performance_drop(self);
}

void performance_tick(Conductor *self)
{
    Sounding *current = self->current;
    if (current->armed || current->dropped)
        return;
    int64_t ahead_us = current->resolved_us - wall(self);
    bool over = ahead_us < -G_USEC_PER_SEC && wall(self) > current->airing->start_by_us;
    if (self->untrusted || over || ahead_us > STEPPED_BACK_US) {
        performance_drop(self); /* the clock was set; decide again as after a boot */
        return;
    }
    if (ahead_us <= settle_us(self) + ARM_LEAD_US)
        arm(self);
}

/* ---- while it sounds ---- */

static void mark(Conductor *self)
{
    g_autoptr(GError) error = NULL;
    bool good = journal_mark(self->settings.journal, self->current->receipt, &error);
    conductor_journal_said(self, good, error);
    self->current->marked_us = boottime(self);
}

/* Items of one airing join without a gap: the next one waits while this one sounds. Where that
 * fails, next_item() tries again when this one has ended. */
static void prepare_next(Conductor *self)
{
    Sounding *current = self->current;
    g_autoptr(GError) error = NULL;
    if (current->item + 1 >= current->airing->items->len || current->account.stop != STOP_NONE)
        return;
    current->next = prepare_item(self, current->item + 1, wall(self), &error);
    if (current->next)
        self->settings.audio->ops->arm(self->settings.audio, current->next);
}

static bool is_current(const Conductor *self, AudioId id)
{
    return self->current && !self->current->dropped && self->current->audio == id;
}

static void on_started(AudioId id, int64_t first_us, void *user)
{
    Conductor *self = user;
    if (!is_current(self, id))
        return;
    read_amplifier(self);
    sounding_started(self->current, first_us);
    mark(self); /* from here on somebody has heard something */
    prepare_next(self);
    if (self->settings.on_sound)
        self->settings.on_sound(self->settings.user);
}

static void on_progress(AudioId id, int64_t frames, int64_t at_us, void *user)
{
    Conductor *self = user;
    if (!is_current(self, id))
        return;
    Audio *audio = self->settings.audio;
    read_amplifier(self);
    sounding_progress(self->current, frames, at_us, audio->ops->level_dbfs(audio, id));
    if (boottime(self) - self->current->marked_us >= MARK_EVERY_US)
        mark(self);
}

/* ---- its end ---- */

static void close_current(Conductor *self)
{
    g_autoptr(Sounding) current = g_steal_pointer(&self->current);
    Receipt *receipt = sounding_close(current, wall(self));
    if (receipt->outcome == OUTCOME_PLAYED)
        self->device_fault = false;
    else if (receipt->reason == REASON_DEVICE_FAULT)
        self->device_fault = true;
    if (self->amplifier_off_us)
        self->amplifier_off_us = boottime(self) + (int64_t)self->settings.linger_ms * 1000;
    conductor_end(self, receipt);
}

/* Items of one airing follow each other; a bad file does not silence the ones after it. */
static bool next_item(Conductor *self, AudioEnd end)
{
    Sounding *current = self->current;
    bool goes_on = end == AUDIO_END_COMPLETE || end == AUDIO_END_MEDIA;
    bool last = current->item + 1 >= current->airing->items->len;
    if (!goes_on || last || !current->armed || current->account.stop != STOP_NONE)
        return false;
    if (!current->next) /* could not be prepared ahead, or this one never sounded */
        prepare_next(self);
    if (!current->next) {
        log_warning("the next item of airing %s cannot be prepared", current->airing->id);
        return false;
    }
    current->item++;
    current->audio = current->next;
    current->next = 0;
    return true;
}

static void on_finished(AudioId id, const AudioEvidence *evidence, void *user)
{
    Conductor *self = user;
    if (!self->current || self->current->audio != id)
        return;
    if (self->current->dropped) {
        g_clear_pointer(&self->current, sounding_free);
        if (self->amplifier_off_us)
            self->amplifier_off_us = boottime(self);
        return;
    }
    if (self->current->armed)
        read_amplifier(self);
    sounding_item_ended(self->current, evidence);
    if (next_item(self, evidence->end))
        return;
    if (self->current->next) /* nobody asks for it any more; its end is not heard of */
        self->settings.audio->ops->stop(self->settings.audio, self->current->next, 0);
    close_current(self);
}

void performance_stop(Conductor *self, StopCause cause)
{
    Sounding *current = self->current;
    if (!current || current->dropped)
        return;
    if (!current->armed) {
        performance_drop(self);
        return;
    }
    if (current->account.stop != STOP_NONE)
        return;
    current->account.stop = cause;
    self->settings.audio->ops->stop(self->settings.audio, current->audio, FADE_MS);
}

void performance_listen(Conductor *self)
{
    self->settings.audio->events = (AudioEvents){
        .started = on_started,
        .progress = on_progress,
        .finished = on_finished,
    };
    self->settings.audio->events_user = self;
}

void performance_tick_amplifier(Conductor *self)
{
    Sounding *current = self->current;
    if (!self->amplifier_off_us || boottime(self) < self->amplifier_off_us)
        return;
    bool soon = current && !current->dropped &&
                current->resolved_us - wall(self) < 2 * settle_us(self) + 2 * G_USEC_PER_SEC;
    if (!soon)
        switch_amplifier(self, false);
}
