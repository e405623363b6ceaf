/* Series that play several times, change their rule on the way, or come out of a calendar file. */
#include "calendar_desk.h"

#include <string.h>

#include "fleet/publisher.h"
#include "http/reply_parts.h"
#include "schedule/broadcast_api.h"
#include "schedule/broadcast_store.h"
#include "schedule/calendar_api.h"
#include "schedule/calendar_import_api.h"
#include "schedule/series_api.h"

static char *order(CalendarDesk *desk, const char *when, const char *more)
{
    g_autofree char *body = g_strdup_printf(
        "{\"bulletin\":\"notice\",\"area\":\"province\",\"targets\":[{\"kind\":\"area\",\"id\":"
        "\"a\"}],\"when\":{%s}%s}",
        when, more);
    g_autoptr(Json) made =
        fleet_desk_json(calendar_desk_ask(desk, broadcast_api_create, desk->api, NULL, body), 201);
    return g_strdup(json_peek_text(made, "id"));
}

static Plan *plan_of(CalendarDesk *desk)
{
    fleet_desk_publish(&desk->fleet);
    return fleet_desk_plan(&desk->fleet, &desk->fleet.a1);
}

static unsigned status_of(Reply *take_reply)
{
    g_autoptr(Reply) reply = take_reply;
    return reply_status(reply);
}

#define DAILY "\"kind\":\"daily\",\"at\":\"2026-11-21T17:00:00+07:00\",\"until\":\"2026-11-24\""

static void test_a_broadcast_plays_several_times_with_a_gap(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *id = order(&desk, "\"kind\":\"once\",\"at\":\"2026-11-21T17:00:00+07:00\"",
                                ",\"repeat\":{\"count\":3,\"gap_s\":50}");
    g_autoptr(Plan) plan = plan_of(&desk);
    g_assert_cmpuint(plan->airings->len, ==, 3);
    for (unsigned i = 0; i < 3; i++) { /* 10 s of sound, 50 s of silence */
        const PlanAiring *airing = g_ptr_array_index(plan->airings, i);
        g_autofree char *expected = plan_airing_id(id, DESK_NOW + 10 * DESK_HOUR, i, "a1");
        g_assert_cmpstr(airing->id, ==, expected);
        g_assert_cmpint(airing->start_us, ==, DESK_NOW + 10 * DESK_HOUR + i * DESK_MINUTE);
    }
    calendar_desk_clear(&desk);
}

static void test_an_order_says_what_becomes_of_it_when_displaced(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    const char *once = "\"kind\":\"once\",\"at\":\"2026-11-21T17:00:00+07:00\"";
    g_free(order(&desk, once, ",\"on_preempt\":\"drop\""));
    g_free(order(&desk, once, ",\"on_preempt\":\"restart\",\"filler\":true"));
    g_free(order(&desk, once, ""));
    g_autoptr(Plan) plan = plan_of(&desk);
    g_assert_cmpuint(plan->airings->len, ==, 3);
    unsigned seen = 0;
    for (unsigned i = 0; i < 3; i++) {
        const PlanAiring *airing = g_ptr_array_index(plan->airings, i);
        seen |= 1u << airing->on_preempt;
        g_assert_cmpint(airing->rank, ==,
                        airing->on_preempt == PREEMPT_RESTART ? RANK_FILLER : RANK_NORMAL);
    }
    g_assert_cmpuint(seen, ==, 7);
    const char *both = "{\"bulletin\":\"notice\",\"area\":\"province\",\"targets\":[{\"kind\":"
                       "\"area\",\"id\":\"a\"}],\"when\":{\"kind\":\"now\"},\"class\":"
                       "\"priority\",\"filler\":true}";
    g_assert_cmpuint(
        status_of(calendar_desk_ask(&desk, broadcast_api_create, desk.api, NULL, both)), ==, 422);
    calendar_desk_clear(&desk);
}

/* Starts of a plan in hours from DESK_NOW, with the ids that did not change marked. */
static char *starts_of(const Plan *plan, const Plan *before)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < plan->airings->len; i++) {
        const PlanAiring *airing = g_ptr_array_index(plan->airings, i);
        bool kept = false;
        for (unsigned j = 0; j < before->airings->len; j++)
            kept |=
                g_str_equal(((PlanAiring *)g_ptr_array_index(before->airings, j))->id, airing->id);
        g_string_append_printf(text, "%d%s ", (int)((airing->start_us - DESK_NOW) / DESK_HOUR),
                               kept ? "=" : "");
    }
    return g_string_free(text, FALSE);
}

