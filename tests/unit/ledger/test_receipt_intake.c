/* Receipts on their way into the ledger: only what a station signed, in the order of its chain. */
#include "desk_chain.h"

#include <string.h>

#include "ledger/receipt_store.h"
#include "schedule/airing_store_sync.h"

static void assert_result(IntakeResult result, IntakeStatus status, const char *why)
{
    g_assert_cmpstr(intake_words[result.status], ==, intake_words[status]);
    g_assert_cmpstr(result.why, ==, why);
}

static int64_t count(DeskChain *chain, const char *sql)
{
    g_autoptr(Query) query = database_query(chain->desk.database, sql);
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    return row_int(query, 0);
}

static Airing *airing_of(DeskChain *chain, unsigned index)
{
    int64_t at_us = chain->airings[index]->start_us;
    AiringFilter filter = {.from_us = at_us, .to_us = at_us + 1, .station = "a1", .limit = 1};
    g_autoptr(GPtrArray) list = airing_store_list(chain->desk.database, &filter, NULL);
    g_assert_cmpuint(list->len, ==, 1);
    return g_ptr_array_steal_index(list, 0);
}

static void assert_outcome(DeskChain *chain, unsigned index, const char *outcome)
{
    g_autoptr(Airing) airing = airing_of(chain, index);
    g_assert_cmpstr(airing->outcome, ==, outcome);
}

static void test_a_chain_in_order_is_stored_and_reaches_the_log(void)
{
    DeskChain chain;
    desk_chain_init(&chain);
    g_autoptr(Envelope) first = desk_chain_next(&chain, 0, OUTCOME_PLAYED);
    g_autoptr(Envelope) second = desk_chain_next(&chain, 1, OUTCOME_MISSED);
    assert_result(desk_chain_take(&chain, first), INTAKE_STORED, NULL);
    assert_result(desk_chain_take(&chain, second), INTAKE_STORED, NULL);
    assert_outcome(&chain, 0, "played");
    g_autoptr(Airing) missed = airing_of(&chain, 1);
    g_assert_cmpstr(missed->outcome, ==, "missed");
    g_assert_cmpstr(missed->reason, ==, "device_fault");
    g_assert_cmpint(missed->receipt_counter, ==, 2);
    assert_outcome(&chain, 2, "");
    desk_chain_clear(&chain);
}

static void test_a_repeat_is_a_duplicate_and_adds_nothing(void)
{
    DeskChain chain;
    desk_chain_init(&chain);
    g_autoptr(Envelope) first = desk_chain_next(&chain, 0, OUTCOME_PLAYED);
    assert_result(desk_chain_take(&chain, first), INTAKE_STORED, NULL);
    assert_result(desk_chain_take(&chain, first), INTAKE_DUPLICATE, NULL);
    g_assert_cmpint(count(&chain, "SELECT count(*) FROM receipts"), ==, 1);
    g_assert_cmpint(count(&chain, "SELECT count(*) FROM quarantine"), ==, 0);
    desk_chain_clear(&chain);
}

static void test_one_counter_with_two_contents_is_a_conflict(void)
{
    DeskChain chain;
    desk_chain_init(&chain);
    g_autoptr(Receipt) other = desk_chain_receipt(&chain, chain.airings[0], OUTCOME_PLAYED);
    g_autoptr(Envelope) said_later = desk_chain_seal(other, &chain.desk.a1.key);
    g_autoptr(Envelope) first = desk_chain_next(&chain, 0, OUTCOME_MISSED);
    assert_result(desk_chain_take(&chain, first), INTAKE_STORED, NULL);
    assert_result(desk_chain_take(&chain, said_later), INTAKE_QUARANTINED, "conflict");
    assert_outcome(&chain, 0, "missed");
    desk_chain_clear(&chain);
}

static void test_a_gap_is_set_aside_and_the_missing_one_still_joins(void)
{
    DeskChain chain;
    desk_chain_init(&chain);
    g_autoptr(Envelope) first = desk_chain_next(&chain, 0, OUTCOME_PLAYED);
    g_autoptr(Envelope) second = desk_chain_next(&chain, 1, OUTCOME_PLAYED);
    assert_result(desk_chain_take(&chain, second), INTAKE_QUARANTINED, "gap");
    assert_outcome(&chain, 1, "");
    assert_result(desk_chain_take(&chain, first), INTAKE_STORED, NULL);
    assert_result(desk_chain_take(&chain, second), INTAKE_STORED, NULL);
    assert_outcome(&chain, 1, "played");
    desk_chain_clear(&chain);
}

