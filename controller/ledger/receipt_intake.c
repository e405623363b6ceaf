/* The way of a receipt: verify -> parse the same bytes -> whose -> where in the chain -> which
 * airing.
 *
 * Nothing is read from a receipt before its signature holds. What does not hold, or does not fit,
 * is set aside with the reason and its bytes, never thrown away and never believed, and it does not
 * block those that come after it.
 *
 * The chain: a receipt joins when its counter is one more than the head's and it names the head's
 * hash. After a gap the receipt that jumped is set aside and remembered as `side`; what follows on
 * from it joins, and the head moves there. So one loss (a restored backup, a broken disk) costs one
 * receipt and shows as a gap for good, instead of shutting out a station for ever. A receipt that
 * stands rightly in the chain but names an airing that nobody planned moves the head as well.
 *
 * After a restore each chain may jump once and nothing is set aside: what the machine before this
 * one acknowledged is gone from the station too, and the gap is written down as lost. */
#include "ledger/receipt_intake.h"

#include <string.h>

#include "alerts/alerts.h"
#include "alerts/standing_store.h"
#include "alerts/test_tone_store.h"
#include "digest.h"
#include "fleet/plan_store.h"
#include "ledger/receipt_store.h"
#include "schedule/airing_store.h"

const char *const intake_words[] = {"stored", "duplicate", "quarantined", NULL};

typedef enum {
    JOIN_NEXT,
    JOIN_REPEAT,
    JOIN_CONFLICT,
    JOIN_LATE,
    JOIN_GAP,
    JOIN_CHAIN,
    JOIN_LOST
} Join;

typedef struct Intake {
    Database *database;
    const IntakeCaller *caller;
    const Envelope *envelope;
    char sha256[DIGEST_HEX + 1]; /* of the payload */
    ReceiptChain chain;
} Intake;

static bool quarantine(Database *database, const IntakeCaller *caller, const char *text,
                       int64_t counter, const char *why, IntakeResult *ret_result, GError **error)
{
    g_autofree char *sha256 = digest_hex_of(text, strlen(text));
    StoredReceipt stored = {.received_us = caller->now_us,
                            .station = caller->station,
                            .keyid = caller->key->id,
                            .counter = counter,
                            .sha256 = sha256,
                            .envelope = text};
    if (!receipt_store_quarantine(database, &stored, why, error))
        return false;
    /* One that is sent again keeps the reason of the first time. */
    g_autofree char *kept = receipt_store_why(database, caller->key->id, sha256, NULL);
    *ret_result = (IntakeResult){.status = INTAKE_QUARANTINED,
                                 .why = kept ? g_intern_string(kept) : why,
                                 .counter = counter};
    return true;
}

static bool set_aside(Intake *intake, int64_t counter, const char *why, IntakeResult *ret_result,
                      GError **error)
{
    g_autofree char *text = envelope_print(intake->envelope, NULL);
    return quarantine(intake->database, intake->caller, text, counter, why, ret_result, error);
}

static bool judge_join(Intake *intake, const Receipt *receipt, Join *ret_join, GError **error)
{
    const ReceiptChain *chain = &intake->chain;
    int64_t counter = receipt->counter;
    if (counter <= chain->counter) {
        g_autoptr(GError) failed = NULL;
        g_autofree char *before =
            receipt_store_payload(intake->database, receipt->keyid, counter, &failed);
        if (failed) {
            g_propagate_error(error, g_steal_pointer(&failed));
            return false;
        }
        if (!before)
            *ret_join = JOIN_LATE;
        else
            *ret_join = g_str_equal(before, intake->sha256) ? JOIN_REPEAT : JOIN_CONFLICT;
        return true;
    }
    bool after_side = chain->side_counter > 0 && counter == chain->side_counter + 1 &&
                      g_str_equal(receipt->previous, chain->side_sha256);
    if (after_side)
        *ret_join = JOIN_NEXT;
    else if (chain->restored && counter > chain->counter + 1)
        *ret_join = JOIN_LOST;
    else if (counter > chain->counter + 1)
        *ret_join = JOIN_GAP;
    else
        *ret_join = g_str_equal(receipt->previous, chain->sha256) ? JOIN_NEXT : JOIN_CHAIN;
    return true;
}

static bool move_head(Intake *intake, int64_t counter, GError **error)
{
    ReceiptChain next = {.counter = counter};
    g_strlcpy(next.sha256, intake->sha256, sizeof next.sha256);
    return receipt_store_set_chain(intake->database, intake->caller->key->id, &next, error);
}

/* A receipt ahead of the chain: what follows on from it may join. */
static bool remember_side(Intake *intake, int64_t counter, GError **error)
{
    ReceiptChain next = intake->chain;
    next.side_counter = counter;
    g_strlcpy(next.side_sha256, intake->sha256, sizeof next.side_sha256);
    return receipt_store_set_chain(intake->database, intake->caller->key->id, &next, error);
}

/* When the last sound of a receipt ended; without one, when it was made. */
static int64_t ended_us(const Receipt *receipt)
{
    int64_t last_us = 0;
    for (unsigned i = 0; i < receipt->items->len; i++) {
        const ReceiptItem *item = receipt->items->pdata[i];
        for (unsigned j = 0; j < item->segments->len; j++)
            last_us = MAX(last_us, ((ReceiptSegment *)item->segments->pdata[j])->last_us);
    }
    return last_us ? last_us : receipt->made_us;
}

/* Why a key's word does not count although it stands rightly in its chain; NULL = it does. */
static const char *judge_key(const IntakeCaller *caller, const Receipt *receipt)
{
    if (caller->cloned_us)
        return "cloned-key";
    bool late = caller->replaced_us && ended_us(receipt) > caller->replaced_us;
    return late ? "after-replacement" : NULL;
}

