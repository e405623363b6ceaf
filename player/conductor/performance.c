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
        if (one == sounding || one->state != SOUNDING_ARMED || !one->heard ||
            !programme_is_at_last(one))
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
    sounding->audio = programme_prepare(self, sounding, sounding->start_us, sounding->after, error);
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
        programme_check(self, sounding ? sounding->airing : airing, who->alert != NULL, last_call);
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

void performance_tick(Conductor *self, Sounding *sounding)
{
    programme_tick(self, sounding);
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
