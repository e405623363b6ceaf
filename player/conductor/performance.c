/* One airing on its way to the card: prepared a few seconds ahead, then amplifier on, then the
 * journal's `started`, durable, and only then armed. Before that it can be dropped without a word;
 * afterwards it ends in a receipt, whatever happens. An emergency is armed first and written
 * beside. A journal that cannot be written stops nothing: what happens then is kept in memory and
 * says so. */
#include "conductor/conductor_private.h"

#include "base/log.h"

#define DECODER_LEAD_US    (INT64_C(400) * 1000) /* a decoder's start, when there is no time */
#define ARM_LEAD_US        G_USEC_PER_SEC        /* for the journal's fsync */
#define DEVICE_PATIENCE_US (INT64_C(10) * G_USEC_PER_SEC)
#define RETRY_US           (INT64_C(2) * G_USEC_PER_SEC)
#define OVERLAP_US         (INT64_C(5) * 1000) /* of two that follow each other */
#define JOIN_US            G_USEC_PER_SEC      /* ends where the other begins, near enough */
#define FADE_MS            300
#define MARK_EVERY_US      (INT64_C(5) * G_USEC_PER_SEC)

static int64_t settle_us(const Conductor *self)
{
    return (int64_t)self->settings.settle_ms * 1000;
}

static void switch_amplifier(Conductor *self, bool on)
{
    g_autoptr(GError) error = NULL;
    if (!board_set_amplifier(self->settings.board, on, &error))
        log_warning("the amplifier cannot be switched %s: %s", on ? "on" : "off", error->message);
    self->amplifier_off_us = on ? INT64_MAX : 0;
}

void performance_read_board(Conductor *self, Sounding *sounding, bool sounds)
{
    BoardReadings readings;
    board_read(self->settings.board, &readings);
    sounding->account.current_min_ma = self->settings.current_min_ma;
    sounding_board(sounding, &readings, sounds);
}

/* ---- files ---- */

static bool is_there(Conductor *self, const PlanItem *item, Reason *ret_reason)
{
    g_autoptr(GError) error = NULL;
    MediaCache *media = self->settings.media;
    if (item->path)
        return g_file_test(item->path, G_FILE_TEST_EXISTS);
    bool there = media_cache_has(media, item->sha256);
    if (there && media_cache_verify(media, item->sha256, &error))
        return true;
    if (there)
        log_warning("%s; fetching it again", error->message);
    *ret_reason = there ? REASON_BAD_MEDIA : REASON_NO_MEDIA;
    if (self->settings.on_media_missing)
        self->settings.on_media_missing(self->settings.user);
    return false;
}

static bool may_stream(const Conductor *self, const PlanAiring *airing)
{
    const ConductorSettings *settings = &self->settings;
    return !settings->may_stream || settings->may_stream(airing->class, settings->user);
}

/* Why an item cannot sound now, or REASON_NONE. */
static Reason check_item(Conductor *self, const PlanAiring *airing, const PlanItem *item,
                         bool alert)
{
    Reason reason = REASON_NO_MEDIA;
    if (!plan_item_is_stream(item))
        return is_there(self, item, &reason) ? REASON_NONE : reason;
    if (!item->sources)
        return REASON_UNSUPPORTED;
    return alert || may_stream(self, airing) ? REASON_NONE : REASON_DATA_BUDGET;
}

/* Why an airing cannot sound now, or REASON_NONE. What is not there is waited for as long as there
 * is time (`last_call`: there is none); then what was named for that case stands in. */
static Reason check_items(Conductor *self, const PlanAiring *airing, bool alert, bool last_call)
{
    for (unsigned i = 0; i < airing->items->len; i++) {
        const PlanItem *item = airing->items->pdata[i];
        Reason reason = check_item(self, airing, item, alert);
        bool stood_in = last_call && standin_is_ready(self, item);
        if (reason != REASON_NONE && (reason == REASON_UNSUPPORTED || !stood_in))
            return reason;
    }
    return REASON_NONE;
}

