/* SQL of the receipts. There is no UPDATE and no DELETE on receipts in the whole program: what was
 * stored stays, and a row that changes breaks the chain for everyone to see. */
#include "ledger/receipt_store.h"

#define RECEIPT_STORE_UNDER_WAY_US (INT64_C(86400) * G_USEC_PER_SEC) /* word may come so late */
#define ZEROS                      "0000000000000000000000000000000000000000000000000000000000000000"

bool receipt_store_chain(Database *database, const char *keyid, ReceiptChain *ret_chain,
                         GError **error)
{
    *ret_chain = (ReceiptChain){.sha256 = ZEROS};
    g_autoptr(Query) query =
        database_query(database, "SELECT counter, sha256, side_counter, side_sha256, restored "
                                 "FROM receipt_chains WHERE keyid = $1");
    query_text(query, keyid);
    int step = query_next(query, error);
    if (step > 0) {
        ret_chain->counter = row_int(query, 0);
        g_strlcpy(ret_chain->sha256, row_text(query, 1), sizeof ret_chain->sha256);
        ret_chain->side_counter = row_int(query, 2);
        g_strlcpy(ret_chain->side_sha256, row_text(query, 3), sizeof ret_chain->side_sha256);
        ret_chain->restored = row_bool(query, 4);
    }
    return step >= 0;
}

bool receipt_store_set_chain(Database *database, const char *keyid, const ReceiptChain *chain,
                             GError **error)
{
    g_autoptr(Query) query = database_query(
        database,
        "INSERT INTO receipt_chains (keyid, counter, sha256, side_counter, side_sha256, restored) "
        "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (keyid) DO UPDATE SET "
        "counter = excluded.counter, sha256 = excluded.sha256, "
        "side_counter = excluded.side_counter, side_sha256 = excluded.side_sha256, restored = "
        "excluded.restored");
    query_text(query, keyid);
    query_int(query, chain->counter);
    query_text(query, chain->sha256);
    query_int(query, chain->side_counter);
    query_text(query, chain->side_sha256);
    query_bool(query, chain->restored);
    return query_run(query, error);
}

bool receipt_store_expect_gaps(Database *database, GError **error)
{
    g_autoptr(Query) chains = database_query(database, "UPDATE receipt_chains SET restored = 1");
    g_autoptr(Query) others = database_query(
        database, "INSERT INTO receipt_chains (keyid, counter, sha256, restored) "
                  "SELECT keyid, 0, $1, 1 FROM (SELECT keyid FROM stations "
                  "UNION ALL SELECT keyid FROM station_keys) WHERE true ON CONFLICT DO NOTHING");
    query_text(others, ZEROS);
    return query_run(chains, error) && query_run(others, error);
}

static bool add_gap(Database *database, const ReceiptChain *chain, const Receipt *receipt,
                    int64_t now_us, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO receipt_gaps (keyid, first_counter, last_counter, station, why, "
                  "previous, noted_us) VALUES ($1, $2, $3, $4, 'lost-by-restore', $5, $6)");
    query_text(query, receipt->keyid);
    query_int(query, chain->counter + 1);
    query_int(query, receipt->counter - 1);
    query_text(query, receipt->station);
    query_text(query, receipt->previous);
    query_int(query, now_us);
    return query_run(query, error);
}

/* What was due before the receipt was made and has no word: its word was among the lost ones, or
 * comes with a receipt that is still under way and then says otherwise. */
bool receipt_store_note_gap(Database *database, const ReceiptChain *chain, const Receipt *receipt,
                            int64_t now_us, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "UPDATE airings SET reason = '" RECEIPT_STORE_LOST "' "
                  "WHERE station = $1 AND outcome = '' AND planned_us <= $2 AND planned_us >= "
                  "coalesce((SELECT min(copied_us) FROM restores WHERE epoch = "
                  "(SELECT max(epoch) FROM restores)), 0) - $3");
    query_text(query, receipt->station);
    query_int(query, MIN(receipt->made_us, now_us));
    query_int(query, RECEIPT_STORE_UNDER_WAY_US);
    return add_gap(database, chain, receipt, now_us, error) && query_run(query, error);
}

