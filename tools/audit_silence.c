/* An airing called `unreported` is the controller's own word against nobody's, so it is held to
 * what else is signed: a plan ordered it (or an alert), its 60 days were over, and no receipt that
 * the controller held by then speaks of it. Which receipts those were the entry itself says, by
 * key, counter and hash; a receipt that came later takes the entry's place and is no fault.
 *
 * Entries are chained, so that one that was taken out shows; what was left out at the end of the
 * chain audit_missing.c finds. */
#include "audit_silence.h"

#include <string.h>

#include "audit_orders.h"
#include "audit_roots.h"
#include "wire/silence.h"

typedef struct Entry {
    unsigned line;
    int64_t number;
    bool is_chained;             /* false for older ones: they do not say what was held */
    char sha256[DIGEST_HEX + 1]; /* of the payload; "" = it could not be read */
    GHashTable *heads;           /* key id -> int64 */
} Entry;

typedef struct Head {
    unsigned line; /* of the entry that names it */
    char *station;
    char sha256[DIGEST_HEX + 1];
    bool seen;
} Head;

void audit_silence_entry_free(void *data)
{
    Entry *self = data;
    g_hash_table_unref(self->heads);
    g_free(self);
}

void audit_silence_head_free(void *data)
{
    Head *self = data;
    g_free(self->station);
    g_free(self);
}

static char *head_name(const char *keyid, int64_t counter)
{
    return g_strdup_printf("%s %" G_GINT64_FORMAT, keyid, counter);
}

/* Its place among the entries: one up, and `previous` the hash of the payload before. One that
 * could not be read is taken for the right one, so that only it is named. */
static void check_chain(Audit *self, const Entry *before, Entry *entry, const Silence *silence)
{
    int64_t number = before ? before->number + 1 : 1;
    bool unknown = before && !*before->sha256;
    entry->number = silence->number ? silence->number : number;
    entry->is_chained = silence->number > 0;
    if (!entry->is_chained) {
        if (before && before->is_chained)
            audit_rows_fault(self, "does not say which entry it follows");
        return;
    }
    if (silence->number != number)
        audit_rows_fault(self,
                         "entry %" G_GINT64_FORMAT " stands where %" G_GINT64_FORMAT
                         " should be: some were taken out, or stand there twice",
                         silence->number, number);
    else if (!unknown &&
             strcmp(silence->previous, before ? before->sha256 : AUDIT_FIRST_PREVIOUS) != 0)
        audit_rows_fault(self, "entry %" G_GINT64_FORMAT " does not name the one before it",
                         silence->number);
}

static void note_heads(Audit *self, Entry *entry, const Silence *silence)
{
    for (unsigned i = 0; i < silence->heads->len; i++) {
        const SilenceHead *head = silence->heads->pdata[i];
        int64_t *counter = g_new(int64_t, 1);
        *counter = head->counter;
        g_hash_table_insert(entry->heads, g_strdup(head->keyid), counter);
        char *name = head_name(head->keyid, head->counter);
        if (head->counter == 0 || g_hash_table_contains(self->heads, name)) {
            g_free(name);
            continue;
        }
        Head *held = g_new0(Head, 1);
        held->line = entry->line;
        held->station = g_strdup(head->station);
        g_strlcpy(held->sha256, head->sha256, sizeof held->sha256);
        g_hash_table_insert(self->heads, name, held);
    }
}

static bool has_head(const Silence *silence, const char *station)
{
    for (unsigned i = 0; i < silence->heads->len; i++)
        if (g_str_equal(((const SilenceHead *)silence->heads->pdata[i])->station, station))
            return true;
    return false;
}

static bool starts_at(const AuditOrder *order, int64_t planned_us)
{
    for (unsigned i = 0; i < order->starts->len; i++)
        if (g_array_index(order->starts, int64_t, i) == planned_us)
            return true;
    return false;
}

/* No plan that is kept names it: is that one gone with its time, or was there never one? */
static void check_absent(Audit *self, const SilenceAiring *airing)
{
    if (!*airing->plan_sha256) {
        self->report->unplanned++;
        return;
    }
    g_autofree char *name =
        g_strdup_printf("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, airing->station,
                        airing->plan_epoch, airing->plan_version);
    const char *hash = g_hash_table_lookup(self->plans, name);
    if (!hash)
        audit_rows_fault(self,
                         "station %s: plan %" G_GINT64_FORMAT ".%" G_GINT64_FORMAT
                         ", which is said to order airing %s, is missing",
                         airing->station, airing->plan_epoch, airing->plan_version, airing->airing);
    else if (strcmp(hash, airing->plan_sha256) != 0)
        audit_rows_fault(self,
                         "station %s: plan %" G_GINT64_FORMAT ".%" G_GINT64_FORMAT
                         " is not the one that the entry names",
                         airing->station, airing->plan_epoch, airing->plan_version);
    else if (!g_hash_table_contains(self->pruned, name))
        audit_rows_fault(self, "station %s: airing %s stands in no plan for that time",
                         airing->station, airing->airing);
}

