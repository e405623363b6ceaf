/* Groups across communes: whom they reach, who may say so, and how plans follow the answers. */
#include "fleet_desk.h"

#include <string.h>

#include "access/access.h"
#include "http/reply_parts.h"
#include "registry/group_answer_api.h"
#include "registry/group_api.h"
#include "schedule/broadcast_api.h"
#include "schedule/broadcast_store.h"
#include "schedule/relay_reach.h"

typedef struct Desk {
    FleetDesk fleet;
    Registry registry;
    User user;
} Desk;

static bool in_use(const char *group, int64_t now_us, void *user)
{
    return broadcast_api_names_group(((Desk *)user)->fleet.database, group, now_us);
}

static void changing(const char *group, void *user)
{
    publisher_group_changing(group, ((Desk *)user)->fleet.fleet->publisher);
}

static void become(Desk *desk, Role role, const char *area)
{
    UserGrant grant = {.role = role, .area = (char *)area};
    g_array_set_size(desk->user.grants, 0);
    g_array_append_val(desk->user.grants, grant);
}

static void desk_init(Desk *desk)
{
    fleet_desk_init(&desk->fleet);
    fleet_desk_publish(&desk->fleet);
    desk->registry = (Registry){.database = desk->fleet.database,
                                .groups = {.changing = changing, .in_use = in_use, .user = desk}};
    desk->user = (User){.id = (char *)"an",
                        .name = (char *)"An",
                        .grants = g_array_new(FALSE, FALSE, sizeof(UserGrant))};
    become(desk, ROLE_OPERATOR, "a");
}

static void desk_clear(Desk *desk)
{
    g_array_unref(desk->user.grants);
    fleet_desk_clear(&desk->fleet);
}

typedef Reply *(*Handler)(void *room, Request *request);

static Reply *ask(Desk *desk, Handler handler, const char *id, const char *member, const char *body)
{
    g_autoptr(Request) request = request_new("POST", "/api/groups");
    g_assert_true(request_settle(request, "192.0.2.8", false));
    request->now_us = desk->fleet.clock.wall;
    request->places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (id)
        g_hash_table_insert(request->places, g_strdup("id"), g_strdup(id));
    if (member)
        g_hash_table_insert(request->places, g_strdup("member"), g_strdup(member));
    request->json = json_parse(body ? body : "{}", strlen(body ? body : "{}"), NULL);
    request_set_caller(request, &desk->user, NULL);
    return handler(&desk->registry, request);
}

static unsigned status_of(Reply *take_reply)
{
    g_autoptr(Reply) reply = take_reply;
    return reply_status(reply);
}

/* Made by commune "a" of itself and its neighbour "b". */
static char *make_group(Desk *desk)
{
    g_autoptr(Json) made =
        fleet_desk_json(ask(desk, group_api_create, NULL, NULL,
                            "{\"area\":\"a\",\"name\":\"Liên xã A và B\",\"members\":["
                            "{\"kind\":\"area\",\"id\":\"a\"},{\"kind\":\"area\",\"id\":\"b\"}]}"),
                        201);
    return g_strdup(json_peek_text(made, "id"));
}

static const char *state_of(const Json *group, unsigned index)
{
    return json_peek_text(json_at(json_peek(group, "members"), index), "state");
}

static void order(Desk *desk, const char *id, const char *issuer, const char *group, bool exclude)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Broadcast) broadcast = broadcast_new();
    broadcast->id = g_strdup(id);
    broadcast->bulletin = g_strdup("notice");
    broadcast->area = g_strdup(issuer);
    broadcast->kind = BROADCAST_ONCE;
    broadcast->start_us = DESK_NOW + 2 * DESK_HOUR;
    broadcast->zone = g_strdup("Asia/Ho_Chi_Minh");
    broadcast->tolerance_s = 600;
    broadcast->created_by = g_strdup("an");
    broadcast->created_by_name = g_strdup("An");
    broadcast->created_us = DESK_NOW;
    broadcast_add_target(broadcast, TARGET_GROUP, group, exclude);
    if (exclude)
        broadcast_add_target(broadcast, TARGET_AREA, issuer, false);
    g_assert_true(broadcast_store_read_groups(desk->fleet.database, broadcast, &error));
    g_assert_true(broadcast_store_add(desk->fleet.database, broadcast, &error));
    g_assert_no_error(error);
    publisher_broadcast_changed(broadcast, desk->fleet.fleet->publisher);
    fleet_desk_publish(&desk->fleet);
}