bool receipt_store_add(Database *database, const StoredReceipt *stored, const Receipt *receipt,
                       GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO receipts (received_us, station, keyid, counter, airing, "
                  "planned_us, outcome, reason, sha256, envelope) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    query_int(query, stored->received_us);
    query_text(query, stored->station);
    query_text(query, stored->keyid);
    query_int(query, stored->counter);
    query_text(query, receipt->airing);
    query_int(query, receipt->planned_us);
    query_text(query, outcome_words[receipt->outcome]);
    query_text(query, reason_words[receipt->reason]);
    query_text(query, stored->sha256);
    query_text(query, stored->envelope);
    return query_run(query, error);
}

bool receipt_store_quarantine(Database *database, const StoredReceipt *stored, const char *why,
                              GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO quarantine (received_us, station, keyid, counter, why, sha256, "
                  "envelope) SELECT $1, $2, $3, $4, $5, $6, $7 "
                  "WHERE (SELECT count(*) FROM quarantine WHERE keyid = $3) < $8 "
                  "ON CONFLICT DO NOTHING");
    query_int(query, stored->received_us);
    query_text(query, stored->station);
    query_text(query, stored->keyid);
    query_int(query, stored->counter);
    query_text(query, why);
    query_text(query, stored->sha256);
    query_text(query, stored->envelope);
    query_int(query, RECEIPT_STORE_QUARANTINE_MAX);
    return query_run(query, error);
}

char *receipt_store_why(Database *database, const char *keyid, const char *sha256, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT why FROM quarantine WHERE keyid = $1 AND sha256 = $2");
    query_text(query, keyid);
    query_text(query, sha256);
    return query_next(query, error) > 0 ? g_strdup(row_text(query, 0)) : NULL;
}

char *receipt_store_payload(Database *database, const char *keyid, int64_t counter, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT sha256 FROM receipts WHERE keyid = $1 AND counter = $2");
    query_text(query, keyid);
    query_int(query, counter);
    return query_next(query, error) > 0 ? g_strdup(row_text(query, 0)) : NULL;
}

bool receipt_store_mark(Database *database, int64_t seq, ReceiptMark *ret_mark, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT keyid, sha256 FROM receipts WHERE seq = $1");
    query_int(query, seq);
    int step = query_next(query, error);
    if (step < 0)
        return false;
    *ret_mark = (ReceiptMark){0};
    if (step == 0)
        return true;
    g_strlcpy(ret_mark->keyid, row_text(query, 0), sizeof ret_mark->keyid);
    g_strlcpy(ret_mark->sha256, row_text(query, 1), sizeof ret_mark->sha256);
    return true;
}

void receipt_row_free(ReceiptRow *row)
{
    if (!row)
        return;
    g_free(row->outcome);
    g_free(row->reason);
    g_free(row->airing);
    g_free(row->envelope);
    g_free(row);
}

GPtrArray *receipt_store_of_station(Database *database, const char *station, int64_t before_seq,
                                    unsigned limit, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)receipt_row_free);
    g_autoptr(Query) query = database_query(
        database, "SELECT seq, received_us, counter, outcome, reason, airing, envelope "
                  "FROM receipts WHERE station = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3");
    query_text(query, station);
    query_int(query, before_seq > 0 ? before_seq : G_MAXINT64);
    query_int(query, limit);
    int step;
    while ((step = query_next(query, error)) > 0) {
        ReceiptRow *row = g_new0(ReceiptRow, 1);
        row->seq = row_int(query, 0);
        row->received_us = row_int(query, 1);
        row->counter = row_int(query, 2);
        row->outcome = g_strdup(row_text(query, 3));
        row->reason = g_strdup(row_text(query, 4));
        row->airing = g_strdup(row_text(query, 5));
        row->envelope = g_strdup(row_text(query, 6));
        g_ptr_array_add(list, row);
    }
    return step == 0 ? g_steal_pointer(&list) : NULL;
}
