/* The counts of the reports against a full count of the log, after anything that may happen to an
 * airing: planned, moved, cancelled, told of once, twice, wrongly, late, or never. */
#include "fleet_desk.h"

#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "ledger/receipt_intake.h"
#include "ledger/rollup_store.h"
#include "ledger/unreported.h"
#include "schedule/airing_store.h"

#define ZEROS  "0000000000000000000000000000000000000000000000000000000000000000"
#define STEPS  400
#define ROUNDS 6

typedef struct Teller {
    DeskStation *station;
    int64_t counter;
    char previous[65];
    Envelope *last;
} Teller;

typedef struct World {
    FleetDesk desk;
    GRand *dice;
    Teller tellers[3];
    Ledger *ledger;
    unsigned orders;
} World;

static void world_init(World *world, guint32 seed)
{
    fleet_desk_init(&world->desk);
    world->dice = g_rand_new_with_seed(seed);
    world->ledger = ledger_new(world->desk.database, world->desk.fleet, NULL);
    world->orders = 0;
    DeskStation *stations[] = {&world->desk.a1, &world->desk.a2, &world->desk.b1};
    for (unsigned i = 0; i < G_N_ELEMENTS(stations); i++)
        world->tellers[i] = (Teller){.station = stations[i], .previous = ZEROS};
}

static void world_clear(World *world)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(world->tellers); i++)
        envelope_free(world->tellers[i].last);
    ledger_free(world->ledger);
    g_rand_free(world->dice);
    fleet_desk_clear(&world->desk);
}

static unsigned below(World *world, int limit)
{
    return (unsigned)g_rand_int_range(world->dice, 0, limit);
}

