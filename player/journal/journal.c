/* The journal on SQLite, in WAL mode with synchronous=FULL: what returned true survives a power
 * cut.
 *
 * While an airing sounds, its row holds a draft: the receipt as it would read if the power failed
 * now. That is all a restart needs to close it honestly. The chain (counter and previous hash)
 * moves in the transaction that stores the receipt, so no counter is ever skipped or used twice,
 * and it outlives the receipts that were acknowledged and removed. One thread, the loop's. */
#include "journal/journal.h"

#include "digest.h"
#include "envelope.h"

#include <sqlite3.h>
#include <string.h>

#define RECENT_US (INT64_C(2) * 86400 * G_USEC_PER_SEC) /* of what was heard */

struct Journal {
    char *path;
    sqlite3 *db; /* NULL: it could not be opened yet */
    const Key *key;
    int64_t waiting; /* receipts not acknowledged */
};

static const char schema[] =
    "CREATE TABLE airing(id TEXT PRIMARY KEY, planned_us INTEGER NOT NULL,"
    " draft BLOB) STRICT, WITHOUT ROWID;" /* draft NULL: it has ended */
    "CREATE TABLE receipt(counter INTEGER PRIMARY KEY, airing TEXT NOT NULL UNIQUE,"
    " envelope BLOB NOT NULL) STRICT;"
    "CREATE TABLE chain(keyid TEXT PRIMARY KEY, counter INTEGER NOT NULL,"
    " previous TEXT NOT NULL) STRICT;"
    "CREATE TABLE alive(id INTEGER PRIMARY KEY CHECK (id = 1), at_us INTEGER NOT NULL,"
    " boot_id TEXT NOT NULL) STRICT;"
    "PRAGMA user_version = 1;";

/* Each brings a journal from the version of its place to the next one; never to be changed. */
static const char *const changes[] = {
    schema,
    "CREATE TABLE heard(airing TEXT NOT NULL REFERENCES airing(id) ON DELETE CASCADE,"
    " from_us INTEGER NOT NULL, until_us INTEGER NOT NULL,"
    " PRIMARY KEY(airing, from_us)) STRICT, WITHOUT ROWID;"
    "PRAGMA user_version = 2;",
};

G_DEFINE_QUARK(loa - journal - error - quark, journal_error)

static void statement_free(sqlite3_stmt *statement)
{
    sqlite3_finalize(statement);
}
typedef sqlite3_stmt Statement;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Statement, statement_free)

static bool fail(Journal *self, const char *what, GError **error)
{
    g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_STORE, "the journal cannot %s: %s", what,
                self->db ? sqlite3_errmsg(self->db) : "it is not open");
    return false;
}

