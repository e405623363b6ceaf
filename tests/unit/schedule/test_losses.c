/* Saving never silently drops or shortens anything: what would fall silent is named, confirmed by
 * who causes it, and told to those whose it is. */
#include "calendar_desk.h"

#include <string.h>

#include "http/reply_parts.h"
#include "schedule/broadcast_api.h"
#include "schedule/broadcast_losses.h"
#include "schedule/broadcast_store.h"
#include "schedule/calendar_import_api.h"
#include "schedule/check_api.h"
#include "schedule/fate_api.h"
#include "schedule/loss_teller.h"
#include "schedule/precedence_api.h"
#include "schedule/series_api.h"

#define DAILY(time) "\"kind\":\"daily\",\"at\":\"2026-11-22T" time "+07:00\""
#define ONCE(time)  "\"kind\":\"once\",\"at\":\"2026-11-24T" time "+07:00\""
#define DROPS       ",\"on_preempt\":\"drop\""
#define PRIORITY    ",\"class\":\"priority\""

static char *body_of(const char *target, const char *when, const char *more)
{
    return g_strdup_printf("{\"bulletin\":\"notice\",\"area\":\"province\",\"targets\":[{\"kind\":"
                           "\"area\",\"id\":\"%s\"}],\"when\":{%s}%s}",
                           target, when, more);
}

static Reply *order(CalendarDesk *desk, const char *target, const char *when, const char *more)
{
    g_autofree char *body = body_of(target, when, more);
    return calendar_desk_ask(desk, broadcast_api_create, desk->api, NULL, body);
}

static char *ordered(CalendarDesk *desk, const char *target, const char *when, const char *more)
{
    g_autoptr(Json) json = fleet_desk_json(order(desk, target, when, more), 201);
    return g_strdup(json_peek_text(json, "id"));
}

/* What a 409 says; it must be the one about losses. */
static Json *asked(Reply *take_reply)
{
    g_autoptr(Reply) reply = take_reply;
    g_assert_cmpuint(reply_status(reply), ==, 409);
    size_t length;
    g_autofree char *text = problem_print(reply->problem, LANGUAGE_EN, "id", &length);
    g_test_message("%s", text);
    Json *problem = json_parse(text, length, NULL);
    g_assert_cmpstr(json_peek_text(problem, "type"), ==, "/problems/clash-unconfirmed");
    return problem;
}

static void assert_loss(const Json *problem, unsigned index, const char *broadcast, int starts,
                        int stations)
{
    const Json *loss = json_at(json_peek(problem, "losses"), index);
    g_assert_cmpstr(json_peek_text(loss, "broadcast"), ==, broadcast);
    g_assert_cmpint(json_peek_int(loss, "starts", -1), ==, starts);
    g_assert_cmpint(json_peek_int(loss, "stations", -1), ==, stations);
}

static char *confirming(const Json *problem, const char *more)
{
    return g_strdup_printf("%s,\"confirm\":\"%s\"", more, json_peek_text(problem, "confirm"));
}

static unsigned saved(CalendarDesk *desk)
{
    g_autoptr(GPtrArray) list =
        broadcast_store_list(desk->fleet.database, &(BroadcastFilter){.limit = 100}, NULL);
    return list->len;
}

/* Somebody else asks from now on. */
static void become(CalendarDesk *desk, const char *id)
{
    g_autoptr(Query) query = database_query(
        desk->fleet.database, "INSERT INTO users (id, login, name, password_hash, created_us) "
                              "VALUES ($1, $1, $1, '', 0) ON CONFLICT DO NOTHING");
    query_text(query, id);
    g_assert_true(query_run(query, NULL));
    desk->user.id = desk->user.name = desk->user.login = (char *)id;
}

static Json *inbox(CalendarDesk *desk)
{
    g_autoptr(Request) request = calendar_desk_request(desk, "GET", "/api/inbox", NULL, NULL);
    InboxRows rows = {.items = json_new_array()};
    g_assert_true(broadcast_losses_inbox(desk->api, request, &rows, NULL));
    g_assert_false(rows.more);
    return rows.items;
}

