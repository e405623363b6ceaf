/* Policies when an order is saved: everywhere it would sound, over all its starts, beside all else.
 */
#include "calendar_desk.h"

#include <string.h>

#include "http/reply_parts.h"
#include "registry/policy.h"
#include "schedule/agenda.h"
#include "schedule/broadcast_api.h"
#include "schedule/broadcast_store.h"
#include "schedule/check_api.h"
#include "schedule/precedence_api.h"
#include "schedule/series_api.h"

#define DAYS "[\"mon\",\"tue\",\"wed\",\"thu\",\"fri\",\"sat\",\"sun\"]"

static void become(CalendarDesk *desk, Role role, const char *area)
{
    UserGrant grant = {.role = role, .area = (char *)area};
    g_array_set_size(desk->user.grants, 0);
    g_array_append_val(desk->user.grants, grant);
}

static Reply *order(CalendarDesk *desk, const char *issuer, const char *target, const char *when,
                    const char *more)
{
    g_autofree char *body = g_strdup_printf(
        "{\"bulletin\":\"notice\",\"area\":\"%s\",\"targets\":[{\"kind\":\"area\",\"id\":\"%s\"}],"
        "\"when\":{%s}%s}",
        issuer, target, when, more);
    return calendar_desk_ask(desk, broadcast_api_create, desk->api, NULL, body);
}

#define ONCE(time) "\"kind\":\"once\",\"at\":\"2026-11-21T" time "+07:00\""

/* What a refusal says; NULL when it was saved. */
static char *detail_of(Reply *take_reply, unsigned status)
{
    g_autoptr(Reply) reply = take_reply;
    g_assert_cmpuint(reply_status(reply), ==, status);
    if (!reply->problem)
        return NULL;
    char *text = problem_print(reply->problem, LANGUAGE_EN, "id", NULL);
    g_test_message("%s", text);
    return text;
}

static char *id_of(Reply *take_reply)
{
    g_autoptr(Json) json = fleet_desk_json(take_reply, 201);
    return g_strdup(json_peek_text(json, "id"));
}

static void test_default_quiet_hours_hold_when_saving(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *late = detail_of(order(&desk, "province", "a", ONCE("22:00:00"), ""), 422);
    g_assert_nonnull(strstr(late, "Quiet hours."));
    g_assert_nonnull(strstr(late, "22:00–04:45"));
    g_assert_nonnull(strstr(late, "21/11/2026 21:59"));
    /* It may not run into them either: 10 s from 21:59:55 are cut. */
    g_free(detail_of(order(&desk, "province", "a", ONCE("21:59:49"), ""), 201));
    calendar_desk_put_policy(&desk, "a", "{\"quiet\":[{\"from\":\"12:00\",\"until\":\"13:00\"}]}");
    g_free(detail_of(order(&desk, "province", "a", ONCE("22:30:00"), ""), 422));
    g_free(detail_of(order(&desk, "province", "a", ONCE("12:30:00"), ""), 422));
    calendar_desk_put_policy(&desk, "province", "{\"quiet\":[]}");
    g_free(detail_of(order(&desk, "province", "a", ONCE("22:30:00"), ""), 201));
    calendar_desk_clear(&desk);
}

static void test_tighter_areas_below_a_target_refuse_or_are_left_out(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    calendar_desk_put_policy(&desk, "b",
                             "{\"windows\":[{\"weekdays\":" DAYS
                             ",\"from\":\"17:00\",\"until\":\"18:00\"}]}");
    g_autofree char *said =
        detail_of(order(&desk, "province", "province", ONCE("16:50:00"), ""), 422);
    g_assert_nonnull(strstr(said, "b: Outside the hours of the area."));
    g_assert_nonnull(strstr(said, "17:00–18:00"));
    g_assert_nonnull(strstr(said, "21/11/2026 17:00"));
    g_autoptr(Json) saved = fleet_desk_json(
        order(&desk, "province", "province", ONCE("16:50:00"), ",\"leave_out_refusing\":true"),
        201);
    const Json *targets = json_peek(saved, "targets");
    g_assert_cmpuint(json_length(targets), ==, 2);
    g_assert_cmpstr(json_peek_text(json_at(targets, 1), "id"), ==, "b");
    g_assert_true(json_peek_bool(json_at(targets, 1), "exclude", false));
    /* A target that refuses by itself is not left out. */
    g_free(detail_of(
        order(&desk, "province", "b", ONCE("16:50:00"), ",\"leave_out_refusing\":true"), 422));
    calendar_desk_clear(&desk);
}