static bool run(Journal *self, const char *sql, const char *what, GError **error)
{
    if (self->db && sqlite3_exec(self->db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return true;
    return fail(self, what, error);
}

static Statement *statement(Journal *self, const char *sql)
{
    sqlite3_stmt *made = NULL;
    if (self->db)
        sqlite3_prepare_v2(self->db, sql, -1, &made, NULL);
    return made;
}

static void bind_text(Statement *row, int index, const char *text)
{
    sqlite3_bind_text(row, index, text, -1, SQLITE_TRANSIENT);
}

/* SQLite numbers $1, $2, ... in the order in which a statement names them first. */
static bool finish(Journal *self, Statement *row, const char *what, GError **error)
{
    if (row && sqlite3_step(row) == SQLITE_DONE)
        return true;
    return fail(self, what, error);
}

/* Ends a transaction: commits when all went well, else takes everything back. */
static bool settle(Journal *self, bool good, const char *what, GError **error)
{
    if (good && run(self, "COMMIT", what, error))
        return true;
    if (self->db)
        sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

static int64_t read_int(Journal *self, const char *sql)
{
    g_autoptr(Statement) row = statement(self, sql);
    return row && sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_int64(row, 0) : 0;
}

static bool prepare_file(Journal *self, GError **error)
{
    static const char settings[] =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
        "PRAGMA mmap_size = 0; PRAGMA busy_timeout = 2000;";
    if (!run(self, settings, "be opened", error))
        return false;
    int64_t version = read_int(self, "PRAGMA user_version");
    if (version == G_N_ELEMENTS(changes))
        return true;
    if (version < 0 || version > (int64_t)G_N_ELEMENTS(changes)) {
        g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_STORE,
                    "the journal was written by a newer version");
        return false;
    }
    if (!run(self, "BEGIN IMMEDIATE", "be made", error))
        return false;
    bool good = true;
    for (size_t i = (size_t)version; good && i < G_N_ELEMENTS(changes); i++)
        good = run(self, changes[i], "be made", error);
    return settle(self, good, "be made", error);
}

static bool open_file(Journal *self, GError **error)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    bool good = sqlite3_open_v2(self->path, &self->db, flags, NULL) == SQLITE_OK;
    if (!good)
        fail(self, "be opened", error);
    if (good && prepare_file(self, error)) {
        self->waiting = read_int(self, "SELECT count(*) FROM receipt");
        return true;
    }
    sqlite3_close(self->db);
    self->db = NULL;
    return false;
}

Journal *journal_open_later(const char *path, const Key *key, GError **ret_error)
{
    Journal *self = g_new0(Journal, 1);
    self->path = g_strdup(path);
    self->key = key;
    (void)open_file(self, ret_error);
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
    g_autoptr(Statement) row =
        statement(self, "INSERT INTO airing(id, planned_us, draft) VALUES ($1, $2, $3)");
    bind_text(row, 1, draft->airing);
    sqlite3_bind_int64(row, 2, draft->planned_us);
    bind_draft(self, row, 3, draft);
    if (row && sqlite3_step(row) == SQLITE_DONE)
        return true;
    bool again = self->db && sqlite3_extended_errcode(self->db) == SQLITE_CONSTRAINT_PRIMARYKEY;
    fail(self, "note a start", error);
    if (again && error && *error)
        (*error)->code = JOURNAL_ERROR_AGAIN;
    return false;
}

bool journal_mark(Journal *self, const Receipt *draft, GError **error)
{
    g_autoptr(Statement) row =
        statement(self, "UPDATE airing SET draft = $1 WHERE id = $2 AND draft IS NOT NULL");
    bind_draft(self, row, 1, draft);
    bind_text(row, 2, draft->airing);
    return finish(self, row, "mark progress", error);
}

void journal_head(Journal *self, int64_t *ret_counter, char ret_sha256[65])
{
    g_autoptr(Statement) row =
        statement(self, "SELECT counter, previous FROM chain WHERE keyid = $1");
    bind_text(row, 1, self->key->id);
    bool found = row && sqlite3_step(row) == SQLITE_ROW &&
                 sqlite3_column_text(row, 1); /* none only in a damaged file */
    *ret_counter = found ? sqlite3_column_int64(row, 0) : 0;
    memset(ret_sha256, '0', DIGEST_HEX);
    ret_sha256[DIGEST_HEX] = '\0';
    if (found)
        g_strlcpy(ret_sha256, (const char *)sqlite3_column_text(row, 1), 65);
}

static bool end_airing(Journal *self, const Receipt *receipt, GError **error)
{
    /* An airing that has a receipt already breaks the UNIQUE of its receipt below, or, when that
     * one was acknowledged, matches no row here. */
    g_autoptr(Statement) row =
        statement(self, "INSERT INTO airing(id, planned_us, draft) VALUES ($1, $2, NULL)"
                        " ON CONFLICT(id) DO UPDATE SET draft = NULL WHERE draft IS NOT NULL");
    bind_text(row, 1, receipt->airing);
    sqlite3_bind_int64(row, 2, receipt->planned_us);
    if (!finish(self, row, "end an airing", error))
        return false;
    if (sqlite3_changes(self->db) == 1)
        return true;
    g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_AGAIN, "airing %s has ended before",
                receipt->airing);
    return false;
}

