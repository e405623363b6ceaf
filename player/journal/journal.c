/* The journal on SQLite: what returned true survives a power cut.
 *
 * While an airing sounds, its row holds a draft: the receipt as it would read if the power failed
 * now. That is all a restart needs to close it honestly. The chain (counter and previous hash)
 * moves in the transaction that stores the receipt, so no counter is ever skipped or used twice,
 * and it outlives the receipts that were acknowledged and removed. One thread, the loop's. */
#include "journal/journal_file.h"

#include "digest.h"
#include "envelope.h"

#include <string.h>

static void bind_text(Statement *row, int index, const char *text)
{
    sqlite3_bind_text(row, index, text, -1, SQLITE_TRANSIENT);
}

Journal *journal_open_later(const char *path, const Key *key, GError **ret_error)
{
    Journal *self = g_new0(Journal, 1);
    self->path = g_strdup(path);
    self->key = key;
    (void)journal_file_open(self, ret_error);
    return self;
}

Journal *journal_open(const char *path, const Key *key, GError **error)
{
    g_autoptr(Journal) self = journal_open_later(path, key, error);
    return self->db ? g_steal_pointer(&self) : NULL;
}

void journal_free(Journal *self)
{
    if (!self)
        return;
    sqlite3_close(self->db);
    g_free(self->path);
    g_free(self);
}

static void bind_draft(Journal *self, Statement *row, int index, const Receipt *draft)
{
    g_autoptr(Json) json = receipt_to_json(draft);
    json_set_text(json, "keyid", self->key->id);
    json_set_int(json, "counter", 1); /* the true one is given at the end */
    size_t length;
    g_autofree char *text = json_print(json, &length);
    sqlite3_bind_blob64(row, index, text, length, SQLITE_TRANSIENT);
}

static bool is_full(Journal *self, GError **error)
{
    if (self->waiting < JOURNAL_MAX_WAITING)
        return false;
    g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_FULL,
                "%d receipts wait for the controller: the journal is full", JOURNAL_MAX_WAITING);
    return true;
}

bool journal_start(Journal *self, const Receipt *draft, GError **error)
{
    if (is_full(self, error))
        return false;
    g_autoptr(Statement) row = journal_file_statement(
        self, "INSERT INTO airing(id, planned_us, draft) VALUES ($1, $2, $3)");
    bind_text(row, 1, draft->airing);
    sqlite3_bind_int64(row, 2, draft->planned_us);
    bind_draft(self, row, 3, draft);
    if (row && sqlite3_step(row) == SQLITE_DONE)
        return true;
    bool again = self->db && sqlite3_extended_errcode(self->db) == SQLITE_CONSTRAINT_PRIMARYKEY;
    journal_file_fail(self, "note a start", error);
    if (again && error && *error)
        (*error)->code = JOURNAL_ERROR_AGAIN;
    return false;
}

bool journal_mark(Journal *self, const Receipt *draft, GError **error)
{
    g_autoptr(Statement) row = journal_file_statement(
        self, "UPDATE airing SET draft = $1 WHERE id = $2 AND draft IS NOT NULL");
    bind_draft(self, row, 1, draft);
    bind_text(row, 2, draft->airing);
    return journal_file_finish(self, row, "mark progress", error);
}

/* False where the chain cannot be read now: who took that for its beginning would count anew. */
static bool read_head(Journal *self, int64_t *ret_counter, char ret_sha256[65], GError **error)
{
    g_autoptr(Statement) row =
        journal_file_statement(self, "SELECT counter, previous FROM chain WHERE keyid = $1");
    bind_text(row, 1, self->key->id);
    int answer = row ? sqlite3_step(row) : SQLITE_ERROR;
    bool found =
        answer == SQLITE_ROW && sqlite3_column_text(row, 1); /* none only in a damaged file */
    *ret_counter = found ? sqlite3_column_int64(row, 0) : 0;
    memset(ret_sha256, '0', DIGEST_HEX);
    ret_sha256[DIGEST_HEX] = '\0';
    if (found)
        g_strlcpy(ret_sha256, (const char *)sqlite3_column_text(row, 1), 65);
    return answer == SQLITE_ROW || answer == SQLITE_DONE ||
           journal_file_fail(self, "read its chain", error);
}

void journal_head(Journal *self, int64_t *ret_counter, char ret_sha256[65])
{
    (void)read_head(self, ret_counter, ret_sha256, NULL);
}

static bool end_airing(Journal *self, const Receipt *receipt, GError **error)
{
    /* An airing that has a receipt already breaks the UNIQUE of its receipt below, or, when that
     * one was acknowledged, matches no row here. */
    g_autoptr(Statement) row = journal_file_statement(
        self, "INSERT INTO airing(id, planned_us, draft) VALUES ($1, $2, NULL)"
              " ON CONFLICT(id) DO UPDATE SET draft = NULL WHERE draft IS NOT NULL");
    bind_text(row, 1, receipt->airing);
    sqlite3_bind_int64(row, 2, receipt->planned_us);
    if (!journal_file_finish(self, row, "end an airing", error))
        return false;
    if (sqlite3_changes(self->db) == 1)
        return true;
    g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_AGAIN, "airing %s has ended before",
                receipt->airing);
    return false;
}