static void test_every_start_of_a_year_is_looked_at(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    calendar_desk_put_policy(
        &desk, "a",
        "{\"windows\":[{\"weekdays\":[\"mon\",\"tue\",\"wed\",\"thu\",\"fri\"],"
        "\"from\":\"05:00\",\"until\":\"20:00\"}]}");
    /* The first of a month: only later ones fall on a Sunday. */
    g_autofree char *said =
        detail_of(order(&desk, "province", "a",
                        "\"kind\":\"rule\",\"start\":\"2026-12-01T17:00:00+07:00\","
                        "\"rrule\":\"FREQ=MONTHLY;BYMONTHDAY=1\"",
                        ""),
                  422);
    g_assert_nonnull(strstr(said, "01/05/2027 17:00"));
    calendar_desk_clear(&desk);
}

static void test_minutes_count_what_else_sounds(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    calendar_desk_put_policy(&desk, "a", "{\"day_min\":1}");
    const char *const minutes[] = {"06:00:00", "07:00:00", "08:00:00",
                                   "09:00:00", "10:00:00", "11:00:00"};
    for (unsigned i = 0; i < G_N_ELEMENTS(minutes); i++) { /* six times 10 s */
        g_autofree char *when =
            g_strdup_printf("\"kind\":\"once\",\"at\":\"2026-11-22T%s+07:00\"", minutes[i]);
        g_free(detail_of(order(&desk, "province", "a", when, ""), 201));
    }
    g_autofree char *said = detail_of(
        order(&desk, "province", "a", "\"kind\":\"once\",\"at\":\"2026-11-22T12:00:00+07:00\"", ""),
        422);
    g_assert_nonnull(strstr(said, "More minutes than one day may have."));
    /* One that would take the minutes of somebody later is refused, too. */
    g_free(detail_of(
        order(&desk, "province", "a", "\"kind\":\"once\",\"at\":\"2026-11-22T05:00:00+07:00\"", ""),
        422));
    g_free(detail_of(
        order(&desk, "province", "b", "\"kind\":\"once\",\"at\":\"2026-11-22T12:00:00+07:00\"", ""),
        201));
    calendar_desk_clear(&desk);
}

static void test_a_role_issues_what_the_policy_lets_it(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    calendar_desk_put_policy(&desk, "province",
                             "{\"roles\":{\"commune_operator\":[\"normal\"],"
                             "\"village_head\":[]}}");
    /* Below, it can only get tighter. */
    calendar_desk_put_policy(&desk, "a",
                             "{\"roles\":{\"commune_operator\":[\"normal\",\"priority\"],"
                             "\"commune_leader\":[\"priority\"]}}");
    static const struct {
        Role role;
        unsigned normal, priority;
    } cases[] = {
        {ROLE_ADMINISTRATOR, 201, 201}, {ROLE_EDITOR, 201, 201},   {ROLE_AUDITOR, 403, 403},
        {ROLE_LEADER, 403, 201},        {ROLE_OPERATOR, 201, 403}, {ROLE_VILLAGE_HEAD, 403, 403},
        {ROLE_TECHNICIAN, 403, 403},    {ROLE_VIEWER, 403, 403},
    };
    G_STATIC_ASSERT(G_N_ELEMENTS(cases) == ROLE_COUNT);
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", role_word(cases[i].role));
        become(&desk, cases[i].role, "a");
        g_free(detail_of(order(&desk, "a", "a", ONCE("12:00:00"), ""), cases[i].normal));
        g_free(detail_of(order(&desk, "a", "a", ONCE("12:00:00"), ",\"class\":\"priority\""),
                         cases[i].priority));
    }
    calendar_desk_clear(&desk);
}

static void test_a_class_that_a_place_does_not_take(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    calendar_desk_put_policy(&desk, "b",
                             "{\"classes\":[\"normal\"],\"windows\":[{\"weekdays\":" DAYS
                             ",\"from\":\"17:00\",\"until\":\"18:00\"}]}");
    g_autofree char *said = detail_of(
        order(&desk, "province", "province", ONCE("12:00:00"), ",\"class\":\"priority\""), 422);
    g_assert_nonnull(strstr(said, "/class"));
    g_autoptr(Json) saved =
        fleet_desk_json(order(&desk, "province", "province", ONCE("12:00:00"),
                              ",\"class\":\"priority\",\"leave_out_refusing\":true"),
                        201);
    g_assert_cmpuint(json_length(json_peek(saved, "targets")), ==, 2); /* left out once */
    calendar_desk_clear(&desk);
}

