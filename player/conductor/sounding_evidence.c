/* What a sounding gathers for its receipt.
 *
 * While an item sounds, its last segment in the draft grows with every progress and says "crash":
 * so it reads if the power fails now. When the item ends, the audio's own account takes its place.
 * What stands in for an item keeps an account of its own in the same receipt. */
#include "conductor/sounding.h"

#include <math.h>

static const char *const ended_words[] = {
    [AUDIO_END_COMPLETE] = "complete",
    [AUDIO_END_STOPPED] = "stopped",
    [AUDIO_END_DEVICE] = "device",
    [AUDIO_END_MEDIA] = "media",
};

static ReceiptItem *item_now(const Sounding *self)
{
    return self->receipt->items->pdata[self->item];
}

/* Of its very first sample; a planned move is no lateness. */
static void note_lateness(Sounding *self, int64_t first_us)
{
    if (!self->timed && self->account.played_frames == 0)
        self->receipt->late_by_ms = MAX(first_us - self->resolved_us, 0) / 1000;
}

/* ---- under way ---- */

static void begin_segment(ReceiptItem *item, int64_t first_us, int64_t offset_frames)
{
    ReceiptSegment *segment = receipt_item_add_segment(item);
    segment->first_us = segment->last_us = first_us;
    segment->offset_frames = offset_frames;
    segment->ended = g_strdup("crash");
}

static void grow_segment(ReceiptItem *item, int64_t frames, int64_t at_us)
{
    ReceiptSegment *segment = item->segments->pdata[item->segments->len - 1];
    segment->frames = frames;
    segment->last_us = at_us;
}

static void drop_segment(ReceiptItem *item)
{
    ReceiptSegment *segment = item->segments->pdata[item->segments->len - 1];
    g_ptr_array_set_size(item->segments, (int)item->segments->len - 1);
    g_free(segment->ended);
    g_free(segment);
}

static void note_level(Sounding *self, double level_dbfs)
{
    self->receipt->evidence_grade = 2;
    self->receipt->rms_dbfs = level_dbfs;
}

void sounding_started(Sounding *self, int64_t first_us)
{
    begin_segment(item_now(self), first_us, self->skip_frames);
    self->running = true;
    note_lateness(self, first_us);
}

void sounding_progress(Sounding *self, int64_t frames, int64_t at_us, double level_dbfs)
{
    if (!self->running)
        return;
    grow_segment(item_now(self), frames, at_us);
    note_level(self, level_dbfs);
}

void sounding_standin_started(Sounding *self, int64_t first_us)
{
    begin_segment(self->standin.account, first_us, self->standin.skip_frames);
    self->standin.running = true;
    if (!self->running)
        note_lateness(self, first_us);
    self->timed = true;
}

void sounding_standin_progress(Sounding *self, int64_t frames, int64_t at_us, double level_dbfs)
{
    if (!self->standin.running)
        return;
    grow_segment(self->standin.account, frames, at_us);
    note_level(self, level_dbfs);
}

/* Read every second while it sounds: the least and the most that was drawn. */
static void note_current(Sounding *self, int64_t ma)
{
    Account *account = &self->account;
    if (ma == INT64_MIN)
        return;
    account->least_ma = account->least_ma == INT64_MIN ? ma : MIN(account->least_ma, ma);
    account->most_ma = MAX(account->most_ma, ma);
    self->receipt->current_ma = account->least_ma;
}

void sounding_board(Sounding *self, const BoardReadings *readings, bool sounds)
{
    const BoardFact fact = readings->amplifier;
    if (sounds)
        note_current(self, readings->current_ma);
    /* Off at any moment counts as off; on only if it was never anything else. */
    BoardFact before = self->amplifier_read ? self->account.amplifier : fact;
    bool off = before == BOARD_NO || fact == BOARD_NO;
    self->account.amplifier = off ? BOARD_NO : MIN(before, fact);
    self->amplifier_read = true;
    static const char *const words[] = {"unknown", "off", "on"};
    g_free(self->receipt->amplifier);
    self->receipt->amplifier = g_strdup(words[self->account.amplifier]);
}

/* ---- ended ---- */

/* A receipt has an end, too. */
static bool has_room(const Receipt *receipt)
{
    unsigned segments = 0;
    for (unsigned i = 0; i < receipt->items->len; i++)
        segments += ((ReceiptItem *)receipt->items->pdata[i])->segments->len;
    return segments < RECEIPT_MAX_SEGMENTS;
}

/* Gives the frames; what came before of the item stands in front of them. `ret_reached` and
 * `ret_last_us` stay as they are where nothing sounded. */
static int64_t add_segments(Receipt *receipt, ReceiptItem *item, const GArray *segments,
                            int64_t *ret_reached, int64_t *ret_last_us)
{
    int64_t frames = 0;
    for (unsigned i = 0; segments && i < segments->len && has_room(receipt); i++) {
        const AudioSegment *from = &g_array_index(segments, AudioSegment, i);
        ReceiptSegment *to = receipt_item_add_segment(item);
        to->first_us = from->first_us;
        to->last_us = *ret_last_us = from->last_us;
        to->offset_frames = from->offset_frames;
        to->frames = from->frames;
        to->ended = g_strdup(ended_words[from->ended]);
        to->source = from->source < item->sources->len ? (int)from->source : -1;
        *ret_reached = from->offset_frames + from->frames;
        frames += from->frames;
    }
    return frames;
}

