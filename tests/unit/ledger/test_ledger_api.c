/* The questions people ask of the log: did it play, what is on now, give me the papers. */
#include "fleet_desk.h"

#include <string.h>

#include "access/access.h"
#include "http/reply_parts.h"
#include "ledger/ledger.h"
#include "schedule/airing_store.h"

typedef struct Desk {
    FleetDesk fleet;
    Ledger *ledger;
    User user;
} Desk;

static void desk_init(Desk *desk, Role role, const char *area)
{
    fleet_desk_init(&desk->fleet);
    desk->ledger = ledger_new(desk->fleet.database, desk->fleet.fleet, NULL);
    desk->user = (User){.id = (char *)"an",
                        .name = (char *)"An",
                        .login = (char *)"an",
                        .grants = g_array_new(FALSE, FALSE, sizeof(UserGrant))};
    UserGrant grant = {.role = role, .area = (char *)area};
    g_array_append_val(desk->user.grants, grant);
    fleet_desk_order(&desk->fleet, "morning", TARGET_AREA, "province", DESK_NOW + DESK_HOUR);
    fleet_desk_order(&desk->fleet, "noon", TARGET_AREA, "a", DESK_NOW + 3 * DESK_HOUR);
    fleet_desk_publish(&desk->fleet);
}

static void desk_clear(Desk *desk)
{
    g_array_unref(desk->user.grants);
    ledger_free(desk->ledger);
    fleet_desk_clear(&desk->fleet);
}

static Reply *ask(Desk *desk, Handler handler, const char *uri)
{
    g_autoptr(Request) request = request_new("GET", uri);
    g_assert_true(request_settle(request, "192.0.2.8", false));
    request->now_us = desk->fleet.clock.wall;
    request_set_caller(request, &desk->user, NULL);
    return handler(desk->ledger, request);
}

static unsigned count(Desk *desk, const char *query)
{
    g_autofree char *uri = g_strconcat("/api/airings", query, NULL);
    g_autoptr(Json) body = fleet_desk_json(ask(desk, log_api_airings, uri), 200);
    return (unsigned)json_length(json_peek(body, "items"));
}

/* The station of the desk's plan says what became of its airing of `broadcast`. */
static void say(Desk *desk, const DeskStation *station, const char *broadcast, Outcome outcome)
{
    g_autoptr(Plan) plan = fleet_desk_plan(&desk->fleet, station);
    for (unsigned i = 0; i < plan->airings->len; i++) {
        const PlanAiring *airing = g_ptr_array_index(plan->airings, i);
        if (!g_str_equal(airing->broadcast, broadcast))
            continue;
        g_autoptr(Receipt) receipt = receipt_new();
        receipt->airing = g_strdup(airing->id);
        receipt->counter = 1;
        receipt->outcome = outcome;
        receipt->reason = outcome == OUTCOME_MISSED ? REASON_DEVICE_FAULT : REASON_NONE;
        receipt->evidence_grade = outcome == OUTCOME_PLAYED ? 2 : 0;
        g_assert_true(
            airing_store_set_outcome(desk->fleet.database, airing->start_us, receipt, NULL));
    }
}

static void test_filters_of_the_log(void)
{
    Desk desk;
    desk_init(&desk, ROLE_AUDITOR, "province");
    say(&desk, &desk.fleet.a1, "morning", OUTCOME_PLAYED);
    say(&desk, &desk.fleet.a2, "morning", OUTCOME_MISSED);
    fake_clock_advance(&desk.fleet.clock, 2 * DESK_HOUR);
    static const struct {
        const char *query;
        unsigned rows;
    } cases[] = {
        {"", 5},
        {"?area=a", 4},
        {"?area=b", 1},
        {"?station=a1", 2},
        {"?broadcast=noon", 2},
        {"?outcome=played", 1},
        {"?outcome=missed", 1},
        {"?outcome=unknown", 1},  /* b1 said nothing for an hour */
        {"?outcome=upcoming", 2}, /* noon */
        {"?outcome=playing", 0},
        {"?outcome=unknown&area=a", 0},
        {"?from=2026-11-21T02:00:00Z", 2},
        {"?to=2026-11-21T02:00:00Z", 3},
        {"?from=2026-11-22T00:00:00Z&to=2026-11-23T00:00:00Z", 0},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].query);
        g_assert_cmpuint(count(&desk, cases[i].query), ==, cases[i].rows);
    }
    desk_clear(&desk);
}