static int logged(CalendarDesk *desk, const char *verb)
{
    g_autoptr(Query) query =
        database_query(desk->fleet.database, "SELECT count(*) FROM actions WHERE verb = $1");
    query_text(query, verb);
    return query_next(query, NULL) == 1 ? (int)row_int(query, 0) : -1;
}

static void test_an_order_asks_before_it_silences_others_and_tells_them(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *loser = ordered(&desk, "province", DAILY("17:00:00"), DROPS);
    become(&desk, "binh");
    g_autoptr(Json) problem = asked(order(&desk, "a", ONCE("17:00:05"), PRIORITY));
    g_assert_cmpint(json_peek_int(problem, "losses_total", 0), ==, 1);
    assert_loss(problem, 0, loser, 1, 2);
    g_assert_cmpstr(json_peek_text(json_at(json_peek(problem, "losses"), 0), "outcome"), ==,
                    "partial");
    g_assert_cmpuint(saved(&desk), ==, 1);
    g_autofree char *more = confirming(problem, PRIORITY);
    g_autofree char *winner = ordered(&desk, "a", ONCE("17:00:05"), more);
    g_autoptr(Json) own = inbox(&desk);
    g_assert_cmpuint(json_length(own), ==, 0); /* who confirmed it knows */
    become(&desk, "an");
    g_autoptr(Json) rows = inbox(&desk);
    g_assert_cmpuint(json_length(rows), ==, 1);
    const Json *object = json_peek(json_at(rows, 0), "object");
    g_assert_cmpstr(json_peek_text(json_at(rows, 0), "by"), ==, "binh");
    g_assert_cmpstr(json_peek_text(object, "displaced_by"), ==, winner);
    g_assert_cmpstr(json_peek_text(object, "displaced_by_title"), ==, "Thông báo");
    g_assert_cmpint(logged(&desk, "broadcast.displace"), ==, 1);
    g_assert_cmpint(logged(&desk, "broadcast.displaced"), ==, 1);
    calendar_desk_clear(&desk);
}

static void test_whoever_loses_hears_of_it_however_many_they_are(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    int64_t first_us = 0;
    g_assert_true(clock_parse_rfc3339("2026-11-24T17:00:00+07:00", &first_us, NULL));
    for (unsigned i = 0; i < LOSS_TELLER_AT_ONCE + 20; i++) {
        g_autofree char *id = g_strdup_printf("loser-%u", i);
        fleet_desk_order(&desk.fleet, id, TARGET_AREA, "a", first_us + i * 24 * DESK_HOUR);
    }
    g_assert_true(
        database_script(desk.fleet.database, "UPDATE broadcasts SET on_preempt = 'drop'", NULL));
    become(&desk, "binh");
    g_autoptr(Json) problem = asked(order(&desk, "a", DAILY("17:00:05"), PRIORITY));
    g_assert_cmpint(json_peek_int(problem, "losses_total", 0), ==, LOSS_TELLER_AT_ONCE + 20);
    g_autofree char *more = confirming(problem, PRIORITY);
    g_autofree G_GNUC_UNUSED char *winner = ordered(&desk, "a", DAILY("17:00:05"), more);
    for (unsigned i = 0; i < 1000 && logged(&desk, "broadcast.displaced") <= LOSS_TELLER_AT_ONCE;
         i++)
        g_main_context_iteration(NULL, FALSE);
    g_assert_cmpint(logged(&desk, "broadcast.displaced"), ==, LOSS_TELLER_AT_ONCE + 20);
    g_autoptr(GPtrArray) told =
        loss_store_of_user(desk.fleet.database, "an", desk.fleet.clock.wall, 1000, NULL);
    g_assert_cmpuint(told->len, ==, LOSS_TELLER_AT_ONCE + 20);
    calendar_desk_clear(&desk);
}

