/* A restored copy and stations that went on: what the lost machine acknowledged is gone everywhere,
 * which is written down once for each station, and nothing else is set aside. */
#include "fleet_desk.h"

#include <string.h>

#include "digest.h"
#include "fleet/epoch_store.h"
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

static void lose(Chain *chain, unsigned airing)
{
    g_autoptr(Envelope) lost = next(chain, airing, OUTCOME_PLAYED);
}

static int64_t ask(Chain *chain, const char *sql)
{
    g_autoptr(Query) query = database_query(chain->desk.database, sql);
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    return row_int(query, 0);
}

static IntakeStatus take_next(Chain *chain, unsigned airing)
{
    g_autoptr(Envelope) envelope = next(chain, airing, OUTCOME_PLAYED);
    return take(chain, envelope).status;
}

static char *reason_of(Chain *chain, unsigned index)
{
    int64_t at_us = chain->airings[index]->start_us;
    AiringFilter filter = {.from_us = at_us, .to_us = at_us + 1, .station = "a1", .limit = 1};
    g_autoptr(GPtrArray) list = airing_store_list(chain->desk.database, &filter, NULL);
    return g_strdup(((Airing *)g_ptr_array_index(list, 0))->reason);
}

static void restore(Chain *chain)
{
    int64_t epoch = 0;
    Database *database = chain->desk.database;
    g_assert_true(database_begin(database, NULL));
    g_assert_true(epoch_store_raise(database, DESK_NOW, DESK_NOW + DESK_HOUR, &epoch, NULL));
    g_assert_true(receipt_store_expect_gaps(database, NULL));
    g_assert_true(database_commit(database, NULL));
}

static void test_the_first_receipt_after_a_restore_is_stored_and_the_gap_is_written_down(void)
{
    Chain chain;
    chain_init(&chain);
    chain.desk.clock.wall = DESK_NOW + 5 * DESK_HOUR;
    /* given a copy that knows one receipt of three */
    g_assert_cmpint(take_next(&chain, 0), ==, INTAKE_STORED);
    restore(&chain);
    lose(&chain, 1);
    /* when */
    g_assert_cmpint(take_next(&chain, 2), ==, INTAKE_STORED);
    /* then */
    g_assert_cmpint(ask(&chain, "SELECT count(*) FROM quarantine"), ==, 0);
    g_assert_cmpint(ask(&chain, "SELECT first_counter * 100 + last_counter FROM receipt_gaps"), ==,
                    202);
    g_autofree char *lost = reason_of(&chain, 1);
    g_autofree char *came = reason_of(&chain, 2);
    g_autofree char *to_come = reason_of(&chain, 3);
    g_assert_cmpstr(lost, ==, "lost_by_restore");
    g_assert_cmpstr(came, ==, "");
    g_assert_cmpstr(to_come, ==, "");
    chain_clear(&chain);
}

static void test_a_second_gap_is_set_aside_again(void)
{
    Chain chain;
    chain_init(&chain);
    restore(&chain);
    lose(&chain, 0);
    g_assert_cmpint(take_next(&chain, 1), ==, INTAKE_STORED);
    lose(&chain, 2);
    g_assert_cmpint(take_next(&chain, 3), ==, INTAKE_QUARANTINED);
    g_assert_cmpint(ask(&chain, "SELECT count(*) FROM receipt_gaps"), ==, 1);
    chain_clear(&chain);
}

static void test_a_station_that_lost_nothing_has_no_gap_left_to_use(void)
{
    Chain chain;
    chain_init(&chain);
    g_assert_cmpint(take_next(&chain, 0), ==, INTAKE_STORED);
    restore(&chain);
    g_assert_cmpint(take_next(&chain, 1), ==, INTAKE_STORED);
    lose(&chain, 2);
    g_assert_cmpint(take_next(&chain, 3), ==, INTAKE_QUARANTINED);
    g_assert_cmpint(ask(&chain, "SELECT count(*) FROM receipt_gaps"), ==, 0);
    chain_clear(&chain);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/restore/gap",
                    test_the_first_receipt_after_a_restore_is_stored_and_the_gap_is_written_down);
    g_test_add_func("/restore/second", test_a_second_gap_is_set_aside_again);
    g_test_add_func("/restore/nothing_lost",
                    test_a_station_that_lost_nothing_has_no_gap_left_to_use);
    return g_test_run();
}
