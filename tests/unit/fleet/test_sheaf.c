/* First plans on their way into the log: in what order, and what a broken-off sheaf leaves. */
#include "fleet_desk.h"

#include "fleet/publisher_sheaf.h"

#define AIRINGS 5

static Plan *plan_of(unsigned airings)
{
    Plan *plan = plan_new();
    plan->station = g_strdup("any");
    plan->from_us = DESK_NOW;
    plan->until_us = DESK_NOW + 100 * DESK_HOUR;
    g_ptr_array_add(plan->area_path, g_strdup("province"));
    for (unsigned i = 0; i < airings; i++) {
        PlanAiring *airing = plan_airing_new();
        PlanItem *item = plan_item_new();
        item->bulletin = g_strdup("notice");
        item->bulletin_version = g_strdup("v1");
        item->sha256 = g_strnfill(64, 'a');
        item->frames = 48000;
        g_ptr_array_add(airing->items, item);
        airing->id = g_strdup_printf("%032u", i);
        airing->broadcast = g_strdup_printf("order-%u", i);
        airing->start_us = airing->recurrence_us = DESK_NOW + (i + 1) * DESK_HOUR;
        airing->start_by_us = airing->start_us + DESK_MINUTE;
        airing->title = g_strdup("Thông báo");
        g_ptr_array_add(plan->airings, airing);
    }
    return plan;
}

static PublisherItem *item_of(const char *station, PublisherSheet *sheet)
{
    PublisherItem *item = g_new0(PublisherItem, 1);
    item->station = g_strdup(station);
    item->keyid = g_strnfill(64, 'b');
    item->sheet = publisher_sheet_ref(sheet);
    return item;
}

/* Three signed first plans of one sheet. */
static PublisherSheaf *sheaf_of(FleetDesk *desk, PublisherSheet *sheet)
{
    static const char *const stations[] = {"a1", "a2", "b1"};
    g_autoptr(PublisherJob) job = publisher_job_new(&desk->fleet->signer, 1, DESK_NOW);
    for (unsigned i = 0; i < G_N_ELEMENTS(stations); i++)
        g_ptr_array_add(job->items, item_of(stations[i], sheet));
    publisher_job_run(job);
    g_assert_no_error(job->error);
    PublisherSheaf *sheaf = publisher_sheaf_new();
    while (job->items->len > 0) {
        g_assert_true(publisher_sheaf_fits(sheaf, g_ptr_array_index(job->items, 0)));
        publisher_sheaf_add(sheaf, g_ptr_array_steal_index(job->items, 0));
    }
    return sheaf;
}

static bool write_one(FleetDesk *desk, PublisherSheaf *sheaf)
{
    bool done = false;
    g_autoptr(GError) error = NULL;
    g_assert_true(database_begin(desk->database, NULL));
    g_assert_true(publisher_sheaf_write(sheaf, desk->database, DESK_NOW, 0, &done, &error));
    g_assert_no_error(error);
    g_assert_true(database_commit(desk->database, NULL));
    return done;
}

static int64_t number(FleetDesk *desk, const char *sql)
{
    g_autoptr(Query) query = database_query(desk->database, sql);
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    return row_int(query, 0);
}

static void test_airings_are_written_one_time_after_the_other_at_all_stations(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    g_autoptr(PublisherSheet) sheet = publisher_sheet_new(plan_of(AIRINGS));
    g_autoptr(PublisherSheaf) sheaf = sheaf_of(&desk, sheet);
    for (int written = 1; written <= 3 * AIRINGS; written++) {
        g_assert_false(write_one(&desk, sheaf));
        g_assert_cmpint(number(&desk, "SELECT count(*) FROM airings"), ==, written);
        g_assert_cmpint(number(&desk, "SELECT count(DISTINCT planned_us) FROM airings"), ==,
                        (written + 2) / 3);
    }
    g_assert_true(write_one(&desk, sheaf));
    for (int i = 0; i < 3; i++) {
        g_autoptr(PublisherItem) item = publisher_sheaf_take(sheaf);
        g_assert_true(item->is_logged);
        g_assert_cmpstr(item->station, ==, ((const char *[]){"a1", "a2", "b1"})[i]);
    }
    g_assert_null(publisher_sheaf_take(sheaf));
    fleet_desk_clear(&desk);
}