static void test_what_was_seen_leaves_the_inbox(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *loser = ordered(&desk, "province", DAILY("17:00:00"), DROPS);
    become(&desk, "binh");
    g_autoptr(Json) problem = asked(order(&desk, "a", ONCE("17:00:05"), PRIORITY));
    g_autofree char *more = confirming(problem, PRIORITY);
    g_autofree char *winner = ordered(&desk, "a", ONCE("17:00:05"), more);
    become(&desk, "an");
    for (unsigned i = 0; i < 2; i++) {
        g_autoptr(Request) request = calendar_desk_request(&desk, "POST", "/x", loser, "{}");
        g_hash_table_insert(request->places, g_strdup("other"), g_strdup(winner));
        g_autoptr(Reply) reply = broadcast_losses_seen(desk.api, request);
        g_assert_cmpuint(reply_status(reply), ==, i ? 404 : 204);
    }
    g_autoptr(Json) rows = inbox(&desk);
    g_assert_cmpuint(json_length(rows), ==, 0);
    calendar_desk_clear(&desk);
}

static void test_another_list_is_asked_about_anew(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_free(ordered(&desk, "a", DAILY("17:00:00"), DROPS));
    g_autoptr(Json) problem = asked(order(&desk, "province", DAILY("17:00:05"), PRIORITY));
    g_free(ordered(&desk, "b", DAILY("17:00:00"), DROPS));
    g_autofree char *more = confirming(problem, PRIORITY);
    g_autoptr(Json) again = asked(order(&desk, "province", DAILY("17:00:05"), more));
    g_assert_cmpint(json_peek_int(again, "losses_total", 0), ==, 2);
    g_autofree char *now = confirming(again, PRIORITY);
    g_free(ordered(&desk, "province", DAILY("17:00:05"), now));
    calendar_desk_clear(&desk);
}

/* A single start next spring, far beyond the week of the clash check. */
static void test_the_whole_time_of_a_series_counts(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *loser =
        ordered(&desk, "a", "\"kind\":\"once\",\"at\":\"2027-03-15T17:00:00+07:00\"", DROPS);
    g_autoptr(Json) problem = asked(order(&desk, "province", DAILY("17:00:05"), PRIORITY));
    assert_loss(problem, 0, loser, 1, 2);
    calendar_desk_clear(&desk);
}

static void test_what_is_moved_or_gives_way_by_nature_is_no_loss(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_free(ordered(&desk, "a", DAILY("17:00:00"), ""));
    g_free(ordered(&desk, "a", DAILY("18:00:00"), DROPS ",\"filler\":true"));
    g_free(ordered(&desk, "a", DAILY("17:00:05"), ""));
    g_free(ordered(&desk, "a", DAILY("17:00:05"), PRIORITY));
    g_free(ordered(&desk, "a", DAILY("18:00:05"), PRIORITY));
    calendar_desk_clear(&desk);
}

/* Two plays of ten seconds just before the quiet hours: the second would begin in them. */
static void test_an_own_start_that_finds_no_room_is_named_too(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_free(ordered(&desk, "a", ONCE("21:59:55"), PRIORITY));
    g_autoptr(Json) problem = asked(order(&desk, "a", ONCE("21:59:58"), ""));
    assert_loss(problem, 0, NULL, 1, 2);
    g_autofree char *more = confirming(problem, "");
    g_free(ordered(&desk, "a", ONCE("21:59:58"), more));
    calendar_desk_clear(&desk);
}

#define CHANGE(more)                                                                               \
    g_strconcat("{\"scope\":\"following\",\"recurrence_id\":\"2026-11-23T12:00:00+07:00\","        \
                "\"at\":\"2026-11-23T17:00:05+07:00\"",                                            \
                more, "}", NULL)

static void test_a_change_asks_like_an_order(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *loser = ordered(&desk, "a", DAILY("17:00:00"), DROPS);
    g_autofree char *moving = ordered(&desk, "a", DAILY("12:00:00"), PRIORITY);
    g_autofree char *plain = CHANGE("");
    g_autoptr(Json) problem =
        asked(calendar_desk_ask(&desk, series_api_patch, desk.api, moving, plain));
    assert_loss(problem, 0, loser, 400, 2);
    g_autofree char *more = confirming(problem, "");
    g_autofree char *sure = CHANGE(more);
    json_drop(
        fleet_desk_json(calendar_desk_ask(&desk, series_api_patch, desk.api, moving, sure), 200));
    calendar_desk_clear(&desk);
}

