/* Receipts are judged from the exact signed bytes: verified first, then the same bytes are read.
 * Stations' keys are told apart by their id, the hash of the key; each has a chain of its own, in
 * which every receipt names the one before it. */
#include "audit_receipts.h"

#include <string.h>

#include "audit_orders.h"
#include "audit_silence.h"

typedef struct StationKey {
    Key key;
    char *station;
    int64_t last_counter;
    char last_hash[DIGEST_HEX + 1];
} StationKey;

void audit_receipts_key_free(void *data)
{
    StationKey *self = data;
    g_free(self->station);
    g_free(self);
}

void audit_receipts_station(Audit *self, const Json *object)
{
    g_autoptr(JsonForm) form = json_form_new(object, "");
    const char *station = json_form_text(form, "station", true, 1, 100);
    const char *keyid = json_form_hex(form, "keyid", true, 64);
    GBytes *public_key = json_form_base64(form, "public", true, CRYPTO_PUBLIC_BYTES);
    if (!json_form_ok(form, false)) {
        audit_rows_fault(self, "a station needs station, keyid and public");
        return;
    }
    g_autofree StationKey *entry = g_new0(StationKey, 1);
    size_t length = 0;
    const uint8_t *bytes = g_bytes_get_data(public_key, &length);
    if (!key_from_public(bytes, length, &entry->key) || strcmp(entry->key.id, keyid) != 0) {
        audit_rows_fault(self, "key id %s is not the hash of its public key", keyid);
        return;
    }
    entry->station = g_strdup(station);
    g_strlcpy(entry->last_hash, AUDIT_FIRST_PREVIOUS, sizeof entry->last_hash);
    self->report->stations++;
    g_hash_table_replace(self->keys, g_strdup(keyid), g_steal_pointer(&entry));
}

static void note_gap(Audit *self, const StationKey *entry, int64_t counter)
{
    if (counter > entry->last_counter + 1)
        g_hash_table_add(self->gaps, g_strdup(entry->station));
}

/* From when on it is known again what the station's receipts say. */
static void note_known(Audit *self, const char *station, int64_t from_us)
{
    int64_t *known = g_new(int64_t, 1);
    *known = from_us;
    g_hash_table_insert(self->unknown, g_strdup(station), known);
}

static void note_words(Audit *self, const Receipt *receipt)
{
    const int64_t *unknown = g_hash_table_lookup(self->unknown, receipt->station);
    if (unknown && *unknown == G_MAXINT64)
        note_known(self, receipt->station, receipt->made_us);
    g_hash_table_add(self->words, g_strdup_printf("%s %s", receipt->station, receipt->airing));
}

/* The chain of one key: counter one up, `previous` the hash of the payload before. */
static void check_chain(Audit *self, StationKey *entry, const Receipt *receipt, const char *hash)
{
    note_gap(self, entry, receipt->counter);
    if (receipt->counter != entry->last_counter + 1)
        audit_rows_fault(self, "station %s: receipt %" G_GINT64_FORMAT " follows %" G_GINT64_FORMAT,
                         receipt->station, receipt->counter, entry->last_counter);
    else if (strcmp(receipt->previous, entry->last_hash) != 0)
        audit_rows_fault(self,
                         "station %s: receipt %" G_GINT64_FORMAT " does not name the one before it",
                         receipt->station, receipt->counter);
    entry->last_counter = receipt->counter;
    g_strlcpy(entry->last_hash, hash, sizeof entry->last_hash);
}

/* Its place in the chain is held by the hash that the next receipt names. */
static void pruned_receipt_row(Audit *self, const Json *object)
{
    const char *keyid = json_peek_text(object, "keyid");
    const char *hash = json_peek_text(object, "sha256");
    int64_t counter = json_peek_int(object, "counter", 0);
    StationKey *entry = keyid ? g_hash_table_lookup(self->keys, keyid) : NULL;
    if (!entry || !hash || !digest_is_sha256_hex(hash)) {
        audit_rows_fault(self, "a pruned receipt needs sha256 and the key of a station");
        return;
    }
    note_gap(self, entry, counter);
    note_known(self, entry->station, G_MAXINT64);
    audit_silence_held(self, keyid, counter, hash);
    if (counter != entry->last_counter + 1)
        audit_rows_fault(
            self, "station %s: receipt %" G_GINT64_FORMAT " (pruned) follows %" G_GINT64_FORMAT,
            entry->station, counter, entry->last_counter);
    entry->last_counter = counter;
    g_strlcpy(entry->last_hash, hash, sizeof entry->last_hash);
}

void audit_receipts_row(Audit *self, const Json *object)
{
    self->report->receipts++;
    if (audit_rows_pruned(self, object)) {
        pruned_receipt_row(self, object);
        return;
    }
    g_autoptr(Envelope) envelope = audit_rows_envelope(self, object);
    if (envelope == NULL)
        return;
    StationKey *entry = g_hash_table_lookup(
        self->keys, envelope->n_signatures > 0 ? envelope->signatures[0].keyid : "");
    if (entry == NULL) {
        audit_rows_fault(self, "signed by a key that no station has");
        return;
    }
    g_autoptr(GError) error = NULL;
    if (!envelope_verify(envelope, ENVELOPE_TYPE_RECEIPT, &entry->key, &error)) {
        audit_rows_fault(self, "%s", error->message);
        return;
    }
    size_t length = 0;
    const void *bytes = g_bytes_get_data(envelope->payload, &length);
    g_autoptr(Receipt) receipt = receipt_parse(bytes, length, &error);
    if (receipt == NULL) {
        audit_rows_fault(self, "%s", error->message);
        return;
    }
    if (strcmp(receipt->station, entry->station) != 0) {
        audit_rows_fault(self, "names station %s but the key is that of %s", receipt->station,
                         entry->station);
        return;
    }
    g_autofree char *hash = digest_hex_of(bytes, length);
    check_chain(self, entry, receipt, hash);
    audit_orders_check(self, entry->key.id, receipt);
    note_words(self, receipt);
    audit_silence_held(self, entry->key.id, receipt->counter, hash);
    audit_silence_receipt(self, receipt);
}
