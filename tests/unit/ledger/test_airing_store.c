/* The log of airings: pages by key, and the way in that each filter takes. */
#include "fleet_desk.h"

#include <string.h>

#include "schedule/airing_store.h"

#define ROWS 250

static void insert(Database *database, unsigned i)
{
    g_autofree char *id = g_strdup_printf("%032x", i * 2654435761u % 1000003u);
    g_autoptr(GError) error = NULL;
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO airings (planned_us, id, station, broadcast, area, area_path, "
                  "bulletin, bulletin_version, title, class, duration_ms, start_by_us, outcome) "
                  "VALUES ($1, $2, $3, $4, $5, $6, 'b', 'v', 't', 'normal', 1000, 0, $7)");
    query_int(query, DESK_NOW + (i / 5) * DESK_MINUTE); /* five at each minute */
    query_text(query, id);
    query_text(query, i % 5 == 0 ? "b1" : "a1");
    query_text(query, i % 2 ? "odd" : "even");
    query_text(query, i % 5 == 0 ? "b" : "a");
    query_text(query, i % 5 == 0 ? "/province/b/" : "/province/a/");
    query_text(query, i % 10 == 3 ? "missed" : "played");
    bool ok = query_run(query, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
}

static void fill(FleetDesk *desk)
{
    fleet_desk_init(desk);
    for (unsigned i = 0; i < ROWS; i++)
        insert(desk->database, i);
}

/* Reads all pages; every row once, newest first. */
static unsigned read_all(FleetDesk *desk, AiringFilter filter)
{
    unsigned total = 0;
    g_autofree char *after = NULL;
    int64_t before_us = G_MAXINT64;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (;;) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) page = airing_store_list(desk->database, &filter, &error);
        g_assert_no_error(error);
        for (unsigned i = 0; i < page->len; i++) {
            const Airing *airing = g_ptr_array_index(page, i);
            g_assert_cmpint(airing->planned_us, <=, before_us);
            before_us = airing->planned_us;
            g_assert_true(g_hash_table_add(seen, g_strdup(airing->id)));
            filter.after_us = airing->planned_us;
            g_free(after);
            after = g_strdup(airing->id);
        }
        total += page->len;
        filter.after_id = after;
        if (page->len < filter.limit)
            return total;
    }
}

static void test_pages_hold_every_row_once_whatever_the_filter(void)
{
    FleetDesk desk;
    fill(&desk);
    const AiringFilter all = {.from_us = 0, .to_us = G_MAXINT64, .limit = 7};
    const struct {
        const char *area_path, *station, *broadcast, *outcome;
        bool small;
        unsigned rows;
    } cases[] = {
        {NULL, NULL, NULL, NULL, false, ROWS},
        {"/province/", NULL, NULL, NULL, false, ROWS},
        {"/province/a/", NULL, NULL, NULL, false, ROWS * 4 / 5},
        {"/province/a/", NULL, NULL, NULL, true, ROWS * 4 / 5},
        {"/province/b/", NULL, NULL, NULL, true, ROWS / 5},
        {"/province/b/", NULL, "even", NULL, true, ROWS / 10},
        {NULL, "b1", NULL, NULL, false, ROWS / 5},
        {NULL, NULL, "odd", NULL, false, ROWS / 2},
        {NULL, NULL, NULL, "missed", false, ROWS / 10},
        {NULL, NULL, NULL, "played", false, ROWS * 9 / 10},
        {"/province/a/", "a1", "odd", "missed", true, ROWS / 10},
        {"/province/b/", "a1", NULL, NULL, true, 0},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("case %u", i);
        AiringFilter filter = all;
        filter.area_path = cases[i].area_path;
        filter.station = cases[i].station;
        filter.broadcast = cases[i].broadcast;
        filter.outcome = cases[i].outcome;
        filter.area_is_small = cases[i].small;
        g_assert_cmpuint(read_all(&desk, filter), ==, cases[i].rows);
    }
    fleet_desk_clear(&desk);
}

static void test_only_the_asked_time_is_read(void)
{
    FleetDesk desk;
    fill(&desk);
    AiringFilter filter = {
        .from_us = DESK_NOW + DESK_MINUTE, .to_us = DESK_NOW + 3 * DESK_MINUTE, .limit = 3};
    g_assert_cmpuint(read_all(&desk, filter), ==, 10);
    fleet_desk_clear(&desk);
}

static void test_groups_count_the_stations_of_each_time_and_outcome(void)
{
    FleetDesk desk;
    fill(&desk);
    g_autoptr(GPtrArray) groups =
        airing_store_groups(desk.database, "/province/", DESK_NOW, DESK_NOW + DESK_MINUTE, NULL);
    int64_t stations = 0;
    for (unsigned i = 0; i < groups->len; i++)
        stations += ((AiringGroup *)g_ptr_array_index(groups, i))->stations;
    g_assert_cmpuint(groups->len, ==, 3); /* odd played, odd missed, even played */
    g_assert_cmpint(stations, ==, 5);
    fleet_desk_clear(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/airing_store/pages", test_pages_hold_every_row_once_whatever_the_filter);
    g_test_add_func("/airing_store/time", test_only_the_asked_time_is_read);
    g_test_add_func("/airing_store/groups",
                    test_groups_count_the_stations_of_each_time_and_outcome);
    return g_test_run();
}