static void add_level(Sounding *self, const AudioEvidence *evidence, int64_t frames)
{
    Account *account = &self->account;
    int64_t before = account->played_frames + account->stood_in_frames;
    bool first = before == 0;
    if (isfinite(evidence->rms_dbfs))
        self->energy += pow(10, evidence->rms_dbfs / 10) * (double)frames;
    int64_t all = before + frames;
    account->rms_dbfs =
        self->energy > 0 && all > 0 ? 10 * log10(self->energy / (double)all) : -INFINITY;
    self->receipt->rms_dbfs = account->rms_dbfs;
    if (first || evidence->peak_dbfs > self->receipt->peak_dbfs)
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

static void add_evidence(Sounding *self, const AudioEvidence *evidence, int64_t frames)
{
    add_level(self, evidence, frames);
    add_mixer(self, evidence);
    self->account.end = evidence->end;
    self->receipt->xruns += evidence->xruns;
    if (evidence->fault && !self->fault)
        self->fault = g_strdup(evidence->fault);
}

static void judge_evidence(Sounding *self)
{
    bool any = self->account.played_frames + self->account.stood_in_frames > 0;
    self->receipt->evidence_grade = any ? 2 : 0;
}

static bool is_whole(const Sounding *self, const PlanItem *item, int64_t frames, int64_t starved)
{
    if (self->hollow[self->item] != REASON_NONE)
        return false;
    return plan_item_is_stream(item) ? verdict_stream_is_whole(frames, starved)
                                     : verdict_is_whole(self->played[self->item], item->frames);
}

static void note_lack(Sounding *self, const PlanItem *item, AudioEnd end)
{
    self->lacked |= self->hollow[self->item] != REASON_NONE;
    if (self->hollow[self->item] != REASON_NONE)
        self->account.lack = self->hollow[self->item];
    else if (plan_item_is_stream(item))
        self->account.lack = REASON_NO_MEDIA;
    else if (end == AUDIO_END_MEDIA && self->account.lack == REASON_NONE)
        self->account.lack = REASON_BAD_MEDIA; /* whatever becomes of the items after it */
}

int64_t sounding_item_ended(Sounding *self, const AudioEvidence *evidence)
{
    const PlanItem *item = self->airing->items->pdata[self->item];
    Account *account = &self->account;
    int64_t last_us = 0;
    if (self->running)
        drop_segment(item_now(self));
    self->running = false;
    int64_t frames = add_segments(self->receipt, item_now(self), evidence->segments,
                                  &self->reached[self->item], &last_us);
    if (frames > 0)
        note_lateness(self, g_array_index(evidence->segments, AudioSegment, 0).first_us);
    add_evidence(self, evidence, frames);
    account->gain_db = sounding_gain_db(self, self->item);
    account->played_frames += MIN(frames, item->frames);
    account->starved_frames += evidence->starved_frames;
    self->played[self->item] += frames;
    if (plan_item_is_stream(item) || self->hollow[self->item] != REASON_NONE)
        self->reached[self->item] = /* its time passed all the same */
            self->skip_frames + frames + evidence->starved_frames;
    bool whole = is_whole(self, item, frames, evidence->starved_frames);
    self->complete[self->item] = evidence->end == AUDIO_END_COMPLETE && whole;
    if (!whole)
        note_lack(self, item, evidence->end);
    if (evidence->source)
        receipt_item_set_source(item_now(self), evidence->source);
    self->skip_frames = self->reached[self->item];
    self->receipt->starved_frames = account->starved_frames;
    judge_evidence(self);
    return last_us;
}

void sounding_standin_ended(Sounding *self, const AudioEvidence *evidence)
{
    StandIn *standin = &self->standin;
    AudioEnd end = self->account.end;
    int64_t last_us = 0;
    if (standin->running)
        drop_segment(standin->account);
    standin->running = false;
    int64_t frames = add_segments(self->receipt, standin->account, evidence->segments,
                                  &standin->skip_frames, &last_us);
    add_evidence(self, evidence, frames);
    if (evidence->end != AUDIO_END_DEVICE)
        self->account.end = end; /* of the item; a card that went is everybody's */
    self->account.stood_in_frames += frames;
    judge_evidence(self);
}

static bool is_complete(const Sounding *self)
{
    for (unsigned i = 0; i < self->airing->items->len; i++)
        if (!self->complete[i] || self->lacked)
            return false;
    const PlanItem *first = self->airing->items->pdata[0];
    return !plan_item_is_stream(first) || !self->lost_to_others;
}

Receipt *sounding_close(Sounding *self, int64_t now_us)
{
    Receipt *receipt = g_steal_pointer(&self->receipt);
    self->account.complete = is_complete(self);
    if (self->account.stop == STOP_NONE && plan_item_is_stream(self->airing->items->pdata[0]))
        self->account.stop = self->lost; /* what was not heard of it is gone */
    self->account.fault = self->fault;
    Verdict verdict = verdict_of(&self->account);
    receipt->outcome = verdict.outcome;
    receipt->reason = verdict.reason;
    g_free(receipt->fault);
    receipt->fault = g_strdup(verdict.reason == REASON_DISPLACED ? self->winner : verdict.fault);
    receipt->evidence_grade = verdict.grade;
    receipt->made_us = now_us;
    return receipt;
}
