/* Rules over HTTP: what is taken, what is refused and why; changes of one, following and all; the
 * holidays. */
#include "calendar_desk.h"

#include <string.h>

#include "schedule/broadcast_store.h"
#include "schedule/holiday_api.h"
#include "schedule/occurrence_api.h"
#include "schedule/series_api.h"

/* Starts of what plays, in UTC, "2026-11-23T10:00", joined. */
static char *starts_of(CalendarDesk *desk, const char *id, const char *query)
{
    g_autofree char *uri = g_strconcat("/api/broadcasts/x/occurrences?", query, NULL);
    g_autoptr(Request) request = calendar_desk_request(desk, "GET", uri, id, NULL);
    g_autoptr(Json) answer = fleet_desk_json(occurrence_api_list(desk->api, request), 200);
    const Json *items = json_peek(answer, "items");
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < json_length(items); i++) {
        const Json *one = json_at(items, i);
        const char *reason = json_peek_text(one, "reason");
        g_string_append_printf(text, "%s%.11s%s%s", i ? " " : "", json_peek_text(one, "start") + 5,
                               reason ? "-" : "", reason ? reason : "");
    }
    return g_string_free(text, FALSE);
}

static void assert_starts(CalendarDesk *desk, const char *id, const char *query,
                          const char *expected)
{
    g_autofree char *said = starts_of(desk, id, query);
    g_assert_cmpstr(said, ==, expected);
}

#define WEEK RULE("FREQ=WEEKLY;BYDAY=MO,WE,FR")

