/* An order that was taken back: what is said of each station rests on its own word about the plan
 * it holds, and on nothing that is only on its way. */
#include "fleet_desk.h"

#include <string.h>

#include "access/access.h"
#include "http/reply_parts.h"
#include "ledger/ledger.h"
#include "schedule/broadcast_store.h"

typedef struct World {
    FleetDesk desk;
    Ledger *ledger;
    User user;
} World;

static void world_init(World *world)
{
    *world = (World){0};
    fleet_desk_init(&world->desk);
    world->ledger = ledger_new(world->desk.database, world->desk.fleet, NULL);
    world->user = (User){.id = (char *)"an",
                         .name = (char *)"An",
                         .login = (char *)"an",
                         .grants = g_array_new(FALSE, FALSE, sizeof(UserGrant))};
    UserGrant grant = {.role = ROLE_VIEWER, .area = (char *)"province"};
    g_array_append_val(world->user.grants, grant);
    fleet_desk_order(&world->desk, "now", TARGET_AREA, "a", DESK_NOW + DESK_MINUTE);
    fleet_desk_publish(&world->desk);
}

static void world_clear(World *world)
{
    g_array_unref(world->user.grants);
    ledger_free(world->ledger);
    fleet_desk_clear(&world->desk);
}

/* The station says that it holds the newest plan, and what it plays ("null": nothing). */
static void say(World *world, const DeskStation *station, const char *playing)
{
    g_autoptr(Plan) plan = fleet_desk_plan(&world->desk, station);
    g_autofree char *text = g_strdup_printf(
        "{\"software\":\"1\",\"protocol\":1,\"formats\":[\"ogg-opus\"],\"plan\":{\"epoch\":"
        "%" G_GINT64_FORMAT ",\"version\":%" G_GINT64_FORMAT "},\"media\":{\"ready\":1,\"missing\":"
        "[]},\"clock\":{\"trust\":2,\"error_ms\":1},\"level_dbfs\":-90.0,\"volume_mdb\":0,"
        "\"now_playing\":%s,\"amplifier\":\"off\",\"faults\":[],\"refusals\":[],\"board\":{},"
        "\"receipts_waiting\":0,\"storage_free_bytes\":1}",
        plan->epoch, plan->version, playing);
    g_autoptr(Json) body = json_parse(text, strlen(text), NULL);
    g_assert_null(
        health_take(world->desk.fleet->health, station->id, body, world->desk.clock.wall));
}

static void take_back(World *world)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(broadcast_store_delete(world->desk.database, "now", DESK_NOW, &error));
    g_autoptr(Broadcast) gone = broadcast_store_get(world->desk.database, "now", &error);
    publisher_broadcast_changed(gone, world->desk.fleet->publisher);
}

static void expect(World *world, int64_t dropped, int64_t played)
{
    g_autoptr(Request) request = request_new("GET", "/api/broadcasts/now/withdrawal");
    request->now_us = world->desk.clock.wall;
    request->places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_hash_table_insert(request->places, g_strdup("id"), g_strdup("now"));
    request_set_caller(request, &world->user, NULL);
    g_autoptr(Json) body = fleet_desk_json(withdrawal_api_get(world->ledger, request), 200);
    g_assert_cmpint(json_peek_int(body, "stations", -1), ==, 2);
    g_assert_cmpint(json_peek_int(body, "dropped", -1), ==, dropped);
    g_assert_cmpint(json_peek_int(body, "played", -1), ==, played);
}

static void test_the_plan_with_it_is_no_answer(void)
{
    World world;
    world_init(&world);
    say(&world, &world.desk.a1, "null");
    say(&world, &world.desk.a2, "null");
    expect(&world, 0, 0);
    take_back(&world); /* the newest plan is still the one with it, and both hold it */
    expect(&world, 0, 0);
    fleet_desk_publish(&world.desk); /* made, but not there yet */
    expect(&world, 0, 0);
    say(&world, &world.desk.a1, "null");
    expect(&world, 1, 0);
    say(&world, &world.desk.a2, "null");
    expect(&world, 2, 0);
    world_clear(&world);
}

static void test_who_plays_is_named(void)
{
    World world;
    world_init(&world);
    g_autoptr(Plan) plan = fleet_desk_plan(&world.desk, &world.desk.a1);
    const PlanAiring *airing = g_ptr_array_index(plan->airings, 0);
    g_autofree char *playing = g_strdup_printf("\"%s\"", airing->id);
    take_back(&world);
    fleet_desk_publish(&world.desk);
    say(&world, &world.desk.a1, playing);
    expect(&world, 0, 1);
    world_clear(&world);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/withdrawal/plan", test_the_plan_with_it_is_no_answer);
    g_test_add_func("/withdrawal/plays", test_who_plays_is_named);
    return g_test_run();
}