static unsigned change(CalendarDesk *desk, const char *id, const char *body)
{
    return status_of(calendar_desk_ask(desk, series_api_patch, desk->api, id, body));
}

#define FROM_THE_23RD "{\"scope\":\"following\",\"recurrence_id\":\"2026-11-23T17:00:00+07:00\","

static void test_how_it_sounds_changes_from_one_on(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *id = order(&desk, DAILY, "");
    g_autoptr(Plan) before = plan_of(&desk);
    g_assert_cmpuint(change(&desk, id,
                            FROM_THE_23RD "\"repeat\":{\"count\":2,\"gap_s\":3590},"
                                          "\"on_preempt\":\"drop\"}"),
                     ==, 200);
    g_assert_cmpuint(change(&desk, id,
                            "{\"scope\":\"following\",\"recurrence_id\":"
                            "\"2026-11-24T17:00:00+07:00\",\"filler\":true}"),
                     ==, 200);
    g_autoptr(Plan) after = plan_of(&desk);
    g_assert_cmpuint(before->airings->len, ==, 4);
    g_assert_cmpuint(after->airings->len, ==, 6);
    for (unsigned i = 0; i < after->airings->len; i++) {
        const PlanAiring *airing = g_ptr_array_index(after->airings, i);
        int hour = (int)((airing->start_us - DESK_NOW) / DESK_HOUR);
        g_assert_cmpint(airing->on_preempt, ==, hour < 58 ? PREEMPT_RESUME : PREEMPT_DROP);
        g_assert_cmpint(airing->rank, ==, hour < 82 ? RANK_NORMAL : RANK_FILLER);
    }
    /* The bulletin takes ten seconds: the second play is an hour after the first. */
    g_autofree char *starts = starts_of(after, before);
    g_assert_cmpstr(starts, ==, "10= 34= 58= 59 82= 83 ");
    calendar_desk_clear(&desk);
}

static void test_how_it_sounds_is_refused_as_in_an_order(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *id = order(&desk, DAILY, "");
    g_autofree char *urgent = order(&desk, DAILY, ",\"class\":\"priority\"");
    g_assert_cmpuint(change(&desk, id, FROM_THE_23RD "\"repeat\":{\"count\":11}}"), ==, 422);
    g_assert_cmpuint(change(&desk, id, FROM_THE_23RD "\"repeat\":{\"gap_s\":5}}"), ==, 422);
    g_assert_cmpuint(change(&desk, id, FROM_THE_23RD "\"on_preempt\":\"stay\"}"), ==, 422);
    g_assert_cmpuint(change(&desk, urgent, FROM_THE_23RD "\"filler\":true}"), ==, 422);
    g_assert_cmpuint(change(&desk, id,
                            "{\"scope\":\"this\",\"recurrence_id\":"
                            "\"2026-11-23T17:00:00+07:00\",\"on_preempt\":\"drop\"}"),
                     ==, 422);
    /* Six plays of ten seconds are the minute of the day; a seventh is not. */
    calendar_desk_put_policy(&desk, "a", "{\"day_min\":1}");
    g_assert_cmpuint(change(&desk, urgent, FROM_THE_23RD "\"cancelled\":true}"), ==, 200);
    g_assert_cmpuint(change(&desk, id, FROM_THE_23RD "\"repeat\":{\"count\":7}}"), ==, 422);
    g_assert_cmpuint(change(&desk, id, FROM_THE_23RD "\"repeat\":{\"count\":6}}"), ==, 200);
    calendar_desk_clear(&desk);
}

static void test_too_many_repeats_are_refused(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    const char *body = "{\"bulletin\":\"notice\",\"area\":\"province\",\"targets\":[{\"kind\":"
                       "\"area\",\"id\":\"a\"}],\"when\":{" DAILY "},\"repeat\":{\"count\":11}}";
    g_assert_cmpuint(
        status_of(calendar_desk_ask(&desk, broadcast_api_create, desk.api, NULL, body)), ==, 422);
    calendar_desk_clear(&desk);
}

