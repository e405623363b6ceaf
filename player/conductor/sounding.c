/* While an item sounds, its last segment in the draft grows with every progress and says "crash":
 * so it reads if the power fails now. When the item ends, the audio's own account takes its place.
 */
#include "conductor/sounding.h"

#include <math.h>

static const char *const ended_words[] = {
    [AUDIO_END_COMPLETE] = "complete",
    [AUDIO_END_STOPPED] = "stopped",
    [AUDIO_END_DEVICE] = "device",
    [AUDIO_END_MEDIA] = "media",
};

Receipt *sounding_receipt(const SoundingHead *head, const Plan *plan, const PlanAiring *airing)
{
    Receipt *receipt = receipt_new();
    receipt->station = g_strdup(head->station);
    receipt->boot_id = g_strdup(head->boot_id);
    receipt->airing = g_strdup(airing->id);
    receipt->broadcast = g_strdup(airing->broadcast);
    receipt->plan_epoch = plan->epoch;
    receipt->plan_version = plan->version;
    receipt->planned_us = receipt->resolved_us = airing->start_us;
    receipt->gain_mdb = airing->gain_mdb;
    receipt->clock_trust = head->clock.level;
    receipt->clock_error_ms = head->clock.error_ms;
    receipt->amplifier = g_strdup("unknown");
    receipt->made_us = head->now_us;
    for (unsigned i = 0; i < airing->items->len; i++) {
        const PlanItem *item = airing->items->pdata[i];
        g_ptr_array_add(receipt->items, receipt_item_new(item->bulletin_version, item->sha256));
    }
    return receipt;
}

Sounding *sounding_new(const SoundingHead *head, Plan *plan, const PlanAiring *airing,
                       int64_t resolved_us)
{
    Sounding *self = g_new0(Sounding, 1);
    self->plan = plan_hold(plan);
    self->airing = airing;
    self->resolved_us = resolved_us;
    self->receipt = sounding_receipt(head, plan, airing);
    self->receipt->resolved_us = resolved_us;
    self->receipt->outcome = OUTCOME_PARTIAL;
    self->receipt->reason = REASON_RESTART;
    self->account.complete = true;
    self->account.trust = head->clock.level;
    self->account.rms_dbfs = -INFINITY;
    for (unsigned i = 0; i < airing->items->len; i++)
        self->account.expected_frames += ((PlanItem *)airing->items->pdata[i])->frames;
    return self;
}

void sounding_free(Sounding *self)
{
    if (!self)
        return;
    receipt_free(self->receipt);
    plan_free(self->plan);
    g_free(self->fault);
    g_free(self);
}

double sounding_gain_db(const Sounding *self, unsigned index)
{
    const PlanItem *item = self->airing->items->pdata[index];
    return (item->gain_mdb + self->airing->gain_mdb) / 1000.0;
}

static ReceiptItem *item_now(const Sounding *self)
{
    return self->receipt->items->pdata[self->item];
}

static ReceiptSegment *running_segment(const Sounding *self)
{
    const ReceiptItem *item = item_now(self);
    return item->segments->len ? item->segments->pdata[item->segments->len - 1] : NULL;
}

static void note_lateness(Sounding *self, int64_t first_us)
{
    if (self->item == 0)
        self->receipt->late_by_ms = MAX(first_us - self->airing->start_us, 0) / 1000;
}

void sounding_started(Sounding *self, int64_t first_us)
{
    ReceiptSegment *segment = receipt_item_add_segment(item_now(self));
    segment->first_us = segment->last_us = first_us;
    segment->ended = g_strdup("crash");
    note_lateness(self, first_us);
}

void sounding_progress(Sounding *self, int64_t frames, int64_t at_us, double level_dbfs)
{
    ReceiptSegment *segment = running_segment(self);
    if (!segment)
        return;
    segment->frames = frames;
    segment->last_us = at_us;
    self->receipt->evidence_grade = 2;
    self->receipt->rms_dbfs = level_dbfs;
}

