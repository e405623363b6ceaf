/* All that lies behind one airing: who ordered and approved it, the plan that told the station, and
 * what the station signed. */
#pragma once

#include "schedule/airing_store.h"

typedef struct AiringReceipt {
    int64_t seq, received_us, counter;
    char *keyid, *sha256, *envelope;
} AiringReceipt;
void airing_receipt_free(AiringReceipt *receipt);

typedef struct AiringPapers {
    int64_t created_us; /* of the broadcast; 0 = not known any more */
    char *created_by;
    int64_t approved_us; /* of the bulletin's version; 0 = not known */
    GPtrArray *receipts; /* AiringReceipt*, in the order they came: the first AIRING_RECEIPTS_MAX,
                          * the one that counts always among them */
    bool more_receipts;
    int64_t unreported_us;
    char *unreported_sha256; /* NULL = not closed by the controller */
} AiringPapers;
#define AIRING_RECEIPTS_MAX 20

void airing_papers_clear(AiringPapers *papers);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AiringPapers, airing_papers_clear)
bool airing_paper_store_read(Database *database, const Airing *airing, AiringPapers *ret_papers,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct PlanTimes {
    int64_t epoch, version; /* 0 = there is none */
    int64_t issued_us, fetched_us;
    char sha256[65];
} PlanTimes;
/* The plan of that version; with version 0 the newest that was signed before `at_us`. */
bool airing_paper_store_plan(Database *database, const char *station, int64_t epoch,
                             int64_t version, int64_t at_us, PlanTimes *ret_plan,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