static void test_a_new_rule_from_one_on_keeps_the_ids_of_what_stays(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *id = order(&desk, DAILY, "");
    g_autoptr(Plan) before = plan_of(&desk);
    g_assert_cmpuint(before->airings->len, ==, 4);
    /* From the 23rd on twice a day: 17:00 as before, and 18:00. */
    g_autoptr(Json) changed = fleet_desk_json(
        calendar_desk_ask(
            &desk, series_api_patch, desk.api, id,
            "{\"scope\":\"following\",\"recurrence_id\":\"2026-11-23T17:00:00+07:00\","
            "\"when\":{\"kind\":\"rule\",\"start\":\"2026-11-23T17:00:00+07:00\","
            "\"rrule\":\"FREQ=DAILY;BYHOUR=17,18;UNTIL=20261125T000000Z\"}}"),
        200);
    g_assert_cmpstr(json_peek_text(changed, "id"), ==, id);
    g_assert_cmpuint(json_length(json_peek(changed, "later")), ==, 1);
    g_autoptr(Plan) after = plan_of(&desk);
    g_autofree char *starts = starts_of(after, before);
    g_assert_cmpstr(starts, ==, "10= 34= 58= 59 82= 83 ");
    calendar_desk_clear(&desk);
}

/* As the panel says it: "all" of what airs once. */
static void test_what_airs_once_is_still_planned_on_the_day_that_it_was_moved_to(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *id =
        order(&desk, "\"kind\":\"once\",\"at\":\"2026-11-21T17:00:00+07:00\"", "");
    g_assert_cmpuint(status_of(calendar_desk_ask(
                         &desk, series_api_patch, desk.api, id,
                         "{\"scope\":\"all\",\"recurrence_id\":\"2026-11-21T17:00:00+07:00\","
                         "\"at\":\"2026-11-28T17:00:00+07:00\"}")),
                     ==, 200);
    for (unsigned day = 0; day <= 7; day++) {
        desk.fleet.clock.wall = DESK_NOW + day * 24 * DESK_HOUR;
        publisher_station_changed(desk.fleet.fleet->publisher, "a1");
        g_autoptr(Plan) plan = plan_of(&desk);
        g_test_message("day %u", day);
        g_assert_cmpuint(plan->airings->len, ==, 1);
    }
    calendar_desk_clear(&desk);
}

static unsigned uncovered_in(CalendarDesk *desk, const char *area, int64_t now_us)
{
    g_autoptr(GPtrArray) areas = g_ptr_array_new();
    g_ptr_array_add(areas, (gpointer)area);
    g_autoptr(GPtrArray) found =
        broadcast_store_uncovered(desk->fleet.database, areas, now_us, 10, NULL);
    return found->len;
}

static void assert_wanted_as_priority(CalendarDesk *desk, int64_t now_us, bool wanted)
{
    g_auto(ApprovalScope) scope = {0};
    g_assert_true(broadcast_store_wanted(desk->fleet.database, "notice", now_us, &scope, NULL));
    g_assert_cmpint(scope.class == CLASS_PRIORITY, ==, wanted);
    g_assert_cmpuint(uncovered_in(desk, "province", now_us), ==, wanted);
    g_assert_cmpuint(uncovered_in(desk, "a", now_us), ==, wanted);
    g_assert_cmpuint(uncovered_in(desk, "b", now_us), ==, 0); /* nobody's business there */
}

static void test_what_was_moved_still_waits_for_its_approval(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *id = order(&desk, "\"kind\":\"once\",\"at\":\"2026-11-21T17:00:00+07:00\"",
                                ",\"class\":\"priority\"");
    g_assert_true(
        database_script(desk.fleet.database, "UPDATE approved_scopes SET class = 'normal'", NULL));
    assert_wanted_as_priority(&desk, DESK_NOW, true);
    assert_wanted_as_priority(&desk, DESK_NOW + 11 * DESK_HOUR, false);
    g_assert_cmpuint(status_of(calendar_desk_ask(
                         &desk, series_api_patch, desk.api, id,
                         "{\"scope\":\"all\",\"recurrence_id\":\"2026-11-21T17:00:00+07:00\","
                         "\"at\":\"2026-11-23T17:00:00+07:00\"}")),
                     ==, 200);
    assert_wanted_as_priority(&desk, DESK_NOW + 11 * DESK_HOUR, true);
    assert_wanted_as_priority(&desk, DESK_NOW + 59 * DESK_HOUR, false);
    calendar_desk_clear(&desk);
}