static void test_pages_of_a_derived_outcome_hold_each_row_once(void)
{
    Desk desk;
    desk_init(&desk, ROLE_AUDITOR, "province");
    g_autofree char *uri = g_strdup("/api/airings?outcome=upcoming&limit=1");
    unsigned rows = 0;
    for (; uri && rows < 10; rows++) {
        g_autoptr(Json) body = fleet_desk_json(ask(&desk, log_api_airings, uri), 200);
        g_assert_cmpuint(json_length(json_peek(body, "items")), ==, 1);
        const char *next = json_peek_text(body, "next");
        g_free(uri);
        uri = next ? g_strdup_printf("/api/airings?outcome=upcoming&limit=1&after=%s", next) : NULL;
    }
    g_assert_cmpuint(rows, ==, 5);
    desk_clear(&desk);
}

static void test_questions_that_cannot_be_read_are_refused(void)
{
    Desk desk;
    desk_init(&desk, ROLE_VIEWER, "a");
    static const struct {
        const char *uri;
        unsigned status;
    } cases[] = {
        {"/api/airings?outcome=green", 422}, {"/api/airings?from=yesterday", 422},
        {"/api/airings?after=1", 400},       {"/api/airings?area=b", 404},
        {"/api/airings?area=nowhere", 404},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Reply) reply = ask(&desk, log_api_airings, cases[i].uri);
        g_assert_cmpuint(reply_status(reply), ==, cases[i].status);
    }
    g_assert_cmpuint(count(&desk, ""), ==, 4); /* the own commune, nothing of the other */
    desk_clear(&desk);
}

static void test_home_counts_what_played_and_what_did_not(void)
{
    Desk desk;
    desk_init(&desk, ROLE_AUDITOR, "province");
    say(&desk, &desk.fleet.a1, "morning", OUTCOME_PLAYED);
    say(&desk, &desk.fleet.a2, "morning", OUTCOME_MISSED);
    fake_clock_advance(&desk.fleet.clock, 2 * DESK_HOUR);
    g_autoptr(Json) home = fleet_desk_json(ask(&desk, home_api_get, "/api/home"), 200);
    const Json *strip = json_peek(home, "strip");
    g_assert_cmpuint(json_length(strip), ==, 2);
    const Json *counts = json_peek(json_at(strip, 0), "counts");
    g_assert_cmpint(json_peek_int(counts, "played", 0), ==, 1);
    g_assert_cmpint(json_peek_int(counts, "missed", 0), ==, 1);
    g_assert_cmpint(json_peek_int(counts, "unknown", 0), ==, 1);
    const Json *next = json_peek(home, "next");
    g_assert_cmpuint(json_length(next), ==, 1);
    g_assert_cmpstr(json_peek_text(json_at(next, 0), "broadcast"), ==, "noon");
    g_assert_cmpint(json_peek_int(json_at(next, 0), "stations", 0), ==, 2);
    g_assert_cmpint(json_peek_int(json_at(next, 0), "ready", -1), ==, 0);
    g_assert_cmpint(json_peek_int(json_peek(home, "counts"), "stations", 0), ==, 3);
    g_assert_cmpint(json_peek_int(json_peek(home, "counts"), "online", -1), ==, 0);
    desk_clear(&desk);
}

/* Station a1 says that it plays it, just now. */
static void play_morning(Desk *desk)
{
    g_autoptr(Plan) plan = fleet_desk_plan(&desk->fleet, &desk->fleet.a1);
    const PlanAiring *morning = g_ptr_array_index(plan->airings, 0);
    fake_clock_advance(&desk->fleet.clock, DESK_HOUR + 3 * G_USEC_PER_SEC);
    g_autofree char *text = g_strdup_printf(
        "{\"full\":true,\"boot_id\":\"b\",\"now_playing\":\"%s\",\"media\":{\"ready\":1,"
        "\"missing\":[]}}",
        morning->id);
    g_autoptr(Json) said = json_parse(text, strlen(text), NULL);
    g_assert_null(health_take(desk->fleet.fleet->health, "a1", said, desk->fleet.clock.wall));
}

static void test_home_shows_who_plays_now_by_their_own_word(void)
{
    Desk desk;
    desk_init(&desk, ROLE_AUDITOR, "province");
    play_morning(&desk);
    g_autoptr(Json) home = fleet_desk_json(ask(&desk, home_api_get, "/api/home"), 200);
    const Json *now = json_at(json_peek(home, "now"), 0);
    g_assert_cmpstr(json_peek_text(now, "broadcast"), ==, "morning");
    g_assert_cmpint(json_peek_int(json_peek(now, "stations"), "planned", 0), ==, 3);
    g_assert_cmpint(json_peek_int(json_peek(now, "stations"), "playing", 0), ==, 1);
    g_assert_cmpuint(count(&desk, "?outcome=playing"), ==, 1);
    desk_clear(&desk);
}

