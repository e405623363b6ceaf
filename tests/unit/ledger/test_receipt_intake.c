/* Receipts on their way into the ledger: only what a station signed, in the order of its chain. */
#include "fleet_desk.h"

#include <string.h>

#include "digest.h"
#include "ledger/receipt_intake.h"
#include "ledger/receipt_store.h"
#include "schedule/airing_store.h"

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

typedef struct Chain {
    FleetDesk desk;
    PlanAiring *airings[4]; /* borrowed from the plan */
    Plan *plan;
    char previous[65];
    int64_t counter;
} Chain;

static void chain_init(Chain *chain)
{
    *chain = (Chain){.previous = ZEROS};
    fleet_desk_init(&chain->desk);
    for (unsigned i = 0; i < G_N_ELEMENTS(chain->airings); i++) {
        g_autofree char *id = g_strdup_printf("order%u", i);
        fleet_desk_order(&chain->desk, id, TARGET_AREA, "a", DESK_NOW + (i + 1) * DESK_HOUR);
    }
    fleet_desk_publish(&chain->desk);
    chain->plan = fleet_desk_plan(&chain->desk, &chain->desk.a1);
    for (unsigned i = 0; i < G_N_ELEMENTS(chain->airings); i++)
        chain->airings[i] = g_ptr_array_index(chain->plan->airings, i);
}

static void chain_clear(Chain *chain)
{
    plan_free(chain->plan);
    fleet_desk_clear(&chain->desk);
}

static Receipt *receipt_for(const Chain *chain, const PlanAiring *airing, Outcome outcome)
{
    Receipt *receipt = receipt_new();
    receipt->station = g_strdup("a1");
    g_strlcpy(receipt->previous, chain->previous, sizeof receipt->previous);
    receipt->keyid = g_strdup(chain->desk.a1.key.id);
    receipt->counter = chain->counter + 1;
    receipt->boot_id = g_strnfill(32, 'b');
    receipt->airing = g_strdup(airing->id);
    receipt->broadcast = g_strdup(airing->broadcast);
    receipt->plan_epoch = receipt->plan_version = 1;
    receipt->planned_us = receipt->resolved_us = airing->start_us;
    receipt->outcome = outcome;
    receipt->reason = outcome == OUTCOME_PLAYED ? REASON_NONE : REASON_DEVICE_FAULT;
    receipt->clock_trust = 2;
    receipt->evidence_grade = outcome == OUTCOME_PLAYED ? 2 : 0;
    receipt->rms_dbfs = receipt->peak_dbfs = -20;
    receipt->amplifier = g_strdup("on");
    receipt->made_us = airing->start_us + DESK_MINUTE;
    return receipt;
}

static Envelope *seal(const Receipt *receipt, const Key *key)
{
    g_autoptr(Json) json = receipt_to_json(receipt);
    g_autoptr(GBytes) payload = json_print_bytes(json);
    return envelope_sign(ENVELOPE_TYPE_RECEIPT, payload, key);
}

/* The next receipt of the chain, which moves on. */
static Envelope *next(Chain *chain, unsigned airing, Outcome outcome)
{
    g_autoptr(Receipt) receipt = receipt_for(chain, chain->airings[airing], outcome);
    Envelope *envelope = seal(receipt, &chain->desk.a1.key);
    size_t length;
    const void *bytes = g_bytes_get_data(envelope->payload, &length);
    g_autofree char *sha256 = digest_hex_of(bytes, length);
    g_strlcpy(chain->previous, sha256, sizeof chain->previous);
    chain->counter++;
    return envelope;
}

