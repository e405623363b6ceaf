/* What is said of an airing that did not start, or that a crash cut off.
 *
 * The reason is the cause that covered the start instant: first what kept the whole station away
 * (no power, a restart, no time), then the first thing that was noted when it was due, and `late`
 * only when nothing else explains it. Without a trusted clock nobody knows whether its time is
 * over, so that is said only after a good while in which the clock at least looked plausible. */
#include "conductor/conductor_private.h"

#include "base/log.h"

#define PATIENCE_US (INT64_C(10) * 60 * G_USEC_PER_SEC) /* NTP answers sooner where it can */

void absence_close(Conductor *self, const AgendaEntry *entry, Reason reason, const char *fault)
{
    SoundingHead head = conductor_head(self);
    Receipt *receipt = sounding_receipt(&head, entry->plan, entry->airing);
    receipt->outcome = OUTCOME_MISSED;
    receipt->reason = reason;
    receipt->fault = g_strdup(fault);
    if (reason == REASON_DEVICE_FAULT)
        self->device_fault = true;
    conductor_end(self, receipt);
}

static bool may_close(const Conductor *self)
{
    if (!self->untrusted)
        return true;
    int64_t waited_us = clock_boottime_us(self->settings.clock) - self->untrusted_since_us;
    return self->judgement.plausible && waited_us > PATIENCE_US;
}

static void note_cause(Conductor *self, AgendaEntry *entry)
{
    if (self->untrusted)
        agenda_note(entry, REASON_NO_TIME, NULL);
    else if (self->current && self->current->airing != entry->airing)
        agenda_note(entry, REASON_DISPLACED, self->current->airing->id);
}

bool absence_judge(Conductor *self, AgendaEntry *entry)
{
    const PlanAiring *airing = entry->airing;
    int64_t now_us = clock_wall_us(self->settings.clock);
    if (now_us < airing->start_us)
        return false;
    bool expired = airing->valid_until_us && now_us >= airing->valid_until_us;
    if (now_us <= airing->start_by_us && !expired) {
        note_cause(self, entry);
        return false;
    }
    if (!may_close(self))
        return false;
    Reason reason = life_reason(&self->life, airing->start_us);
    if (reason == REASON_NONE && entry->reason == REASON_NONE)
        reason = expired && now_us <= airing->start_by_us ? REASON_EXPIRED : REASON_LATE;
    if (reason == REASON_NONE)
        absence_close(self, entry, entry->reason, entry->fault);
    else
        absence_close(self, entry, reason, NULL);
    return true;
}

static bool has_sounded(const Receipt *receipt)
{
    for (unsigned i = 0; i < receipt->items->len; i++)
        if (((ReceiptItem *)receipt->items->pdata[i])->segments->len > 0)
            return true;
    return false;
}

bool absence_recover(Conductor *self, GError **error)
{
    g_autoptr(GPtrArray) drafts = journal_unfinished(self->settings.journal, error);
    if (!drafts)
        return false;
    g_ptr_array_set_free_func(drafts, NULL); /* each is handed on below */
    for (unsigned i = 0; i < drafts->len; i++) {
        Receipt *draft = drafts->pdata[i];
        bool same_boot = g_str_equal(draft->boot_id, self->boot_id);
        draft->outcome = has_sounded(draft) ? OUTCOME_PARTIAL : OUTCOME_MISSED;
        draft->reason = same_boot ? REASON_RESTART : REASON_NO_POWER;
        draft->made_us = clock_wall_us(self->settings.clock);
        log_warning("airing %s was cut off by a crash; closing it, it does not start again",
                    draft->airing);
        conductor_end(self, draft);
    }
    return true;
}