/* Whoever looks while stations may still speak, and says "seen", is told of these the next time. */
static void test_what_is_not_settled_is_told_the_next_time(void)
{
    Desk desk;
    desk_init(&desk, ROLE_AUDITOR, "province");
    say(&desk, &desk.fleet.a2, "morning", OUTCOME_MISSED);
    fake_clock_advance(&desk.fleet.clock, DESK_HOUR + 5 * 60 * G_USEC_PER_SEC);
    g_autoptr(Json) first = fleet_desk_json(ask(&desk, since_api_get, "/api/home/since"), 200);
    g_assert_cmpint(json_peek_int(first, "missed", 0), ==, 1);
    g_assert_cmpint(json_peek_int(first, "unknown", -1), ==, 0);
    g_autofree char *uri =
        g_strconcat("/api/home/since?since=", json_peek_text(first, "up_to"), NULL);

    fake_clock_advance(&desk.fleet.clock, DESK_HOUR / 2);
    g_autoptr(Json) second = fleet_desk_json(ask(&desk, since_api_get, uri), 200);
    g_assert_cmpint(json_peek_int(second, "unknown", 0), ==, 2);
    g_autofree char *now = clock_format_utc(desk.fleet.clock.wall);
    g_assert_cmpstr(json_peek_text(second, "up_to"), ==, now);
    desk_clear(&desk);
}

static void note_wake(void *woken)
{
    *(bool *)woken = true;
}

static void wait_for(const bool *woken)
{
    while (!*woken)
        g_main_context_iteration(NULL, TRUE);
}

static char *read_source(Reply *reply, ssize_t end)
{
    GString *text = g_string_new(NULL);
    char buffer[777]; /* no divisor of anything */
    ssize_t length;
    bool woken = false;
    reply->source_ops->attach(reply->source, note_wake, &woken);
    while ((length = reply->source_ops->read(reply->source, buffer, sizeof buffer)) >= 0) {
        g_string_append_len(text, buffer, length);
        if (length == 0)
            wait_for(&woken);
        woken = false;
    }
    g_assert_cmpint(length, ==, end);
    return g_string_free(text, FALSE);
}

/* The disk gives this table back no more; the warning about it is what the test is about. */
static void lose(Desk *desk, const char *table)
{
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    g_autoptr(GError) error = NULL;
    g_autofree char *sql =
        g_strdup_printf("PRAGMA foreign_keys=OFF; ALTER TABLE %s RENAME TO gone", table);
    g_assert_true(database_script(desk->fleet.database, sql, &error));
}

#define NOT_YET 9000 /* more than two answers look at */

/* Nothing of what was asked for among very much else: the answer goes on behind it. */
static void test_what_lies_behind_much_else_is_found(void)
{
    Desk desk;
    desk_init(&desk, ROLE_AUDITOR, "province");
    play_morning(&desk);
    g_autofree char *sql = g_strdup_printf(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
        "INSERT INTO airings (planned_us, id, station, broadcast, area, area_path, bulletin, "
        "bulletin_version, title, class, duration_ms, start_by_us) SELECT %" G_GINT64_FORMAT
        " + i, printf('%%032x', i), 'a2', 'noon', 'a', '/province/a/', '', '', 't', 'normal', "
        "10000, 0 FROM n",
        NOT_YET, desk.fleet.clock.wall + DESK_HOUR / 2);
    g_assert_true(database_script(desk.fleet.database, sql, NULL));
    g_autofree char *uri = g_strdup("/api/airings?outcome=playing&limit=200");
    unsigned rows = 0, answers = 0;
    for (; uri && answers < 10; answers++) {
        g_autoptr(Json) body = fleet_desk_json(ask(&desk, log_api_airings, uri), 200);
        rows += (unsigned)json_length(json_peek(body, "items"));
        const char *next = json_peek_text(body, "next");
        g_free(uri);
        uri =
            next ? g_strdup_printf("/api/airings?outcome=playing&limit=200&after=%s", next) : NULL;
    }
    g_assert_cmpuint(rows, ==, 1);
    g_assert_cmpuint(answers, ==, 3);
    g_autoptr(Reply) reply = ask(&desk, airing_export_api_csv, "/api/airings.csv?outcome=playing");
    g_autofree char *csv = read_source(reply, REPLY_END);
    g_auto(GStrv) lines = g_strsplit(csv, "\r\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 3); /* headings, the one, nothing */
    desk_clear(&desk);
}

/* Its headings and its rows, or what says that they are not all. */
static void test_a_file_of_the_log_that_breaks_off_says_so(void)
{
    Desk desk;
    desk_init(&desk, ROLE_AUDITOR, "province");
    g_autoptr(Reply) whole = ask(&desk, airing_export_api_csv, "/api/airings.csv");
    g_autofree char *all = read_source(whole, REPLY_END);
    g_assert_null(strstr(all, "không đọc được"));
    g_autoptr(Reply) reply = ask(&desk, airing_export_api_csv, "/api/airings.csv");
    lose(&desk, "airings");
    g_autofree char *text = read_source(reply, REPLY_BROKEN);
    const char *last = "\r\n\"Tệp dừng ở đây vì không đọc được nhật ký. Hãy tải lại.\"\r\n";
    g_assert_true(g_str_has_suffix(text, last));
    desk_clear(&desk);
}

static void test_a_row_whose_receipt_cannot_be_read_is_not_written(void)
{
    Desk desk;
    desk_init(&desk, ROLE_AUDITOR, "province");
    say(&desk, &desk.fleet.a1, "morning", OUTCOME_PLAYED);
    g_assert_true(database_script(
        desk.fleet.database, "UPDATE airings SET receipt_seq = 1 WHERE outcome = 'played'", NULL));
    g_autoptr(Reply) reply = ask(&desk, airing_export_api_csv, "/api/airings.csv?outcome=played");
    lose(&desk, "receipts");
    g_autofree char *text = read_source(reply, REPLY_BROKEN);
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 3); /* headings, the last line, nothing */
    desk_clear(&desk);
}