static void test_impossible_rules_are_refused_by_name(void)
{
    static const struct {
        const char *when, *pointers;
    } cases[] = {
        {WEEK, ""},
        {WEEK ",\"until\":\"2026-12-31\"", ""},
        {WEEK ",\"zone\":\"Europe/Paris\"", ""},
        {WEEK ",\"zone\":\"Mars/Olympus\"", "/when/zone"},
        {WEEK ",\"holidays\":{\"calendar\":\"vn\",\"mode\":\"except\"}", ""},
        {WEEK ",\"holidays\":{\"calendar\":\"mars\",\"mode\":\"except\"}",
         "/when/holidays/calendar"},
        {WEEK ",\"exdates\":[\"2026-02-30T10:00:00Z\"]", "/when/exdates"},
        {WEEK ",\"lunar\":{\"days\":[1]}", "/when/lunar"},
        {RULE("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), "/when/rrule"},
        {RULE("FREQ=DAILY;COUNT=1000000000"), "/when/rrule"},
        {RULE("FREQ=DAILY;COUNT=0"), "/when/rrule"},
        {RULE("FREQ=DAILY;COUNT=-5"), "/when/rrule"},
        {RULE("FREQ=DAILY;INTERVAL=0"), "/when/rrule"},
        {RULE("FREQ=DAILY;UNTIL=20261101T000000Z"), "/when/rrule"},
        {RULE("FREQ=DAILY;UNTIL=20260230"), "/when/rrule"},
        {RULE("FREQ=DAILY") ",\"until\":\"2026-11-01\"", "/when/until"},
        {RULE("FREQ=DAILY;COUNT=5") ",\"until\":\"2026-12-31\"", "/when/until"},
        {RULE("FREQ=SECONDLY"), "/when/rrule"},
        {RULE("FREQ=MINUTELY"), "/when/rrule"},
        {RULE("FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5"), "/when/rrule"},
        {RULE("FREQ=DAILY;BYSECOND=1"), "/when/rrule"},
        {RULE("FREQ=DAILY;FREQ=WEEKLY"), "/when/rrule"},
        {RULE("COUNT=5"), "/when/rrule"},
        {RULE("nonsense"), "/when/rrule"},
        {RULE("FREQ=DAILY;BYDAY=XX"), "/when/rrule"},
        {RULE("FREQ=DAILY;COUNT=99999999999999999999"), "/when/rrule"},
        {"\"kind\":\"rule\",\"start\":\"2026-11-23T17:00:00+07:00\"", "/when/rrule"},
        {"\"kind\":\"rule\",\"start\":\"2026-11-23T05:00:00+07:00\",\"lunar\":{\"days\":[1,15]}",
         ""},
        {"\"kind\":\"rule\",\"start\":\"2026-11-23T05:00:00+07:00\",\"lunar\":{\"days\":[31]}",
         "/when/lunar/days"},
        {"\"kind\":\"rule\",\"start\":\"2026-11-23T05:00:00+07:00\",\"lunar\":{\"days\":[1],"
         "\"months\":[13]}",
         "/when/lunar/months"},
    };
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("case %u: %s", i, cases[i].when);
        g_autofree char *said = calendar_desk_pointers(calendar_desk_create(&desk, cases[i].when));
        if (strchr(said, ' '))
            *strchr(said, ' ') = '\0';
        g_assert_cmpstr(said, ==, cases[i].pointers);
    }
    GString *many = g_string_new(WEEK ",\"exdates\":[");
    for (unsigned i = 0; i < 10000; i++)
        g_string_append_printf(many, "%s\"2026-11-23T10:00:00Z\"", i ? "," : "");
    g_string_append(many, "]");
    g_autofree char *said = calendar_desk_pointers(calendar_desk_create(&desk, many->str));
    g_assert_cmpstr(said, ==, "/when/exdates");
    g_string_free(many, TRUE);
    calendar_desk_clear(&desk);
}

#define NOVEMBER "from=2026-11-23T00:00:00Z&to=2026-12-05T00:00:00Z"

static int64_t count_broadcasts(CalendarDesk *desk)
{
    g_autoptr(Query) query =
        database_query(desk->fleet.database, "SELECT count(*) FROM broadcasts");
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    return row_int(query, 0);
}

static void test_changes_keep_one_series(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *id = calendar_desk_made(&desk, WEEK);
    assert_starts(&desk, id, NOVEMBER,
                  "11-23T10:00 11-25T10:00 11-27T10:00 11-30T10:00 12-02T10:00 12-04T10:00");
    calendar_desk_patch(&desk, id,
                        "{\"scope\":\"this\",\"recurrence_id\":\"2026-11-25T10:00:00Z\","
                        "\"at\":\"2026-11-26T03:30:00Z\",\"gain_db\":-6}",
                        "");
    calendar_desk_patch(&desk, id,
                        "{\"scope\":\"following\",\"recurrence_id\":\"2026-11-30T10:00:00Z\","
                        "\"at\":\"2026-11-30T11:00:00Z\"}",
                        "");
    calendar_desk_patch(&desk, id,
                        "{\"scope\":\"this\",\"recurrence_id\":\"2026-11-27T10:00:00Z\","
                        "\"cancelled\":true}",
                        "");
    assert_starts(&desk, id, NOVEMBER,
                  "11-23T10:00 11-26T03:30 11-27T10:00-deleted 11-30T11:00 12-02T11:00 "
                  "12-04T11:00");
    /* The same rows again: an edit of one already changed. */
    calendar_desk_patch(&desk, id,
                        "{\"scope\":\"this\",\"recurrence_id\":\"2026-11-25T10:00:00Z\","
                        "\"tolerance_s\":60}",
                        "");
    calendar_desk_patch(&desk, id,
                        "{\"scope\":\"all\",\"recurrence_id\":\"2026-11-25T10:00:00Z\","
                        "\"at\":\"2026-11-25T08:00:00Z\"}",
                        "");
    assert_starts(&desk, id, "from=2026-11-23T00:00:00Z&to=2026-11-24T00:00:00Z", "11-23T08:00");
    calendar_desk_patch(&desk, id, "{\"scope\":\"all\",\"at\":\"2026-11-23T09:00:00Z\"}", "");
    assert_starts(&desk, id, NOVEMBER,
                  "11-23T09:00 11-26T03:30 11-27T09:00-deleted 11-30T09:00 12-02T09:00 "
                  "12-04T09:00");
    calendar_desk_patch(&desk, id,
                        "{\"scope\":\"following\",\"recurrence_id\":\"2026-12-02T10:00:00Z\","
                        "\"cancelled\":true}",
                        "");
    assert_starts(&desk, id, NOVEMBER, "11-23T09:00 11-26T03:30 11-27T09:00-deleted 11-30T09:00");
    g_assert_cmpint(count_broadcasts(&desk), ==, 1);
    g_assert_cmpuint(desk.changed, ==, 8);
    calendar_desk_clear(&desk);
}

static void test_one_that_was_taken_out_comes_back(void)
{
    static const char back[] = "{\"scope\":\"this\",\"recurrence_id\":\"2026-11-25T10:00:00Z\","
                               "\"cancelled\":false}";
    static const char out[] = "{\"scope\":\"this\",\"recurrence_id\":\"2026-11-25T10:00:00Z\","
                              "\"cancelled\":true}";
    const char *days = "from=2026-11-23T00:00:00Z&to=2026-11-28T00:00:00Z";
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *id = calendar_desk_made(&desk, WEEK);
    calendar_desk_patch(&desk, id, back, "/recurrence_id"); /* it was never taken out */
    calendar_desk_patch(&desk, id, out, "");
    assert_starts(&desk, id, days, "11-23T10:00 11-25T10:00-deleted 11-27T10:00");
    calendar_desk_patch(&desk, id, out, "/recurrence_id");
    calendar_desk_patch(
        &desk, id,
        "{\"scope\":\"following\",\"recurrence_id\":\"2026-11-25T10:00:00Z\",\"cancelled\":false}",
        "/scope");
    calendar_desk_patch(&desk, id, back, "");
    assert_starts(&desk, id, days, "11-23T10:00 11-25T10:00 11-27T10:00");
    g_assert_cmpuint(desk.changed, ==, 3); /* made, taken out, back: plans follow each time */

    calendar_desk_patch(&desk, id, out, "");
    desk.fleet.clock.wall += 10 * 24 * DESK_HOUR;
    calendar_desk_patch(&desk, id, back, "/recurrence_id"); /* its time has gone by in silence */
    calendar_desk_clear(&desk);
}

static void test_wrong_changes_are_refused(void)
{
    static const struct {
        const char *body, *pointers;
    } cases[] = {
        {"{\"scope\":\"this\",\"at\":\"2026-11-26T03:30:00Z\"}", "/recurrence_id"},
        {"{\"scope\":\"this\",\"recurrence_id\":\"2026-11-24T10:00:00Z\","
         "\"at\":\"2026-11-26T03:30:00Z\"}",
         "/recurrence_id"},
        {"{\"scope\":\"this\",\"recurrence_id\":\"2026-11-23T10:00:00Z\","
         "\"at\":\"2026-11-20T03:30:00Z\"}",
         "/at"},
        {"{\"scope\":\"this\",\"recurrence_id\":\"2026-11-23T10:00:00Z\","
         "\"at\":\"2026-12-20T03:30:00Z\"}",
         "/at"},
        {"{\"scope\":\"this\",\"recurrence_id\":\"2026-11-23T10:00:00Z\",\"gain_db\":3}",
         "/gain_db /at"},
        {"{\"scope\":\"this\",\"recurrence_id\":\"2026-11-23T10:00:00Z\"}", "/at"},
        {"{\"scope\":\"some\",\"at\":\"2026-11-26T03:30:00Z\"}", "/scope /recurrence_id"},
        {"{\"scope\":\"all\",\"cancelled\":true,\"at\":\"2026-11-26T03:30:00Z\"}", "/cancelled"},
    };
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *id = calendar_desk_made(&desk, WEEK);
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("case %u", i);
        calendar_desk_patch(&desk, id, cases[i].body, cases[i].pointers);
    }
    desk.fleet.clock.wall += 10 * 24 * DESK_HOUR;
    calendar_desk_patch(&desk, id,
                        "{\"scope\":\"this\",\"recurrence_id\":\"2026-11-23T10:00:00Z\","
                        "\"cancelled\":true}",
                        "/recurrence_id");
    calendar_desk_clear(&desk);
}

