/* The planner: who gets what, in which order, always the same. */
#include "schedule/planner.h"

#define HOUR_US (INT64_C(3600) * G_USEC_PER_SEC)
#define DAY_US  (24 * HOUR_US)
#define NOW     (INT64_C(20000) * DAY_US)

typedef struct World {
    PlannerWorld world;
    GPtrArray *broadcasts; /* Broadcast* */
    GPtrArray *starts;     /* GArray* */
    GArray *rules;
    Bulletin bulletin;
    Rundown rundown; /* of the bulletin */
    GPtrArray *path;
} World;

static void world_init(World *w)
{
    *w = (World){
        .world = {.from_us = NOW - 2 * DAY_US, .until_us = NOW + 35 * DAY_US, .now_us = NOW},
        .broadcasts = g_ptr_array_new_with_free_func((GDestroyNotify)broadcast_free),
        .starts = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref),
        .rules = g_array_new(FALSE, FALSE, sizeof(PlannerRule)),
        .bulletin = {.id = (char *)"bulletin",
                     .version = (char *)"version",
                     .area = (char *)"commune",
                     .title = (char *)"Thông báo",
                     .state = BULLETIN_APPROVED,
                     .audio = BULLETIN_AUDIO_READY,
                     .sha256 = (char *)"aa",
                     .bytes = 100,
                     .frames = 48000,
                     .author_name = (char *)"An",
                     .approver_name = (char *)"Bình"},
        .path = g_ptr_array_new(),
    };
    w->world.rules = w->rules;
    RundownItem item = {.bulletin = &w->bulletin};
    w->rundown = (Rundown){.title = w->bulletin.title,
                           .author = w->bulletin.author_name,
                           .approver = w->bulletin.approver_name,
                           .items = g_array_new(FALSE, FALSE, sizeof(RundownItem))};
    g_array_append_val(w->rundown.items, item);
    g_ptr_array_add(w->path, (void *)"province");
    g_ptr_array_add(w->path, (void *)"commune");
    g_ptr_array_add(w->path, (void *)"village");
}

static void world_clear(World *w)
{
    g_array_unref(w->rules);
    g_array_unref(w->rundown.items);
    g_ptr_array_unref(w->starts);
    g_ptr_array_unref(w->broadcasts);
    g_ptr_array_unref(w->path);
}

static void add_start(GArray *starts, const Broadcast *broadcast, int64_t start_us)
{
    SeriesOccurrence one = {.recurrence_us = start_us,
                            .start_us = start_us,
                            .gain_mdb = broadcast->gain_mdb,
                            .tolerance_s = broadcast->tolerance_s};
    g_array_append_val(starts, one);
}

static Broadcast *add(World *w, const char *id, const char *area, int64_t start_us)
{
    Broadcast *broadcast = broadcast_new();
    broadcast->id = g_strdup(id);
    broadcast->area = g_strdup(area);
    broadcast->bulletin = g_strdup("bulletin");
    broadcast->kind = BROADCAST_ONCE;
    broadcast->start_us = start_us;
    broadcast->tolerance_s = 600;
    broadcast->created_us = NOW - DAY_US;
    g_ptr_array_add(w->broadcasts, broadcast);
    GArray *starts = g_array_new(FALSE, FALSE, sizeof(SeriesOccurrence));
    add_start(starts, broadcast, start_us);
    g_ptr_array_add(w->starts, starts);
    PlannerRule rule = {broadcast, &w->rundown, starts};
    g_array_append_val(w->rules, rule);
    return broadcast;
}

static Plan *plan_for(const World *w, const char *station, GHashTable *known)
{
    PlannerStation asked = {.id = station,
                            .area_path = w->path,
                            .utc_offset_s = 25200,
                            .volume_mdb = -3000,
                            .known = known};
    return planner_plan(&w->world, &asked);
}

static const PlanAiring *airing(const Plan *plan, unsigned index)
{
    g_assert_cmpuint(index, <, plan->airings->len);
    return g_ptr_array_index(plan->airings, index);
}

static char *print(const Plan *plan)
{
    g_autoptr(Json) json = plan_to_json(plan);
    return json_print(json, NULL);
}

static void test_a_station_below_the_target_gets_the_airing_with_all_it_needs(void)
{
    World w;
    world_init(&w);
    Broadcast *broadcast = add(&w, "b1", "commune", NOW + HOUR_US);
    broadcast_add_target(broadcast, TARGET_AREA, "commune", false);
    g_autoptr(Plan) plan = plan_for(&w, "s1", NULL);
    const PlanAiring *only = airing(plan, 0);
    g_assert_cmpint(only->start_us, ==, NOW + HOUR_US);
    g_assert_cmpint(only->start_by_us, ==, NOW + HOUR_US + 600 * G_USEC_PER_SEC);
    g_assert_cmpstr(only->approver, ==, "Bình");
    g_assert_cmpuint(plan->media->len, ==, 1);
    g_assert_cmpint(((PlanMedia *)g_ptr_array_index(plan->media, 0))->needed_by_us, ==,
                    NOW + HOUR_US);
    g_autofree char *id = plan_airing_id("b1", NOW + HOUR_US, 0, "s1");
    g_assert_cmpstr(only->id, ==, id);
    world_clear(&w);
}