static void test_what_follows_a_gap_is_not_shut_out_for_ever(void)
{
    DeskChain chain;
    desk_chain_init(&chain);
    g_autoptr(Envelope) first = desk_chain_next(&chain, 0, OUTCOME_PLAYED);
    assert_result(desk_chain_take(&chain, first), INTAKE_STORED, NULL);
    g_autoptr(Envelope) lost = desk_chain_next(&chain, 1, OUTCOME_PLAYED);
    g_autoptr(Envelope) third = desk_chain_next(&chain, 2, OUTCOME_PLAYED);
    g_autoptr(Envelope) fourth = desk_chain_next(&chain, 3, OUTCOME_PLAYED);
    assert_result(desk_chain_take(&chain, third), INTAKE_QUARANTINED, "gap");
    assert_result(desk_chain_take(&chain, fourth), INTAKE_STORED, NULL);
    assert_outcome(&chain, 3, "played");
    assert_result(desk_chain_take(&chain, lost), INTAKE_QUARANTINED, "gap");
    assert_result(desk_chain_take(&chain, lost), INTAKE_QUARANTINED, "gap");
    g_assert_cmpint(count(&chain, "SELECT count(*) FROM quarantine"), ==, 2);
    desk_chain_clear(&chain);
}

static void test_a_wrong_previous_hash_is_set_aside_and_does_not_block(void)
{
    DeskChain chain;
    desk_chain_init(&chain);
    g_autoptr(Receipt) bent = desk_chain_receipt(&chain, chain.airings[0], OUTCOME_PLAYED);
    bent->previous[5] = '1';
    g_autoptr(Envelope) wrong = desk_chain_seal(bent, &chain.desk.a1.key);
    assert_result(desk_chain_take(&chain, wrong), INTAKE_QUARANTINED, "chain");
    assert_outcome(&chain, 0, "");
    g_autoptr(Envelope) right = desk_chain_next(&chain, 0, OUTCOME_PLAYED);
    assert_result(desk_chain_take(&chain, right), INTAKE_STORED, NULL);
    desk_chain_clear(&chain);
}

static void test_an_airing_that_nobody_planned_here_is_set_aside(void)
{
    DeskChain chain;
    desk_chain_init(&chain);
    g_autoptr(Plan) other = fleet_desk_plan(&chain.desk, &chain.desk.a2);
    PlanAiring *own = chain.airings[0];
    chain.airings[0] = g_ptr_array_index(other->airings, 0);
    g_autoptr(Envelope) of_a2 = desk_chain_next(&chain, 0, OUTCOME_PLAYED);
    chain.airings[0] = own;
    assert_result(desk_chain_take(&chain, of_a2), INTAKE_QUARANTINED, "unknown-airing");
    assert_result(desk_chain_take(&chain, of_a2), INTAKE_QUARANTINED, "unknown-airing");
    g_autoptr(Envelope) after = desk_chain_next(&chain, 0, OUTCOME_PLAYED);
    assert_result(desk_chain_take(&chain, after), INTAKE_STORED, NULL);
    desk_chain_clear(&chain);
}

static void test_another_stations_receipt_is_not_believed(void)
{
    DeskChain chain;
    desk_chain_init(&chain);
    g_autoptr(Receipt) foreign = desk_chain_receipt(&chain, chain.airings[0], OUTCOME_PLAYED);
    g_free(foreign->station);
    foreign->station = g_strdup("a2");
    g_autoptr(Envelope) named_a2 = desk_chain_seal(foreign, &chain.desk.a1.key);
    assert_result(desk_chain_take(&chain, named_a2), INTAKE_QUARANTINED, "not-yours");
    g_autoptr(Receipt) own = desk_chain_receipt(&chain, chain.airings[0], OUTCOME_PLAYED);
    g_autoptr(Envelope) signed_by_a2 = desk_chain_seal(own, &chain.desk.a2.key);
    assert_result(desk_chain_take(&chain, signed_by_a2), INTAKE_QUARANTINED, "signature");
    assert_outcome(&chain, 0, "");
    desk_chain_clear(&chain);
}

