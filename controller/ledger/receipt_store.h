/* Receipts word for word, in the order they came; and the chain of each key. */
#pragma once

#include "db/database.h"
#include "wire/receipt.h"

#define RECEIPT_STORE_QUARANTINE_MAX                                                               \
    10000 /* kept for one key; more are only counted as refused                                    \
           */

typedef struct ReceiptChain {
    int64_t counter; /* of the last in order; 0 = none */
    char sha256[65]; /* of its payload; zeros for none */
    int64_t side_counter;
    char side_sha256[65];
    bool restored; /* acknowledged receipts may be missing since a restore: one gap is believed */
} ReceiptChain;

bool receipt_store_chain(Database *database, const char *keyid, ReceiptChain *ret_chain,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool receipt_store_set_chain(Database *database, const char *keyid, const ReceiptChain *chain,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Receipts that a machine before this one acknowledged and that no copy holds: from the chain's
 * head to the one before `receipt`. Airings of the station that they may have told of say so. */
bool receipt_store_note_gap(Database *database, const ReceiptChain *chain, const Receipt *receipt,
                            int64_t now_us, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Every chain, those of stations that have none yet included, may leave one gap. */
bool receipt_store_expect_gaps(Database *database, GError **error) G_GNUC_WARN_UNUSED_RESULT;
#define RECEIPT_STORE_LOST "lost_by_restore" /* the airing's reason */

typedef struct StoredReceipt {
    int64_t seq;
    int64_t received_us;
    const char *station;
    const char *keyid;
    int64_t counter;
    const char *sha256;   /* of the payload; of the envelope for a quarantined one */
    const char *envelope; /* JSON text */
} StoredReceipt;

bool receipt_store_add(Database *database, const StoredReceipt *stored, const Receipt *receipt,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Kept once, however often it is sent. */
bool receipt_store_quarantine(Database *database, const StoredReceipt *stored, const char *why,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Why an envelope is in quarantine; NULL when it is not. */
char *receipt_store_why(Database *database, const char *keyid, const char *sha256, GError **error);
/* SHA-256 of the payload stored under a counter; NULL when there is none. */
char *receipt_store_payload(Database *database, const char *keyid, int64_t counter, GError **error);

/* What a row of the log needs to be found in the ledger's export. */
typedef struct ReceiptMark {
    char keyid[65];
    char sha256[65]; /* of the payload */
} ReceiptMark;
/* Empty where there is no such receipt. */
bool receipt_store_mark(Database *database, int64_t seq, ReceiptMark *ret_mark, GError **error);

typedef struct ReceiptRow {
    int64_t seq, received_us, counter;
    char *outcome, *reason, *airing, *envelope;
} ReceiptRow;
void receipt_row_free(ReceiptRow *row);

/* Newest first, below `before_seq` (0 = from the end). Elements are ReceiptRow*. */
GPtrArray *receipt_store_of_station(Database *database, const char *station, int64_t before_seq,
                                    unsigned limit, GError **error);