void sounding_amplifier(Sounding *self, BoardFact fact)
{
    /* Off at any moment counts as off; on only if it was never anything else. */
    BoardFact before = self->amplifier_read ? self->account.amplifier : fact;
    bool off = before == BOARD_NO || fact == BOARD_NO;
    self->account.amplifier = off ? BOARD_NO : MIN(before, fact);
    self->amplifier_read = true;
    static const char *const words[] = {"unknown", "off", "on"};
    g_free(self->receipt->amplifier);
    self->receipt->amplifier = g_strdup(words[self->account.amplifier]);
}

static void drop_running(Sounding *self)
{
    ReceiptItem *item = item_now(self);
    ReceiptSegment *segment = running_segment(self);
    if (!segment)
        return;
    g_ptr_array_set_size(item->segments, (int)item->segments->len - 1);
    g_free(segment->ended);
    g_free(segment);
}

static int64_t add_segments(Sounding *self, const GArray *segments)
{
    int64_t frames = 0;
    for (unsigned i = 0; segments && i < segments->len && i < RECEIPT_MAX_SEGMENTS; i++) {
        const AudioSegment *from = &g_array_index(segments, AudioSegment, i);
        ReceiptSegment *to = receipt_item_add_segment(item_now(self));
        to->first_us = from->first_us;
        to->last_us = from->last_us;
        to->offset_frames = from->offset_frames;
        to->frames = from->frames;
        to->ended = g_strdup(ended_words[from->ended]);
        frames += from->frames;
    }
    if (frames > 0)
        note_lateness(self, g_array_index(segments, AudioSegment, 0).first_us);
    return frames;
}

static void add_level(Sounding *self, const AudioEvidence *evidence, int64_t frames)
{
    Account *account = &self->account;
    if (isfinite(evidence->rms_dbfs))
        self->energy += pow(10, evidence->rms_dbfs / 10) * (double)frames;
    int64_t all = account->played_frames + frames;
    account->rms_dbfs =
        self->energy > 0 && all > 0 ? 10 * log10(self->energy / (double)all) : -INFINITY;
    self->receipt->rms_dbfs = account->rms_dbfs;
    if (self->item == 0 || evidence->peak_dbfs > self->receipt->peak_dbfs)
        self->receipt->peak_dbfs = evidence->peak_dbfs;
}

static void add_mixer(Sounding *self, const AudioEvidence *evidence)
{
    Account *account = &self->account;
    account->mixer_present = evidence->mixer_present;
    account->mixer_muted |= evidence->mixer_muted;
    account->mixer_db = evidence->mixer_db;
    self->receipt->mixer_present = evidence->mixer_present;
    self->receipt->mixer_muted = account->mixer_muted;
    self->receipt->mixer_db = evidence->mixer_db;
}

void sounding_item_ended(Sounding *self, const AudioEvidence *evidence)
{
    const PlanItem *item = self->airing->items->pdata[self->item];
    Account *account = &self->account;
    drop_running(self);
    int64_t frames = add_segments(self, evidence->segments);
    add_level(self, evidence, frames);
    add_mixer(self, evidence);
    account->gain_db = sounding_gain_db(self, self->item);
    account->played_frames += MIN(frames, item->frames);
    account->starved_frames += evidence->starved_frames;
    account->complete &=
        evidence->end == AUDIO_END_COMPLETE && verdict_is_whole(frames, item->frames);
    account->end = evidence->end;
    self->receipt->starved_frames = account->starved_frames;
    self->receipt->xruns += evidence->xruns;
    self->receipt->evidence_grade = account->played_frames > 0 ? 2 : 0;
    if (evidence->fault && !self->fault)
        self->fault = g_strdup(evidence->fault);
}

Receipt *sounding_close(Sounding *self, int64_t now_us)
{
    Receipt *receipt = g_steal_pointer(&self->receipt);
    self->account.complete &= self->item + 1 == self->airing->items->len;
    self->account.fault = self->fault;
    Verdict verdict = verdict_of(&self->account);
    receipt->outcome = verdict.outcome;
    receipt->reason = verdict.reason;
    receipt->fault = g_strdup(verdict.fault);
    receipt->evidence_grade = verdict.grade;
    receipt->made_us = now_us;
    return receipt;
}