static void test_one_flipped_bit_anywhere_is_never_believed(void)
{
    DeskChain chain;
    desk_chain_init(&chain);
    g_autoptr(Envelope) good = desk_chain_next(&chain, 0, OUTCOME_PLAYED);
    size_t length;
    const uint8_t *bytes = g_bytes_get_data(good->payload, &length);
    g_autoptr(GBytes) whole = g_bytes_ref(good->payload);
    for (size_t bit = 0; bit < length * 8; bit++) {
        uint8_t *copy = g_memdup2(bytes, length);
        copy[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        good->payload = g_bytes_new_take(copy, length);
        assert_result(desk_chain_take(&chain, good), INTAKE_QUARANTINED, "signature");
        g_bytes_unref(good->payload);
    }
    good->payload = g_bytes_ref(whole);
    for (size_t bit = 0; bit < CRYPTO_SIGNATURE_BYTES * 8; bit++) {
        good->signatures[0].signature[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        assert_result(desk_chain_take(&chain, good), INTAKE_QUARANTINED, "signature");
        good->signatures[0].signature[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    g_assert_cmpint(count(&chain, "SELECT count(*) FROM receipts"), ==, 0);
    assert_outcome(&chain, 0, "");
    assert_result(desk_chain_take(&chain, good), INTAKE_STORED, NULL);
    desk_chain_clear(&chain);
}

static void test_what_is_no_envelope_or_no_receipt_is_kept_but_not_read(void)
{
    static const char *const entries[] = {"1", "\"x\"", "{}", "{\"payloadType\":1}"};
    DeskChain chain;
    desk_chain_init(&chain);
    for (unsigned i = 0; i < G_N_ELEMENTS(entries); i++) {
        g_autofree char *array = g_strdup_printf("[%s]", entries[i]);
        g_autoptr(Json) json = json_parse(array, strlen(array), NULL);
        assert_result(desk_chain_take_json(&chain, json_at(json, 0)), INTAKE_QUARANTINED,
                      "malformed");
    }
    g_autoptr(GBytes) empty = g_bytes_new_static("{}", 2);
    g_autoptr(Envelope) nothing = envelope_sign(ENVELOPE_TYPE_RECEIPT, empty, &chain.desk.a1.key);
    assert_result(desk_chain_take(&chain, nothing), INTAKE_QUARANTINED, "malformed");
    g_autoptr(Envelope) plan = envelope_sign(ENVELOPE_TYPE_PLAN, empty, &chain.desk.a1.key);
    assert_result(desk_chain_take(&chain, plan), INTAKE_QUARANTINED, "signature");
    desk_chain_clear(&chain);
}

static void test_the_first_receipt_that_says_played_counts(void)
{
    DeskChain chain;
    desk_chain_init(&chain);
    g_autoptr(Envelope) missed = desk_chain_next(&chain, 0, OUTCOME_MISSED);
    g_autoptr(Envelope) played = desk_chain_next(&chain, 0, OUTCOME_PLAYED);
    g_autoptr(Envelope) again = desk_chain_next(&chain, 0, OUTCOME_MISSED);
    assert_result(desk_chain_take(&chain, missed), INTAKE_STORED, NULL);
    assert_result(desk_chain_take(&chain, played), INTAKE_STORED, NULL);
    assert_result(desk_chain_take(&chain, again), INTAKE_STORED, NULL);
    g_autoptr(Airing) airing = airing_of(&chain, 0);
    g_assert_cmpstr(airing->outcome, ==, "played");
    g_assert_cmpint(airing->receipt_counter, ==, 2);
    g_assert_cmpint(airing->receipts, ==, 3);
    desk_chain_clear(&chain);
}

static void test_a_receipt_outweighs_the_controllers_own_cancelled(void)
{
    DeskChain chain;
    desk_chain_init(&chain);
    g_assert_true(airing_store_cancel_station(chain.desk.database, "a1", DESK_NOW, NULL));
    assert_outcome(&chain, 0, "cancelled");
    g_autoptr(Envelope) played = desk_chain_next(&chain, 0, OUTCOME_PLAYED);
    assert_result(desk_chain_take(&chain, played), INTAKE_STORED, NULL);
    assert_outcome(&chain, 0, "played");
    desk_chain_clear(&chain);
}

static void test_the_kept_envelope_is_byte_for_byte_what_was_signed(void)
{
    DeskChain chain;
    desk_chain_init(&chain);
    g_autoptr(Envelope) first = desk_chain_next(&chain, 0, OUTCOME_PLAYED);
    assert_result(desk_chain_take(&chain, first), INTAKE_STORED, NULL);
    g_autoptr(GPtrArray) rows = receipt_store_of_station(chain.desk.database, "a1", 0, 10, NULL);
    g_assert_cmpuint(rows->len, ==, 1);
    const ReceiptRow *row = g_ptr_array_index(rows, 0);
    g_autoptr(Envelope) kept =
        envelope_parse(row->envelope, strlen(row->envelope), RECEIPT_MAX_BYTES, NULL);
    g_assert_true(g_bytes_equal(kept->payload, first->payload));
    g_assert_true(envelope_verify(kept, ENVELOPE_TYPE_RECEIPT, &chain.desk.a1.key, NULL));
    desk_chain_clear(&chain);
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