static void assert_counts_are_right(World *world)
{
    int64_t rows = -1;
    g_autoptr(GError) error = NULL;
    bool ok = rollup_store_wrong(world->desk.database, &rows, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    g_assert_cmpint(rows, ==, 0);
}

static void order(World *world)
{
    static const char *const areas[] = {"province", "a", "b"};
    g_autofree char *id = g_strdup_printf("order%u", world->orders++);
    fleet_desk_order(&world->desk, id, TARGET_AREA, areas[below(world, 3)],
                     world->desk.clock.wall + below(world, 20 * 24) * DESK_HOUR / 4 + DESK_MINUTE);
    fleet_desk_publish(&world->desk);
}

static void run(World *world, const char *sql)
{
    g_autoptr(GError) error = NULL;
    bool ok = database_script(world->desk.database, sql, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
}

/* A new text of the bulletin: airings to come change their version, title, source and length. */
static void change_bulletin(World *world)
{
    static const char *const changes[] = {
        "UPDATE bulletin_versions SET text = 'Xin chào'",
        "UPDATE bulletin_versions SET text = NULL",
        "UPDATE bulletin_versions SET language = 'tyz', title = 'Chỏ slưởng'",
        "UPDATE bulletin_versions SET frames = frames + 48000",
        "UPDATE bulletin_versions SET author_name = 'Cúc'"};
    run(world, changes[below(world, G_N_ELEMENTS(changes))]);
    fleet_desk_set_bulletin(&world->desk, below(world, 4) ? "approved" : "submitted");
    fleet_desk_publish(&world->desk);
}

static Receipt *receipt_about(World *world, Teller *teller, const Airing *airing)
{
    static const Reason reasons[] = {REASON_NO_POWER, REASON_DEVICE_FAULT, REASON_LATE};
    Receipt *receipt = receipt_new();
    bool sounded = below(world, 3) > 0;
    receipt->station = g_strdup(teller->station->id);
    receipt->keyid = g_strdup(teller->station->key.id);
    receipt->counter = teller->counter + 1;
    g_strlcpy(receipt->previous, teller->previous, sizeof receipt->previous);
    receipt->boot_id = g_strnfill(32, 'b');
    receipt->airing = below(world, 12) ? g_strdup(airing->id) : g_strnfill(32, 'f');
    receipt->broadcast = g_strdup(airing->broadcast);
    receipt->plan_epoch = receipt->plan_version = 1;
    receipt->planned_us = receipt->resolved_us = airing->planned_us;
    receipt->outcome =
        sounded ? (below(world, 4) ? OUTCOME_PLAYED : OUTCOME_PARTIAL) : OUTCOME_MISSED;
    receipt->reason = receipt->outcome == OUTCOME_PLAYED ? REASON_NONE : reasons[below(world, 3)];
    receipt->late_by_ms = sounded ? below(world, 3000) : 0;
    receipt->rms_dbfs = receipt->peak_dbfs = -20;
    receipt->evidence_grade = sounded ? 2 : 0;
    receipt->amplifier = g_strdup("on");
    receipt->made_us = airing->planned_us + DESK_MINUTE;
    if (sounded) {
        ReceiptItem *item = receipt_item_new("v1", ZEROS);
        ReceiptSegment *segment = receipt_item_add_segment(item);
        segment->first_us = airing->planned_us;
        segment->last_us = airing->planned_us + G_USEC_PER_SEC;
        segment->frames = 1 + below(world, 480000);
        segment->ended = g_strdup("complete");
        g_ptr_array_add(receipt->items, item);
    }
    return receipt;
}

static void hand_in(World *world, const Teller *teller, const Envelope *envelope)
{
    IntakeCaller caller = {.station = teller->station->id,
                           .key = &teller->station->key,
                           .now_us = world->desk.clock.wall};
    IntakeResult result;
    g_autoptr(GError) error = NULL;
    g_autoptr(Json) entry = envelope_to_json(envelope);
    g_assert_true(database_begin(world->desk.database, &error));
    bool ok = receipt_intake_take(world->desk.database, &caller, entry, &result, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    if (below(world, 10)) {
        g_assert_true(database_commit(world->desk.database, &error));
        return;
    }
    database_rollback(world->desk.database); /* the counts go back with the rest */
    bool again = database_begin(world->desk.database, &error) &&
                 receipt_intake_take(world->desk.database, &caller, entry, &result, &error) &&
                 database_commit(world->desk.database, &error);
    g_assert_no_error(error);
    g_assert_true(again);
}

/* An airing of the station, old ones included: told of again, or long after it was closed. */
static Airing *any_airing(World *world, const char *station)
{
    AiringFilter filter = {.from_us = 0, .to_us = G_MAXINT64, .station = station, .limit = 500};
    g_autoptr(GPtrArray) list = airing_store_list(world->desk.database, &filter, NULL);
    return list->len ? g_ptr_array_steal_index(list, below(world, (int)list->len)) : NULL;
}

static void tell(World *world)
{
    Teller *teller = &world->tellers[below(world, 3)];
    unsigned way = below(world, 10);
    if (way == 0 && teller->last) {
        hand_in(world, teller, teller->last); /* a duplicate */
        return;
    }
    g_autoptr(Airing) airing = any_airing(world, teller->station->id);
    if (!airing)
        return;
    g_autoptr(Receipt) receipt = receipt_about(world, teller, airing);
    if (way == 1 && teller->counter > 0)
        receipt->counter--; /* one counter with two contents, */
    if (way == 2)
        receipt->counter++; /* a gap, */
    if (way == 3)
        receipt->previous[0] = '1'; /* another chain: all set aside */
    g_autoptr(Json) json = receipt_to_json(receipt);
    g_autoptr(GBytes) payload = json_print_bytes(json);
    g_autoptr(Envelope) envelope =
        envelope_sign(ENVELOPE_TYPE_RECEIPT, payload, &teller->station->key);
    hand_in(world, teller, envelope);
    if (way >= 1 && way <= 3)
        return;
    size_t length;
    const void *bytes = g_bytes_get_data(payload, &length);
    g_autofree char *sha256 = digest_hex_of(bytes, length);
    g_strlcpy(teller->previous, sha256, sizeof teller->previous);
    teller->counter++;
    envelope_free(teller->last);
    teller->last = g_steal_pointer(&envelope);
}

static void let_time_pass(World *world)
{
    int64_t hours = below(world, 20) ? below(world, 30) : 61 * 24;
    fake_clock_advance(&world->desk.clock, hours * DESK_HOUR);
    g_autoptr(GError) error = NULL;
    int closed = unreported_close(world->ledger, world->desk.clock.wall, &error);
    g_assert_no_error(error);
    g_assert_cmpint(closed, >=, 0);
}

static void test_the_counts_equal_a_full_count_whatever_happens(void)
{
    for (guint32 round = 1; round <= ROUNDS; round++) {
        World world;
        world_init(&world, round);
        for (unsigned step = 0; step < STEPS; step++) {
            unsigned what = below(&world, 20);
            if (what < 3)
                order(&world);
            else if (what == 3)
                change_bulletin(&world);
            else if (what < 6)
                let_time_pass(&world);
            else
                tell(&world);
            if (step % 20 == 0)
                assert_counts_are_right(&world);
        }
        assert_counts_are_right(&world);
        world_clear(&world);
    }
}

static int64_t number(World *world, const char *sql)
{
    g_autoptr(Query) query = database_query(world->desk.database, sql);
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    return row_int(query, 0);
}

static void test_a_wrong_count_is_seen_and_made_right(void)
{
    static const char *const harms[] = {"UPDATE airing_days SET airings = airings + 1",
                                        "DELETE FROM airing_days",
                                        "UPDATE airing_months SET late = 7",
                                        "DELETE FROM airing_months",
                                        "UPDATE airing_blocks SET stations = 0",
                                        "DELETE FROM airing_blocks"};
    World world;
    world_init(&world, 1);
    for (unsigned i = 0; i < 4; i++)
        order(&world);
    for (unsigned i = 0; i < G_N_ELEMENTS(harms); i++) {
        int64_t rows = 0;
        run(&world, harms[i]);
        g_assert_true(rollup_store_wrong(world.desk.database, &rows, NULL));
        g_assert_cmpint(rows, >, 0);
        g_autoptr(GError) error = NULL;
        bool ok = rollup_store_rebuild(world.desk.database, &error);
        g_assert_no_error(error);
        g_assert_true(ok);
        assert_counts_are_right(&world);
    }
    world_clear(&world);
}

static void test_counts_outlive_the_airings_they_were_counted_from(void)
{
    World world;
    world_init(&world, 2);
    for (unsigned i = 0; i < 10; i++)
        order(&world);
    int64_t counted = number(&world, "SELECT sum(airings) FROM airing_days");
    run(&world, "DELETE FROM airings WHERE planned_us < (SELECT max(planned_us) - 86400000000 "
                "FROM airings)");
    g_assert_cmpint(number(&world, "SELECT count(*) FROM airings"), <, counted);
    assert_counts_are_right(&world);
    g_assert_true(rollup_store_rebuild(world.desk.database, NULL));
    g_assert_cmpint(number(&world, "SELECT sum(airings) FROM airing_days"), ==, counted);
    g_assert_cmpint(number(&world, "SELECT sum(airings) FROM airing_months"), ==, counted);
    world_clear(&world);
}

static void test_an_older_log_is_counted_when_the_tables_come(void)
{
    g_autofree char *dir = g_dir_make_tmp("loa-rollup-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "loa.db", NULL);
    g_autoptr(GError) error = NULL;
    Database *database = database_open_to(path, 14, &error);
    g_assert_no_error(error);
    static const char *const outcomes[] = {"played", "missed", ""};
    for (unsigned i = 0; i < 300; i++) {
        g_autofree char *sql = g_strdup_printf(
            "INSERT INTO airings (planned_us, id, station, broadcast, area, area_path, bulletin, "
            "bulletin_version, title, class, duration_ms, start_by_us, outcome, frames) VALUES "
            "(%" G_GINT64_FORMAT ", '%032x', 's', 'b%u', 'a', '/p/a%u/', 'b', 'v', 't', 'normal', "
            "1000, 0, '%s', 48000)",
            DESK_NOW + i * DESK_HOUR / 2, i, i % 7, i % 3, outcomes[i % 3]);
        g_assert_true(database_script(database, sql, NULL));
    }
    database_close(database);
    database = database_open(path, &error);
    g_assert_no_error(error);
    int64_t rows = -1;
    g_assert_true(rollup_store_wrong(database, &rows, NULL));
    g_assert_cmpint(rows, ==, 0);
    g_autoptr(Query) first = database_query(database, "SELECT min(day), count(*) FROM airing_days");
    g_assert_cmpint(query_next(first, NULL), ==, 1);
    g_assert_cmpint(row_int(first, 0), ==, 20261121);
    g_assert_cmpint(row_int(first, 1), >, 7);
    query_done(g_steal_pointer(&first));
    database_close(database);
    g_autofree char *command = g_strdup_printf("rm -rf %s", dir);
    g_assert_cmpint(system(command), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rollup/full_count", test_the_counts_equal_a_full_count_whatever_happens);
    g_test_add_func("/rollup/made_right", test_a_wrong_count_is_seen_and_made_right);
    g_test_add_func("/rollup/outlive", test_counts_outlive_the_airings_they_were_counted_from);
    g_test_add_func("/rollup/older_log", test_an_older_log_is_counted_when_the_tables_come);
    return g_test_run();
}