static void test_an_edited_calendar_of_holidays_plans_again(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *id = calendar_desk_made(
        &desk, RULE("FREQ=DAILY") ",\"holidays\":{\"calendar\":\"vn\",\"mode\":\"except\"}");
    const char *query = "from=2026-11-23T00:00:00Z&to=2026-11-27T00:00:00Z";
    assert_starts(&desk, id, query, "11-23T10:00 11-24T10:00-holiday 11-25T10:00 11-26T10:00");
    unsigned before = desk.changed;
    g_autoptr(Request) put = calendar_desk_request(
        &desk, "PUT", "/api/holidays/vn", "vn",
        "{\"name_vi\":\"Lễ\",\"name_en\":\"Feasts\",\"rows\":[{\"name_vi\":\"Hội làng\","
        "\"name_en\":\"Village feast\",\"lunar\":true,\"month\":10,\"day\":17,\"days\":2}]}");
    g_autoptr(Json) now = fleet_desk_json(holiday_api_put(desk.api, put), 200);
    g_assert_cmpuint(json_length(json_peek(now, "dates")), ==, 2);
    g_assert_cmpuint(desk.changed, ==, before + 1);
    assert_starts(&desk, id, query,
                  "11-23T10:00 11-24T10:00 11-25T10:00-holiday 11-26T10:00-holiday");
    g_autoptr(Request) wrong = calendar_desk_request(
        &desk, "PUT", "/api/holidays/vn", "vn",
        "{\"name_vi\":\"Lễ\",\"name_en\":\"Feasts\",\"rows\":[{\"name_vi\":\"x\",\"name_en\":\"x\","
        "\"month\":2,\"day\":30}]}");
    g_autofree char *said = calendar_desk_pointers(holiday_api_put(desk.api, wrong));
    g_assert_cmpstr(said, ==, "/rows/0/day");
    calendar_desk_clear(&desk);
    calendar_desk_init(&desk, ROLE_OPERATOR, "a");
    g_autoptr(Request) asked = calendar_desk_request(&desk, "PUT", "/api/holidays/vn", "vn", "{}");
    g_autofree char *slug = fleet_desk_slug(holiday_api_put(desk.api, asked));
    g_assert_cmpstr(slug, ==, problem_forbidden.slug);
    calendar_desk_clear(&desk);
}

