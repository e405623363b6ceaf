/* The home page against a plain count of rows and of what each station says, after anything that
 * may happen: orders, plans, receipts, health, silence, stations that come, move and go. */
#include "fleet_desk.h"

#include <string.h>

#include "access/access.h"
#include "fleet/fault_text.h"
#include "http/reply_parts.h"
#include "ledger/ledger.h"
#include "ledger/reconcile.h"
#include "schedule/broadcast_store.h"
#include "schedule/recurrence.h"

#define STEPS  250
#define ROUNDS 4
#define ZEROS  "0000000000000000000000000000000000000000000000000000000000000000"

typedef struct World {
    FleetDesk desk;
    GRand *dice;
    Ledger *ledger;
    User user;
    unsigned orders, arrivals;
    int64_t counters[3];
    char previous[3][65];
} World;

static void world_init(World *world, guint32 seed)
{
    *world = (World){0};
    fleet_desk_init(&world->desk);
    world->dice = g_rand_new_with_seed(seed);
    world->ledger = ledger_new(world->desk.database, world->desk.fleet, NULL);
    world->user = (User){.id = (char *)"an",
                         .name = (char *)"An",
                         .login = (char *)"an",
                         .grants = g_array_new(FALSE, FALSE, sizeof(UserGrant))};
    UserGrant grant = {.role = ROLE_AUDITOR, .area = (char *)"province"};
    g_array_append_val(world->user.grants, grant);
    for (unsigned i = 0; i < 3; i++)
        g_strlcpy(world->previous[i], ZEROS, sizeof world->previous[i]);
}

static void world_clear(World *world)
{
    g_array_unref(world->user.grants);
    ledger_free(world->ledger);
    g_rand_free(world->dice);
    fleet_desk_clear(&world->desk);
}

static unsigned below(World *world, int limit)
{
    return (unsigned)g_rand_int_range(world->dice, 0, limit);
}

static DeskStation *any_station(World *world)
{
    DeskStation *stations[] = {&world->desk.a1, &world->desk.a2, &world->desk.b1};
    return stations[below(world, 3)];
}

/* --- the plain count ---------------------------------------------------------------------------
 */

/* What a station says of itself, NULL unless it is online. */
static const Json *facts_of(World *world, const char *station)
{
    HealthView view;
    health_view(world->desk.fleet->health, station, &view);
    return g_str_equal(view.state, "online") ? view.facts : NULL;
}

static bool says_ready(World *world, const char *station)
{
    const Json *media = json_peek(facts_of(world, station), "media");
    return media && json_length(json_peek(media, "missing")) == 0;
}

static int trouble_of(World *world, const char *station)
{
    HealthView view;
    health_view(world->desk.fleet->health, station, &view);
    int worst = g_str_equal(view.state, "offline") ? fault_text_find("offline")->urgency : 0;
    if (clone_watch_since(world->desk.fleet->clones, station))
        worst = MAX(worst, fault_text_find("cloned_key")->urgency);
    const Json *faults = json_peek(view.facts, "faults");
    for (size_t i = 0; faults && i < json_length(faults); i++)
        worst = MAX(worst, fault_text_find(json_peek_text(json_at(faults, i), "code"))->urgency);
    return worst;
}

static void count_stations(World *world, const char *path, GString *text)
{
    unsigned all = 0, online = 0, fine = 0, troubled = 0;
    g_autoptr(Query) query = database_query(
        world->desk.database, "SELECT s.id FROM stations s JOIN areas a ON a.id = s.area "
                              "WHERE s.retired_us = 0 AND a.path LIKE $1 || '%'");
    query_text(query, path);
    while (query_next(query, NULL) > 0) {
        bool answers = facts_of(world, row_text(query, 0)) != NULL;
        int trouble = trouble_of(world, row_text(query, 0));
        all++;
        online += answers;
        fine += answers && !trouble;
        troubled += trouble > 0;
    }
    g_string_append_printf(text, "stations %u online %u fine %u troubled %u\n", all, online, fine,
                           MIN(troubled, 20));
}

/* Stations that stand below `path` today and say that they play this. */
static int64_t count_playing(World *world, const char *path, int64_t planned_us,
                             const char *broadcast)
{
    int64_t playing = 0;
    g_autoptr(Query) query =
        database_query(world->desk.database,
                       "SELECT g.id, s.id FROM airings g JOIN stations s ON s.id = g.station "
                       "JOIN areas a ON a.id = s.area WHERE g.planned_us = $1 "
                       "AND g.broadcast = $2 AND g.outcome = '' AND s.retired_us = 0 "
                       "AND a.path LIKE $3 || '%'");
    query_int(query, planned_us);
    query_text(query, broadcast);
    query_text(query, path);
    while (query_next(query, NULL) > 0) {
        const char *says = json_peek_text(facts_of(world, row_text(query, 1)), "now_playing");
        playing += says && g_str_equal(says, row_text(query, 0));
    }
    return playing;
}

