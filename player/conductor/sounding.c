/* One airing's draft and place: made new, taken up from an earlier run, wound back. What it gathers
 * while it sounds is sounding_evidence.c's. */
#include "conductor/sounding.h"

#include <math.h>
#include <string.h>

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
        ReceiptItem *one = receipt_item_new(item->bulletin_version, item->sha256);
        for (unsigned k = 0; item->sources && k < item->sources->len; k++)
            g_ptr_array_add(one->sources, g_strdup(((PlanSource *)item->sources->pdata[k])->url));
        g_ptr_array_add(receipt->items, one);
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
    self->hollow = g_new0(Reason, items);
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
    for (unsigned i = 0; i < take_draft->items->len; i++) {
        int64_t reached;
        if (((ReceiptItem *)take_draft->items->pdata[i])->stands_for >= 0)
            self->account.stood_in_frames += frames_of(take_draft, i, &reached);
    }
    int64_t frames = self->account.played_frames + self->account.stood_in_frames;
    self->energy =
        isfinite(take_draft->rms_dbfs) ? pow(10, take_draft->rms_dbfs / 10) * (double)frames : 0;
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
    g_free(self->hollow);
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

int64_t sounding_item_left_us(const Sounding *self, int64_t boottime_us)
{
    const PlanItem *item = self->airing->items->pdata[self->item];
    int64_t length_us = (item->frames - self->skip_frames) * G_USEC_PER_SEC / 48000;
    return self->item_us + length_us - boottime_us;
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