static unsigned airings(Desk *desk, const DeskStation *station)
{
    fleet_desk_publish(&desk->fleet);
    g_autoptr(Plan) plan = fleet_desk_plan(&desk->fleet, station);
    return plan ? plan->airings->len : 0;
}

static void test_a_neighbour_sounds_only_while_it_accepts(void)
{
    Desk desk;
    desk_init(&desk);
    g_autofree char *group = make_group(&desk);
    order(&desk, "both", "a", group, false);
    g_assert_cmpuint(airings(&desk, &desk.fleet.a1), ==, 1);
    g_assert_cmpuint(airings(&desk, &desk.fleet.b1), ==, 0);
    become(&desk, ROLE_LEADER, "b");
    g_autoptr(Json) yes = fleet_desk_json(
        ask(&desk, group_answer_api_accept, group, "b", "{\"reason\":\"Đồng ý\"}"), 200);
    g_assert_cmpstr(state_of(yes, 0), ==, "own");
    g_assert_cmpstr(state_of(yes, 1), ==, "accepted");
    g_assert_cmpuint(airings(&desk, &desk.fleet.b1), ==, 1);
    g_autoptr(Json) no =
        fleet_desk_json(ask(&desk, group_answer_api_withdraw, group, "b", NULL), 200);
    g_assert_cmpstr(state_of(no, 1), ==, "withdrawn");
    g_assert_cmpuint(airings(&desk, &desk.fleet.b1), ==, 0);
    g_assert_cmpuint(airings(&desk, &desk.fleet.a1), ==, 1);
    desk_clear(&desk);
}

/* Stations of commune "a" play everything, the others say that they have no decoder. */
static bool plays(G_GNUC_UNUSED void *self, const char *station, G_GNUC_UNUSED const char *format)
{
    return *station == 'a';
}