/* One line for each broadcast at one time, by a read of the log itself. */
static void count_blocks(World *world, const char *path, int64_t from_us, int64_t to_us,
                         bool to_come, GString *text)
{
    int64_t now_us = world->desk.clock.wall;
    unsigned lines = 0;
    g_autoptr(Query) blocks =
        database_query(world->desk.database,
                       "SELECT planned_us, broadcast, count(*) FROM airings WHERE planned_us >= $1 "
                       "AND planned_us < $2 AND area_path LIKE $3 || '%' AND ($4 = 0 OR outcome = "
                       "'') GROUP BY 1, 2 ORDER BY 1, 2");
    query_int(blocks, from_us);
    query_int(blocks, to_us);
    query_text(blocks, path);
    query_bool(blocks, to_come);
    while (query_next(blocks, NULL) > 0 && (!to_come || lines++ < 5)) {
        int64_t counts[RECONCILE_WORDS] = {0}, ready = 0;
        int64_t playing = count_playing(world, path, row_int(blocks, 0), row_text(blocks, 1));
        g_autoptr(Query) rows = database_query(
            world->desk.database, "SELECT id, station, outcome, duration_ms FROM airings "
                                  "WHERE planned_us = $1 AND broadcast = $2 "
                                  "AND area_path LIKE $3 || '%'");
        query_int(rows, row_int(blocks, 0));
        query_text(rows, row_text(blocks, 1));
        query_text(rows, path);
        while (query_next(rows, NULL) > 0) {
            Airing airing = {.id = (char *)row_text(rows, 0),
                             .planned_us = row_int(blocks, 0),
                             .outcome = (char *)row_text(rows, 2),
                             .duration_ms = row_int(rows, 3)};
            const char *word = reconcile_outcome(&airing, NULL, now_us);
            for (unsigned k = 0; k < RECONCILE_WORDS; k++)
                counts[k] += g_str_equal(reconcile_words[k], word);
            ready += !*airing.outcome && says_ready(world, row_text(rows, 1));
        }
        if (to_come) {
            g_string_append_printf(text,
                                   "next %s %" G_GINT64_FORMAT " ready %" G_GINT64_FORMAT "\n",
                                   row_text(blocks, 1), row_int(blocks, 2), ready);
            continue;
        }
        int64_t shown = MIN(playing, counts[0]); /* of "upcoming" */
        counts[0] -= shown;
        counts[1] += shown;
        g_string_append_printf(text, "%s", row_text(blocks, 1));
        for (unsigned k = 0; k < RECONCILE_WORDS; k++)
            g_string_append_printf(text, " %" G_GINT64_FORMAT, counts[k]);
        g_string_append_c(text, '\n');
    }
}

static char *counted(World *world, const char *path)
{
    int64_t now_us = world->desk.clock.wall;
    int64_t today_us = recurrence_day_us("Asia/Ho_Chi_Minh", now_us, 0);
    GString *text = g_string_new(NULL);
    count_stations(world, path, text);
    count_blocks(world, path, today_us, recurrence_day_us("Asia/Ho_Chi_Minh", now_us, 1), false,
                 text);
    count_blocks(world, path, now_us + 1, today_us + INT64_C(172800) * G_USEC_PER_SEC, true, text);
    return g_string_free(text, FALSE);
}

/* --- the page ----------------------------------------------------------------------------------
 */

static Json *ask(World *world, const char *area)
{
    g_autofree char *uri = g_strconcat("/api/home?area=", area, NULL);
    g_autoptr(Request) request = request_new("GET", uri);
    g_assert_true(request_settle(request, "192.0.2.8", false));
    request->now_us = world->desk.clock.wall;
    request_set_caller(request, &world->user, NULL);
    return fleet_desk_json(home_api_get(world->ledger, request), 200);
}

static char *shown(World *world, const char *area)
{
    g_autoptr(Json) home = ask(world, area);
    const Json *counts = json_peek(home, "counts"), *strip = json_peek(home, "strip");
    const Json *next = json_peek(home, "next");
    GString *text = g_string_new(NULL);
    g_string_append_printf(
        text, "stations %d online %d fine %d troubled %zu\n",
        (int)json_peek_int(counts, "stations", -1), (int)json_peek_int(counts, "online", -1),
        (int)json_peek_int(counts, "fine", -1), json_length(json_peek(home, "attention")));
    for (size_t i = 0; i < json_length(strip); i++) {
        const Json *one = json_at(strip, i);
        g_string_append(text, json_peek_text(one, "broadcast"));
        for (unsigned k = 0; k < RECONCILE_WORDS; k++)
            g_string_append_printf(
                text, " %d", (int)json_peek_int(json_peek(one, "counts"), reconcile_words[k], 0));
        g_string_append_c(text, '\n');
    }
    for (size_t i = 0; i < json_length(next); i++)
        g_string_append_printf(text, "next %s %d ready %d\n",
                               json_peek_text(json_at(next, i), "broadcast"),
                               (int)json_peek_int(json_at(next, i), "stations", -1),
                               (int)json_peek_int(json_at(next, i), "ready", -1));
    return g_string_free(text, FALSE);
}