#define FILE_OF_TWO(more)                                                                          \
    g_strconcat("{\"calendar\":\"BEGIN:VCALENDAR\\r\\nVERSION:2.0\\r\\n"                           \
                "BEGIN:VEVENT\\r\\nUID:one\\r\\nSUMMARY:One\\r\\n"                                 \
                "DTSTART:20261124T100005Z\\r\\nEND:VEVENT\\r\\n"                                   \
                "BEGIN:VEVENT\\r\\nUID:two\\r\\nSUMMARY:Two\\r\\n"                                 \
                "DTSTART:20261125T100005Z\\r\\nEND:VEVENT\\r\\nEND:VCALENDAR\\r\\n\","             \
                "\"bulletin\":\"notice\",\"class\":\"priority\","                                  \
                "\"targets\":[{\"kind\":\"area\",\"id\":\"a\"}]",                                  \
                more, "}", NULL)

static void test_a_calendar_that_comes_in_asks_once_for_all_of_it(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *loser = ordered(&desk, "a", DAILY("17:00:00"), DROPS);
    g_autofree char *plain = FILE_OF_TWO("");
    g_autoptr(Json) problem =
        asked(calendar_desk_ask(&desk, calendar_import_api_apply, desk.api, "province", plain));
    g_assert_cmpint(json_peek_int(problem, "losses_total", 0), ==, 2); /* one for each winner */
    assert_loss(problem, 0, loser, 1, 2);
    assert_loss(problem, 1, loser, 1, 2);
    g_assert_cmpuint(saved(&desk), ==, 1);
    g_autofree char *more = confirming(problem, "");
    g_autofree char *sure = FILE_OF_TWO(more);
    g_autoptr(Json) report = fleet_desk_json(
        calendar_desk_ask(&desk, calendar_import_api_apply, desk.api, "province", sure), 200);
    g_assert_cmpint(json_peek_int(report, "stored", 0), ==, 2);
    calendar_desk_clear(&desk);
}

static void test_the_check_says_what_saving_will_ask(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_free(ordered(&desk, "a", DAILY("17:00:00"), DROPS));
    g_autofree char *body = body_of("a", ONCE("17:00:05"), PRIORITY);
    g_autoptr(Json) said =
        fleet_desk_json(calendar_desk_ask(&desk, check_api_post, &desk.registry, NULL, body), 200);
    g_assert_cmpint(json_peek_int(said, "losses_total", 0), ==, 1);
    g_autofree char *more = confirming(said, PRIORITY);
    g_free(ordered(&desk, "a", ONCE("17:00:05"), more));
    calendar_desk_clear(&desk);
}

static bool is_clear(CalendarDesk *desk, const char *more)
{
    g_autofree char *body = body_of("a", DAILY("17:00:05"), more);
    g_autoptr(Json) said =
        fleet_desk_json(calendar_desk_ask(desk, check_api_post, &desk->registry, NULL, body), 200);
    return json_peek_bool(said, "clear", false);
}

static void test_what_is_changed_does_not_clash_with_what_it_was(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *id = ordered(&desk, "a", DAILY("17:00:00"), "");
    g_autofree char *instead = g_strdup_printf(",\"instead_of\":\"%s\"", id);
    g_assert_false(is_clear(&desk, ""));
    g_assert_true(is_clear(&desk, instead));
    g_free(ordered(&desk, "a", DAILY("17:00:10"), ""));
    g_assert_false(is_clear(&desk, instead));
    g_autofree char *unknown = body_of("a", DAILY("17:00:05"), ",\"instead_of\":\"x\"");
    g_autofree char *pointers = calendar_desk_pointers(
        calendar_desk_ask(&desk, check_api_post, &desk.registry, NULL, unknown));
    g_assert_cmpstr(pointers, ==, "/instead_of");
    calendar_desk_clear(&desk);
}