static void test_a_relay_is_looked_at_where_the_group_takes_it(void)
{
    static const StationFactsOps ops = {.plays = plays};
    const StationFacts facts = {.ops = &ops};
    Desk desk;
    desk_init(&desk);
    Database *database = desk.fleet.database;
    g_autofree char *group = make_group(&desk);
    become(&desk, ROLE_LEADER, "b");
    g_assert_cmpuint(status_of(ask(&desk, group_answer_api_accept, group, "b", NULL)), ==, 200);
    g_assert_true(database_script(
        database,
        "INSERT INTO sources (id, area, name, created_by_name, created_us, updated_us) "
        "VALUES ('vov', 'province', 'VOV1', 'An', 1, 1);"
        "INSERT INTO source_addresses VALUES ('vov', 0, 'https://example.org/a', 'aac');"
        "UPDATE bulletin_versions SET source = 'vov'",
        NULL));
    order(&desk, "both", "a", group, false);
    g_autoptr(Broadcast) broadcast = broadcast_store_get(database, "both", NULL);
    g_auto(RelayReach) reach = {0};
    g_autoptr(GError) error = NULL;
    g_assert_true(relay_reach(database, &facts, broadcast, &reach, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(reach.able, ==, 2);
    g_assert_cmpuint(reach.unable, ==, 1); /* b1, which the area of the order does not hold */
    g_assert_cmpuint(reach.names->len, ==, 1);
    desk_clear(&desk);
}

static void test_an_acceptance_is_for_one_group_and_its_maker(void)
{
    Desk desk;
    desk_init(&desk);
    g_autofree char *group = make_group(&desk);
    become(&desk, ROLE_LEADER, "b");
    g_assert_cmpuint(status_of(ask(&desk, group_answer_api_accept, group, "b", NULL)), ==, 200);
    /* The province may use the group, for all of it lies below; that needs no acceptance. */
    order(&desk, "top", "province", group, false);
    g_assert_cmpuint(airings(&desk, &desk.fleet.b1), ==, 1);
    g_assert_cmpuint(status_of(ask(&desk, group_answer_api_withdraw, group, "b", NULL)), ==, 200);
    g_assert_cmpuint(airings(&desk, &desk.fleet.b1), ==, 1);
    desk_clear(&desk);
}

static void test_leaving_a_group_out_needs_no_acceptance(void)
{
    Desk desk;
    desk_init(&desk);
    g_autofree char *group = make_group(&desk);
    order(&desk, "none", "province", group, true);
    g_assert_cmpuint(airings(&desk, &desk.fleet.a1), ==, 0);
    g_assert_cmpuint(airings(&desk, &desk.fleet.b1), ==, 0);
    desk_clear(&desk);
}

static void test_a_station_that_moves_away_leaves_its_acceptance(void)
{
    Desk desk;
    desk_init(&desk);
    become(&desk, ROLE_ADMINISTRATOR, "province");
    g_autoptr(Json) made = fleet_desk_json(
        ask(&desk, group_api_create, NULL, NULL,
            "{\"area\":\"a\",\"name\":\"G\",\"members\":[{\"kind\":\"station\",\"id\":\"b1\"}]}"),
        201);
    const char *group = json_peek_text(made, "id");
    g_assert_cmpstr(state_of(made, 0), ==, "requested");
    g_assert_cmpuint(status_of(ask(&desk, group_answer_api_accept, group, "b1", NULL)), ==, 200);
    order(&desk, "one", "a", group, false);
    g_assert_cmpuint(airings(&desk, &desk.fleet.b1), ==, 1);
    g_assert_true(station_store_rename(desk.fleet.database, "b1", "b1", "province", NULL));
    publisher_station_changed(desk.fleet.fleet->publisher, "b1");
    g_assert_cmpuint(airings(&desk, &desk.fleet.b1), ==, 0);
    g_autoptr(Json) now = fleet_desk_json(ask(&desk, group_api_get, group, NULL, NULL), 200);
    g_assert_cmpstr(state_of(now, 0), ==, "requested");
    desk_clear(&desk);
}

static void test_members_that_leave_and_join_are_planned_again(void)
{
    Desk desk;
    desk_init(&desk);
    become(&desk, ROLE_EDITOR, "province");
    g_autoptr(Json) made = fleet_desk_json(ask(&desk, group_api_create, NULL, NULL,
                                               "{\"area\":\"province\",\"name\":\"G\",\"members\":["
                                               "{\"kind\":\"area\",\"id\":\"a\"}]}"),
                                           201);
    const char *group = json_peek_text(made, "id");
    order(&desk, "one", "province", group, false);
    g_assert_cmpuint(airings(&desk, &desk.fleet.a1), ==, 1);
    g_assert_cmpuint(airings(&desk, &desk.fleet.b1), ==, 0);
    g_assert_cmpuint(status_of(ask(&desk, group_api_patch, group, NULL,
                                   "{\"members\":[{\"kind\":\"area\",\"id\":\"b\"}]}")),
                     ==, 200);
    g_assert_cmpuint(airings(&desk, &desk.fleet.a1), ==, 0);
    g_assert_cmpuint(airings(&desk, &desk.fleet.b1), ==, 1);
    g_assert_cmpuint(status_of(ask(&desk, group_api_delete, group, NULL, NULL)), ==, 409);
    desk_clear(&desk);
}

static void test_answers_follow_each_other(void)
{
    static const struct {
        const char *name;
        Handler handler;
        unsigned statuses[4]; /* from requested, accepted, refused, withdrawn */
    } cases[] = {
        {"request", group_answer_api_request, {409, 409, 200, 200}},
        {"accept", group_answer_api_accept, {200, 409, 200, 200}},
        {"refuse", group_answer_api_refuse, {200, 409, 409, 409}},
        {"withdraw", group_answer_api_withdraw, {409, 200, 409, 409}},
    };
    for (unsigned state = 0; state < 4; state++) {
        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
            Desk desk;
            desk_init(&desk);
            g_autofree char *group = make_group(&desk);
            become(&desk, ROLE_ADMINISTRATOR, "province");
            static const Handler path[][3] = {
                {NULL},
                {group_answer_api_accept, NULL},
                {group_answer_api_refuse, NULL},
                {group_answer_api_accept, group_answer_api_withdraw, NULL},
            };
            for (unsigned step = 0; path[state][step]; step++)
                g_assert_cmpuint(status_of(ask(&desk, path[state][step], group, "b", NULL)), ==,
                                 200);
            g_test_message("%s from %u", cases[i].name, state);
            g_assert_cmpuint(status_of(ask(&desk, cases[i].handler, group, "b", NULL)), ==,
                             cases[i].statuses[state]);
            g_assert_cmpuint(status_of(ask(&desk, cases[i].handler, group, "a", NULL)), ==, 409);
            desk_clear(&desk);
        }
    }
}

/* Every role, held at the top, in the area that made the group, and in the one that is asked. */
static void test_each_role_does_what_the_table_says(void)
{
    static const char *const areas[] = {"province", "a", "b"};
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        for (unsigned i = 0; i < G_N_ELEMENTS(areas); i++) {
            Desk desk;
            desk_init(&desk);
            g_autofree char *group = make_group(&desk);
            become(&desk, (Role)role, areas[i]);
            bool at_a = i <= 1, at_b = i != 1;
            bool changes = at_a && role_may((Role)role, VERB_SCHEDULE);
            bool answers = at_b && role_may((Role)role, VERB_APPROVE_CONTENT);
            g_test_message("%s at %s", role_word((Role)role), areas[i]);
            g_assert_cmpuint(status_of(ask(&desk, group_api_get, group, NULL, NULL)), ==, 200);
            g_assert_cmpuint(
                status_of(ask(&desk, group_api_patch, group, NULL, "{\"name\":\"Khác\"}")), ==,
                changes ? 200 : 403);
            g_assert_cmpuint(status_of(ask(&desk, group_answer_api_refuse, group, "b", NULL)), ==,
                             answers ? 200 : 403);
            g_assert_cmpuint(status_of(ask(&desk, group_answer_api_request, group, "b", NULL)), ==,
                             changes ? (answers ? 200 : 409) : 403);
            unsigned made = status_of(ask(&desk, group_api_create, NULL, NULL,
                                          "{\"area\":\"a\",\"name\":\"N\",\"members\":"
                                          "[{\"kind\":\"area\",\"id\":\"b\"}]}"));
            g_assert_cmpuint(made, ==, changes ? 201 : at_a ? 403 : 404);
            g_assert_cmpuint(status_of(ask(&desk, group_api_delete, group, NULL, NULL)), ==,
                             changes ? 204 : 403);
            desk_clear(&desk);
        }
    }
}