static void test_what_a_broken_off_sheaf_left_is_set_right_by_the_next(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    g_autoptr(PublisherSheet) many = publisher_sheet_new(plan_of(AIRINGS));
    PublisherSheaf *broken = sheaf_of(&desk, many);
    for (int i = 0; i < 2 * AIRINGS; i++)
        g_assert_false(write_one(&desk, broken));
    publisher_sheaf_free(broken);
    g_autoptr(PublisherSheet) few = publisher_sheet_new(plan_of(2));
    g_autoptr(PublisherSheaf) sheaf = sheaf_of(&desk, few);
    while (!write_one(&desk, sheaf))
        ;
    g_assert_cmpint(number(&desk, "SELECT count(*) FROM airings WHERE outcome = ''"), ==, 6);
    g_assert_cmpint(number(&desk, "SELECT count(*) FROM airings WHERE outcome = 'cancelled'"), ==,
                    2 * AIRINGS - 6);
    fleet_desk_clear(&desk);
}

/* The log and the first of the plans that it is for are taken back together; the others must not
 * believe that their airings are in it. */
static void test_what_a_rollback_took_from_the_log_is_written_again(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    fleet_desk_order(&desk, "order", TARGET_AREA, "a", DESK_NOW + DESK_HOUR);
    g_autoptr(GError) error = NULL;
    g_assert_true(database_script(desk.database,
                                  "CREATE TRIGGER full BEFORE INSERT ON plans BEGIN "
                                  "SELECT raise(ABORT, 'the disk is full'); END",
                                  NULL));
    g_assert_cmpint(publisher_run(desk.fleet->publisher, 0, &error), ==, -1);
    g_assert_nonnull(error);
    g_assert_true(database_script(desk.database, "DROP TRIGGER full", NULL));
    fleet_desk_publish(&desk);
    g_assert_cmpint(number(&desk, "SELECT count(DISTINCT station) FROM plans"), ==, 3);
    g_assert_cmpint(number(&desk, "SELECT count(*) FROM airings"), ==, 2);
    fleet_desk_clear(&desk);
}

static void test_only_first_plans_of_one_sheet_go_together(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    g_autoptr(PublisherSheet) sheet = publisher_sheet_new(plan_of(1));
    g_autoptr(PublisherSheet) other = publisher_sheet_new(plan_of(1));
    g_autoptr(PublisherSheaf) sheaf = sheaf_of(&desk, sheet);
    g_autoptr(PublisherItem) item = item_of("c1", sheet);
    g_assert_false(publisher_sheaf_fits(sheaf, item)); /* says nothing new */
    item->is_new = true;
    g_assert_true(publisher_sheaf_fits(sheaf, item));
    item->version = 1;
    g_assert_false(publisher_sheaf_fits(sheaf, item)); /* a plan of it is out there */
    g_autoptr(PublisherItem) stranger = item_of("c2", other);
    stranger->is_new = true;
    g_assert_false(publisher_sheaf_fits(sheaf, stranger));
    fleet_desk_clear(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sheaf/order",
                    test_airings_are_written_one_time_after_the_other_at_all_stations);
    g_test_add_func("/sheaf/broken", test_what_a_broken_off_sheaf_left_is_set_right_by_the_next);
    g_test_add_func("/sheaf/rollback", test_what_a_rollback_took_from_the_log_is_written_again);
    g_test_add_func("/sheaf/fits", test_only_first_plans_of_one_sheet_go_together);
    return g_test_run();
}
