/* While an item sounds, its last segment in the draft grows with every progress and says "crash":
 * so it reads if the power fails now. When the item ends, the audio's own account takes its place.
 */
#include "conductor/sounding.h"

#include <math.h>
#include <string.h>

static const char *const ended_words[] = {
    [AUDIO_END_COMPLETE] = "complete",
    [AUDIO_END_STOPPED] = "stopped",
    [AUDIO_END_DEVICE] = "device",
    [AUDIO_END_MEDIA] = "media",
};

Receipt *sounding_receipt(const SoundingHead *head, const SoundingWhat *what)
{
    const PlanAiring *airing = what->airing;
    Receipt *receipt = receipt_new();
    receipt->kind = what->kind;
    receipt->repeat = what->repeat;
    receipt->station = g_strdup(head->station);
    receipt->boot_id = g_strdup(head->boot_id);
    receipt->airing = g_strdup(what->id ? what->id : airing->id);
    receipt->broadcast = g_strdup(airing->broadcast);
    receipt->plan_epoch = head->plan_epoch;
    receipt->plan_version = head->plan_version;
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

static Sounding *new_of(Plan *plan, const SoundingWhat *what)
{
    Sounding *self = g_new0(Sounding, 1);
    unsigned items = what->airing->items->len;
    self->plan = plan ? plan_hold(plan) : NULL;
    self->own = !plan;
    self->airing = plan ? (PlanAiring *)what->airing : plan_airing_copy(what->airing);
    self->alert = what->kind == RECEIPT_AIRING ? NULL : g_strdup(what->airing->broadcast);
    self->id = g_strdup(what->id ? what->id : what->airing->id);
    self->rank = what->airing->rank;
    self->gain_mdb = what->airing->gain_mdb;
    self->reached = g_new0(int64_t, items);
    self->played = g_new0(int64_t, items);
    self->complete = g_new0(bool, items);
    self->account.rms_dbfs = -INFINITY;
    self->account.least_ma = self->account.most_ma = INT64_MIN;
    for (unsigned i = 0; i < items; i++)
        self->account.expected_frames += ((PlanItem *)what->airing->items->pdata[i])->frames;
    return self;
}

/* Without it, an alert may sound at any time; only what is planned needs the time. */
static int trust_of(const Sounding *self, int trust)
{
    return self->alert ? TRUST_SIGNED : trust;
}

Sounding *sounding_new(const SoundingHead *head, Plan *plan, const SoundingWhat *what,
                       int64_t resolved_us)
{
    Sounding *self = new_of(plan, what);
    self->resolved_us = resolved_us;
    self->receipt = sounding_receipt(head, what);
    self->receipt->resolved_us = resolved_us;
    self->receipt->outcome = OUTCOME_PARTIAL;
    self->receipt->reason = REASON_RESTART;
    self->account.trust = trust_of(self, head->clock.level);
    return self;
}

static int64_t frames_of(const Receipt *receipt, unsigned index, int64_t *ret_reached)
{
    const ReceiptItem *item = receipt->items->pdata[index];
    int64_t frames = 0;
    for (unsigned i = 0; i < item->segments->len; i++) {
        const ReceiptSegment *segment = item->segments->pdata[i];
        frames += segment->frames;
        *ret_reached = segment->offset_frames + segment->frames;
    }
    return frames;
}

Sounding *sounding_restore(Receipt *take_draft, Plan *plan, const SoundingWhat *what)
{
    Sounding *self = new_of(plan, what);
    self->receipt = take_draft;
    self->resolved_us = take_draft->resolved_us;
    self->begun = self->durable = true;
    self->lost_to_others = true;
    self->account.trust = trust_of(self, take_draft->clock_trust);
    self->winner = g_strdup(take_draft->fault);
    unsigned items = MIN(take_draft->items->len, self->airing->items->len);
    for (unsigned i = 0; i < items; i++) {
        const PlanItem *item = self->airing->items->pdata[i];
        self->played[i] = frames_of(take_draft, i, &self->reached[i]);
        self->complete[i] = verdict_is_whole(self->played[i], item->frames);
        self->account.played_frames += self->played[i];
        if (self->played[i] > 0)
            self->item = i;
    }
    if (self->complete[self->item] && self->item + 1 < items)
        self->item++;
    self->energy = isfinite(take_draft->rms_dbfs)
                       ? pow(10, take_draft->rms_dbfs / 10) * (double)self->account.played_frames
                       : 0;
    self->skip_frames = self->reached[self->item];
    return self;
}

void sounding_free(Sounding *self)
{
    if (!self)
        return;
    receipt_free(self->receipt);
    if (self->own)
        plan_airing_free(self->airing);
    plan_free(self->plan);
    g_free(self->alert);
    g_free(self->id);
    g_free(self->winner);
    g_free(self->reached);
    g_free(self->played);
    g_free(self->complete);
    g_free(self->fault);
    g_free(self);
}

int64_t sounding_left_frames(const Sounding *self)
{
    int64_t frames = -self->skip_frames;
    for (unsigned i = self->item; i < self->airing->items->len; i++)
        frames += ((PlanItem *)self->airing->items->pdata[i])->frames;
    return MAX(frames, 0);
}

/* Of the item that sounds: heard_us and skip_frames are its own. */
int64_t sounding_end_us(const Sounding *self, int64_t now_us, int64_t boottime_us)
{
    return now_us - (boottime_us - self->heard_us) +
           sounding_left_frames(self) * G_USEC_PER_SEC / 48000;
}

void sounding_rewind(Sounding *self)
{
    unsigned items = self->airing->items->len;
    self->item = 0;
    self->skip_frames = 0;
    memset(self->reached, 0, items * sizeof *self->reached);
    memset(self->played, 0, items * sizeof *self->played);
    memset(self->complete, 0, items * sizeof *self->complete);
}

void sounding_rejoin(Sounding *self, unsigned item, int64_t skip_frames)
{
    self->item = MIN(item, self->airing->items->len - 1);
    self->skip_frames = skip_frames;
}

double sounding_gain_db(const Sounding *self, unsigned index)
{
    const PlanItem *item = self->airing->items->pdata[index];
    return (item->gain_mdb + self->gain_mdb) / 1000.0;
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

/* Of its very first sample; a planned move is no lateness. */
static void note_lateness(Sounding *self, int64_t first_us)
{
    if (self->item == 0 && self->account.played_frames == 0)
        self->receipt->late_by_ms = MAX(first_us - self->resolved_us, 0) / 1000;
}

void sounding_started(Sounding *self, int64_t first_us)
{
    ReceiptSegment *segment = receipt_item_add_segment(item_now(self));
    segment->first_us = segment->last_us = first_us;
    segment->offset_frames = self->skip_frames;
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

/* Gives the frames; what came before of the item stands in front of them. */
static int64_t add_segments(Sounding *self, const GArray *segments, int64_t *ret_last_us)
{
    int64_t frames = 0;
    ReceiptItem *item = item_now(self);
    for (unsigned i = 0; segments && i < segments->len; i++) {
        const AudioSegment *from = &g_array_index(segments, AudioSegment, i);
        if (item->segments->len >= RECEIPT_MAX_SEGMENTS)
            break;
        ReceiptSegment *to = receipt_item_add_segment(item);
        to->first_us = from->first_us;
        to->last_us = *ret_last_us = from->last_us;
        to->offset_frames = from->offset_frames;
        to->frames = from->frames;
        to->ended = g_strdup(ended_words[from->ended]);
        self->reached[self->item] = from->offset_frames + from->frames;
        frames += from->frames;
    }
    if (frames > 0)
        note_lateness(self, g_array_index(segments, AudioSegment, 0).first_us);
    return frames;
}

static void add_level(Sounding *self, const AudioEvidence *evidence, int64_t frames)
{
    Account *account = &self->account;
    bool first = account->played_frames == 0;
    if (isfinite(evidence->rms_dbfs))
        self->energy += pow(10, evidence->rms_dbfs / 10) * (double)frames;
    int64_t all = account->played_frames + frames;
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

int64_t sounding_item_ended(Sounding *self, const AudioEvidence *evidence)
{
    const PlanItem *item = self->airing->items->pdata[self->item];
    Account *account = &self->account;
    int64_t last_us = 0;
    drop_running(self);
    int64_t frames = add_segments(self, evidence->segments, &last_us);
    add_level(self, evidence, frames);
    add_mixer(self, evidence);
    account->gain_db = sounding_gain_db(self, self->item);
    account->played_frames += MIN(frames, item->frames);
    account->starved_frames += evidence->starved_frames;
    account->end = evidence->end;
    self->played[self->item] += frames;
    bool whole = plan_item_is_stream(item)
                     ? verdict_stream_is_whole(frames, evidence->starved_frames)
                     : verdict_is_whole(self->played[self->item], item->frames);
    self->complete[self->item] = evidence->end == AUDIO_END_COMPLETE && whole;
    account->stream_broke |= plan_item_is_stream(item) && !whole;
    if (evidence->source)
        receipt_item_set_source(item_now(self), evidence->source);
    self->skip_frames = self->reached[self->item];
    self->receipt->starved_frames = account->starved_frames;
    self->receipt->xruns += evidence->xruns;
    self->receipt->evidence_grade = account->played_frames > 0 ? 2 : 0;
    if (evidence->fault && !self->fault)
        self->fault = g_strdup(evidence->fault);
    return last_us;
}

static bool is_complete(const Sounding *self)
{
    for (unsigned i = 0; i < self->airing->items->len; i++)
        if (!self->complete[i])
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