static bool move_chain(Journal *self, int64_t counter, const char *sha256, GError **error)
{
    g_autoptr(Statement) row =
        statement(self, "INSERT INTO chain(keyid, counter, previous) VALUES ($1, $2, $3)"
                        " ON CONFLICT(keyid) DO UPDATE SET counter = $2, previous = $3");
    bind_text(row, 1, self->key->id);
    sqlite3_bind_int64(row, 2, counter);
    bind_text(row, 3, sha256);
    return finish(self, row, "count a receipt", error);
}

static bool store(Journal *self, const Receipt *receipt, const Envelope *envelope, GError **error)
{
    g_autoptr(Statement) row =
        statement(self, "INSERT INTO receipt(counter, airing, envelope) VALUES ($1, $2, $3)");
    size_t length;
    g_autofree char *text = envelope_print(envelope, &length);
    sqlite3_bind_int64(row, 1, receipt->counter);
    bind_text(row, 2, receipt->airing);
    sqlite3_bind_blob64(row, 3, text, length, SQLITE_TRANSIENT);
    return finish(self, row, "store a receipt", error);
}

static bool keep_span(Journal *self, const char *airing, HeardSpan span, GError **error)
{
    g_autoptr(Statement) row =
        statement(self, "INSERT INTO heard(airing, from_us, until_us) VALUES ($1, $2, $3)");
    bind_text(row, 1, airing);
    sqlite3_bind_int64(row, 2, span.from_us);
    sqlite3_bind_int64(row, 3, span.until_us);
    return finish(self, row, "note what was heard", error);
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
    journal_head(self, &receipt->counter, receipt->previous);
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
        statement(self, "SELECT 1 FROM airing WHERE id = $1 AND draft IS NOT NULL");
    bind_text(row, 1, airing);
    return row && sqlite3_step(row) == SQLITE_ROW;
}

bool journal_end(Journal *self, Receipt *receipt, GError **error)
{
    bool refused = !has_started(self, receipt->airing) && is_full(self, error);
    if (refused || !run(self, "BEGIN IMMEDIATE", "be written", error))
        return false;
    if (!settle(self, end_within(self, receipt, error), "store a receipt", error))
        return false;
    self->waiting++;
    return true;
}

GPtrArray *journal_unfinished(Journal *self, GError **error)
{
    g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func((GDestroyNotify)receipt_free);
    g_autoptr(Statement) row =
        statement(self, "SELECT draft FROM airing WHERE draft IS NOT NULL ORDER BY planned_us");
    int answer = SQLITE_ERROR;
    while (row && (answer = sqlite3_step(row)) == SQLITE_ROW) {
        Receipt *draft =
            receipt_parse(sqlite3_column_blob(row, 0), sqlite3_column_bytes(row, 0), error);
        if (!draft)
            return NULL;
        g_ptr_array_add(drafts, draft);
    }
    if (answer == SQLITE_DONE)
        return g_steal_pointer(&drafts);
    fail(self, "be read", error);
    return NULL;
}

GHashTable *journal_known(Journal *self, GError **error)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(Statement) row = statement(self, "SELECT id FROM airing");
    int answer = SQLITE_ERROR;
    while (row && (answer = sqlite3_step(row)) == SQLITE_ROW) {
        const char *id = (const char *)sqlite3_column_text(row, 0);
        if (!id) { /* a damaged page can hold what the schema forbids */
            g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_STORE,
                        "the journal cannot be read: it is damaged");
            return NULL;
        }
        g_hash_table_add(known, g_strdup(id));
    }
    if (answer == SQLITE_DONE)
        return g_steal_pointer(&known);
    fail(self, "be read", error);
    return NULL;
}

static void take_span(GHashTable *all, const char *airing, HeardSpan span)
{
    Heard *heard = g_hash_table_lookup(all, airing);
    if (!heard) {
        heard = heard_new(airing);
        g_hash_table_insert(all, heard->airing, heard);
    }
    heard_add(heard, span);
}

