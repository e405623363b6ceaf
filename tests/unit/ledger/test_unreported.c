/* The entries that close what nobody spoke of: what they name, and how they follow each other. */
#include "fleet_desk.h"

#include <string.h>

#include "digest.h"
#include "ledger/export_store.h"
#include "ledger/unreported.h"
#include "wire/silence.h"

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define ONES  "1111111111111111111111111111111111111111111111111111111111111111"
#define DAYS  (24 * DESK_HOUR)

typedef struct World {
    FleetDesk desk;
    Ledger *ledger;
} World;

static void world_init(World *world)
{
    fleet_desk_init(&world->desk);
    world->ledger = ledger_new(world->desk.database, world->desk.fleet, NULL);
    fleet_desk_publish(&world->desk);
}

static void world_clear(World *world)
{
    ledger_free(world->ledger);
    fleet_desk_clear(&world->desk);
}

static void order(World *world, const char *id, const char *area)
{
    fleet_desk_order(&world->desk, id, TARGET_AREA, area, world->desk.clock.wall + DESK_HOUR);
    fleet_desk_publish(&world->desk);
}

static int close_after(World *world, int64_t wait_us)
{
    g_autoptr(GError) error = NULL;
    fake_clock_advance(&world->desk.clock, wait_us);
    int closed = unreported_close(world->ledger, world->desk.clock.wall, &error);
    g_assert_no_error(error);
    return closed;
}

static char *text_of(World *world, const char *sql)
{
    g_autoptr(Query) query = database_query(world->desk.database, sql);
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    return g_strdup(row_text(query, 0));
}

