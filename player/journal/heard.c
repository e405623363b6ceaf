/* From a receipt's segments to stretches of sound. A receipt leaves the station once the controller
 * has it; these few numbers stay, so that a restart does not begin the day's minutes anew. */
#include "journal/heard.h"

Heard *heard_new(const char *airing)
{
    Heard *self = g_new0(Heard, 1);
    self->airing = g_strdup(airing);
    self->spans = g_array_new(FALSE, FALSE, sizeof(HeardSpan));
    return self;
}

void heard_free(Heard *self)
{
    if (!self)
        return;
    g_array_unref(self->spans);
    g_free(self->airing);
    g_free(self);
}

void heard_add(Heard *self, HeardSpan span)
{
    unsigned length = self->spans->len;
    HeardSpan *last = length ? &g_array_index(self->spans, HeardSpan, length - 1) : NULL;
    if (last && (span.from_us - last->until_us < HEARD_GAP_US || length == HEARD_MAX_SPANS))
        last->until_us = MAX(last->until_us, span.until_us);
    else
        g_array_append_val(self->spans, span);
}

static int by_begin(gconstpointer left, gconstpointer right)
{
    const HeardSpan *a = left, *b = right;
    return (a->from_us > b->from_us) - (a->from_us < b->from_us);
}

static GArray *stretches(const Receipt *receipt)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(HeardSpan));
    for (unsigned i = 0; i < receipt->items->len; i++) {
        const ReceiptItem *item = receipt->items->pdata[i];
        for (unsigned k = 0; k < item->segments->len; k++) {
            const ReceiptSegment *segment = item->segments->pdata[k];
            HeardSpan span = {segment->first_us, segment->last_us};
            if (segment->frames > 0 && span.until_us > span.from_us)
                g_array_append_val(all, span);
        }
    }
    g_array_sort(all, by_begin);
    return all;
}

Heard *heard_of(const Receipt *receipt)
{
    g_autoptr(GArray) all = stretches(receipt);
    if (receipt->kind != RECEIPT_AIRING || all->len == 0)
        return NULL;
    Heard *self = heard_new(receipt->airing);
    for (unsigned i = 0; i < all->len; i++)
        heard_add(self, g_array_index(all, HeardSpan, i));
    return self;
}

int64_t heard_first_us(const Heard *self)
{
    return g_array_index(self->spans, HeardSpan, 0).from_us;
}

int64_t heard_last_us(const Heard *self)
{
    return g_array_index(self->spans, HeardSpan, self->spans->len - 1).until_us;
}

int64_t heard_length_us(const Heard *self)
{
    int64_t length_us = 0;
    for (unsigned i = 0; i < self->spans->len; i++) {
        HeardSpan span = g_array_index(self->spans, HeardSpan, i);
        length_us += span.until_us - span.from_us;
    }
    return length_us;
}
