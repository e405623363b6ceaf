/* What is said of an airing, or of a play of an alert, that did not sound, or not to its end.
 *
 * The timeline names the cause that covered its start; `late` only when nothing else explains it.
 * Without a trusted clock nobody knows whether its time is over, so that is said only after a good
 * while in which the clock at least looked plausible. */
#include "conductor/conductor_private.h"

#define PATIENCE_US (INT64_C(10) * 60 * G_USEC_PER_SEC) /* NTP answers sooner where it can */

static bool may_close(const Conductor *self)
{
    if (!self->untrusted)
        return true;
    int64_t waited_us = conductor_boottime(self) - self->untrusted_since_us;
    return self->judgement.plausible && waited_us > PATIENCE_US;
}

static Reason reason_of(const TimelineAbsence *absence)
{
    bool unexplained = absence->reason == REASON_LATE || absence->reason == REASON_NONE;
    if (unexplained && absence->limit == TIMELINE_LIMIT_VALIDITY)
        return REASON_EXPIRED;
    return absence->reason == REASON_NONE ? REASON_LATE : absence->reason;
}

static void close_missed(Conductor *self, const SoundingWhat *what, const TimelineAbsence *absence,
                         const char *fault)
{
    SoundingHead head = conductor_head(self);
    Receipt *receipt = sounding_receipt(&head, what);
    bool cancelled = absence->outcome == OUTCOME_CANCELLED;
    receipt->outcome = cancelled ? OUTCOME_CANCELLED : OUTCOME_MISSED;
    receipt->reason = cancelled ? REASON_NONE : reason_of(absence);
    const TimelineFate *fate = outlook_fate(self->outlook, absence->who);
    if (fate)
        receipt->resolved_us = fate->resolved_us;
    if (receipt->reason == REASON_DISPLACED)
        fault = outlook_id(self->outlook, absence->by);
    receipt->fault = g_strdup(fault);
    conductor_note_device(self, receipt);
    self->changed = true;
    conductor_end(self, receipt);
}

static void close_silent(Conductor *self, Sounding *sounding, const TimelineAbsence *absence)
{
    StopCause cause = sounding->account.stop == STOP_NONE ? STOP_DISPLACED : sounding->account.stop;
    if (absence && absence->reason == REASON_POLICY)
        cause = STOP_POLICY;
    if (absence && absence->outcome == OUTCOME_CANCELLED)
        cause = STOP_CANCELLED;
    sounding->account.stop = cause;
    self->changed = true;
    ending_close(self, sounding);
}

static void settle_airing(Conductor *self, AgendaEntry *entry, const TimelineAbsence *absence)
{
    Sounding *sounding = conductor_find(self, entry->airing->id);
    if (sounding && sounding->state == SOUNDING_SILENT)
        close_silent(self, sounding, absence);
    if (entry->state != AGENDA_OPEN || !may_close(self))
        return;
    if (sounding)
        performance_stop(self, sounding, STOP_NONE, false);
    SoundingWhat what = {.kind = RECEIPT_AIRING, .airing = entry->airing};
    bool failed = absence->rule == TIMELINE_RULE_FAILED;
    close_missed(self, &what, absence, failed ? entry->fault : NULL);
}

static void settle_play(Conductor *self, const Happening *alert, const TimelineAbsence *absence)
{
    g_autofree char *id = conductor_play_id(self, alert->id, absence->repeat);
    Sounding *sounding = conductor_find(self, id);
    if (sounding && sounding->state == SOUNDING_SILENT)
        close_silent(self, sounding, absence);
    if (sounding || g_hash_table_contains(self->known, id))
        return;
    g_autoptr(PlanAiring) airing = plan_airing_copy(alert->airing);
    airing->start_us = MAX(absence->at_us, 0);
    SoundingWhat what = {.kind = alert->local ? RECEIPT_LOCAL : RECEIPT_ALERT,
                         .airing = airing,
                         .id = id,
                         .repeat = absence->repeat};
    close_missed(self, &what, absence, NULL);
}

static bool comes_back(const Conductor *self, const Sounding *sounding, int64_t now_us)
{
    const Timeline *timeline = outlook_timeline(self->outlook);
    const AgendaEntry *entry = agenda_find(self->agenda, sounding->id);
    for (unsigned i = 0; i < timeline->n_pieces; i++)
        if (timeline->pieces[i].until_us > now_us &&
            outlook_who(self->outlook, timeline->pieces[i].who, 0).entry == entry)
            return true;
    for (unsigned i = 0; i < timeline->n_absences; i++)
        if (timeline->absences[i].at_us > now_us &&
            outlook_who(self->outlook, timeline->absences[i].who, 0).entry == entry)
            return true;
    return false;
}

/* Nothing was left of what fell silent. */
static void settle_forgotten(Conductor *self, int64_t now_us)
{
    for (unsigned i = self->soundings->len; i-- > 0;) {
        Sounding *one = self->soundings->pdata[i];
        if (one->state == SOUNDING_SILENT && !one->alert && !comes_back(self, one, now_us))
            close_silent(self, one, NULL);
    }
}

/* An alert whose clip never came: its time is over without a sound. */
static void settle_expired_alerts(Conductor *self)
{
    for (unsigned i = 0; i < happenings_length(self->happenings); i++) {
        const Happening *alert = happenings_at(self->happenings, i);
        bool never = alert->reason != REASON_NONE && !alert->begun && !alert->over;
        if (!never || alert->until_us > conductor_boottime(self))
            continue;
        TimelineAbsence absence = {.outcome = OUTCOME_MISSED,
                                   .reason = alert->reason,
                                   .at_us = conductor_wall(self),
                                   .who = TIMELINE_NOBODY,
                                   .by = TIMELINE_NOBODY};
        settle_play(self, alert, &absence);
    }
}

/* Nobody need wait for its tolerance where nothing can change. */
static void settle_hopeless(Conductor *self, int64_t now_us)
{
    for (unsigned i = 0; i < agenda_length(self->agenda); i++) {
        AgendaEntry *entry = agenda_at(self->agenda, i);
        if (entry->airing->start_us > now_us)
            return;
        if (entry->state != AGENDA_OPEN || !entry->failed || entry->retry_us != INT64_MAX)
            continue;
        SoundingWhat what = {.kind = RECEIPT_AIRING, .airing = entry->airing};
        TimelineAbsence absence = {.outcome = OUTCOME_MISSED,
                                   .reason = entry->reason,
                                   .who = TIMELINE_NOBODY,
                                   .by = TIMELINE_NOBODY};
        if (may_close(self))
            close_missed(self, &what, &absence, entry->fault);
    }
}

void absence_settle(Conductor *self)
{
    const Timeline *timeline = outlook_timeline(self->outlook);
    int64_t now_us = conductor_wall(self);
    for (unsigned i = 0; i < timeline->n_absences; i++) {
        const TimelineAbsence *absence = &timeline->absences[i];
        OutlookWho who = outlook_who(self->outlook, absence->who, absence->repeat);
        if (absence->at_us > now_us)
            continue;
        if (who.entry)
            settle_airing(self, who.entry, absence);
        else if (who.alert)
            settle_play(self, who.alert, absence);
    }
    settle_forgotten(self, now_us);
    settle_hopeless(self, now_us);
    settle_expired_alerts(self);
}