static bool move_chain(Journal *self, int64_t counter, const char *sha256, GError **error)
{
    g_autoptr(Statement) row = journal_file_statement(
        self, "INSERT INTO chain(keyid, counter, previous) VALUES ($1, $2, $3)"
              " ON CONFLICT(keyid) DO UPDATE SET counter = $2, previous = $3");
    bind_text(row, 1, self->key->id);
    sqlite3_bind_int64(row, 2, counter);
    bind_text(row, 3, sha256);
    return journal_file_finish(self, row, "count a receipt", error);
}

static bool store(Journal *self, const Receipt *receipt, const Envelope *envelope, GError **error)
{
    g_autoptr(Statement) row = journal_file_statement(
        self, "INSERT INTO receipt(counter, airing, envelope) VALUES ($1, $2, $3)");
    size_t length;
    g_autofree char *text = envelope_print(envelope, &length);
    sqlite3_bind_int64(row, 1, receipt->counter);
    bind_text(row, 2, receipt->airing);
    sqlite3_bind_blob64(row, 3, text, length, SQLITE_TRANSIENT);
    return journal_file_finish(self, row, "store a receipt", error);
}

static bool keep_span(Journal *self, const char *airing, HeardSpan span, GError **error)
{
    g_autoptr(Statement) row = journal_file_statement(
        self, "INSERT INTO heard(airing, from_us, until_us) VALUES ($1, $2, $3)");
    bind_text(row, 1, airing);
    sqlite3_bind_int64(row, 2, span.from_us);
    sqlite3_bind_int64(row, 3, span.until_us);
    return journal_file_finish(self, row, "note what was heard", error);
}

static bool keep_heard(Journal *self, const Receipt *receipt, GError **error)
{
    g_autoptr(Heard) heard = heard_of(receipt);
    bool good = true;
    for (unsigned i = 0; good && heard && i < heard->spans->len; i++)
        good = keep_span(self, receipt->airing, g_array_index(heard->spans, HeardSpan, i), error);
    return good;
}

static bool end_within(Journal *self, Receipt *receipt, GError **error)
{
    g_free(receipt->keyid);
    receipt->keyid = g_strdup(self->key->id);
    if (!read_head(self, &receipt->counter, receipt->previous, error))
        return false;
    receipt->counter++;

    g_autoptr(Json) json = receipt_to_json(receipt);
    g_autoptr(GBytes) payload = json_print_bytes(json);
    g_autofree char *sha256 =
        digest_hex_of(g_bytes_get_data(payload, NULL), g_bytes_get_size(payload));
    g_autoptr(Envelope) envelope = envelope_sign(ENVELOPE_TYPE_RECEIPT, payload, self->key);
    return end_airing(self, receipt, error) && store(self, receipt, envelope, error) &&
           keep_heard(self, receipt, error) && move_chain(self, receipt->counter, sha256, error);
}

static bool has_started(Journal *self, const char *airing)
{
    g_autoptr(Statement) row =
        journal_file_statement(self, "SELECT 1 FROM airing WHERE id = $1 AND draft IS NOT NULL");
    bind_text(row, 1, airing);
    return row && sqlite3_step(row) == SQLITE_ROW;
}

bool journal_end(Journal *self, Receipt *receipt, GError **error)
{
    bool refused = !has_started(self, receipt->airing) && is_full(self, error);
    if (refused || !journal_file_run(self, "BEGIN IMMEDIATE", "be written", error))
        return false;
    if (!journal_file_settle(self, end_within(self, receipt, error), "store a receipt", error))
        return false;
    self->waiting++;
    return true;
}

bool journal_prune(Journal *self, int64_t before_us, GError **error)
{
    g_autoptr(Statement) row =
        journal_file_statement(self, "DELETE FROM airing WHERE planned_us < $1 AND draft IS NULL"
                                     " AND id NOT IN (SELECT airing FROM receipt)");
    sqlite3_bind_int64(row, 1, before_us);
    return journal_file_finish(self, row, "forget what is long over", error);
}

bool journal_alive(Journal *self, int64_t now_us, const char *boot_id, GError **error)
{
    if (!self->db && !journal_file_open(self, error))
        return false;
    g_autoptr(Statement) row =
        journal_file_statement(self, "INSERT INTO alive(id, at_us, boot_id) VALUES (1, $1, $2)"
                                     " ON CONFLICT(id) DO UPDATE SET at_us = $1, boot_id = $2");
    sqlite3_bind_int64(row, 1, now_us);
    bind_text(row, 2, boot_id);
    return journal_file_finish(self, row, "mark that the station is alive", error);
}

int64_t journal_count_waiting(Journal *self)
{
    return self->waiting;
}

bool journal_acknowledge(Journal *self, int64_t counter, GError **error)
{
    g_autoptr(Statement) row =
        journal_file_statement(self, "DELETE FROM receipt WHERE counter = $1");
    sqlite3_bind_int64(row, 1, counter);
    if (!journal_file_finish(self, row, "put away a receipt", error))
        return false;
    self->waiting -= sqlite3_changes(self->db);
    return true;
}
