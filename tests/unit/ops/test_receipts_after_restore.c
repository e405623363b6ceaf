/* A restored copy and stations that went on: what the lost machine acknowledged is gone everywhere,
 * which is written down once for each station, and nothing else is set aside. */
#include "desk_chain.h"

#include "fleet/epoch_store.h"
#include "ledger/receipt_store.h"
#include "schedule/airing_store.h"

static void lose(DeskChain *chain, unsigned airing)
{
    G_GNUC_UNUSED g_autoptr(Envelope) lost = desk_chain_next(chain, airing, OUTCOME_PLAYED);
}

static int64_t ask(DeskChain *chain, const char *sql)
{
    g_autoptr(Query) query = database_query(chain->desk.database, sql);
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    return row_int(query, 0);
}

static IntakeStatus take_next(DeskChain *chain, unsigned airing)
{
    g_autoptr(Envelope) envelope = desk_chain_next(chain, airing, OUTCOME_PLAYED);
    return desk_chain_take(chain, envelope).status;
}

static char *reason_of(DeskChain *chain, unsigned index)
{
    int64_t at_us = chain->airings[index]->start_us;
    AiringFilter filter = {.from_us = at_us, .to_us = at_us + 1, .station = "a1", .limit = 1};
    g_autoptr(GPtrArray) list = airing_store_list(chain->desk.database, &filter, NULL);
    return g_strdup(((Airing *)g_ptr_array_index(list, 0))->reason);
}

static void restore(DeskChain *chain, int64_t age_us)
{
    int64_t epoch = 0;
    Database *database = chain->desk.database;
    g_assert_true(database_begin(database, NULL));
    g_assert_true(epoch_store_raise(database, chain->desk.clock.wall - age_us,
                                    chain->desk.clock.wall, &epoch, NULL));
    g_assert_true(receipt_store_expect_gaps(database, NULL));
    g_assert_true(database_commit(database, NULL));
}

static void take_after_a_gap(int64_t age_us)
{
    DeskChain chain;
    desk_chain_init(&chain);
    chain.desk.clock.wall = DESK_NOW + 5 * DESK_HOUR;
    /* given a copy that knows one receipt of three */
    g_assert_cmpint(take_next(&chain, 0), ==, INTAKE_STORED);
    restore(&chain, age_us);
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
    desk_chain_clear(&chain);
}

static void test_the_first_receipt_after_a_restore_is_stored_and_the_gap_is_written_down(void)
{
    static const int64_t hours[] = {1, 24, 720};
    for (unsigned i = 0; i < G_N_ELEMENTS(hours); i++)
        take_after_a_gap(hours[i] * DESK_HOUR);
}

static void test_a_second_gap_is_set_aside_again(void)
{
    DeskChain chain;
    desk_chain_init(&chain);
    restore(&chain, DESK_HOUR);
    lose(&chain, 0);
    g_assert_cmpint(take_next(&chain, 1), ==, INTAKE_STORED);
    lose(&chain, 2);
    g_assert_cmpint(take_next(&chain, 3), ==, INTAKE_QUARANTINED);
    g_assert_cmpint(ask(&chain, "SELECT count(*) FROM receipt_gaps"), ==, 1);
    desk_chain_clear(&chain);
}

static void test_a_station_that_lost_nothing_has_no_gap_left_to_use(void)
{
    DeskChain chain;
    desk_chain_init(&chain);
    g_assert_cmpint(take_next(&chain, 0), ==, INTAKE_STORED);
    restore(&chain, DESK_HOUR);
    g_assert_cmpint(take_next(&chain, 1), ==, INTAKE_STORED);
    lose(&chain, 2);
    g_assert_cmpint(take_next(&chain, 3), ==, INTAKE_QUARANTINED);
    g_assert_cmpint(ask(&chain, "SELECT count(*) FROM receipt_gaps"), ==, 0);
    desk_chain_clear(&chain);
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