static void test_a_changed_series_is_judged_like_a_new_one(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *id = id_of(order(
        &desk, "province", "a", "\"kind\":\"daily\",\"at\":\"2026-11-22T17:00:00+07:00\"", ""));
    calendar_desk_put_policy(&desk, "a",
                             "{\"windows\":[{\"weekdays\":" DAYS
                             ",\"from\":\"05:00\",\"until\":\"18:00\"}]}");
    g_autofree char *one = detail_of(
        calendar_desk_ask(&desk, series_api_patch, desk.api, id,
                          "{\"scope\":\"this\",\"recurrence_id\":\"2026-11-23T17:00:00+07:00\","
                          "\"at\":\"2026-11-23T18:30:00+07:00\"}"),
        422);
    g_assert_nonnull(strstr(one, "1 of 1 starts"));
    g_free(detail_of(calendar_desk_ask(
                         &desk, series_api_patch, desk.api, id,
                         "{\"scope\":\"following\",\"recurrence_id\":\"2026-11-23T17:00:00+07:00\","
                         "\"at\":\"2026-11-23T18:30:00+07:00\"}"),
                     422));
    g_autoptr(Broadcast) kept = broadcast_store_get(desk.fleet.database, id, NULL);
    g_assert_null(kept->overrides); /* bad input changed nothing */
    g_free(detail_of(
        calendar_desk_ask(&desk, series_api_patch, desk.api, id,
                          "{\"scope\":\"this\",\"recurrence_id\":\"2026-11-23T17:00:00+07:00\","
                          "\"at\":\"2026-11-23T17:30:00+07:00\"}"),
        200));
    calendar_desk_clear(&desk);
}

static void test_the_check_names_policies_and_a_slot_that_fits_them(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    calendar_desk_put_policy(&desk, "b",
                             "{\"windows\":[{\"weekdays\":" DAYS
                             ",\"from\":\"17:00\",\"until\":\"18:00\"}]}");
    g_autoptr(Json) said = fleet_desk_json(
        calendar_desk_ask(
            &desk, check_api_post, &desk.registry, NULL,
            "{\"bulletin\":\"notice\",\"area\":\"province\",\"targets\":[{\"kind\":\"area\","
            "\"id\":\"province\"}],\"when\":{" ONCE("12:00:00") "}}"),
        200);
    const Json *policy = json_peek(said, "policy");
    g_assert_cmpuint(json_length(policy), ==, 1);
    g_assert_cmpstr(json_peek_text(json_at(policy, 0), "area"), ==, "b");
    g_assert_cmpstr(json_peek_text(json_at(policy, 0), "code"), ==, "window");
    g_assert_false(json_peek_bool(said, "clear", true));
    g_assert_cmpstr(json_peek_text(said, "nearest_free"), ==, "2026-11-21T10:00:00Z");
    calendar_desk_clear(&desk);
}

static void test_a_lower_level_never_widens_what_is_said_of_it(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    calendar_desk_put_policy(&desk, "a", "{\"quiet\":[],\"approvers\":1}");
    g_autoptr(GPtrArray) low = policy_store_path(desk.fleet.database, "/province/a/", NULL);
    g_autoptr(Json) effective = policy_effective_json(low);
    g_assert_true(json_peek_bool(effective, "quiet_is_default", false));
    g_assert_cmpuint(json_length(json_peek(effective, "quiet")), ==, 1);
    g_assert_cmpint(policy_approvers(low), ==, 1);
    calendar_desk_put_policy(&desk, "province", "{\"approvers\":2}");
    g_autoptr(GPtrArray) both = policy_store_path(desk.fleet.database, "/province/a/", NULL);
    g_assert_cmpint(policy_approvers(both), ==, 2);
    calendar_desk_clear(&desk);
}