/* The desk's publisher: what a station is told after changes. */
static void test_a_plan_follows_the_changes_and_keeps_its_ids(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *id = calendar_desk_made(&desk, RULE("FREQ=DAILY;COUNT=4"));
    fleet_desk_publish(&desk.fleet);
    g_autoptr(Plan) before = fleet_desk_plan(&desk.fleet, &desk.fleet.a1);
    g_assert_cmpuint(before->airings->len, ==, 4);
    calendar_desk_patch(&desk, id,
                        "{\"scope\":\"this\",\"recurrence_id\":\"2026-11-24T10:00:00Z\","
                        "\"at\":\"2026-11-24T12:00:00Z\"}",
                        "");
    calendar_desk_patch(&desk, id,
                        "{\"scope\":\"this\",\"recurrence_id\":\"2026-11-25T10:00:00Z\","
                        "\"cancelled\":true}",
                        "");
    fleet_desk_publish(&desk.fleet);
    g_autoptr(Plan) after = fleet_desk_plan(&desk.fleet, &desk.fleet.a1);
    g_assert_cmpuint(after->airings->len, ==, 3);
    static const unsigned kept[] = {0, 1, 3};
    for (unsigned i = 0; i < 3; i++) {
        const PlanAiring *was = g_ptr_array_index(before->airings, kept[i]);
        const PlanAiring *is = g_ptr_array_index(after->airings, i);
        g_assert_cmpstr(is->id, ==, was->id);
        g_assert_cmpint(is->start_us, ==, was->start_us + (i == 1) * 2 * DESK_HOUR);
    }
    calendar_desk_clear(&desk);
}