static bool store(Intake *intake, const Receipt *receipt, IntakeResult *ret_result, GError **error)
{
    g_autofree char *text = envelope_print(intake->envelope, NULL);
    StoredReceipt stored = {.received_us = intake->caller->now_us,
                            .station = receipt->station,
                            .keyid = receipt->keyid,
                            .counter = receipt->counter,
                            .sha256 = intake->sha256,
                            .envelope = text};
    *ret_result = (IntakeResult){.status = INTAKE_STORED, .counter = receipt->counter};
    return receipt_store_add(intake->database, &stored, receipt, error);
}

/* An order that the station took is no airing either. */
static bool believe_order(Intake *intake, const Receipt *receipt, IntakeResult *ret_result,
                          GError **error)
{
    return move_head(intake, receipt->counter, error) &&
           store(intake, receipt, ret_result, error) &&
           standing_store_taken(intake->database, receipt, error);
}

/* A test tone is no airing: it stands in no plan and no report. */
static bool believe_test(Intake *intake, const Receipt *receipt, IntakeResult *ret_result,
                         GError **error)
{
    return move_head(intake, receipt->counter, error) &&
           store(intake, receipt, ret_result, error) &&
           test_tone_store_note(intake->database, receipt, error);
}

static bool believe(Intake *intake, const Receipt *receipt, IntakeResult *ret_result,
                    GError **error)
{
    const char *why = judge_key(intake->caller, receipt);
    if (why)
        return move_head(intake, receipt->counter, error) &&
               set_aside(intake, receipt->counter, why, ret_result, error);
    if (receipt->kind == RECEIPT_TEST)
        return believe_test(intake, receipt, ret_result, error);
    if (receipt->kind == RECEIPT_ORDER)
        return believe_order(intake, receipt, ret_result, error);
    int64_t planned_us = 0;
    g_autoptr(GError) failed = NULL;
    bool found = airing_store_find(intake->database, receipt->station, receipt->airing,
                                   receipt->planned_us, &planned_us, &failed);
    if (failed) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return false;
    }
    if (!found && alerts_note_play(intake->database, receipt, &failed)) {
        found = true;
        planned_us = receipt->planned_us;
    }
    if (failed) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return false;
    }
    if (!move_head(intake, receipt->counter, error))
        return false;
    if (!found)
        return set_aside(intake, receipt->counter, "unknown-airing", ret_result, error);
    return store(intake, receipt, ret_result, error) &&
           airing_store_set_outcome(intake->database, planned_us, receipt, error) &&
           plan_store_keep(intake->database, receipt->station, receipt->plan_epoch,
                           receipt->plan_version, error);
}

static bool place(Intake *intake, const Receipt *receipt, IntakeResult *ret_result, GError **error)
{
    Join join;
    if (!receipt_store_chain(intake->database, receipt->keyid, &intake->chain, error) ||
        !judge_join(intake, receipt, &join, error))
        return false;
    switch (join) {
    case JOIN_NEXT: return believe(intake, receipt, ret_result, error);
    case JOIN_LOST:
        return receipt_store_note_gap(intake->database, &intake->chain, receipt,
                                      intake->caller->now_us, error) &&
               believe(intake, receipt, ret_result, error);
    case JOIN_REPEAT:
        *ret_result = (IntakeResult){.status = INTAKE_DUPLICATE, .counter = receipt->counter};
        return true;
    case JOIN_CONFLICT: return set_aside(intake, receipt->counter, "conflict", ret_result, error);
    case JOIN_LATE: return set_aside(intake, receipt->counter, "gap", ret_result, error);
    case JOIN_GAP:
        return remember_side(intake, receipt->counter, error) &&
               set_aside(intake, receipt->counter, "gap", ret_result, error);
    case JOIN_CHAIN:
    default:
        return remember_side(intake, receipt->counter, error) &&
               set_aside(intake, receipt->counter, "chain", ret_result, error);
    }
}

static bool take_verified(Intake *intake, IntakeResult *ret_result, GError **error)
{
    size_t length;
    const void *bytes = g_bytes_get_data(intake->envelope->payload, &length);
    g_autofree char *sha256 = digest_hex_of(bytes, length);
    g_strlcpy(intake->sha256, sha256, sizeof intake->sha256);
    g_autoptr(Receipt) receipt =
        length <= RECEIPT_MAX_BYTES ? receipt_parse(bytes, length, NULL) : NULL;
    if (!receipt)
        return set_aside(intake, 0, "malformed", ret_result, error);
    if (!g_str_equal(receipt->station, intake->caller->station) ||
        !g_str_equal(receipt->keyid, intake->caller->key->id))
        return set_aside(intake, receipt->counter, "not-yours", ret_result, error);
    return place(intake, receipt, ret_result, error);
}

bool receipt_intake_take(Database *database, const IntakeCaller *caller, const Json *entry,
                         IntakeResult *ret_result, GError **error)
{
    g_autoptr(Envelope) envelope = envelope_from_json(entry, NULL);
    if (!envelope) {
        g_autofree char *text = json_print(entry, NULL);
        return quarantine(database, caller, text, 0, "malformed", ret_result, error);
    }
    Intake intake = {.database = database, .caller = caller, .envelope = envelope};
    if (!envelope_verify(envelope, ENVELOPE_TYPE_RECEIPT, caller->key, NULL))
        return set_aside(&intake, 0, "signature", ret_result, error);
    return take_verified(&intake, ret_result, error);
}
