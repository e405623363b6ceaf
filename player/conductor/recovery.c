/* After a crash: what started and never ended. A file that sounded is closed as what its last mark
 * says and never starts again. What was silent only because it was pre-empted, a stream, and an
 * emergency may go on; they wait here for the plan or the alert that they belong to. */
#include "conductor/conductor_private.h"

#include "base/log.h"

#define ALERT_PATIENCE_US (INT64_C(60) * G_USEC_PER_SEC)

static bool has_sounded(const Receipt *receipt)
{
    for (unsigned i = 0; i < receipt->items->len; i++)
        if (((ReceiptItem *)receipt->items->pdata[i])->segments->len > 0)
            return true;
    return false;
}

static void give_up(Conductor *self, Receipt *take_draft)
{
    bool same_boot = g_str_equal(take_draft->boot_id, self->boot_id);
    take_draft->outcome = has_sounded(take_draft) ? OUTCOME_PARTIAL : OUTCOME_MISSED;
    if (take_draft->reason != REASON_DISPLACED)
        take_draft->reason = same_boot ? REASON_RESTART : REASON_NO_POWER;
    take_draft->made_us = conductor_wall(self);
    Heard *heard = heard_of(take_draft);
    if (heard)
        g_hash_table_insert(self->heard, heard->airing, heard);
    log_warning("airing %s was cut off by a crash; closing it, it does not start again",
                take_draft->airing);
    conductor_end(self, take_draft);
}

/* A stream goes on without us and is joined again. */
static bool is_stream(const Receipt *draft)
{
    const ReceiptItem *first = draft->items->len ? draft->items->pdata[0] : NULL;
    return first && !first->sha256;
}

static bool may_go_on(const Receipt *draft)
{
    return draft->kind != RECEIPT_AIRING || draft->reason == REASON_DISPLACED || is_stream(draft);
}

bool recovery_read(Conductor *self, GError **error)
{
    g_autoptr(GPtrArray) drafts = journal_unfinished(self->settings.journal, error);
    if (!drafts)
        return false;
    g_ptr_array_set_free_func(drafts, NULL); /* each is handed on below */
    for (unsigned i = 0; i < drafts->len; i++) {
        Receipt *draft = drafts->pdata[i];
        if (may_go_on(draft))
            g_ptr_array_add(self->drafts, draft);
        else
            give_up(self, draft);
    }
    return true;
}

static void set_cause(const Conductor *self, Sounding *sounding)
{
    const Receipt *draft = sounding->receipt;
    bool same_boot = g_str_equal(draft->boot_id, self->boot_id);
    bool on = g_strcmp0(draft->amplifier, "on") == 0, off = g_strcmp0(draft->amplifier, "off") == 0;
    sounding->account.stop = draft->reason == REASON_DISPLACED ? STOP_DISPLACED
                             : same_boot                       ? STOP_SHUTDOWN
                                                               : STOP_POWER;
    sounding->lost = sounding->account.stop;
    sounding->amplifier_read = on || off;
    sounding->account.amplifier = on ? BOARD_YES : off ? BOARD_NO : BOARD_UNKNOWN;
    sounding->account.rms_dbfs = draft->rms_dbfs;
    sounding->account.mixer_present = draft->mixer_present;
    sounding->account.mixer_muted = draft->mixer_muted;
    sounding->account.mixer_db = draft->mixer_db;
}

/* When it sounded, from its segments. */
static void tell_facts(Conductor *self, AgendaEntry *entry, const Receipt *draft)
{
    int64_t last_us = 0;
    agenda_begin(entry, draft->resolved_us, conductor_wall(self) - conductor_boottime(self));
    for (unsigned i = 0; i < draft->items->len; i++) {
        const ReceiptItem *item = draft->items->pdata[i];
        for (unsigned k = 0; k < item->segments->len; k++) {
            const ReceiptSegment *segment = item->segments->pdata[k];
            if (last_us)
                agenda_fall_silent(entry, last_us);
            agenda_sound(entry, segment->first_us);
            last_us = segment->last_us;
        }
    }
    agenda_fall_silent(entry, last_us ? last_us : draft->resolved_us);
}

static void restore_airing(Conductor *self, AgendaEntry *entry, Receipt *take_draft)
{
    SoundingWhat what = {.kind = RECEIPT_AIRING, .airing = entry->airing};
    tell_facts(self, entry, take_draft);
    Sounding *sounding = sounding_restore(take_draft, entry->plan, &what);
    set_cause(self, sounding);
    if (sounding->airing->on_preempt == PREEMPT_RESTART)
        sounding_rewind(sounding);
    g_ptr_array_add(self->soundings, sounding);
    log_notice("airing %s was silent when the station went off; it may go on", sounding->id);
}

void recovery_take_plan(Conductor *self)
{
    for (unsigned i = self->drafts->len; i-- > 0;) {
        Receipt *draft = self->drafts->pdata[i];
        if (draft->kind != RECEIPT_AIRING)
            continue;
        g_ptr_array_steal_index(self->drafts, i);
        AgendaEntry *entry = agenda_find(self->agenda, draft->airing);
        if (entry)
            restore_airing(self, entry, draft);
        else
            give_up(self, draft);
    }
}

void recovery_take_alert(Conductor *self, const Happening *alert)
{
    for (unsigned i = self->drafts->len; i-- > 0;) {
        Receipt *draft = self->drafts->pdata[i];
        if (draft->kind == RECEIPT_AIRING || !g_str_equal(draft->broadcast, alert->id))
            continue;
        g_ptr_array_steal_index(self->drafts, i);
        SoundingWhat what = {.kind = draft->kind,
                             .airing = alert->airing,
                             .id = draft->airing,
                             .repeat = draft->repeat};
        Sounding *sounding = sounding_restore(draft, NULL, &what);
        set_cause(self, sounding);
        sounding_rewind(sounding);
        g_ptr_array_add(self->soundings, sounding);
    }
}

void recovery_give_up(Conductor *self)
{
    if (self->drafts->len == 0 || conductor_boottime(self) - self->life.born_us < ALERT_PATIENCE_US)
        return;
    for (unsigned i = self->drafts->len; i-- > 0;) {
        Receipt *draft = self->drafts->pdata[i];
        if (draft->kind == RECEIPT_AIRING)
            continue;
        g_ptr_array_steal_index(self->drafts, i);
        give_up(self, draft);
    }
}

void recovery_forbid(Conductor *self)
{
    if (!self->amnesia || !self->forbids || self->untrusted)
        return;
    self->forbids = false;
    for (unsigned i = 0; i < agenda_length(self->agenda); i++) {
        AgendaEntry *entry = agenda_at(self->agenda, i);
        int64_t start_us = entry->airing->start_us;
        if (start_us >= self->life.up_since_us)
            return;
        if (entry->state != AGENDA_OPEN)
            continue;
        Reason reason = life_reason(&self->life, start_us);
        bool unknown = reason == REASON_NONE;
        agenda_fail(entry, unknown ? REASON_DEVICE_FAULT : reason, unknown ? "journal" : NULL,
                    start_us, INT64_MAX);
    }
}