static void test_a_new_rule_is_not_moved_by_an_older_change(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *id = order(&desk, DAILY, "");
    g_assert_cmpuint(status_of(calendar_desk_ask(
                         &desk, series_api_patch, desk.api, id,
                         "{\"scope\":\"following\",\"recurrence_id\":\"2026-11-22T17:00:00+07:00\","
                         "\"at\":\"2026-11-22T19:00:00+07:00\"}")),
                     ==, 200);
    g_autoptr(Plan) before = plan_of(&desk);
    g_assert_cmpuint(status_of(calendar_desk_ask(
                         &desk, series_api_patch, desk.api, id,
                         "{\"scope\":\"following\",\"recurrence_id\":\"2026-11-23T17:00:00+07:00\","
                         "\"when\":{\"kind\":\"daily\",\"at\":\"2026-11-23T18:00:00+07:00\","
                         "\"until\":\"2026-11-24\"}}")),
                     ==, 200);
    g_autoptr(Plan) after = plan_of(&desk);
    g_autofree char *starts = starts_of(after, before);
    g_assert_cmpstr(starts, ==, "10= 36= 59 83 ");
    /* All at once again: what followed the old rule is gone. */
    g_assert_cmpuint(
        status_of(calendar_desk_ask(&desk, series_api_patch, desk.api, id,
                                    "{\"scope\":\"all\",\"when\":{\"kind\":\"daily\",\"at\":"
                                    "\"2026-11-21T20:00:00+07:00\",\"until\":\"2026-11-22\"}}")),
        ==, 200);
    g_autoptr(Plan) all = plan_of(&desk);
    g_autofree char *late = starts_of(all, before);
    g_assert_cmpstr(late, ==, "13 37 ");
    calendar_desk_clear(&desk);
}

static void test_a_rule_that_makes_no_sense_changes_nothing(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *id = order(&desk, DAILY, "");
    static const char *const whens[] = {
        "{\"kind\":\"once\",\"at\":\"2026-11-23T17:00:00+07:00\"}",
        "{\"kind\":\"rule\",\"start\":\"2026-11-23T17:00:00+07:00\",\"rrule\":\"FREQ=YEARLY;"
        "BYMONTH=2;BYMONTHDAY=30\"}",
        "{\"kind\":\"rule\",\"start\":\"2026-11-23T17:00:00+07:00\",\"rrule\":\"FREQ=DAILY;"
        "INTERVAL=0\"}",
        "{\"kind\":\"rule\",\"start\":\"2026-11-23T17:00:00+07:00\",\"rrule\":\"FREQ=DAILY;"
        "COUNT=1000000000\"}",
        "{\"kind\":\"daily\",\"at\":\"2026-11-20T17:00:00+07:00\",\"until\":\"2026-11-22\"}",
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(whens); i++) {
        g_autofree char *body = g_strdup_printf(
            "{\"scope\":\"following\",\"recurrence_id\":\"2026-11-23T17:00:00+07:00\","
            "\"when\":%s}",
            whens[i]);
        g_test_message("%s", whens[i]);
        g_assert_cmpuint(status_of(calendar_desk_ask(&desk, series_api_patch, desk.api, id, body)),
                         ==, 422);
    }
    g_autoptr(Broadcast) kept = broadcast_store_get(desk.fleet.database, id, NULL);
    g_assert_null(kept->parts);
    calendar_desk_clear(&desk);
}

static char *import_body(const char *events, const char *choices)
{
    g_autofree char *text =
        g_strdup_printf("BEGIN:VCALENDAR\\r\\nVERSION:2.0\\r\\n%sEND:VCALENDAR\\r\\n", events);
    return g_strdup_printf("{\"calendar\":\"%s\",\"targets\":[{\"kind\":\"area\",\"id\":\"a\"}],"
                           "\"choices\":[%s]}",
                           text, choices);
}

#define EVENT(uid, more)                                                                           \
    "BEGIN:VEVENT\\r\\nUID:" uid "\\r\\nSUMMARY:" uid "\\r\\nDTSTART;TZID=Asia/Ho_Chi_Minh:" more  \
    "\\r\\nEND:VEVENT\\r\\n"
#define CHOOSE(uid, more) "{\"uid\":\"" uid "\",\"bulletin\":\"notice\"" more "}"