static bool is_right(World *world)
{
    static const char *const areas[][2] = {
        {"province", "/province/"}, {"a", "/province/a/"}, {"b", "/province/b/"}};
    bool same = true;
    for (unsigned i = 0; i < G_N_ELEMENTS(areas); i++) {
        g_autofree char *page = shown(world, areas[i][0]);
        g_autofree char *count = counted(world, areas[i][1]);
        if (!g_str_equal(page, count))
            g_test_message("%s shows\n%scounted\n%s", areas[i][0], page, count);
        same = same && g_str_equal(page, count);
    }
    return same;
}

/* --- what may happen ---------------------------------------------------------------------------
 */

static void order(World *world)
{
    static const char *const areas[] = {"province", "a", "b"};
    g_autofree char *id = g_strdup_printf("order%u", world->orders++);
    bool one = below(world, 3) == 0;
    fleet_desk_order(&world->desk, id, one ? TARGET_STATION : TARGET_AREA,
                     one ? any_station(world)->id : areas[below(world, 3)],
                     world->desk.clock.wall + below(world, 300) * DESK_MINUTE + DESK_MINUTE);
    if (below(world, 4))
        fleet_desk_publish(&world->desk);
}

static void take_back(World *world)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *id =
        g_strdup_printf("order%u", world->orders - MIN(world->orders, 1 + below(world, 4)));
    g_autoptr(Broadcast) broadcast = broadcast_store_get(world->desk.database, id, NULL);
    if (!broadcast)
        return;
    g_assert_true(broadcast_store_delete(world->desk.database, id, world->desk.clock.wall, &error));
    publisher_broadcast_changed(broadcast, world->desk.fleet->publisher);
    fleet_desk_publish(&world->desk);
}

static Airing *any_airing(World *world, const char *station)
{
    AiringFilter filter = {.from_us = 0, .to_us = G_MAXINT64, .station = station, .limit = 30};
    g_autoptr(GPtrArray) list = airing_store_list(world->desk.database, &filter, NULL);
    return list->len ? g_ptr_array_steal_index(list, below(world, (int)list->len)) : NULL;
}

static void post_health(World *world)
{
    static const char *const faults[] = {"[]", "[]", "[{\"code\":\"no_power\"}]",
                                         "[{\"code\":\"odd\"},{\"code\":\"muted\"}]"};
    const DeskStation *station = any_station(world);
    g_autoptr(Airing) airing = any_airing(world, station->id);
    g_autofree char *playing =
        airing && below(world, 2) ? g_strdup_printf("\"%s\"", airing->id) : g_strdup("null");
    g_autofree char *text = g_strdup_printf(
        "{\"full\":%s,\"media\":{\"ready\":1,\"missing\":%s},\"faults\":%s,\"now_playing\":%s}",
        below(world, 2) ? "true" : "false", below(world, 3) ? "[]" : "[\"x\"]",
        faults[below(world, 4)], playing);
    g_autoptr(Json) body = json_parse(text, strlen(text), NULL);
    g_assert_null(
        health_take(world->desk.fleet->health, station->id, body, world->desk.clock.wall));
}

static Receipt *receipt_about(World *world, unsigned teller, const DeskStation *station,
                              const Airing *airing)
{
    bool played = below(world, 2);
    Receipt *receipt = receipt_new();
    receipt->station = g_strdup(station->id);
    receipt->keyid = g_strdup(station->key.id);
    receipt->counter = world->counters[teller] + 1;
    g_strlcpy(receipt->previous, world->previous[teller], sizeof receipt->previous);
    receipt->boot_id = g_strnfill(32, 'b');
    receipt->airing = g_strdup(airing->id);
    receipt->broadcast = g_strdup(airing->broadcast);
    receipt->plan_epoch = receipt->plan_version = 1;
    receipt->planned_us = receipt->resolved_us = airing->planned_us;
    receipt->outcome = played ? OUTCOME_CANCELLED : OUTCOME_MISSED;
    receipt->reason = played ? REASON_NONE : REASON_NO_POWER;
    receipt->amplifier = g_strdup("on");
    receipt->made_us = world->desk.clock.wall;
    return receipt;
}

