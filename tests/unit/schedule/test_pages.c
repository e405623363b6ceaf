/* No list ends without a word: what does not fit into an answer is on the next page, or the answer
 * says that there is more. */
#include "calendar_desk.h"

#include <string.h>

#include "access/action_log_api.h"
#include "access/people.h"
#include "content/approval_inbox.h"
#include "content/bulletin_room.h"
#include "http/reply_parts.h"
#include "schedule/broadcast_losses.h"
#include "schedule/broadcast_store.h"
#include "schedule/occurrence_api.h"
#include "schedule/template_api.h"
#include "schedule/template_store.h"

static void run(CalendarDesk *desk, const char *statement)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Query) query = database_query(desk->fleet.database, statement);
    const bool done = query_run(query, &error);
    g_assert_no_error(error);
    g_assert_true(done);
}

static Json *get(CalendarDesk *desk, CalendarHandler handler, const char *uri, const char *after,
                 const char *id)
{
    g_autofree char *whole = g_strconcat(uri, after ? "&after=" : "", after, NULL);
    g_autoptr(Request) request = calendar_desk_request(desk, "GET", whole, id, NULL);
    return fleet_desk_json(handler(desk->api, request), 200);
}

static void add_template(CalendarDesk *desk, const char *area, const char *id, const char *title)
{
    const Template one = {.id = (char *)id,
                          .area = (char *)area,
                          .title = (char *)title,
                          .body = (char *)"{\"items\":[{\"kind\":\"bulletin\"}]}",
                          .changed_by = (char *)"an"};
    g_assert_true(template_store_put(desk->fleet.database, &one, NULL));
}

static void test_templates_come_by_page_what_one_may_use_at_home_first(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    add_template(&desk, "a", "1", "An");
    add_template(&desk, "province", "2", "Sáng");
    add_template(&desk, "province", "3", "Chiều");
    add_template(&desk, "b", "4", "Sáng");
    add_template(&desk, "province", "5", "Chiều");
    g_autoptr(GString) seen = g_string_new(NULL);
    g_autofree char *after = NULL;
    unsigned pages = 0;
    do {
        g_autoptr(Json) page = get(&desk, template_api_list,
                                   "/api/programme-templates?area=province&limit=2", after, NULL);
        const Json *items = json_peek(page, "items");
        for (size_t i = 0; i < json_length(items); i++)
            g_string_append(seen, json_peek_text(json_at(items, i), "id"));
        g_free(after);
        after = g_strdup(json_peek_text(page, "next"));
        pages++;
    } while (after && pages < 9);
    g_assert_cmpstr(seen->str, ==, "35214");
    g_assert_cmpuint(pages, ==, 3);
    calendar_desk_clear(&desk);
}

#define HOURS "6,7,8,9,10,11,12,13,14,15,16,17"
/* 24 starts a day, so that 45 days are 1,080. */
static void test_starts_go_on_where_a_page_ends(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *id =
        calendar_desk_made(&desk, RULE("FREQ=DAILY;BYHOUR=" HOURS ";BYMINUTE=0,30"));
    const char *uri =
        "/api/broadcasts/x/occurrences?from=2026-12-01T00:00:00Z&to=2027-01-15T00:00:00Z";
    g_autoptr(Json) first = get(&desk, occurrence_api_list, uri, NULL, id);
    const char *next = json_peek_text(first, "next");
    g_assert_cmpuint(json_length(json_peek(first, "items")), ==, 1000);
    g_assert_cmpstr(next, ==, "2027-01-11T08:00:00Z");
    g_autoptr(Json) second = get(&desk, occurrence_api_list, uri, next, id);
    g_assert_cmpuint(json_length(json_peek(second, "items")), ==, 80);
    g_assert_cmpstr(json_peek_text(json_at(json_peek(second, "items"), 0), "start"), ==, next);
    g_assert_null(json_peek_text(second, "next"));
    calendar_desk_clear(&desk);
}

/* ---- the inbox ---- */

static void add_submitted(CalendarDesk *desk, unsigned n)
{
    g_autofree char *id = g_strdup_printf("b%u", n), *version = g_strdup_printf("w%u", n);
    const Bulletin bulletin = {.id = id,
                               .version = version,
                               .area = (char *)"a",
                               .title = id,
                               .language = (char *)"vi",
                               .author = (char *)"binh",
                               .author_name = (char *)"Bình"};
    const BulletinMove move = {
        .bulletin = id, .version = version, .from = BULLETIN_DRAFT, .to = BULLETIN_SUBMITTED};
    g_assert_true(bulletin_store_add(desk->fleet.database, &bulletin, NULL));
    g_autoptr(GError) error = NULL;
    const bool moved = bulletin_store_move(desk->fleet.database, &move, &error);
    g_assert_no_error(error);
    g_assert_true(moved);
}