static void test_a_calendar_becomes_broadcasts(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    /* A series with one moved, one at night, one that nobody chose a bulletin for. */
    g_autofree char *body = import_body(
        EVENT("daily", "20261121T170000\\r\\nRRULE:FREQ=DAILY;COUNT=3")
            EVENT("daily", "20261122T180000\\r\\nRECURRENCE-ID;TZID=Asia/"
                           "Ho_Chi_Minh:20261122T170000") EVENT("night", "20261121T233000")
                EVENT("nothing", "20261121T120000"),
        CHOOSE("daily", "") "," CHOOSE(
            "daily", ",\"recurrence_id\":\"2026-11-22T17:00:00+07:00\"") "," CHOOSE("night", ""));
    g_autoptr(Json) said = fleet_desk_json(
        calendar_desk_ask(&desk, calendar_import_api_apply, desk.api, "province", body), 200);
    g_assert_cmpint(json_peek_int(said, "stored", 0), ==, 2);
    g_assert_cmpint(json_peek_int(said, "accepted", 0), ==, 4);
    const Json *items = json_peek(said, "items");
    g_assert_nonnull(json_peek_text(json_at(items, 0), "broadcast"));
    g_assert_nonnull(json_peek_text(json_at(items, 1), "broadcast"));
    g_assert_null(json_peek_text(json_at(items, 2), "broadcast"));
    g_assert_nonnull(strstr(json_peek_text(json_at(items, 2), "why_not"), "Quiet hours."));
    g_assert_null(json_peek_text(json_at(items, 3), "broadcast"));
    g_assert_null(json_peek_text(json_at(items, 3), "why_not"));
    g_autoptr(Plan) none = plan_new();
    g_autoptr(Plan) plan = plan_of(&desk);
    g_autofree char *starts = starts_of(plan, none);
    g_assert_cmpstr(starts, ==, "10 35 58 "); /* the moved one plays once, not twice */
    calendar_desk_clear(&desk);
}

static void test_a_hostile_calendar_stores_nothing(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autoptr(GString) deep = g_string_new(NULL);
    for (unsigned i = 0; i < 10000; i++)
        g_string_append(deep, "BEGIN:VEVENT\\r\\n");
    g_autofree char *body = import_body(deep->str, CHOOSE("x", ""));
    g_assert_cmpuint(
        status_of(calendar_desk_ask(&desk, calendar_import_api_apply, desk.api, "province", body)),
        ==, 413);
    g_autofree char *dense =
        import_body(EVENT("second", "20261121T170000\\r\\nRRULE:FREQ=SECONDLY")
                        EVENT("billion", "20261121T170000\\r\\nRRULE:FREQ=DAILY;COUNT=1000000000"),
                    CHOOSE("second", "") "," CHOOSE("billion", ""));
    g_autoptr(Json) said = fleet_desk_json(
        calendar_desk_ask(&desk, calendar_import_api_apply, desk.api, "province", dense), 200);
    g_assert_cmpint(json_peek_int(said, "stored", -1), ==, 0);
    g_assert_cmpint(json_peek_int(said, "refused", 0), ==, 2);
    calendar_desk_clear(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/change/how-it-sounds-changes-from-one-on",
                    test_how_it_sounds_changes_from_one_on);
    g_test_add_func("/change/how-it-sounds-is-refused-as-in-an-order",
                    test_how_it_sounds_is_refused_as_in_an_order);
    g_test_add_func("/change/a-broadcast-plays-several-times-with-a-gap",
                    test_a_broadcast_plays_several_times_with_a_gap);
    g_test_add_func("/change/an-order-says-what-becomes-of-it-when-displaced",
                    test_an_order_says_what_becomes_of_it_when_displaced);
    g_test_add_func("/change/too-many-repeats-are-refused", test_too_many_repeats_are_refused);
    g_test_add_func("/change/a-new-rule-from-one-on-keeps-the-ids-of-what-stays",
                    test_a_new_rule_from_one_on_keeps_the_ids_of_what_stays);
    g_test_add_func("/change/what-airs-once-is-still-planned-on-the-day-that-it-was-moved-to",
                    test_what_airs_once_is_still_planned_on_the_day_that_it_was_moved_to);
    g_test_add_func("/change/what-was-moved-still-waits-for-its-approval",
                    test_what_was_moved_still_waits_for_its_approval);
    g_test_add_func("/change/a-new-rule-is-not-moved-by-an-older-change",
                    test_a_new_rule_is_not_moved_by_an_older_change);
    g_test_add_func("/change/a-rule-that-makes-no-sense-changes-nothing",
                    test_a_rule_that_makes_no_sense_changes_nothing);
    g_test_add_func("/change/a-calendar-becomes-broadcasts", test_a_calendar_becomes_broadcasts);
    g_test_add_func("/change/a-hostile-calendar-stores-nothing",
                    test_a_hostile_calendar_stores_nothing);
    return g_test_run();
}