/* The addresses of a relay, ended by an empty one; strings are the item's. */
static AudioSource *sources_of(const PlanItem *item)
{
    if (!item->sources)
        return NULL;
    AudioSource *sources = g_new0(AudioSource, item->sources->len + 1);
    for (unsigned i = 0; i < item->sources->len; i++) {
        const PlanSource *source = item->sources->pdata[i];
        sources[i] = (AudioSource){.url = source->url, .format = source->format};
    }
    return sources;
}

/* An item with a fallback that is not there, or costs too much, passes in silence, over which that
 * sounds. */
static bool is_hollow(const Conductor *self, Sounding *sounding, unsigned index)
{
    const PlanItem *item = sounding->airing->items->pdata[index];
    Reason *reason = &sounding->hollow[index];
    bool stream = plan_item_is_stream(item);
    if (*reason == REASON_NONE && plan_item_fallbacks(item) > 0) {
        if (stream && !may_stream(self, sounding->airing))
            *reason = REASON_DATA_BUDGET;
        else if (!stream && !item->path && !media_cache_has(self->settings.media, item->sha256))
            *reason = REASON_NO_MEDIA;
    }
    return *reason != REASON_NONE;
}

static AudioId prepare_item(Conductor *self, Sounding *sounding, unsigned index, int64_t start_us,
                            AudioId after, GError **error)
{
    static const AudioSource nobody;
    const PlanItem *item = sounding->airing->items->pdata[index];
    g_autofree AudioSource *own = sources_of(item);
    const AudioSource *sources = is_hollow(self, sounding, index) ? &nobody : own;
    bool stored = item->path || sources;
    g_autofree char *cached = stored ? NULL : media_cache_path(self->settings.media, item->sha256);
    AudioItem audio = {
        .path = item->path ? item->path : cached,
        .sources = sources,
        .may_leave = plan_item_fallbacks(item) > 0,
        .start_us = start_us,
        .gain_db = sounding_gain_db(sounding, index),
        .expect_frames = item->frames,
        .skip_frames = index == sounding->item ? sounding->skip_frames : 0,
        .after = after,
        .regardless = sounding->alert != NULL,
    };
    return self->settings.audio->ops->prepare(self->settings.audio, &audio, error);
}

/* ---- before it sounds ---- */

static void fail(Conductor *self, const OutlookWho *who, Reason reason, const char *fault)
{
    int64_t now_us = conductor_wall(self), boottime_us = conductor_boottime(self);
    self->changed = true;
    if (who->alert) {
        happenings_postpone(self->happenings, who->alert->id, boottime_us + RETRY_US, reason);
        return;
    }
    bool for_good =
        reason == REASON_UNSUPPORTED ||
        (reason == REASON_DEVICE_FAULT && who->entry->failed &&
         now_us - MAX(who->entry->failed_us, who->entry->airing->start_us) > DEVICE_PATIENCE_US);
    agenda_fail(who->entry, reason, fault, now_us, for_good ? INT64_MAX : boottime_us + RETRY_US);
}

static Sounding *make(Conductor *self, const OutlookWho *who, const char *id,
                      const TimelinePiece *piece)
{
    SoundingHead head = conductor_head(self);
    if (who->alert) {
        g_autoptr(PlanAiring) airing = plan_airing_copy(who->alert->airing);
        airing->start_us = piece->from_us;
        SoundingWhat what = {.kind = who->alert->local ? RECEIPT_LOCAL : RECEIPT_ALERT,
                             .airing = airing,
                             .id = id,
                             .repeat = who->repeat};
        return sounding_new(&head, NULL, &what, piece->from_us);
    }
    const TimelineFate *fate = outlook_fate(self->outlook, piece->who);
    SoundingWhat what = {.kind = RECEIPT_AIRING, .airing = who->entry->airing};
    return sounding_new(&head, who->entry->plan, &what, fate->resolved_us);
}