/* Through the door that stations use. */
static void hand_in(World *world)
{
    unsigned teller = below(world, 3);
    const DeskStation *stations[] = {&world->desk.a1, &world->desk.a2, &world->desk.b1};
    const DeskStation *station = stations[teller];
    g_autoptr(Airing) airing = any_airing(world, station->id);
    if (!airing)
        return;
    g_autoptr(Receipt) receipt = receipt_about(world, teller, station, airing);
    g_autoptr(Json) json = receipt_to_json(receipt);
    g_autoptr(GBytes) payload = json_print_bytes(json);
    g_autoptr(Envelope) envelope = envelope_sign(ENVELOPE_TYPE_RECEIPT, payload, &station->key);
    g_autofree char *printed = envelope_print(envelope, NULL);
    g_autofree char *body = g_strdup_printf("{\"receipts\":[%s]}", printed);
    g_autoptr(Request) request =
        fleet_desk_request(&world->desk, &station->key, "POST", "/station/v1/receipts", body, NULL);
    Reply *refusal = station_auth_gate(world->desk.fleet->auth, request, NULL);
    if (refusal) { /* out of service */
        reply_free(refusal);
        return;
    }
    G_GNUC_UNUSED g_autoptr(Json) answer =
        fleet_desk_json(receipt_api_post(world->ledger, request), 200);
    size_t length;
    const void *bytes = g_bytes_get_data(payload, &length);
    g_autofree char *sha256 = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes, length);
    g_strlcpy(world->previous[teller], sha256, sizeof world->previous[teller]);
    world->counters[teller]++;
}

static void let_time_pass(World *world)
{
    fake_clock_advance(&world->desk.clock,
                       below(world, 8) ? below(world, 60) * DESK_MINUTE : 20 * DESK_HOUR);
    (void)health_tick(world->desk.fleet->health, world->desk.clock.wall);
}

/* The page before the new plan is out, and after it. */
static bool move(World *world)
{
    g_autoptr(GError) error = NULL;
    const DeskStation *station = any_station(world);
    bool rolled_back = below(world, 4) == 0;
    g_assert_true(database_begin(world->desk.database, &error));
    g_assert_true(station_store_rename(world->desk.database, station->id, "Trạm",
                                       below(world, 2) ? "a" : "b", &error));
    if (rolled_back) {
        database_rollback(world->desk.database);
        return true;
    }
    fleet_station_facts.changed(world->desk.fleet, station->id);
    g_assert_true(database_commit(world->desk.database, &error));
    bool right = is_right(world);
    fleet_desk_publish(&world->desk);
    return right;
}

static void come(World *world)
{
    g_autoptr(GError) error = NULL;
    Key key;
    g_autofree char *id = g_strdup_printf("new%u", world->arrivals++);
    key_generate(&key);
    Station station = {.id = id,
                       .area = (char *)(below(world, 2) ? "a" : "b"),
                       .name = id,
                       .keyid = key.id,
                       .serial = (char *)"1",
                       .model = (char *)"desk",
                       .accepted_us = world->desk.clock.wall};
    memcpy(station.public_key, key.public_key, sizeof station.public_key);
    g_assert_true(station_store_add(world->desk.database, &station, &error));
    fleet_station_facts.changed(world->desk.fleet, id);
}

/* Only those that came later, so that the three go on telling. */
static void retire(World *world)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *id = g_strdup_printf("new%u", below(world, (int)world->arrivals + 1));
    g_assert_true(station_store_retire(world->desk.database, id, world->desk.clock.wall, &error));
    fleet_station_facts.changed(world->desk.fleet, id);
}

static void copy_card(World *world)
{
    static const char *const boots[] = {"one", "two", "three"};
    g_autoptr(Station) station =
        station_store_get(world->desk.database, any_station(world)->id, NULL);
    (void)clone_watch_heard(world->desk.fleet->clones, station, boots[below(world, 3)],
                            world->desk.clock.wall, NULL);
}

static bool happen(World *world)
{
    unsigned what = below(world, 32);
    if (what < 6)
        order(world);
    else if (what < 14)
        post_health(world);
    else if (what < 20)
        hand_in(world);
    else if (what < 22)
        let_time_pass(world);
    else if (what < 26)
        return move(world);
    else if (what == 26)
        come(world);
    else if (what == 27)
        retire(world);
    else if (what < 30)
        take_back(world);
    else if (what == 30)
        copy_card(world);
    else
        fleet_desk_publish(&world->desk);
    return true;
}

static void test_the_page_equals_a_plain_count_after_every_event(void)
{
    for (guint32 round = 1; round <= ROUNDS; round++) {
        World world;
        world_init(&world, round);
        for (unsigned step = 0; step < STEPS; step++) {
            bool right = happen(&world) && is_right(&world);
            if (!right)
                g_test_message("round %u, step %u", round, step);
            g_assert_true(right);
        }
        world_clear(&world);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/home/plain_count", test_the_page_equals_a_plain_count_after_every_event);
    return g_test_run();
}