static void test_mistakes_change_nothing(void)
{
    Desk desk;
    desk_init(&desk);
    static const char *const bodies[] = {
        "{\"area\":\"a\",\"name\":\"N\",\"members\":[]}",
        "{\"area\":\"a\",\"name\":\"\",\"members\":[{\"kind\":\"area\",\"id\":\"b\"}]}",
        "{\"area\":\"a\",\"name\":\"N\",\"members\":[{\"kind\":\"area\",\"id\":\"zz\"}]}",
        "{\"area\":\"a\",\"name\":\"N\",\"members\":[{\"kind\":\"horn\",\"id\":\"b\"}]}",
        ("{\"area\":\"a\",\"name\":\"N\",\"members\":[{\"kind\":\"area\",\"id\":\"b\"},"
         "{\"kind\":\"area\",\"id\":\"b\"}]}"),
        /* a station that this person cannot see */
        "{\"area\":\"a\",\"name\":\"N\",\"members\":[{\"kind\":\"station\",\"id\":\"b1\"}]}",
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(bodies); i++) {
        g_test_message("case %u", i);
        g_assert_cmpuint(status_of(ask(&desk, group_api_create, NULL, NULL, bodies[i])), ==, 422);
    }
    g_autoptr(Json) list = fleet_desk_json(ask(&desk, group_api_list, NULL, NULL, NULL), 200);
    g_assert_cmpuint(json_length(json_peek(list, "items")), ==, 0);
    desk_clear(&desk);
}