/* "All following" changes all of a rule: zone, holidays, exceptions, extra dates; one series. */
static void test_following_changes_zone_holidays_and_dates(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *id = calendar_desk_made(
        &desk, RULE("FREQ=DAILY") ",\"holidays\":{\"calendar\":\"vn\",\"mode\":\"except\"},"
                                  "\"exdates\":[\"2026-11-23T10:00:00Z\","
                                  "\"2026-12-01T10:00:00Z\"]");
    const char *first = "from=2026-11-23T00:00:00Z&to=2026-11-26T00:00:00Z";
    const char *later = "from=2026-11-30T00:00:00Z&to=2026-12-03T00:00:00Z";
    assert_starts(&desk, id, later, "11-30T10:00 12-01T10:00-deleted 12-02T10:00");
    /* What is not named stays: the holidays, the exception. */
    calendar_desk_patch(&desk, id,
                        "{\"scope\":\"following\",\"recurrence_id\":\"2026-11-28T10:00:00Z\","
                        "\"when\":{\"kind\":\"rule\",\"start\":\"2026-11-28T17:00:00+07:00\","
                        "\"rrule\":\"FREQ=DAILY;BYHOUR=17,18\"}}",
                        "");
    assert_starts(&desk, id, later,
                  "11-30T10:00 11-30T11:00 12-01T10:00-deleted 12-01T11:00 12-02T10:00 "
                  "12-02T11:00");
    /* Another zone (noon in Paris is 11:00 UTC), only holidays that a calendar of its own names,
     * and dates of its own; what was before stays. */
    g_autoptr(Request) put = calendar_desk_request(
        &desk, "PUT", "/api/holidays/hoi", "hoi",
        "{\"name_vi\":\"Hội\",\"name_en\":\"Feasts\",\"rows\":[{\"name_vi\":\"Hội làng\","
        "\"name_en\":\"Village feast\",\"month\":12,\"day\":1,\"days\":2}]}");
    G_GNUC_UNUSED g_autoptr(Json) made = fleet_desk_json(holiday_api_put(desk.api, put), 200);
    calendar_desk_patch(&desk, id,
                        "{\"scope\":\"following\",\"recurrence_id\":\"2026-11-30T10:00:00Z\","
                        "\"when\":{\"kind\":\"rule\",\"start\":\"2026-11-30T11:00:00Z\","
                        "\"zone\":\"Europe/Paris\",\"rrule\":\"FREQ=DAILY\",\"exdates\":[],"
                        "\"rdates\":[\"2026-12-01T13:00:00Z\"],"
                        "\"holidays\":{\"calendar\":\"hoi\",\"mode\":\"only\"}}}",
                        "");
    assert_starts(&desk, id, first, "11-23T10:00-deleted 11-24T10:00-holiday 11-25T10:00");
    assert_starts(&desk, id, later, "11-30T11:00-no_holiday 12-01T11:00 12-01T13:00 12-02T11:00");
    /* Its calendar plans it again; summer in Paris is another hour of the day. */
    unsigned before = desk.changed;
    g_autoptr(Request) again = calendar_desk_request(
        &desk, "PUT", "/api/holidays/hoi", "hoi",
        "{\"name_vi\":\"Hội\",\"name_en\":\"Feasts\",\"rows\":[{\"name_vi\":\"Hội làng\","
        "\"name_en\":\"Village feast\",\"month\":4,\"day\":1}]}");
    G_GNUC_UNUSED g_autoptr(Json) edited = fleet_desk_json(holiday_api_put(desk.api, again), 200);
    g_assert_cmpuint(desk.changed, ==, before + 1);
    assert_starts(&desk, id, "from=2027-04-01T00:00:00Z&to=2027-04-02T00:00:00Z", "04-01T10:00");
    /* null and [] take away; the answer says each rule whole. */
    calendar_desk_patch(&desk, id,
                        "{\"scope\":\"following\",\"recurrence_id\":\"2027-04-01T10:00:00Z\","
                        "\"when\":{\"kind\":\"rule\",\"start\":\"2027-04-01T10:00:00Z\","
                        "\"rrule\":\"FREQ=DAILY\",\"holidays\":null}}",
                        "");
    assert_starts(&desk, id, "from=2027-04-01T00:00:00Z&to=2027-04-03T00:00:00Z",
                  "04-01T10:00 04-02T10:00");
    g_autoptr(Request) ask = calendar_desk_request(&desk, "GET", "/api/broadcasts/x", id, NULL);
    g_autoptr(Json) said = fleet_desk_json(broadcast_api_get(desk.api, ask), 200);
    const Json *rules = json_peek(said, "later");
    g_assert_cmpuint(json_length(rules), ==, 3);
    const Json *paris = json_peek(json_at(rules, 1), "when");
    g_assert_cmpstr(json_peek_text(paris, "zone"), ==, "Europe/Paris");
    g_assert_cmpstr(json_peek_text(json_peek(paris, "holidays"), "mode"), ==, "only");
    g_assert_cmpuint(json_length(json_peek(paris, "rdates")), ==, 1);
    g_assert_null(json_peek(json_peek(json_at(rules, 2), "when"), "holidays"));
    g_assert_cmpuint(json_length(json_peek(json_peek(said, "when"), "exdates")), ==, 1);
    g_assert_cmpint(count_broadcasts(&desk), ==, 1);
    calendar_desk_clear(&desk);
}