static IntakeResult take_json(Chain *chain, const Json *entry)
{
    IntakeCaller caller = {
        .station = "a1", .key = &chain->desk.a1.key, .now_us = chain->desk.clock.wall};
    IntakeResult result;
    g_autoptr(GError) error = NULL;
    g_assert_true(database_begin(chain->desk.database, &error));
    bool ok = receipt_intake_take(chain->desk.database, &caller, entry, &result, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    g_assert_true(database_commit(chain->desk.database, &error));
    return result;
}

static IntakeResult take(Chain *chain, const Envelope *envelope)
{
    g_autoptr(Json) entry = envelope_to_json(envelope);
    return take_json(chain, entry);
}

static void assert_result(IntakeResult result, IntakeStatus status, const char *why)
{
    g_assert_cmpstr(intake_words[result.status], ==, intake_words[status]);
    g_assert_cmpstr(result.why, ==, why);
}

static int64_t count(Chain *chain, const char *sql)
{
    g_autoptr(Query) query = database_query(chain->desk.database, sql);
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    return row_int(query, 0);
}

static Airing *airing_of(Chain *chain, unsigned index)
{
    int64_t at_us = chain->airings[index]->start_us;
    AiringFilter filter = {.from_us = at_us, .to_us = at_us + 1, .station = "a1", .limit = 1};
    g_autoptr(GPtrArray) list = airing_store_list(chain->desk.database, &filter, NULL);
    g_assert_cmpuint(list->len, ==, 1);
    return g_ptr_array_steal_index(list, 0);
}

static void assert_outcome(Chain *chain, unsigned index, const char *outcome)
{
    g_autoptr(Airing) airing = airing_of(chain, index);
    g_assert_cmpstr(airing->outcome, ==, outcome);
}

static void test_a_chain_in_order_is_stored_and_reaches_the_log(void)
{
    Chain chain;
    chain_init(&chain);
    g_autoptr(Envelope) first = next(&chain, 0, OUTCOME_PLAYED);
    g_autoptr(Envelope) second = next(&chain, 1, OUTCOME_MISSED);
    assert_result(take(&chain, first), INTAKE_STORED, NULL);
    assert_result(take(&chain, second), INTAKE_STORED, NULL);
    assert_outcome(&chain, 0, "played");
    g_autoptr(Airing) missed = airing_of(&chain, 1);
    g_assert_cmpstr(missed->outcome, ==, "missed");
    g_assert_cmpstr(missed->reason, ==, "device_fault");
    g_assert_cmpint(missed->receipt_counter, ==, 2);
    assert_outcome(&chain, 2, "");
    chain_clear(&chain);
}

static void test_a_repeat_is_a_duplicate_and_adds_nothing(void)
{
    Chain chain;
    chain_init(&chain);
    g_autoptr(Envelope) first = next(&chain, 0, OUTCOME_PLAYED);
    assert_result(take(&chain, first), INTAKE_STORED, NULL);
    assert_result(take(&chain, first), INTAKE_DUPLICATE, NULL);
    g_assert_cmpint(count(&chain, "SELECT count(*) FROM receipts"), ==, 1);
    g_assert_cmpint(count(&chain, "SELECT count(*) FROM quarantine"), ==, 0);
    chain_clear(&chain);
}

static void test_one_counter_with_two_contents_is_a_conflict(void)
{
    Chain chain;
    chain_init(&chain);
    g_autoptr(Receipt) other = receipt_for(&chain, chain.airings[0], OUTCOME_PLAYED);
    g_autoptr(Envelope) said_later = seal(other, &chain.desk.a1.key);
    g_autoptr(Envelope) first = next(&chain, 0, OUTCOME_MISSED);
    assert_result(take(&chain, first), INTAKE_STORED, NULL);
    assert_result(take(&chain, said_later), INTAKE_QUARANTINED, "conflict");
    assert_outcome(&chain, 0, "missed");
    chain_clear(&chain);
}

static void test_a_gap_is_set_aside_and_the_missing_one_still_joins(void)
{
    Chain chain;
    chain_init(&chain);
    g_autoptr(Envelope) first = next(&chain, 0, OUTCOME_PLAYED);
    g_autoptr(Envelope) second = next(&chain, 1, OUTCOME_PLAYED);
    assert_result(take(&chain, second), INTAKE_QUARANTINED, "gap");
    assert_outcome(&chain, 1, "");
    assert_result(take(&chain, first), INTAKE_STORED, NULL);
    assert_result(take(&chain, second), INTAKE_STORED, NULL);
    assert_outcome(&chain, 1, "played");
    chain_clear(&chain);
}

static void test_what_follows_a_gap_is_not_shut_out_for_ever(void)
{
    Chain chain;
    chain_init(&chain);
    g_autoptr(Envelope) first = next(&chain, 0, OUTCOME_PLAYED);
    assert_result(take(&chain, first), INTAKE_STORED, NULL);
    g_autoptr(Envelope) lost = next(&chain, 1, OUTCOME_PLAYED);
    g_autoptr(Envelope) third = next(&chain, 2, OUTCOME_PLAYED);
    g_autoptr(Envelope) fourth = next(&chain, 3, OUTCOME_PLAYED);
    assert_result(take(&chain, third), INTAKE_QUARANTINED, "gap");
    assert_result(take(&chain, fourth), INTAKE_STORED, NULL);
    assert_outcome(&chain, 3, "played");
    assert_result(take(&chain, lost), INTAKE_QUARANTINED, "gap");
    assert_result(take(&chain, lost), INTAKE_QUARANTINED, "gap");
    g_assert_cmpint(count(&chain, "SELECT count(*) FROM quarantine"), ==, 2);
    chain_clear(&chain);
}

static void test_a_wrong_previous_hash_is_set_aside_and_does_not_block(void)
{
    Chain chain;
    chain_init(&chain);
    g_autoptr(Receipt) bent = receipt_for(&chain, chain.airings[0], OUTCOME_PLAYED);
    bent->previous[5] = '1';
    g_autoptr(Envelope) wrong = seal(bent, &chain.desk.a1.key);
    assert_result(take(&chain, wrong), INTAKE_QUARANTINED, "chain");
    assert_outcome(&chain, 0, "");
    g_autoptr(Envelope) right = next(&chain, 0, OUTCOME_PLAYED);
    assert_result(take(&chain, right), INTAKE_STORED, NULL);
    chain_clear(&chain);
}

static void test_an_airing_that_nobody_planned_here_is_set_aside(void)
{
    Chain chain;
    chain_init(&chain);
    g_autoptr(Plan) other = fleet_desk_plan(&chain.desk, &chain.desk.a2);
    PlanAiring *own = chain.airings[0];
    chain.airings[0] = g_ptr_array_index(other->airings, 0);
    g_autoptr(Envelope) of_a2 = next(&chain, 0, OUTCOME_PLAYED);
    chain.airings[0] = own;
    assert_result(take(&chain, of_a2), INTAKE_QUARANTINED, "unknown-airing");
    assert_result(take(&chain, of_a2), INTAKE_QUARANTINED, "unknown-airing");
    g_autoptr(Envelope) after = next(&chain, 0, OUTCOME_PLAYED);
    assert_result(take(&chain, after), INTAKE_STORED, NULL);
    chain_clear(&chain);
}

static void test_another_stations_receipt_is_not_believed(void)
{
    Chain chain;
    chain_init(&chain);
    g_autoptr(Receipt) foreign = receipt_for(&chain, chain.airings[0], OUTCOME_PLAYED);
    g_free(foreign->station);
    foreign->station = g_strdup("a2");
    g_autoptr(Envelope) named_a2 = seal(foreign, &chain.desk.a1.key);
    assert_result(take(&chain, named_a2), INTAKE_QUARANTINED, "not-yours");
    g_autoptr(Receipt) own = receipt_for(&chain, chain.airings[0], OUTCOME_PLAYED);
    g_autoptr(Envelope) signed_by_a2 = seal(own, &chain.desk.a2.key);
    assert_result(take(&chain, signed_by_a2), INTAKE_QUARANTINED, "signature");
    assert_outcome(&chain, 0, "");
    chain_clear(&chain);
}

static void test_one_flipped_bit_anywhere_is_never_believed(void)
{
    Chain chain;
    chain_init(&chain);
    g_autoptr(Envelope) good = next(&chain, 0, OUTCOME_PLAYED);
    size_t length;
    const uint8_t *bytes = g_bytes_get_data(good->payload, &length);
    g_autoptr(GBytes) whole = g_bytes_ref(good->payload);
    for (size_t bit = 0; bit < length * 8; bit++) {
        uint8_t *copy = g_memdup2(bytes, length);
        copy[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        good->payload = g_bytes_new_take(copy, length);
        assert_result(take(&chain, good), INTAKE_QUARANTINED, "signature");
        g_bytes_unref(good->payload);
    }
    good->payload = g_bytes_ref(whole);
    for (size_t bit = 0; bit < CRYPTO_SIGNATURE_BYTES * 8; bit++) {
        good->signatures[0].signature[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        assert_result(take(&chain, good), INTAKE_QUARANTINED, "signature");
        good->signatures[0].signature[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    g_assert_cmpint(count(&chain, "SELECT count(*) FROM receipts"), ==, 0);
    assert_outcome(&chain, 0, "");
    assert_result(take(&chain, good), INTAKE_STORED, NULL);
    chain_clear(&chain);
}

static void test_what_is_no_envelope_or_no_receipt_is_kept_but_not_read(void)
{
    static const char *const entries[] = {"1", "\"x\"", "{}", "{\"payloadType\":1}"};
    Chain chain;
    chain_init(&chain);
    for (unsigned i = 0; i < G_N_ELEMENTS(entries); i++) {
        g_autofree char *array = g_strdup_printf("[%s]", entries[i]);
        g_autoptr(Json) json = json_parse(array, strlen(array), NULL);
        assert_result(take_json(&chain, json_at(json, 0)), INTAKE_QUARANTINED, "malformed");
    }
    g_autoptr(GBytes) empty = g_bytes_new_static("{}", 2);
    g_autoptr(Envelope) nothing = envelope_sign(ENVELOPE_TYPE_RECEIPT, empty, &chain.desk.a1.key);
    assert_result(take(&chain, nothing), INTAKE_QUARANTINED, "malformed");
    g_autoptr(Envelope) plan = envelope_sign(ENVELOPE_TYPE_PLAN, empty, &chain.desk.a1.key);
    assert_result(take(&chain, plan), INTAKE_QUARANTINED, "signature");
    chain_clear(&chain);
}

static void test_the_first_receipt_that_says_played_counts(void)
{
    Chain chain;
    chain_init(&chain);
    g_autoptr(Envelope) missed = next(&chain, 0, OUTCOME_MISSED);
    g_autoptr(Envelope) played = next(&chain, 0, OUTCOME_PLAYED);
    g_autoptr(Envelope) again = next(&chain, 0, OUTCOME_MISSED);
    assert_result(take(&chain, missed), INTAKE_STORED, NULL);
    assert_result(take(&chain, played), INTAKE_STORED, NULL);
    assert_result(take(&chain, again), INTAKE_STORED, NULL);
    g_autoptr(Airing) airing = airing_of(&chain, 0);
    g_assert_cmpstr(airing->outcome, ==, "played");
    g_assert_cmpint(airing->receipt_counter, ==, 2);
    g_assert_cmpint(airing->receipts, ==, 3);
    chain_clear(&chain);
}

static void test_a_receipt_outweighs_the_controllers_own_cancelled(void)
{
    Chain chain;
    chain_init(&chain);
    g_assert_true(airing_store_cancel_station(chain.desk.database, "a1", DESK_NOW, NULL));
    assert_outcome(&chain, 0, "cancelled");
    g_autoptr(Envelope) played = next(&chain, 0, OUTCOME_PLAYED);
    assert_result(take(&chain, played), INTAKE_STORED, NULL);
    assert_outcome(&chain, 0, "played");
    chain_clear(&chain);
}

static void test_the_kept_envelope_is_byte_for_byte_what_was_signed(void)
{
    Chain chain;
    chain_init(&chain);
    g_autoptr(Envelope) first = next(&chain, 0, OUTCOME_PLAYED);
    assert_result(take(&chain, first), INTAKE_STORED, NULL);
    g_autoptr(GPtrArray) rows = receipt_store_of_station(chain.desk.database, "a1", 0, 10, NULL);
    g_assert_cmpuint(rows->len, ==, 1);
    const ReceiptRow *row = g_ptr_array_index(rows, 0);
    g_autoptr(Envelope) kept =
        envelope_parse(row->envelope, strlen(row->envelope), RECEIPT_MAX_BYTES, NULL);
    g_assert_true(g_bytes_equal(kept->payload, first->payload));
    g_assert_true(envelope_verify(kept, ENVELOPE_TYPE_RECEIPT, &chain.desk.a1.key, NULL));
    chain_clear(&chain);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/receipts/chain_in_order",
                    test_a_chain_in_order_is_stored_and_reaches_the_log);
    g_test_add_func("/receipts/duplicate", test_a_repeat_is_a_duplicate_and_adds_nothing);
    g_test_add_func("/receipts/conflict", test_one_counter_with_two_contents_is_a_conflict);
    g_test_add_func("/receipts/gap", test_a_gap_is_set_aside_and_the_missing_one_still_joins);
    g_test_add_func("/receipts/after_a_gap", test_what_follows_a_gap_is_not_shut_out_for_ever);
    g_test_add_func("/receipts/wrong_chain",
                    test_a_wrong_previous_hash_is_set_aside_and_does_not_block);
    g_test_add_func("/receipts/unknown_airing",
                    test_an_airing_that_nobody_planned_here_is_set_aside);
    g_test_add_func("/receipts/another_station", test_another_stations_receipt_is_not_believed);
    g_test_add_func("/receipts/flipped_bit", test_one_flipped_bit_anywhere_is_never_believed);
    g_test_add_func("/receipts/malformed",
                    test_what_is_no_envelope_or_no_receipt_is_kept_but_not_read);
    g_test_add_func("/receipts/first_played_counts",
                    test_the_first_receipt_that_says_played_counts);
    g_test_add_func("/receipts/outweighs_cancelled",
                    test_a_receipt_outweighs_the_controllers_own_cancelled);
    g_test_add_func("/receipts/byte_for_byte",
                    test_the_kept_envelope_is_byte_for_byte_what_was_signed);
    return g_test_run();
}