static void test_an_excluded_village_or_station_gets_nothing(void)
{
    static const struct {
        TargetKind kind;
        const char *id;
        unsigned airings;
    } cases[] = {
        {TARGET_AREA, "village", 0},
        {TARGET_AREA, "other", 1},
        {TARGET_STATION, "s1", 0},
        {TARGET_STATION, "s2", 1},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        World w;
        world_init(&w);
        Broadcast *broadcast = add(&w, "b1", "province", NOW + HOUR_US);
        broadcast_add_target(broadcast, cases[i].kind, cases[i].id, true);
        broadcast_add_target(broadcast, TARGET_AREA, "province", false);
        g_autoptr(Plan) plan = plan_for(&w, "s1", NULL);
        g_assert_cmpuint(plan->airings->len, ==, cases[i].airings);
        world_clear(&w);
    }
}

static void test_an_area_that_is_not_above_the_station_cannot_reach_it(void)
{
    World w;
    world_init(&w);
    broadcast_add_target(add(&w, "b1", "elsewhere", NOW + HOUR_US), TARGET_STATION, "s1", false);
    g_autoptr(Plan) plan = plan_for(&w, "s1", NULL);
    g_assert_cmpuint(plan->airings->len, ==, 0);
    world_clear(&w);
}

static void test_only_an_approved_bulletin_airs(void)
{
    for (BulletinState state = BULLETIN_DRAFT; state <= BULLETIN_WITHDRAWN; state++) {
        World w;
        world_init(&w);
        w.bulletin.state = state;
        broadcast_add_target(add(&w, "b1", "commune", NOW + HOUR_US), TARGET_AREA, "commune",
                             false);
        g_autoptr(Plan) plan = plan_for(&w, "s1", NULL);
        g_assert_cmpuint(plan->airings->len, ==, state == BULLETIN_APPROVED ? 1 : 0);
        g_assert_cmpuint(plan->media->len, ==, plan->airings->len);
        world_clear(&w);
    }
}

static void test_the_past_is_planned_only_where_it_had_been_planned(void)
{
    World w;
    world_init(&w);
    int64_t start_us = NOW - HOUR_US;
    broadcast_add_target(add(&w, "b1", "commune", start_us), TARGET_AREA, "commune", false);
    g_autoptr(Plan) new_station = plan_for(&w, "s1", NULL);
    g_assert_cmpuint(new_station->airings->len, ==, 0);
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_hash_table_add(known, plan_airing_id("b1", start_us, 0, "s1"));
    g_autoptr(Plan) old_station = plan_for(&w, "s1", known);
    g_assert_cmpuint(old_station->airings->len, ==, 1);
    world_clear(&w);
}

static void test_a_deleted_broadcast_keeps_what_had_started_and_loses_the_rest(void)
{
    World w;
    world_init(&w);
    Broadcast *broadcast = add(&w, "b1", "commune", NOW - HOUR_US);
    broadcast_add_target(broadcast, TARGET_AREA, "commune", false);
    add_start(g_ptr_array_index(w.starts, 0), broadcast, NOW + DAY_US);
    broadcast->deleted_us = NOW - HOUR_US / 2;
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_hash_table_add(known, plan_airing_id("b1", NOW - HOUR_US, 0, "s1"));
    g_autoptr(Plan) plan = plan_for(&w, "s1", known);
    g_assert_cmpint(airing(plan, 0)->start_us, ==, NOW - HOUR_US);
    g_assert_cmpuint(plan->airings->len, ==, 1);
    world_clear(&w);
}

static void test_those_that_start_together_have_one_order(void)
{
    World w;
    world_init(&w);
    int64_t start_us = NOW + HOUR_US;
    broadcast_add_target(add(&w, "village-normal", "village", start_us), TARGET_STATION, "s1",
                         false);
    broadcast_add_target(add(&w, "commune-normal", "commune", start_us), TARGET_STATION, "s1",
                         false);
    Broadcast *late = add(&w, "commune-late", "commune", start_us);
    late->created_us += 1;
    broadcast_add_target(late, TARGET_STATION, "s1", false);
    Broadcast *priority = add(&w, "village-priority", "village", start_us);
    priority->class = CLASS_PRIORITY;
    broadcast_add_target(priority, TARGET_STATION, "s1", false);
    g_autoptr(Plan) plan = plan_for(&w, "s1", NULL);
    const char *const expected[] = {"village-priority", "commune-normal", "commune-late",
                                    "village-normal"};
    for (unsigned i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_assert_cmpstr(airing(plan, i)->broadcast, ==, expected[i]);
        g_assert_cmpint(airing(plan, i)->order, ==, (int)i);
    }
    world_clear(&w);
}