static void check_ordered(Audit *self, const Silence *silence, const SilenceAiring *airing)
{
    const AuditOrder *order = audit_orders_find(self, airing->station, airing->airing);
    int64_t end_us = airing->planned_us;
    if (order && starts_at(order, airing->planned_us))
        end_us = order->start_us == airing->planned_us ? order->end_us : airing->planned_us;
    else if (!audit_orders_is_play(self, airing->station, airing->airing, airing->broadcast, 0))
        check_absent(self, airing);
    if (silence->made_us < end_us + SILENCE_AFTER_US)
        audit_rows_fault(self, "station %s: airing %s was closed before 60 days had passed",
                         airing->station, airing->airing);
}

static void check_airing(Audit *self, Entry *entry, const Silence *silence,
                         const SilenceAiring *airing)
{
    self->report->silent++;
    check_ordered(self, silence, airing);
    if (silence->number > 0 && !has_head(silence, airing->station))
        audit_rows_fault(self, "station %s: does not say which of its receipts had come",
                         airing->station);
    char *name = g_strdup_printf("%s %s", airing->station, airing->airing);
    const Entry *before = g_hash_table_lookup(self->silent, name);
    if (before)
        audit_rows_fault(self, "station %s: airing %s was closed in line %u already",
                         airing->station, airing->airing, before->line);
    g_hash_table_insert(self->silent, name, entry);
}

static Silence *open_entry(Audit *self, const Json *object, char *ret_sha256)
{
    g_autoptr(Envelope) envelope = audit_rows_envelope(self, object);
    if (envelope == NULL)
        return NULL;
    if (strcmp(envelope->type, ENVELOPE_TYPE_UNREPORTED) != 0) {
        audit_rows_fault(self, "payload type %s is not that of an entry about silence",
                         envelope->type);
        return NULL;
    }
    /* It speaks of stations everywhere: a key that plans for one area only may not sign it. */
    g_autoptr(GError) error = NULL;
    size_t length = 0;
    const void *bytes = g_bytes_get_data(envelope->payload, &length);
    g_autoptr(Silence) silence = NULL;
    if (audit_roots_accept(self, envelope, ROOT_ROLE_PLAN, NULL, &error))
        silence = silence_parse(bytes, length, &error);
    if (!silence) {
        audit_rows_fault(self, "%s", error->message);
        return NULL;
    }
    g_autofree char *sha256 = digest_hex_of(bytes, length);
    g_strlcpy(ret_sha256, sha256, DIGEST_HEX + 1);
    return g_steal_pointer(&silence);
}

void audit_silence_row(Audit *self, const Json *object)
{
    const Entry *before = self->entries->len ? self->entries->pdata[self->entries->len - 1] : NULL;
    Entry *entry = g_new0(Entry, 1);
    entry->line = self->line;
    entry->number = before ? before->number + 1 : 1;
    entry->is_chained = before && before->is_chained;
    entry->heads = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_ptr_array_add(self->entries, entry);
    g_autoptr(Silence) silence = open_entry(self, object, entry->sha256);
    if (!silence)
        return;
    check_chain(self, before, entry, silence);
    note_heads(self, entry, silence);
    self->latest_us = MAX(self->latest_us, silence->made_us);
    for (unsigned i = 0; i < silence->airings->len; i++)
        check_airing(self, entry, silence, silence->airings->pdata[i]);
}

void audit_silence_held(Audit *self, const char *keyid, int64_t counter, const char *sha256)
{
    g_autofree char *name = head_name(keyid, counter);
    Head *head = g_hash_table_lookup(self->heads, name);
    if (!head)
        return;
    head->seen = true;
    if (strcmp(head->sha256, sha256) != 0)
        audit_rows_fault(self,
                         "station %s: receipt %" G_GINT64_FORMAT
                         " is not the one that line %u of " AUDIT_SILENCE_FILE " says was held",
                         head->station, counter, head->line);
}

void audit_silence_receipt(Audit *self, const Receipt *receipt)
{
    g_autofree char *name = g_strdup_printf("%s %s", receipt->station, receipt->airing);
    const Entry *entry = g_hash_table_lookup(self->silent, name);
    if (!entry)
        return;
    const int64_t *held = g_hash_table_lookup(entry->heads, receipt->keyid);
    if (held && receipt->counter <= *held)
        audit_rows_fault(self,
                         "station %s: receipt %" G_GINT64_FORMAT
                         " speaks of airing %s and had come when line %u of " AUDIT_SILENCE_FILE
                         " called it unreported",
                         receipt->station, receipt->counter, receipt->airing, entry->line);
    else
        self->report->answered++;
}

void audit_silence_end(Audit *self)
{
    GHashTableIter iter;
    gpointer name, value;
    self->file = AUDIT_SILENCE_FILE;
    g_hash_table_iter_init(&iter, self->heads);
    while (g_hash_table_iter_next(&iter, &name, &value)) {
        const Head *head = value;
        self->line = head->line;
        if (!head->seen)
            audit_rows_fault(self, "station %s: receipt %s had come by then and is missing",
                             head->station, strchr(name, ' ') + 1);
    }
}