/* Two normal orders at the same time: one place lets the second go first. */
static void test_what_becomes_of_a_start_is_said_for_all_stations(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *first = ordered(&desk, "province", ONCE("17:00:00"), "");
    desk.fleet.clock.wall += DESK_MINUTE; /* the earlier order goes first */
    g_autofree char *second = ordered(&desk, "province", ONCE("17:00:00"), "");
    g_autofree char *wish = g_strdup_printf("{\"broadcasts\":[\"%s\"]}", second);
    g_autoptr(Reply) put = calendar_desk_ask(&desk, precedence_api_put, desk.api, "b", wish);
    g_assert_cmpuint(reply_status(put), ==, 200);
    g_autoptr(Json) said =
        fleet_desk_json(calendar_desk_ask(&desk, fate_api_get, desk.api, first, NULL), 200);
    g_assert_cmpint(json_peek_int(said, "stations", 0), ==, 3);
    const Json *items = json_peek(said, "items");
    g_assert_cmpuint(json_length(items), ==, 2);
    g_assert_cmpint(json_peek_int(json_at(items, 0), "stations", 0), ==, 2); /* of a */
    g_assert_cmpint(json_peek_int(json_at(items, 0), "moved_s", -1), ==, 0);
    g_assert_cmpint(json_peek_int(json_at(items, 1), "stations", 0), ==, 1); /* of b */
    g_assert_cmpint(json_peek_int(json_at(items, 1), "moved_s", -1), ==, 10);
    calendar_desk_clear(&desk);
}

/* Both are sent before either is judged. */
static void test_two_orders_at_once_see_each_other(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    calendar_desk_put_policy(&desk, "b", "{\"day_min\":1}");
    g_autofree char *drops = body_of("a", DAILY("17:00:00"), DROPS);
    g_autofree char *wins = body_of("a", DAILY("17:00:05"), PRIORITY);
    g_autofree char *fills = body_of("b", DAILY("07:00:00"), ",\"repeat\":{\"count\":6}");
    g_autofree char *late = body_of("b", DAILY("12:00:00"), "");
    const char *bodies[] = {drops, wins, fills, late};
    const unsigned statuses[] = {201, 409, 201, 422};
    Request *requests[4];
    Reply *replies[4];
    for (unsigned i = 0; i < 4; i++) {
        requests[i] = calendar_desk_request(&desk, "POST", "/api/broadcasts", NULL, bodies[i]);
        replies[i] = broadcast_api_create(desk.api, requests[i]);
    }
    for (unsigned i = 0; i < 4; i++) {
        g_autoptr(Reply) reply = fleet_desk_late(requests[i], replies[i]);
        g_assert_cmpuint(reply_status(reply), ==, statuses[i]);
        request_unref(requests[i]);
    }
    calendar_desk_clear(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/losses/an-order-asks-before-it-silences-others-and-tells-them",
                    test_an_order_asks_before_it_silences_others_and_tells_them);
    g_test_add_func("/losses/whoever-loses-hears-of-it-however-many-they-are",
                    test_whoever_loses_hears_of_it_however_many_they_are);
    g_test_add_func("/losses/what-was-seen-leaves-the-inbox", test_what_was_seen_leaves_the_inbox);
    g_test_add_func("/losses/another-list-is-asked-about-anew",
                    test_another_list_is_asked_about_anew);
    g_test_add_func("/losses/the-whole-time-of-a-series-counts",
                    test_the_whole_time_of_a_series_counts);
    g_test_add_func("/losses/what-is-moved-or-gives-way-by-nature-is-no-loss",
                    test_what_is_moved_or_gives_way_by_nature_is_no_loss);
    g_test_add_func("/losses/an-own-start-that-finds-no-room-is-named-too",
                    test_an_own_start_that_finds_no_room_is_named_too);
    g_test_add_func("/losses/a-change-asks-like-an-order", test_a_change_asks_like_an_order);
    g_test_add_func("/losses/a-calendar-that-comes-in-asks-once-for-all-of-it",
                    test_a_calendar_that_comes_in_asks_once_for_all_of_it);
    g_test_add_func("/losses/the-check-says-what-saving-will-ask",
                    test_the_check_says_what_saving_will_ask);
    g_test_add_func("/losses/what-is-changed-does-not-clash-with-what-it-was",
                    test_what_is_changed_does_not_clash_with_what_it_was);
    g_test_add_func("/losses/what-becomes-of-a-start-is-said-for-all-stations",
                    test_what_becomes_of_a_start_is_said_for_all_stations);
    g_test_add_func("/losses/two-orders-at-once-see-each-other",
                    test_two_orders_at_once_see_each_other);
    return g_test_run();
}
