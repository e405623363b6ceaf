/* SQL of the papers behind one airing. The log stands on its own: what was deleted since is simply
 * not known any more. */
#include "ledger/airing_paper_store.h"

void airing_receipt_free(AiringReceipt *receipt)
{
    if (!receipt)
        return;
    g_free(receipt->keyid);
    g_free(receipt->sha256);
    g_free(receipt->envelope);
    g_free(receipt);
}

void airing_papers_clear(AiringPapers *papers)
{
    g_free(papers->created_by);
    g_free(papers->unreported_sha256);
    if (papers->receipts)
        g_ptr_array_unref(papers->receipts);
}

static bool read_order(Database *database, const Airing *airing, AiringPapers *papers,
                       GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT created_us, created_by_name FROM broadcasts WHERE id = $1");
    query_text(query, airing->broadcast);
    int step = query_next(query, error);
    if (step > 0) {
        papers->created_us = row_int(query, 0);
        papers->created_by = g_strdup(row_text(query, 1));
    }
    return step >= 0;
}

/* A version's last change of state is its approval while it is approved. */
static bool read_approval(Database *database, const Airing *airing, AiringPapers *papers,
                          GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT updated_us FROM bulletin_versions WHERE id = $1 "
                                 "AND state = 'approved'");
    query_text(query, airing->bulletin_version);
    int step = query_next(query, error);
    if (step > 0)
        papers->approved_us = row_int(query, 0);
    return step >= 0;
}

static int by_arrival(gconstpointer left, gconstpointer right)
{
    const AiringReceipt *a = *(AiringReceipt *const *)left, *b = *(AiringReceipt *const *)right;
    return (a->seq > b->seq) - (a->seq < b->seq);
}

static void cut_receipts(AiringPapers *papers)
{
    papers->more_receipts = papers->receipts->len > AIRING_RECEIPTS_MAX;
    if (papers->more_receipts)
        g_ptr_array_set_size(papers->receipts, AIRING_RECEIPTS_MAX);
    g_ptr_array_sort(papers->receipts, by_arrival);
}

static bool read_receipts(Database *database, const Airing *airing, AiringPapers *papers,
                          GError **error)
{
    papers->receipts = g_ptr_array_new_with_free_func((GDestroyNotify)airing_receipt_free);
    if (airing->receipts == 0)
        return true;
    /* One is found by its number; more than one are looked for among those of the station. */
    g_autoptr(Query) query = database_query(
        database, "SELECT seq, received_us, counter, keyid, sha256, envelope FROM receipts "
                  "WHERE ($1 = 1 AND seq = $2) OR ($1 > 1 AND station = $3 AND airing = $4) "
                  "ORDER BY seq = $2 DESC, seq LIMIT $5");
    query_int(query, airing->receipts > 1 || !airing->receipt_seq ? 2 : 1);
    query_int(query, airing->receipt_seq);
    query_text(query, airing->station);
    query_text(query, airing->id);
    query_int(query, AIRING_RECEIPTS_MAX + 1);
    int step;
    while ((step = query_next(query, error)) > 0) {
        AiringReceipt *receipt = g_new0(AiringReceipt, 1);
        receipt->seq = row_int(query, 0);
        receipt->received_us = row_int(query, 1);
        receipt->counter = row_int(query, 2);
        receipt->keyid = g_strdup(row_text(query, 3));
        receipt->sha256 = g_strdup(row_text(query, 4));
        receipt->envelope = g_strdup(row_text(query, 5));
        g_ptr_array_add(papers->receipts, receipt);
    }
    cut_receipts(papers);
    return step == 0;
}

static bool read_closing(Database *database, const Airing *airing, AiringPapers *papers,
                         GError **error)
{
    if (!g_str_equal(airing->outcome, "unreported"))
        return true;
    g_autoptr(Query) query = database_query(
        database, "SELECT u.made_us, u.sha256 FROM airings a JOIN unreported u "
                  "ON u.seq = a.unreported_seq WHERE a.planned_us = $1 AND a.id = $2");
    query_int(query, airing->planned_us);
    query_text(query, airing->id);
    int step = query_next(query, error);
    if (step > 0) {
        papers->unreported_us = row_int(query, 0);
        papers->unreported_sha256 = g_strdup(row_text(query, 1));
    }
    return step >= 0;
}

bool airing_paper_store_read(Database *database, const Airing *airing, AiringPapers *ret_papers,
                             GError **error)
{
    *ret_papers = (AiringPapers){0};
    return read_order(database, airing, ret_papers, error) &&
           read_approval(database, airing, ret_papers, error) &&
           read_receipts(database, airing, ret_papers, error) &&
           read_closing(database, airing, ret_papers, error);
}

bool airing_paper_store_plan(Database *database, const char *station, int64_t epoch,
                             int64_t version, int64_t at_us, PlanTimes *ret_plan, GError **error)
{
    *ret_plan = (PlanTimes){0};
    g_autoptr(Query) query = database_query(
        database, version ? "SELECT epoch, version, issued_us, fetched_us, sha256 FROM plans "
                            "WHERE station = $1 AND epoch = $2 AND version = $3 AND $4 = $4"
                          : "SELECT epoch, version, issued_us, fetched_us, sha256 FROM plans "
                            "WHERE station = $1 AND $2 = $2 AND $3 = $3 AND issued_us <= $4 "
                            "ORDER BY epoch DESC, version DESC LIMIT 1");
    query_text(query, station);
    query_int(query, epoch);
    query_int(query, version);
    query_int(query, at_us);
    int step = query_next(query, error);
    if (step > 0) {
        ret_plan->epoch = row_int(query, 0);
        ret_plan->version = row_int(query, 1);
        ret_plan->issued_us = row_int(query, 2);
        ret_plan->fetched_us = row_int(query, 3);
        g_strlcpy(ret_plan->sha256, row_text(query, 4), sizeof ret_plan->sha256);
    }
    return step >= 0;
}
