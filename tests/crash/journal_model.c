/* The rules of a station's proof, as comparisons: every receipt that was acknowledged to the player
 * stands with the same bytes, the chain has neither gap nor branch, what sounded is known for good,
 * what started has its last draft. Equal in every point, so that a phantom is found as well. */
#include "journal_model.h"

#include <string.h>

#include "digest.h"
#include "envelope.h"

static void receipt_fact_clear(gpointer fact)
{
    g_clear_pointer(&((ReceiptFact *)fact)->envelope, g_bytes_unref);
}

JournalModel *journal_model_new(void)
{
    JournalModel *self = g_new0(JournalModel, 1);
    self->airings = g_array_new(FALSE, TRUE, sizeof(AiringFact));
    self->receipts = g_array_new(FALSE, TRUE, sizeof(ReceiptFact));
    g_array_set_clear_func(self->receipts, receipt_fact_clear);
    return self;
}

JournalModel *journal_model_copy(const JournalModel *self)
{
    JournalModel *copy = journal_model_new();
    g_array_append_vals(copy->airings, self->airings->data, self->airings->len);
    for (unsigned i = 0; i < self->receipts->len; i++) {
        ReceiptFact fact = g_array_index(self->receipts, ReceiptFact, i);
        g_bytes_ref(fact.envelope);
        g_array_append_val(copy->receipts, fact);
    }
    copy->alive_us = self->alive_us;
    return copy;
}

void journal_model_free(JournalModel *self)
{
    if (!self)
        return;
    g_array_unref(self->airings);
    g_array_unref(self->receipts);
    g_free(self);
}

AiringFact *journal_model_airing(const JournalModel *self, unsigned index)
{
    return &g_array_index(self->airings, AiringFact, index);
}

ReceiptFact *journal_model_receipt(const JournalModel *self, int64_t counter)
{
    return &g_array_index(self->receipts, ReceiptFact, counter - 1);
}

static bool read_drafts(JournalSaid *self, Journal *journal, GError **error)
{
    g_autoptr(GPtrArray) drafts = journal_unfinished(journal, error);
    for (unsigned i = 0; drafts && i < drafts->len; i++) {
        const Receipt *draft = drafts->pdata[i];
        g_hash_table_insert(self->drafts, g_strdup(draft->airing),
                            GINT_TO_POINTER((int)draft->late_by_ms));
    }
    return drafts != NULL;
}

JournalSaid *journal_said_read(Journal *journal, GError **error)
{
    g_autoptr(JournalSaid) self = g_new0(JournalSaid, 1);
    g_autofree char *boot_id = NULL;
    self->drafts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->known = journal_known(journal, error);
    if (!self->known || !read_drafts(self, journal, error))
        return NULL;
    self->waiting = journal_waiting(journal, JOURNAL_MAX_WAITING, error);
    journal_head(journal, &self->head, self->sha256);
    journal_last_alive(journal, &self->alive_us, &boot_id);
    return self->waiting ? g_steal_pointer(&self) : NULL;
}

void journal_said_free(JournalSaid *self)
{
    if (!self)
        return;
    g_clear_pointer(&self->known, g_hash_table_unref);
    g_clear_pointer(&self->drafts, g_hash_table_unref);
    g_clear_pointer(&self->waiting, g_array_unref);
    g_free(self);
}

/* The newest receipt, verified from its signature to its place in the chain. */
static bool take_newest(JournalModel *self, const JournalSaid *said, const Key *key, unsigned index)
{
    if (said->waiting->len == 0 || said->head != self->receipts->len + 1)
        return false;
    const WaitingReceipt *last =
        &g_array_index(said->waiting, WaitingReceipt, said->waiting->len - 1);
    size_t length;
    const char *text = g_bytes_get_data(last->envelope, &length);
    g_autoptr(Envelope) envelope = envelope_parse(text, length, 2 * RECEIPT_MAX_BYTES, NULL);
    if (!envelope || !envelope_verify(envelope, ENVELOPE_TYPE_RECEIPT, key, NULL))
        return false;
    const void *payload = g_bytes_get_data(envelope->payload, &length);
    g_autoptr(Receipt) receipt = receipt_parse(payload, length, NULL);
    char zeros[65] = {0};
    memset(zeros, '0', 64);
    const char *previous =
        said->head == 1 ? zeros : journal_model_receipt(self, said->head - 1)->sha256;
    if (!receipt || last->counter != said->head || receipt->counter != said->head ||
        strcmp(receipt->previous, previous) != 0 ||
        strcmp(receipt->airing, journal_model_airing(self, index)->id) != 0)
        return false;
    g_autofree char *sha256 = digest_hex_of(payload, length);
    ReceiptFact fact = {.envelope = g_bytes_ref(last->envelope), .airing = index};
    g_strlcpy(fact.sha256, sha256, sizeof fact.sha256);
    g_array_append_val(self->receipts, fact);
    return true;
}