static void test_those_who_are_asked_see_it_waiting(void)
{
    Desk desk;
    desk_init(&desk);
    g_autofree char *group = make_group(&desk);
    g_autoptr(Json) own = fleet_desk_json(ask(&desk, group_answer_api_list, NULL, NULL, NULL), 200);
    g_assert_cmpuint(json_length(json_peek(own, "items")), ==, 0);
    become(&desk, ROLE_LEADER, "b");
    g_autoptr(Json) other =
        fleet_desk_json(ask(&desk, group_answer_api_list, NULL, NULL, NULL), 200);
    g_assert_cmpuint(json_length(json_peek(other, "items")), ==, 1);
    g_autoptr(Json) list = fleet_desk_json(ask(&desk, group_api_list, NULL, NULL, NULL), 200);
    g_assert_cmpuint(json_length(json_peek(list, "items")), ==, 1);
    g_assert_cmpuint(status_of(ask(&desk, group_answer_api_refuse, group, "b", NULL)), ==, 200);
    g_autoptr(Json) after =
        fleet_desk_json(ask(&desk, group_answer_api_list, NULL, NULL, NULL), 200);
    g_assert_cmpuint(json_length(json_peek(after, "items")), ==, 0);
    desk_clear(&desk);
}

static void test_neighbours_are_found_by_name(void)
{
    Desk desk;
    desk_init(&desk);
    g_autoptr(Json) found =
        fleet_desk_json(ask(&desk, group_api_candidates, NULL, NULL, NULL), 200);
    const Json *items = json_peek(found, "items");
    g_assert_cmpuint(json_length(items), ==, 1); /* neither itself nor what lies above */
    g_assert_cmpstr(json_peek_text(json_at(items, 0), "id"), ==, "b");
    desk_clear(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/group/a-neighbour-sounds-only-while-it-accepts",
                    test_a_neighbour_sounds_only_while_it_accepts);
    g_test_add_func("/group/a-relay-is-looked-at-where-the-group-takes-it",
                    test_a_relay_is_looked_at_where_the_group_takes_it);
    g_test_add_func("/group/an-acceptance-is-for-one-group-and-its-maker",
                    test_an_acceptance_is_for_one_group_and_its_maker);
    g_test_add_func("/group/leaving-a-group-out-needs-no-acceptance",
                    test_leaving_a_group_out_needs_no_acceptance);
    g_test_add_func("/group/a-station-that-moves-away-leaves-its-acceptance",
                    test_a_station_that_moves_away_leaves_its_acceptance);
    g_test_add_func("/group/members-that-leave-and-join-are-planned-again",
                    test_members_that_leave_and_join_are_planned_again);
    g_test_add_func("/group/answers-follow-each-other", test_answers_follow_each_other);
    g_test_add_func("/group/each-role-does-what-the-table-says",
                    test_each_role_does_what_the_table_says);
    g_test_add_func("/group/mistakes-change-nothing", test_mistakes_change_nothing);
    g_test_add_func("/group/those-who-are-asked-see-it-waiting",
                    test_those_who_are_asked_see_it_waiting);
    g_test_add_func("/group/neighbours-are-found-by-name", test_neighbours_are_found_by_name);
    return g_test_run();
}