static void test_an_export_that_breaks_off_does_not_say_that_it_ended(void)
{
    Desk desk;
    desk_init(&desk, ROLE_AUDITOR, "province");
    g_autoptr(Reply) reply = ask(&desk, export_api_get, "/api/ledger/export");
    lose(&desk, "receipts");
    g_autofree char *text = read_source(reply, REPLY_BROKEN);
    g_assert_null(strstr(text, "\"end\""));
    desk_clear(&desk);
}

static void test_an_export_does_not_pass_over_a_plan(void)
{
    Desk desk;
    desk_init(&desk, ROLE_AUDITOR, "province");
    g_assert_true(database_script(desk.fleet.database, "UPDATE plans SET envelope = x'00'", NULL));
    g_autoptr(Reply) reply = ask(&desk, export_api_get, "/api/ledger/export");
    g_autofree char *text = read_source(reply, REPLY_BROKEN);
    g_assert_null(strstr(text, "\"end\""));
    desk_clear(&desk);
}

static void test_the_export_holds_every_paper_and_says_that_it_ended(void)
{
    Desk desk;
    desk_init(&desk, ROLE_AUDITOR, "province");
    g_autoptr(Reply) reply = ask(&desk, export_api_get, "/api/ledger/export");
    g_assert_cmpuint(reply_status(reply), ==, 200);
    g_autofree char *text = read_source(reply, REPLY_END);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GHashTable) kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    unsigned papers = 0;
    for (unsigned i = 0; lines[i] && *lines[i]; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) line = json_parse(lines[i], strlen(lines[i]), &error);
        g_assert_no_error(error);
        char *kind = g_strdup(json_peek_text(line, "type"));
        if (g_str_equal(kind, "end"))
            g_assert_cmpint(json_peek_int(line, "papers", -1), ==, papers);
        papers++;
        g_hash_table_add(kinds, kind);
    }
    g_assert_cmpuint(papers, ==, 1 + 3 + 3 + 1); /* root, stations, plans, end */
    g_assert_true(g_hash_table_contains(kinds, "end"));
    desk_clear(&desk);
}

static void test_the_export_is_for_auditors_of_the_whole(void)
{
    Desk desk;
    desk_init(&desk, ROLE_OPERATOR, "a");
    g_autoptr(Reply) reply = ask(&desk, export_api_get, "/api/ledger/export");
    g_assert_cmpuint(reply_status(reply), >=, 403);
    desk_clear(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ledger_api/filters", test_filters_of_the_log);
    g_test_add_func("/ledger_api/pages", test_pages_of_a_derived_outcome_hold_each_row_once);
    g_test_add_func("/ledger_api/refused", test_questions_that_cannot_be_read_are_refused);
    g_test_add_func("/ledger_api/home", test_home_counts_what_played_and_what_did_not);
    g_test_add_func("/ledger_api/home_now", test_home_shows_who_plays_now_by_their_own_word);
    g_test_add_func("/ledger_api/since", test_what_is_not_settled_is_told_the_next_time);
    g_test_add_func("/ledger_api/export", test_the_export_holds_every_paper_and_says_that_it_ended);
    g_test_add_func("/ledger_api/behind", test_what_lies_behind_much_else_is_found);
    g_test_add_func("/ledger_api/csv_breaks", test_a_file_of_the_log_that_breaks_off_says_so);
    g_test_add_func("/ledger_api/csv_receipt",
                    test_a_row_whose_receipt_cannot_be_read_is_not_written);
    g_test_add_func("/ledger_api/export_breaks",
                    test_an_export_that_breaks_off_does_not_say_that_it_ended);
    g_test_add_func("/ledger_api/export_plan", test_an_export_does_not_pass_over_a_plan);
    g_test_add_func("/ledger_api/export_rights", test_the_export_is_for_auditors_of_the_whole);
    return g_test_run();
}