static bool is_last_item(const Sounding *sounding)
{
    return sounding->item + 1 == sounding->airing->items->len;
}

/* What sounds, routine, and comes to its own end after `at_us`. */
static Sounding *still_sounds_at(const Conductor *self, const Sounding *other, int64_t at_us)
{
    for (unsigned i = 0; i < self->soundings->len; i++) {
        Sounding *one = self->soundings->pdata[i];
        if (one == other || one->state != SOUNDING_ARMED || !one->heard)
            continue;
        if (one->rank > other->rank || (one->cut_us && one->cut_us <= at_us + OVERLAP_US))
            continue;
        int64_t end_us = sounding_end_us(one, conductor_wall(self), conductor_boottime(self));
        if (end_us > at_us + OVERLAP_US)
            return one;
    }
    return NULL;
}

/* The one whose end is this one's begin. */
static AudioId leader_of(const Conductor *self, const Sounding *sounding, int64_t from_us)
{
    for (unsigned i = 0; i < self->soundings->len; i++) {
        const Sounding *one = self->soundings->pdata[i];
        if (one == sounding || one->state != SOUNDING_ARMED || !one->heard || !is_last_item(one))
            continue;
        int64_t end_us = sounding_end_us(one, conductor_wall(self), conductor_boottime(self));
        if (one->cut_us == 0 && ABS(end_us - from_us) < JOIN_US)
            return one->audio;
    }
    return 0;
}

static int64_t resolve_start(const Conductor *self, const Sounding *sounding, int64_t from_us)
{
    int64_t settle = self->amplifier_off_us ? 0 : settle_us(self);
    int64_t lead_us = sounding->alert ? settle : MAX(settle, DECODER_LEAD_US);
    return MAX(from_us, conductor_wall(self) + lead_us);
}

static bool prepare(Conductor *self, Sounding *sounding, const TimelinePiece *piece, GError **error)
{
    (void)conductor_assert_volume(self); /* what is read back will tell */
    const PlanItem *item = sounding->airing->items->pdata[sounding->item];
    if (plan_item_is_stream(item) || plan_item_is_stream(sounding->airing->items->pdata[0]))
        sounding_rejoin(sounding, piece->item, piece->offset_us * 48000 / G_USEC_PER_SEC);
    sounding->gain_mdb = sounding->ceiling_mdb = piece->gain_mdb;
    sounding->start_us = resolve_start(self, sounding, piece->from_us);
    sounding->after =
        piece->rule == TIMELINE_RULE_NOMINAL ? 0 : leader_of(self, sounding, piece->from_us);
    sounding->heard = false;
    sounding->account.stop = STOP_NONE;
    sounding->next = 0;
    sounding->audio =
        prepare_item(self, sounding, sounding->item, sounding->start_us, sounding->after, error);
    sounding->state = sounding->audio ? SOUNDING_PREPARED : SOUNDING_SILENT;
    return sounding->audio != 0;
}

static bool may_begin(const Conductor *self, const OutlookWho *who)
{
    if (who->alert)
        return true;
    bool waits = who->entry->failed && conductor_boottime(self) < who->entry->retry_us;
    return !self->untrusted && !waits;
}

void performance_begin(Conductor *self, const OutlookWho *who, const TimelinePiece *piece)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *id = who->alert ? conductor_play_id(self, who->alert->id, who->repeat)
                                     : g_strdup(who->entry->airing->id);
    Sounding *sounding = conductor_find(self, id);
    const PlanAiring *airing = who->alert ? who->alert->airing : who->entry->airing;
    if (!may_begin(self, who))
        return;
    bool last_call = piece->from_us - conductor_wall(self) < RETRY_US + DECODER_LEAD_US;
    Reason reason =
        check_items(self, sounding ? sounding->airing : airing, who->alert != NULL, last_call);
    if (reason != REASON_NONE) {
        fail(self, who, reason, NULL);
        return;
    }
    if (!sounding) {
        sounding = make(self, who, id, piece);
        g_ptr_array_add(self->soundings, sounding);
    }
    if (prepare(self, sounding, piece, &error)) {
        performance_tick(self, sounding); /* it may be high time */
        return;
    }
    log_warning("airing %s cannot be prepared: %s", id, error->message);
    fail(self, who, REASON_DEVICE_FAULT, "no-decoder");
    if (!sounding->begun)
        g_ptr_array_remove(self->soundings, sounding);
}