static bool is_acknowledged(const JournalModel *self, unsigned airing)
{
    for (unsigned i = 0; i < self->receipts->len; i++)
        if (g_array_index(self->receipts, ReceiptFact, i).airing == airing)
            return g_array_index(self->receipts, ReceiptFact, i).acknowledged;
    return false;
}

static void prune(JournalModel *self, int64_t before_us)
{
    for (unsigned i = 0; i < self->airings->len; i++) {
        AiringFact *airing = journal_model_airing(self, i);
        if (airing->ended && airing->planned_us < before_us && is_acknowledged(self, i))
            airing->pruned = true;
    }
}

bool journal_model_apply(JournalModel *self, const Op *op, const JournalSaid *said, const Key *key)
{
    AiringFact *airing =
        op->airing < self->airings->len ? journal_model_airing(self, op->airing) : NULL;
    switch (op->kind) {
    case OP_START:
        airing->started = airing->sounded = true;
        airing->mark = 0;
        return true;
    case OP_MARK: airing->mark = op->mark; return true;
    case OP_END: airing->ended = true; return take_newest(self, said, key, op->airing);
    case OP_ACKNOWLEDGE: journal_model_receipt(self, op->counter)->acknowledged = true; return true;
    case OP_ALIVE: self->alive_us = op->at_us; return true;
    case OP_PRUNE: prune(self, op->at_us); return true;
    case OP_NONE:
    case OP_OPEN_CLOSE:
    default: return true;
    }
}

static const char *judge_receipts(const JournalModel *self, const JournalSaid *said,
                                  char **ret_what)
{
    unsigned at = 0;
    if (said->head < self->receipts->len) {
        *ret_what =
            g_strdup_printf("counter %" G_GINT64_FORMAT " of %u", said->head, self->receipts->len);
        return "receipt-lost";
    }
    for (unsigned i = 0; i < self->receipts->len; i++) {
        const ReceiptFact *fact = &g_array_index(self->receipts, ReceiptFact, i);
        const WaitingReceipt *there =
            at < said->waiting->len ? &g_array_index(said->waiting, WaitingReceipt, at) : NULL;
        bool stands = there && there->counter == (int64_t)i + 1;
        *ret_what = g_strdup_printf("receipt %u of %u", i + 1, self->receipts->len);
        if (!stands && !fact->acknowledged)
            return "receipt-lost";
        if (stands && fact->acknowledged)
            return "acknowledgement-lost";
        if (stands && !g_bytes_equal(there->envelope, fact->envelope))
            return "receipt-changed";
        at += stands;
        g_clear_pointer(ret_what, g_free);
    }
    if (at == said->waiting->len && said->head == self->receipts->len)
        return NULL;
    *ret_what = g_strdup_printf("%u receipts more than were made", said->waiting->len - at);
    return "chain";
}

static const char *judge_head(const JournalModel *self, const JournalSaid *said, char **ret_what)
{
    if (said->head == 0 ||
        strcmp(said->sha256, journal_model_receipt(self, said->head)->sha256) == 0)
        return NULL;
    *ret_what = g_strdup("the next receipt would follow another one");
    return "chain";
}

static const char *judge_airing(const AiringFact *fact, const JournalSaid *said)
{
    gpointer mark = NULL;
    bool known = g_hash_table_contains(said->known, fact->id);
    bool open = g_hash_table_lookup_extended(said->drafts, fact->id, NULL, &mark);
    if (fact->pruned)
        return known ? "prune-lost" : NULL;
    if (fact->sounded && !known)
        return "starts-again";
    if (known != (fact->sounded || fact->started || fact->ended))
        return fact->ended ? "receipt-lost" : "phantom";
    if (open != (fact->started && !fact->ended))
        return open ? "ends-twice" : "never-ends";
    return open && GPOINTER_TO_INT(mark) != fact->mark ? "mark-lost" : NULL;
}

static const char *judge_airings(const JournalModel *self, const JournalSaid *said, char **ret_what)
{
    unsigned known = 0;
    for (unsigned i = 0; i < self->airings->len; i++) {
        const AiringFact *fact = journal_model_airing(self, i);
        const char *rule = judge_airing(fact, said);
        if (rule) {
            *ret_what = g_strdup_printf("airing %u", i);
            return rule;
        }
        known += g_hash_table_contains(said->known, fact->id);
    }
    if (known == g_hash_table_size(said->known))
        return NULL;
    *ret_what = g_strdup("an airing that nobody planned");
    return "phantom";
}

const char *journal_model_judge(const JournalModel *self, const JournalSaid *said, char **ret_what)
{
    const char *rule = judge_receipts(self, said, ret_what);
    if (!rule)
        rule = judge_head(self, said, ret_what);
    if (!rule)
        rule = judge_airings(self, said, ret_what);
    if (rule || said->alive_us == self->alive_us)
        return rule;
    *ret_what = g_strdup_printf("alive at %" G_GINT64_FORMAT " and not %" G_GINT64_FORMAT,
                                said->alive_us, self->alive_us);
    return "alive-lost";
}
