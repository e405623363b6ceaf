/* The log of airings: pages by key, and the way in that each filter takes. */
#include "fleet_desk.h"

#include <string.h>

#include "schedule/airing_block_store.h"
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

#define MIXED      600
#define DROPPED_US (DESK_NOW + 3 * DESK_MINUTE) /* the oldest are gone, their counts stay */

static const char *const mixed_areas[] = {"/province/a/", "/province/a/x/", "/province/b/"};
static const char *const mixed_words[] = {"", "played", "missed", "unreported"};
static const char *const mixed_orders[] = {"one", "two", "three"};
static const char *const mixed_classes[] = {"normal", "priority", "emergency"};

/* Class by broadcast, as it is; everything else at random. */
static void fill_mixed(FleetDesk *desk)
{
    g_autoptr(GRand) dice = g_rand_new_with_seed(7);
    fleet_desk_init(desk);
    for (unsigned i = 0; i < MIXED; i++) {
        int order = g_rand_int_range(dice, 0, 3);
        g_autofree char *sql = g_strdup_printf(
            "INSERT INTO airings (planned_us, id, station, broadcast, area, area_path, bulletin, "
            "bulletin_version, title, class, duration_ms, start_by_us, outcome) VALUES "
            "(%" G_GINT64_FORMAT ", '%032x', '%s', '%s', 'a', '%s', 'b', 'v', 't', '%s', 1000, 0, "
            "'%s')",
            DESK_NOW + g_rand_int_range(dice, 0, 12) * DESK_MINUTE, g_rand_int(dice),
            g_rand_boolean(dice) ? "a1" : "b1", mixed_orders[order],
            mixed_areas[g_rand_int_range(dice, 0, 3)], mixed_classes[order],
            mixed_words[g_rand_int_range(dice, 0, 4)]);
        g_assert_true(database_script(desk->database, sql, NULL));
    }
    g_autofree char *drop =
        g_strdup_printf("DELETE FROM airings WHERE planned_us < %" G_GINT64_FORMAT, DROPPED_US);
    g_assert_true(database_script(desk->database, drop, NULL));
}

/* Ids in order, by a read of everything. */
static char *plain_list(FleetDesk *desk, const AiringFilter *filter)
{
    GString *ids = g_string_new(NULL);
    g_autoptr(Query) query = database_query(
        desk->database, "SELECT id, area_path, station, broadcast, outcome, class FROM airings "
                        "WHERE planned_us >= $1 AND planned_us < $2 "
                        "ORDER BY planned_us DESC, id DESC");
    query_int(query, filter->from_us);
    query_int(query, filter->to_us);
    while (query_next(query, NULL) > 0) {
        const char *wanted[] = {filter->station, filter->broadcast, filter->outcome, filter->class};
        bool fits = !filter->area_path || g_str_has_prefix(row_text(query, 1), filter->area_path);
        for (unsigned i = 0; i < G_N_ELEMENTS(wanted); i++)
            fits = fits && (!wanted[i] || g_str_equal(wanted[i], row_text(query, (int)i + 2)));
        if (fits)
            g_string_append_printf(ids, "%s\n", row_text(query, 0));
    }
    return g_string_free(ids, FALSE);
}

static char *paged_list(FleetDesk *desk, AiringFilter filter)
{
    GString *ids = g_string_new(NULL);
    g_autofree char *after = NULL;
    for (unsigned length = filter.limit; length == filter.limit;) {
        g_autoptr(GPtrArray) page = airing_store_list(desk->database, &filter, NULL);
        length = page->len;
        for (unsigned i = 0; i < page->len; i++) {
            const Airing *airing = g_ptr_array_index(page, i);
            g_string_append_printf(ids, "%s\n", airing->id);
            filter.after_us = airing->planned_us;
            g_free(after);
            after = g_strdup(airing->id);
        }
        filter.after_id = after;
    }
    return g_string_free(ids, FALSE);
}

static void assert_same(FleetDesk *desk, const AiringFilter *filter)
{
    g_autofree char *plain = plain_list(desk, filter);
    g_autofree char *paged = paged_list(desk, *filter);
    if (!g_str_equal(plain, paged))
        g_test_message("area %s small %d station %s broadcast %s outcome %s class %s",
                       filter->area_path, filter->area_is_small, filter->station, filter->broadcast,
                       filter->outcome, filter->class);
    g_assert_cmpstr(paged, ==, plain);
}

/* The lowest digit of `number`, which loses it, as one of `count` words or "all". */
static const char *choice(unsigned *number, const char *const *words, unsigned count)
{
    unsigned index = *number % (count + 1);
    *number /= count + 1;
    return index < count ? words[index] : NULL;
}

static void test_every_filter_lists_what_a_plain_read_does(void)
{
    static const char *const stations[] = {"a1", "b1"};
    static const char *const areas[] = {"/province/", "/province/a/", "/province/a/x/"};
    FleetDesk desk;
    fill_mixed(&desk);
    for (unsigned i = 0; i < 4 * 5 * 4 * 4 * 3 * 2 * 2; i++) {
        unsigned number = i;
        AiringFilter filter = {.limit = 7};
        filter.area_path = choice(&number, areas, 3);
        filter.outcome = choice(&number, mixed_words, 4);
        filter.broadcast = choice(&number, mixed_orders, 3);
        filter.class = choice(&number, mixed_classes, 3);
        filter.station = choice(&number, stations, 2);
        filter.area_is_small = number % 2;
        filter.from_us = number / 2 ? 0 : DESK_NOW + 5 * DESK_MINUTE;
        filter.to_us = number / 2 ? G_MAXINT64 : DESK_NOW + 9 * DESK_MINUTE;
        assert_same(&desk, &filter);
    }
    fleet_desk_clear(&desk);
}

static void test_airings_are_counted_without_being_read(void)
{
    FleetDesk desk;
    fill(&desk);
    int64_t all = 0, some = 0, none = 0, enough = 0;
    Database *log = desk.database;
    g_assert_true(airing_block_store_count(log, 0, G_MAXINT64, ROWS, &all, NULL));
    g_assert_true(airing_block_store_count(log, DESK_NOW + DESK_MINUTE, DESK_NOW + 3 * DESK_MINUTE,
                                           ROWS, &some, NULL));
    g_assert_true(airing_block_store_count(log, 0, DESK_NOW, ROWS, &none, NULL));
    g_assert_true(airing_block_store_count(log, 0, G_MAXINT64, 20, &enough, NULL));
    g_assert_cmpint(all, ==, ROWS);
    g_assert_cmpint(some, ==, 10);
    g_assert_cmpint(none, ==, 0);
    g_assert_cmpint(enough, >=, 20);
    g_assert_cmpint(enough, <, ROWS);
    fleet_desk_clear(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/airing_store/pages", test_pages_hold_every_row_once_whatever_the_filter);
    g_test_add_func("/airing_store/filters", test_every_filter_lists_what_a_plain_read_does);
    g_test_add_func("/airing_store/time", test_only_the_asked_time_is_read);
    g_test_add_func("/airing_store/groups",
                    test_groups_count_the_stations_of_each_time_and_outcome);
    g_test_add_func("/airing_store/count", test_airings_are_counted_without_being_read);
    return g_test_run();
}