GHashTable *journal_heard(Journal *self, GError **error)
{
    g_autoptr(GHashTable) all =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)heard_free);
    g_autoptr(Statement) row =
        statement(self, "SELECT airing, from_us, until_us FROM heard WHERE until_us >"
                        " (SELECT max(until_us) FROM heard) - $1 ORDER BY airing, from_us");
    sqlite3_bind_int64(row, 1, RECENT_US);
    int answer = SQLITE_ERROR;
    while (row && (answer = sqlite3_step(row)) == SQLITE_ROW) {
        const char *airing = (const char *)sqlite3_column_text(row, 0);
        HeardSpan span = {sqlite3_column_int64(row, 1), sqlite3_column_int64(row, 2)};
        if (airing && span.until_us > span.from_us) /* all are, but in a damaged file */
            take_span(all, airing, span);
    }
    if (answer == SQLITE_DONE)
        return g_steal_pointer(&all);
    fail(self, "be read", error);
    return NULL;
}

bool journal_prune(Journal *self, int64_t before_us, GError **error)
{
    g_autoptr(Statement) row =
        statement(self, "DELETE FROM airing WHERE planned_us < $1 AND draft IS NULL"
                        " AND id NOT IN (SELECT airing FROM receipt)");
    sqlite3_bind_int64(row, 1, before_us);
    return finish(self, row, "forget what is long over", error);
}

bool journal_alive(Journal *self, int64_t now_us, const char *boot_id, GError **error)
{
    if (!self->db && !open_file(self, error))
        return false;
    g_autoptr(Statement) row =
        statement(self, "INSERT INTO alive(id, at_us, boot_id) VALUES (1, $1, $2)"
                        " ON CONFLICT(id) DO UPDATE SET at_us = $1, boot_id = $2");
    sqlite3_bind_int64(row, 1, now_us);
    bind_text(row, 2, boot_id);
    return finish(self, row, "mark that the station is alive", error);
}

bool journal_last_alive(Journal *self, int64_t *ret_us, char **ret_boot_id)
{
    g_autoptr(Statement) row = statement(self, "SELECT at_us, boot_id FROM alive");
    if (!row || sqlite3_step(row) != SQLITE_ROW || !sqlite3_column_text(row, 1))
        return false;
    *ret_us = sqlite3_column_int64(row, 0);
    *ret_boot_id = g_strdup((const char *)sqlite3_column_text(row, 1));
    return true;
}

static void waiting_clear(gpointer data)
{
    g_bytes_unref(((WaitingReceipt *)data)->envelope);
}

GArray *journal_waiting(Journal *self, unsigned max, GError **error)
{
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(WaitingReceipt));
    g_array_set_clear_func(list, waiting_clear);
    g_autoptr(Statement) row =
        statement(self, "SELECT counter, envelope FROM receipt ORDER BY counter LIMIT $1");
    sqlite3_bind_int64(row, 1, max);
    int answer = SQLITE_ERROR;
    while (row && (answer = sqlite3_step(row)) == SQLITE_ROW) {
        WaitingReceipt one = {
            .counter = sqlite3_column_int64(row, 0),
            .envelope =
                g_bytes_new(sqlite3_column_blob(row, 1), (size_t)sqlite3_column_bytes(row, 1)),
        };
        g_array_append_val(list, one);
    }
    if (answer == SQLITE_DONE)
        return g_steal_pointer(&list);
    fail(self, "be read", error);
    return NULL;
}

int64_t journal_count_waiting(Journal *self)
{
    return self->waiting;
}

bool journal_acknowledge(Journal *self, int64_t counter, GError **error)
{
    g_autoptr(Statement) row = statement(self, "DELETE FROM receipt WHERE counter = $1");
    sqlite3_bind_int64(row, 1, counter);
    if (!finish(self, row, "put away a receipt", error))
        return false;
    self->waiting -= sqlite3_changes(self->db);
    return true;
}