static char *first_at(CalendarDesk *desk, const char *station)
{
    fleet_desk_publish(&desk->fleet);
    g_autoptr(GError) error = NULL;
    g_autoptr(Area) area = area_store_get(desk->fleet.database, "a", &error);
    g_autoptr(Agenda) agenda =
        agenda_new(desk->fleet.database, area, DESK_NOW, DESK_NOW + 3 * 24 * DESK_HOUR, &error);
    g_autoptr(Plan) plan = agenda_plan(agenda, station, NULL, DESK_NOW);
    g_autoptr(Explained) said = agenda_explain(agenda, plan, (TimelineEvents){0}, DESK_NOW);
    GString *order = g_string_new(NULL);
    for (unsigned i = 0; i < said->timeline->n_pieces; i++) {
        const PlanAiring *airing = g_ptr_array_index(plan->airings, said->timeline->pieces[i].who);
        g_string_append(order, airing->issuer);
        g_string_append_c(order, ' ');
    }
    return g_string_free(order, FALSE);
}

static void put_precedence(CalendarDesk *desk, const char *area, const char *date,
                           const char *broadcast, unsigned status)
{
    g_autofree char *body =
        date ? g_strdup_printf("{\"date\":\"%s\",\"broadcasts\":[\"%s\"]}", date, broadcast)
             : g_strdup_printf("{\"broadcasts\":[\"%s\"]}", broadcast);
    g_autoptr(Reply) reply = calendar_desk_ask(desk, precedence_api_put, desk->api, area, body);
    g_assert_cmpuint(reply_status(reply), ==, status);
}

static void test_a_commune_sets_the_order_of_a_day(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    const char *daily = "\"kind\":\"daily\",\"at\":\"2026-11-21T17:00:00+07:00\","
                        "\"until\":\"2026-11-22\"";
    /* Ten seconds from 17:00:00 and from 17:00:05: the one that starts later can still go first. */
    const char *later = "\"kind\":\"daily\",\"at\":\"2026-11-21T17:00:05+07:00\","
                        "\"until\":\"2026-11-22\"";
    g_autofree char *top = id_of(order(&desk, "province", "a", daily, ""));
    g_autofree char *own = id_of(order(&desk, "a", "a", later, ""));
    g_autofree char *level = first_at(&desk, "a1");
    g_assert_cmpstr(level, ==, "province a province a ");
    become(&desk, ROLE_OPERATOR, "a");
    put_precedence(&desk, "a", "2026-11-22", own, 200);
    g_autofree char *day = first_at(&desk, "a1");
    g_assert_cmpstr(day, ==, "province a a province ");
    put_precedence(&desk, "a", NULL, own, 200);
    put_precedence(&desk, "a", "2026-11-22", top, 200);
    g_autofree char *every = first_at(&desk, "a1");
    g_assert_cmpstr(every, ==, "a province province a ");
    put_precedence(&desk, "a", NULL, "nothing", 422);
    put_precedence(&desk, "b", NULL, own, 404);
    become(&desk, ROLE_VIEWER, "a");
    put_precedence(&desk, "a", NULL, own, 403);
    calendar_desk_clear(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/policy/default-quiet-hours-hold-when-saving",
                    test_default_quiet_hours_hold_when_saving);
    g_test_add_func("/policy/tighter-areas-below-a-target-refuse-or-are-left-out",
                    test_tighter_areas_below_a_target_refuse_or_are_left_out);
    g_test_add_func("/policy/every-start-of-a-year-is-looked-at",
                    test_every_start_of_a_year_is_looked_at);
    g_test_add_func("/policy/minutes-count-what-else-sounds", test_minutes_count_what_else_sounds);
    g_test_add_func("/policy/a-role-issues-what-the-policy-lets-it",
                    test_a_role_issues_what_the_policy_lets_it);
    g_test_add_func("/policy/a-class-that-a-place-does-not-take",
                    test_a_class_that_a_place_does_not_take);
    g_test_add_func("/policy/a-changed-series-is-judged-like-a-new-one",
                    test_a_changed_series_is_judged_like_a_new_one);
    g_test_add_func("/policy/the-check-names-policies-and-a-slot-that-fits-them",
                    test_the_check_names_policies_and_a_slot_that_fits_them);
    g_test_add_func("/policy/a-lower-level-never-widens-what-is-said-of-it",
                    test_a_lower_level_never_widens_what_is_said_of_it);
    g_test_add_func("/precedence/a-commune-sets-the-order-of-a-day",
                    test_a_commune_sets_the_order_of_a_day);
    return g_test_run();
}