static void test_the_earlier_order_goes_first_whatever_its_id(void)
{
    World w;
    world_init(&w);
    for (int i = 0; i < 10; i++) {
        g_autofree char *id = g_strdup_printf("b%d", i);
        Broadcast *broadcast = add(&w, id, "commune", NOW + HOUR_US);
        broadcast->created_us -= i;
        broadcast_add_target(broadcast, TARGET_AREA, "commune", false);
    }
    g_autoptr(Plan) plan = plan_for(&w, "s1", NULL);
    for (int i = 0; i < 10; i++) {
        g_autofree char *id = g_strdup_printf("b%d", 9 - i);
        g_assert_cmpstr(airing(plan, (unsigned)i)->broadcast, ==, id);
    }
    world_clear(&w);
}

/* Same rules, turned round: the order of database rows must not reach the plan. */
static void test_the_same_world_gives_the_same_bytes(void)
{
    World w;
    world_init(&w);
    for (unsigned i = 0; i < 20; i++) {
        g_autofree char *id = g_strdup_printf("b%u", i);
        broadcast_add_target(add(&w, id, "commune", NOW + (i % 3) * HOUR_US), TARGET_AREA,
                             "commune", false);
    }
    g_autoptr(Plan) forward = plan_for(&w, "s1", NULL);
    for (unsigned i = 0, j = w.rules->len - 1; i < j; i++, j--) {
        PlannerRule swap = g_array_index(w.rules, PlannerRule, i);
        g_array_index(w.rules, PlannerRule, i) = g_array_index(w.rules, PlannerRule, j);
        g_array_index(w.rules, PlannerRule, j) = swap;
    }
    g_autoptr(Plan) backward = plan_for(&w, "s1", NULL);
    g_autofree char *a = print(forward);
    g_autofree char *b = print(backward);
    g_assert_cmpstr(a, ==, b);
    g_assert_cmpuint(forward->airings->len, ==, 20);
    world_clear(&w);
}

static void test_ids_stay_when_tolerance_gain_title_and_targets_are_edited(void)
{
    World w;
    world_init(&w);
    Broadcast *broadcast = add(&w, "b1", "commune", NOW + HOUR_US);
    broadcast_add_target(broadcast, TARGET_AREA, "commune", false);
    g_autoptr(Plan) before = plan_for(&w, "s1", NULL);
    broadcast->tolerance_s = 1200;
    broadcast->gain_mdb = -6000;
    broadcast->class = CLASS_PRIORITY;
    w.bulletin.version = (char *)"next";
    w.rundown.title = (char *)"Sửa";
    broadcast_add_target(broadcast, TARGET_STATION, "s2", false);
    g_autoptr(Plan) after = plan_for(&w, "s1", NULL);
    g_assert_cmpstr(airing(before, 0)->id, ==, airing(after, 0)->id);
    g_assert_cmpstr(airing(after, 0)->title, ==, "Sửa");
    world_clear(&w);
}

static void test_validity_ends_a_repeating_one_and_marks_a_single_one(void)
{
    World w;
    world_init(&w);
    w.bulletin.valid_until_us = NOW + HOUR_US / 2;
    Broadcast *broadcast = add(&w, "b1", "commune", NOW + HOUR_US);
    broadcast_add_target(broadcast, TARGET_AREA, "commune", false);
    g_autoptr(Plan) single = plan_for(&w, "s1", NULL);
    g_assert_cmpint(airing(single, 0)->valid_until_us, ==, w.bulletin.valid_until_us);
    broadcast->kind = BROADCAST_DAILY;
    g_autoptr(Plan) repeating = plan_for(&w, "s1", NULL);
    g_assert_cmpuint(repeating->airings->len, ==, 0);
    world_clear(&w);
}

static Bulletin *sound(const char *id, BulletinState state)
{
    Bulletin *bulletin = g_new0(Bulletin, 1);
    bulletin->id = g_strdup(id);
    bulletin->version = g_strconcat(id, "-1", NULL);
    bulletin->state = state;
    bulletin->sha256 = g_strdup(id);
    bulletin->bytes = 100;
    bulletin->frames = 48000;
    bulletin->author_name = g_strdup("An");
    bulletin->approver_name = g_strdup(id);
    return bulletin;
}

