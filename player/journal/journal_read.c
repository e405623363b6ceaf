/* What stands in the journal, for a station that starts and for the link: drafts, ids, minutes that
 * were heard, receipts that wait. */
#include "journal/journal_file.h"

#define RECENT_US (INT64_C(2) * 86400 * G_USEC_PER_SEC) /* of what was heard */

GPtrArray *journal_unfinished(Journal *self, GError **error)
{
    g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func((GDestroyNotify)receipt_free);
    g_autoptr(Statement) row = journal_file_statement(
        self, "SELECT draft FROM airing WHERE draft IS NOT NULL ORDER BY planned_us");
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
    journal_file_fail(self, "be read", error);
    return NULL;
}

GHashTable *journal_known(Journal *self, GError **error)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(Statement) row = journal_file_statement(self, "SELECT id FROM airing");
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
    journal_file_fail(self, "be read", error);
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
    g_autoptr(Statement) row = journal_file_statement(
        self, "SELECT airing, from_us, until_us FROM heard WHERE until_us >"
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
    journal_file_fail(self, "be read", error);
    return NULL;
}

bool journal_last_alive(Journal *self, int64_t *ret_us, char **ret_boot_id)
{
    g_autoptr(Statement) row = journal_file_statement(self, "SELECT at_us, boot_id FROM alive");
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
    g_autoptr(Statement) row = journal_file_statement(
        self, "SELECT counter, envelope FROM receipt ORDER BY counter LIMIT $1");
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
    journal_file_fail(self, "be read", error);
    return NULL;
}