static void run(World *world, const char *sql)
{
    g_autoptr(GError) error = NULL;
    bool ok = database_script(world->desk.database, sql, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
}

static Silence *entry(World *world, int seq)
{
    g_autofree char *sql = g_strdup_printf("SELECT envelope FROM unreported WHERE seq = %d", seq);
    g_autofree char *text = text_of(world, sql);
    g_autoptr(GError) error = NULL;
    g_autoptr(Envelope) envelope = envelope_parse(text, strlen(text), 1 << 20, &error);
    g_assert_no_error(error);
    g_assert_true(root_accepts(world->desk.fleet->root, envelope, ROOT_ROLE_PLAN, NULL, &error));
    size_t length;
    const void *bytes = g_bytes_get_data(envelope->payload, &length);
    Silence *silence = silence_parse(bytes, length, &error);
    g_assert_no_error(error);
    return silence;
}

static const SilenceHead *head_of(const Silence *silence, const char *station)
{
    for (unsigned i = 0; i < silence->heads->len; i++) {
        const SilenceHead *head = silence->heads->pdata[i];
        if (g_str_equal(head->station, station))
            return head;
    }
    g_assert_not_reached();
}

static void test_an_entry_names_plans_and_the_receipts_that_were_held(void)
{
    World world;
    world_init(&world);
    order(&world, "o", "a");
    g_autofree char *receipt = g_strdup_printf(
        "INSERT INTO receipts (received_us, station, keyid, counter, airing, planned_us, outcome, "
        "reason, sha256, envelope) VALUES (1, 'a1', '%s', 1, 'x', 1, 'missed', 'late', '" ZEROS
        "', ''), (1, 'a1', '%s', 2, 'x', 1, 'missed', 'late', '" ONES "', '')",
        world.desk.a1.key.id, world.desk.a1.key.id);
    run(&world, receipt);
    g_assert_cmpint(close_after(&world, 59 * DAYS), ==, 0);
    g_assert_cmpint(close_after(&world, 2 * DAYS), ==, 2);

    g_autoptr(Silence) silence = entry(&world, 1);
    g_assert_cmpint(silence->number, ==, 1);
    g_assert_cmpstr(silence->previous, ==, ZEROS);
    g_assert_cmpuint(silence->airings->len, ==, 2);
    g_assert_cmpuint(silence->heads->len, ==, 2);
    g_assert_cmpint(head_of(silence, "a1")->counter, ==, 2);
    g_assert_cmpstr(head_of(silence, "a1")->sha256, ==, ONES);
    g_assert_cmpint(head_of(silence, "a2")->counter, ==, 0);
    g_assert_cmpstr(head_of(silence, "a2")->sha256, ==, ZEROS);
    for (unsigned i = 0; i < silence->airings->len; i++) {
        const SilenceAiring *one = silence->airings->pdata[i];
        g_autofree char *sql = g_strdup_printf(
            "SELECT sha256 FROM plans WHERE station = '%s' AND version = 2", one->station);
        g_autofree char *sha256 = text_of(&world, sql);
        g_assert_cmpint(one->plan_version, ==, 2);
        g_assert_cmpstr(one->plan_sha256, ==, sha256);
    }
    world_clear(&world);
}

static void test_entries_follow_each_other(void)
{
    World world;
    world_init(&world);
    order(&world, "o", "a");
    g_assert_cmpint(close_after(&world, 61 * DAYS), ==, 2);
    order(&world, "p", "b");
    g_assert_cmpint(close_after(&world, 61 * DAYS), ==, 1);
    g_autofree char *before = text_of(&world, "SELECT sha256 FROM unreported WHERE seq = 1");
    g_autoptr(Silence) silence = entry(&world, 2);
    g_assert_cmpint(silence->number, ==, 2);
    g_assert_cmpstr(silence->previous, ==, before);
    world_clear(&world);
}

static void test_where_the_plan_has_gone_none_is_named(void)
{
    World world;
    world_init(&world);
    order(&world, "o", "b");
    run(&world, "UPDATE plans SET envelope = x''");
    g_assert_cmpint(close_after(&world, 61 * DAYS), ==, 1);
    g_autoptr(Silence) silence = entry(&world, 1);
    g_assert_cmpstr(((SilenceAiring *)silence->airings->pdata[0])->plan_sha256, ==, "");
    world_clear(&world);
}

static void count(const ExportPaper *paper, void *user)
{
    unsigned *pruned = user;
    *pruned += paper->length == 0;
}

/* A plan that no station ever fetched leaves no trace, unless an entry names it. */
static void test_the_trace_of_a_named_plan_outlives_its_body(void)
{
    World world;
    unsigned pruned = 0;
    world_init(&world);
    order(&world, "o", "b");
    g_assert_cmpint(close_after(&world, 61 * DAYS), ==, 1);
    run(&world, "UPDATE plans SET envelope = x''");
    ExportCursor cursor = {.to_us = G_MAXINT64, .limit = 100};
    g_assert_cmpint(export_store_plans(world.desk.database, &cursor, count, &pruned, NULL), ==, 1);
    g_assert_cmpuint(pruned, ==, 1);
    world_clear(&world);
}

static void test_an_entry_of_before_is_read_and_what_is_wrong_is_not(void)
{
    static const char old[] = "{\"type\":\"unreported\",\"made_us\":5,\"airings\":[{\"airing\":"
                              "\"00112233445566778899aabbccddeeff\",\"station\":\"s\","
                              "\"broadcast\":\"b\",\"planned_us\":4}]}";
    g_autoptr(GError) error = NULL;
    g_autoptr(Silence) silence = silence_parse(old, strlen(old), &error);
    g_assert_no_error(error);
    g_assert_true(silence->number == 0 && silence->heads->len == 0);
    static const char *const wrong[] = {
        "{\"type\":\"unreported\",\"made_us\":5,\"airings\":[],\"critical\":[\"x\"]}",
        "{\"type\":\"unreported\",\"made_us\":5,\"airings\":[],\"number\":2}",
        "{\"type\":\"plan\",\"made_us\":5,\"airings\":[]}",
        "{\"type\":\"unreported\",\"made_us\":5}",
        "{\"type\":\"unreported\",\"made_us\":5,\"airings\":[{}]}",
        "[]",
        "",
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_null(silence_parse(wrong[i], strlen(wrong[i]), NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/unreported/names", test_an_entry_names_plans_and_the_receipts_that_were_held);
    g_test_add_func("/unreported/chain", test_entries_follow_each_other);
    g_test_add_func("/unreported/no_plan", test_where_the_plan_has_gone_none_is_named);
    g_test_add_func("/unreported/trace", test_the_trace_of_a_named_plan_outlives_its_body);
    g_test_add_func("/unreported/before", test_an_entry_of_before_is_read_and_what_is_wrong_is_not);
    return g_test_run();
}