/* ---- armed ---- */

/* One whose start could not be written is started in the journal as soon as that can be. */
static bool write_draft(Conductor *self, Sounding *sounding, GError **error)
{
    Journal *journal = self->settings.journal;
    g_autoptr(GError) local = NULL;
    bool good = sounding->durable ? journal_mark(journal, sounding->receipt, &local)
                                  : journal_start(journal, sounding->receipt, &local);
    good |= g_error_matches(local, JOURNAL_ERROR, JOURNAL_ERROR_AGAIN);
    sounding->durable |= good;
    sounding->receipt->is_volatile |= !good;
    if (!good)
        g_propagate_error(error, g_steal_pointer(&local));
    return good;
}

static bool write_start(Conductor *self, Sounding *sounding)
{
    g_autoptr(GError) error = NULL;
    bool good = write_draft(self, sounding, &error);
    bool full = g_error_matches(error, JOURNAL_ERROR, JOURNAL_ERROR_FULL) ||
                self->unsaved->len >= JOURNAL_MAX_WAITING;
    conductor_journal_said(self, good, error);
    return good || !full;
}

static void note_begin(Conductor *self, Sounding *sounding)
{
    int64_t frame_us = conductor_wall(self) - conductor_boottime(self);
    AgendaEntry *entry = sounding->alert ? NULL : agenda_find(self->agenda, sounding->id);
    if (!sounding->begun) {
        sounding->begun = true;
        g_hash_table_add(self->known, g_strdup(sounding->id));
        if (entry)
            agenda_begin(entry, sounding->resolved_us, frame_us);
    }
    if (entry)
        entry->held = false;
    if (sounding->alert)
        happenings_begun(self->happenings, sounding->alert);
    g_clear_pointer(&sounding->receipt->fault, g_free); /* of a silence before */
    self->changed = true;
}

/* From here on it never starts a second time. */
static void arm(Conductor *self, Sounding *sounding)
{
    Audio *audio = self->settings.audio;
    switch_amplifier(self, true);
    performance_read_board(self, sounding, false);
    if (sounding->alert)
        audio->ops->arm(audio, sounding->audio);
    if (!write_start(self, sounding) && !sounding->alert) {
        OutlookWho who = {.entry = agenda_find(self->agenda, sounding->id)};
        performance_stop(self, sounding, STOP_NONE, false);
        if (who.entry)
            fail(self, &who, REASON_DEVICE_FAULT, "journal-full");
        return;
    }
    if (!sounding->alert)
        audio->ops->arm(audio, sounding->audio);
    sounding->state = SOUNDING_ARMED;
    sounding->item_us = conductor_boottime(self) - (conductor_wall(self) - sounding->start_us);
    note_begin(self, sounding);
}

static bool must_hold(Conductor *self, const Sounding *sounding)
{
    if (sounding->after)
        return false;
    return still_sounds_at(self, sounding, MAX(sounding->start_us, conductor_wall(self))) != NULL;
}

/* What a relay costs is only known while it sounds. Where a fallback is ready, the rest of
 * it goes on in silence, over which that sounds (ending.c). */
static void heed_budget(Conductor *self, Sounding *sounding)
{
    const PlanItem *item = sounding->airing->items->pdata[sounding->item];
    if (sounding->state != SOUNDING_ARMED || sounding->alert || !plan_item_is_stream(item))
        return;
    if (sounding->account.stop != STOP_NONE || may_stream(self, sounding->airing))
        return;
    if (standin_is_ready(self, item) && sounding->hollow[sounding->item] == REASON_NONE)
        performance_stop(self, sounding, STOP_BUDGET, false);
    else if (sounding->hollow[sounding->item] == REASON_NONE)
        performance_stop(self, sounding, STOP_BUDGET, true);
}