static char *items_of(const PlanAiring *airing)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < airing->items->len; i++) {
        const PlanItem *item = g_ptr_array_index(airing->items, i);
        g_string_append_printf(text, "%s%s %d", i ? ", " : "", item->bulletin, item->gain_mdb);
    }
    return g_string_free(text, FALSE);
}

/* Tune, a notice until noon, one that nobody approved, the same in Tày. */
static Rundown *morning(void)
{
    Rundown *rundown = rundown_new("Buổi sáng");
    Bulletin *notice = sound("notice", BULLETIN_APPROVED);
    notice->valid_until_us = NOW + 2 * HOUR_US;
    rundown_add(rundown, sound("tune", BULLETIN_APPROVED), true, -6000);
    rundown_add(rundown, notice, false, 0);
    rundown_add(rundown, sound("draft", BULLETIN_SUBMITTED), false, 0);
    rundown_add(rundown, sound("tay", BULLETIN_APPROVED), false, -3000);
    return rundown;
}

static void test_a_programme_airs_in_order_what_is_approved_and_valid_on_the_day(void)
{
    World w;
    world_init(&w);
    g_autoptr(Rundown) rundown = morning();
    Broadcast *broadcast = add(&w, "b1", "commune", NOW + HOUR_US);
    broadcast->kind = BROADCAST_DAILY;
    broadcast_add_target(broadcast, TARGET_AREA, "commune", false);
    add_start(g_ptr_array_index(w.starts, 0), broadcast, NOW + 3 * HOUR_US);
    g_array_index(w.rules, PlannerRule, 0).rundown = rundown;
    g_autoptr(Plan) plan = plan_for(&w, "s1", NULL);
    g_autofree char *first = items_of(airing(plan, 0));
    g_autofree char *second = items_of(airing(plan, 1));
    g_assert_cmpstr(first, ==, "tune -6000, notice 0, tay -3000");
    g_assert_cmpstr(second, ==, "tune -6000, tay -3000");
    g_assert_cmpint(airing(plan, 0)->valid_until_us, ==, NOW + 2 * HOUR_US);
    g_assert_cmpint(airing(plan, 1)->valid_until_us, ==, 0);
    g_assert_cmpuint(airing(plan, 0)->main_item, ==, 1);
    g_assert_cmpstr(airing(plan, 0)->title, ==, "Buổi sáng");
    g_assert_cmpstr(airing(plan, 0)->author, ==, "An");
    g_assert_cmpuint(plan->media->len, ==, 3);
    world_clear(&w);
}

static void test_tunes_alone_never_air(void)
{
    World w;
    world_init(&w);
    g_autoptr(Rundown) rundown = rundown_new("Buổi sáng");
    rundown_add(rundown, sound("tune", BULLETIN_APPROVED), true, 0);
    rundown_add(rundown, sound("notice", BULLETIN_WITHDRAWN), false, 0);
    broadcast_add_target(add(&w, "b1", "commune", NOW + HOUR_US), TARGET_AREA, "commune", false);
    g_array_index(w.rules, PlannerRule, 0).rundown = rundown;
    g_autoptr(Plan) plan = plan_for(&w, "s1", NULL);
    g_assert_cmpuint(plan->airings->len, ==, 0);
    world_clear(&w);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/planner/programme",
                    test_a_programme_airs_in_order_what_is_approved_and_valid_on_the_day);
    g_test_add_func("/planner/tunes_alone", test_tunes_alone_never_air);
    g_test_add_func("/planner/a_station_below_the_target_gets_the_airing",
                    test_a_station_below_the_target_gets_the_airing_with_all_it_needs);
    g_test_add_func("/planner/excluded_gets_nothing",
                    test_an_excluded_village_or_station_gets_nothing);
    g_test_add_func("/planner/foreign_area_cannot_reach",
                    test_an_area_that_is_not_above_the_station_cannot_reach_it);
    g_test_add_func("/planner/only_an_approved_bulletin_airs", test_only_an_approved_bulletin_airs);
    g_test_add_func("/planner/the_past", test_the_past_is_planned_only_where_it_had_been_planned);
    g_test_add_func("/planner/deleted",
                    test_a_deleted_broadcast_keeps_what_had_started_and_loses_the_rest);
    g_test_add_func("/planner/order", test_those_that_start_together_have_one_order);
    g_test_add_func("/planner/earlier_order", test_the_earlier_order_goes_first_whatever_its_id);
    g_test_add_func("/planner/same_bytes", test_the_same_world_gives_the_same_bytes);
    g_test_add_func("/planner/ids_stay",
                    test_ids_stay_when_tolerance_gain_title_and_targets_are_edited);
    g_test_add_func("/planner/validity", test_validity_ends_a_repeating_one_and_marks_a_single_one);
    return g_test_run();
}