static void test_history_takes_no_new_dates(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *id = calendar_desk_made(&desk, RULE("FREQ=DAILY"));
    calendar_desk_patch(&desk, id,
                        "{\"scope\":\"following\",\"recurrence_id\":\"2026-11-28T10:00:00Z\","
                        "\"when\":{\"kind\":\"rule\",\"start\":\"2026-11-28T17:00:00+07:00\","
                        "\"rrule\":\"FREQ=DAILY\",\"rdates\":[\"2026-11-24T12:00:00Z\"]}}",
                        "/when/rdates");
    calendar_desk_patch(&desk, id,
                        "{\"scope\":\"following\",\"recurrence_id\":\"2026-11-28T10:00:00Z\","
                        "\"when\":{\"kind\":\"rule\",\"start\":\"2026-11-28T17:00:00+07:00\","
                        "\"rrule\":\"FREQ=DAILY\",\"zone\":\"Mars/Olympus\"}}",
                        "/when/zone");
    g_autoptr(Broadcast) kept = broadcast_store_get(desk.fleet.database, id, NULL);
    g_assert_null(kept->parts);
    calendar_desk_clear(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/calendar/rules", test_impossible_rules_are_refused_by_name);
    g_test_add_func("/calendar/changes", test_changes_keep_one_series);
    g_test_add_func("/calendar/comes back", test_one_that_was_taken_out_comes_back);
    g_test_add_func("/calendar/wrong_changes", test_wrong_changes_are_refused);
    g_test_add_func("/calendar/holidays", test_an_edited_calendar_of_holidays_plans_again);
    g_test_add_func("/calendar/plan", test_a_plan_follows_the_changes_and_keeps_its_ids);
    g_test_add_func("/calendar/following", test_following_changes_zone_holidays_and_dates);
    g_test_add_func("/calendar/history", test_history_takes_no_new_dates);
    return g_test_run();
}