static void waiting(CalendarDesk *desk, unsigned listed, bool more)
{
    run(desk, "UPDATE bulletin_versions SET audio = 'ready' WHERE audio = 'none'");
    g_autoptr(Intake) intake = intake_new(
        &(IntakeParts){.database = desk->fleet.database, .worker = "/nowhere/worker"}, NULL);
    BulletinApi room = {.parts = {.database = desk->fleet.database, .intake = intake}};
    g_autoptr(Request) request = calendar_desk_request(desk, "GET", "/api/inbox", NULL, NULL);
    g_autoptr(Json) items = json_new_array();
    InboxRows rows = {.items = items};
    g_assert_true(approval_inbox_submitted(&room, request, &rows, NULL));
    g_assert_cmpuint(json_length(items), ==, listed);
    g_assert_cmpint(rows.more, ==, more);
}

static void test_the_inbox_says_that_more_waits_for_approval(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "a");
    run(&desk, "INSERT INTO users (id, login, name, password_hash, created_us) "
               "VALUES ('binh', 'binh', 'Bình', '', 0)");
    for (unsigned i = 0; i < INBOX_LIMIT; i++)
        add_submitted(&desk, i);
    waiting(&desk, INBOX_LIMIT, false);
    add_submitted(&desk, INBOX_LIMIT);
    waiting(&desk, INBOX_LIMIT, true);
    run(&desk, "UPDATE bulletin_versions SET audio = 'failed' WHERE id <> 'w7'");
    waiting(&desk, 1, false);
    for (unsigned i = INBOX_LIMIT + 1; i <= 501; i++) /* more than it looks at */
        add_submitted(&desk, i);
    run(&desk, "UPDATE bulletin_versions SET audio = 'failed'");
    waiting(&desk, 0, true);
    calendar_desk_clear(&desk);
}

static void test_the_inbox_says_that_more_falls_silent(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    run(&desk, "INSERT INTO users (id, login, name, password_hash, created_us) "
               "VALUES ('binh', 'binh', 'Bình', '', 0)");
    g_autofree char *loser = calendar_desk_made(&desk, RULE("FREQ=DAILY"));
    g_autofree char *winner = calendar_desk_made(&desk, RULE("FREQ=WEEKLY;BYDAY=MO"));
    for (unsigned i = 0; i <= INBOX_LIMIT; i++) {
        g_autofree char *copy = g_strdup_printf(
            "INSERT INTO broadcast_losses SELECT '%s', '%s', 'missed', 2, 1, 0, '', '', 'binh', "
            "'Bình', %u, 0",
            loser, winner, i);
        run(&desk, copy);
        g_free(winner);
        winner = calendar_desk_made(&desk, RULE("FREQ=MONTHLY;BYMONTHDAY=31"));
        g_autoptr(Request) request = calendar_desk_request(&desk, "GET", "/api/inbox", NULL, NULL);
        g_autoptr(Json) items = json_new_array();
        InboxRows rows = {.items = items};
        g_assert_true(broadcast_losses_inbox(desk.api, request, &rows, NULL));
        g_assert_cmpuint(json_length(items), ==, MIN(i + 1, INBOX_LIMIT));
        g_assert_cmpint(rows.more, ==, i == INBOX_LIMIT);
    }
    calendar_desk_clear(&desk);
}

static void test_the_file_of_the_system_log_says_where_it_ends(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    People people = {.database = desk.fleet.database};
    run(&desk, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20001) "
               "INSERT INTO actions (at_us, verb) SELECT i, 'login' FROM n");
    g_autoptr(Request) request = calendar_desk_request(&desk, "GET", "/api/audit.csv", NULL, NULL);
    g_autoptr(Reply) more = action_log_api_csv(&people, request);
    g_assert_nonnull(strstr(g_bytes_get_data(more->body, NULL), "còn các dòng cũ hơn"));
    run(&desk, "DELETE FROM actions WHERE at_us = 1");
    g_autoptr(Reply) whole = action_log_api_csv(&people, request);
    g_assert_null(strstr(g_bytes_get_data(whole->body, NULL), "còn các dòng cũ hơn"));
    calendar_desk_clear(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pages/templates-come-by-page-what-one-may-use-at-home-first",
                    test_templates_come_by_page_what_one_may_use_at_home_first);
    g_test_add_func("/pages/starts-go-on-where-a-page-ends", test_starts_go_on_where_a_page_ends);
    g_test_add_func("/pages/the-inbox-says-that-more-waits-for-approval",
                    test_the_inbox_says_that_more_waits_for_approval);
    g_test_add_func("/pages/the-inbox-says-that-more-falls-silent",
                    test_the_inbox_says_that_more_falls_silent);
    g_test_add_func("/pages/the-file-of-the-system-log-says-where-it-ends",
                    test_the_file_of_the_system_log_says_where_it_ends);
    return g_test_run();
}