void performance_tick(Conductor *self, Sounding *sounding)
{
    heed_budget(self, sounding);
    if (sounding->state != SOUNDING_PREPARED)
        return;
    AgendaEntry *entry = sounding->alert ? NULL : agenda_find(self->agenda, sounding->id);
    if (sounding->start_us - conductor_wall(self) > settle_us(self) + ARM_LEAD_US)
        return;
    bool hold = must_hold(self, sounding);
    if (entry)
        entry->held = hold;
    if (!hold)
        arm(self, sounding);
}

/* ---- while it sounds ---- */

void performance_mark(Conductor *self, Sounding *sounding)
{
    g_autoptr(GError) error = NULL;
    bool good = write_draft(self, sounding, &error);
    conductor_journal_said(self, good, error);
    sounding->marked_us = conductor_boottime(self);
}

void performance_mark_in_time(Conductor *self, Sounding *sounding)
{
    if (conductor_boottime(self) - sounding->marked_us >= MARK_EVERY_US)
        performance_mark(self, sounding);
}

/* Items of one airing join without a gap: the next one waits while this one sounds. Where that
 * fails, it is tried again when this one has ended. */
void performance_prepare_next(Conductor *self, Sounding *sounding)
{
    g_autoptr(GError) error = NULL;
    if (is_last_item(sounding) || sounding->account.stop != STOP_NONE)
        return;
    sounding->next = prepare_item(self, sounding, sounding->item + 1, conductor_wall(self),
                                  sounding->audio, &error);
    if (sounding->next)
        self->settings.audio->ops->arm(self->settings.audio, sounding->next);
}

bool performance_hollow(Conductor *self, Sounding *sounding, Reason reason)
{
    sounding->hollow[sounding->item] = reason;
    sounding->skip_frames = sounding->reached[sounding->item];
    AudioId rest = prepare_item(self, sounding, sounding->item, conductor_wall(self), 0, NULL);
    if (!rest)
        return false;
    sounding->audio = rest;
    sounding->item_us = conductor_boottime(self);
    self->settings.audio->ops->arm(self->settings.audio, rest);
    return true;
}

/* ---- ended from outside ---- */

void performance_stop(Conductor *self, Sounding *sounding, StopCause cause, bool final)
{
    Audio *audio = self->settings.audio;
    self->changed = true;
    sounding->final |= final;
    switch (sounding->state) {
    case SOUNDING_STOPPING:
    case SOUNDING_DROPPED: return;
    case SOUNDING_SILENT:
        sounding->account.stop = cause;
        if (final)
            ending_close(self, sounding);
        return;
    case SOUNDING_PREPARED: sounding->state = SOUNDING_DROPPED; break;
    case SOUNDING_ARMED: sounding->state = SOUNDING_STOPPING; break;
    }
    sounding->account.stop = cause;
    standin_stop(self, sounding, FADE_MS);
    audio->ops->stop(audio, sounding->audio, sounding->state == SOUNDING_STOPPING ? FADE_MS : 0);
}

void performance_tick_amplifier(Conductor *self)
{
    int64_t soon_us = 2 * settle_us(self) + 2 * G_USEC_PER_SEC;
    if (!self->amplifier_off_us || conductor_boottime(self) < self->amplifier_off_us)
        return;
    for (unsigned i = 0; i < self->soundings->len; i++) {
        const Sounding *one = self->soundings->pdata[i];
        if (one->state == SOUNDING_ARMED || one->state == SOUNDING_STOPPING)
            return;
        if (one->state == SOUNDING_PREPARED && one->start_us - conductor_wall(self) < soon_us)
            return;
    }
    switch_amplifier(self, false);
}
