/* Over random broadcasts of three years: whatever starts within a stretch of time is found for it,
 * by its area, by those above and by all; and what is long over is not read. */
#include "fleet_desk.h"

#include "schedule/broadcast_reach_store.h"
#include "schedule/broadcast_store.h"
#include "schedule/series_store.h"

#include <sys/resource.h>

#define BROADCASTS 400
#define WINDOWS    80
#define DAY_US     (24 * DESK_HOUR)
#define YEAR_DAYS  365

static const char *const areas[] = {"province", "a", "b"};
static const char *const rules[] = {"FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SA,MO", "FREQ=MONTHLY",
                                    "FREQ=DAILY;COUNT=3", "FREQ=YEARLY"};

static int64_t below(GRand *dice, int most)
{
    return g_rand_int_range(dice, 0, most);
}

/* About three years around now. */
static int64_t some_day(GRand *dice)
{
    return DESK_NOW + (below(dice, 3 * YEAR_DAYS) - 2 * YEAR_DAYS) * DAY_US + below(dice, 86400);
}

static char *day_after(int64_t at_us, int64_t days)
{
    g_autoptr(GDateTime) day =
        g_date_time_new_from_unix_utc((at_us + days * DAY_US) / G_USEC_PER_SEC);
    return g_date_time_format(day, "%Y-%m-%d");
}

static Broadcast *random_broadcast(GRand *dice, unsigned number)
{
    Broadcast *self = broadcast_new();
    self->id = g_strdup_printf("b%03u", number);
    self->bulletin = g_strdup("notice");
    self->area = g_strdup(areas[below(dice, 3)]);
    self->start_us = some_day(dice);
    self->kind = (BroadcastKind)below(dice, 4);
    self->zone = g_strdup(below(dice, 2) ? "Asia/Ho_Chi_Minh" : "Pacific/Kiritimati");
    if (self->kind == BROADCAST_RULE && below(dice, 4))
        self->rrule = g_strdup(rules[below(dice, G_N_ELEMENTS(rules))]);
    else if (self->kind == BROADCAST_RULE)
        self->lunar = (RecurrenceLunar){.days = 1u << 1 | 1u << 15};
    if (broadcast_repeats(self) && below(dice, 4))
        self->until = day_after(self->start_us, below(dice, 60));
    for (int64_t i = below(dice, 3); broadcast_repeats(self) && i > 0; i--)
        broadcast_add_date(self, false, some_day(dice));
    self->repeats = (unsigned)below(dice, 10) + 1;
    self->gap_s = below(dice, BROADCAST_GAP_MAX_S);
    self->created_by = g_strdup("an");
    self->created_by_name = g_strdup("An");
    self->created_us = DESK_NOW;
    broadcast_add_target(self, TARGET_AREA, self->area, false);
    return self;
}

static void move_one(GRand *dice, Database *database, const Broadcast *broadcast, int64_t at_us)
{
    int64_t shift_s = below(dice, 2 * SERIES_SHIFT_MAX_S) - SERIES_SHIFT_MAX_S;
    bool following = below(dice, 2); /* the panel moves what airs once as "all" */
    SeriesOverride moved = {.recurrence_us = at_us,
                            .following = following,
                            .moves = true,
                            .start_us = at_us + shift_s * G_USEC_PER_SEC,
                            .shift_s = shift_s};
    g_autoptr(GError) error = NULL;
    g_assert_true(series_store_override(database, broadcast->id, &moved, "an", DESK_NOW, &error));
}

static void replace_rule(GRand *dice, Database *database, const Broadcast *broadcast, int64_t at_us)
{
    g_autoptr(GError) error = NULL;
    int64_t start_us = at_us + below(dice, 400) * DAY_US;
    g_autofree char *until = below(dice, 2) ? day_after(start_us, below(dice, 60)) : NULL;
    Broadcast rule = {.start_us = start_us,
                      .until = until,
                      .rrule = (char *)"FREQ=DAILY",
                      .zone = broadcast->zone};
    g_assert_true(series_store_part(database, broadcast->id, at_us, &rule, &error));
}

static void add_one(GRand *dice, Database *database, unsigned number)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Broadcast) broadcast = random_broadcast(dice, number);
    g_assert_true(broadcast_store_add(database, broadcast, &error));
    g_assert_no_error(error);
    if (below(dice, 3) == 0)
        move_one(dice, database, broadcast, broadcast->start_us);
    if (broadcast_repeats(broadcast) && below(dice, 6) == 0)
        g_assert_true(series_store_end(database, broadcast->id, some_day(dice), &error));
    if (below(dice, 6) == 0)
        replace_rule(dice, database, broadcast, broadcast->start_us + below(dice, 100) * DAY_US);
    if (below(dice, 10) == 0)
        g_assert_true(broadcast_store_delete(database, broadcast->id, some_day(dice), &error));
}

static bool holds(const GPtrArray *list, const char *id)
{
    for (unsigned i = 0; i < list->len; i++)
        if (g_str_equal(((const Broadcast *)g_ptr_array_index(list, i))->id, id))
            return true;
    return false;
}

static bool starts_within(const Broadcast *broadcast, int64_t from_us, int64_t to_us)
{
    g_autoptr(GArray) plays = broadcast_plays(broadcast, G_USEC_PER_SEC, from_us, to_us);
    return plays->len > 0;
}

/* By any of the three ways; `between` only of those in force. */
static void check_window(Database *database, const GPtrArray *all, int64_t from_us, int64_t to_us)
{
    BroadcastReach reach = {.path = "/province/",
                            .below = true,
                            .from_us = from_us,
                            .to_us = to_us,
                            .limit = BROADCASTS};
    BroadcastReach own = reach;
    own.below = false;
    g_autoptr(GPtrArray) any = broadcast_reach_store_all(database, from_us, NULL);
    g_autoptr(GPtrArray) of_a = broadcast_reach_store_issued(database, "a", from_us, NULL);
    g_autoptr(GPtrArray) between = broadcast_reach_store_between(database, &reach, NULL);
    g_autoptr(GPtrArray) top = broadcast_reach_store_between(database, &own, NULL);
    const BroadcastFilter filter = {
        .bulletins = "[\"notice\"]", .from_us = from_us, .limit = BROADCASTS};
    g_autoptr(GPtrArray) listed = broadcast_store_list(database, &filter, NULL);
    for (unsigned i = 0; i < all->len; i++) {
        const Broadcast *one = g_ptr_array_index(all, i);
        bool in_force = one->deleted_us == 0;
        if ((!in_force && one->deleted_us < from_us) || !starts_within(one, from_us, to_us))
            continue;
        g_assert_true(holds(any, one->id));
        g_assert_true(holds(of_a, one->id) == g_str_equal(one->area, "a"));
        g_assert_true(holds(between, one->id) == in_force);
        g_assert_true(holds(listed, one->id) == in_force);
        g_assert_true(holds(top, one->id) == (in_force && g_str_equal(one->area, "province")));
    }
    for (unsigned i = 0; i < top->len; i++)
        g_assert_cmpstr(((Broadcast *)g_ptr_array_index(top, i))->area, ==, "province");
}

static GPtrArray *read_all(Database *database)
{
    GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)broadcast_free);
    for (unsigned i = 0; i < BROADCASTS; i++) {
        g_autofree char *id = g_strdup_printf("b%03u", i);
        g_ptr_array_add(all, broadcast_store_get(database, id, NULL));
    }
    return all;
}

static void test_what_starts_within_is_found(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    g_autoptr(GRand) dice = g_rand_new_with_seed(20261123);
    g_assert_true(database_begin(desk.database, NULL));
    for (unsigned i = 0; i < BROADCASTS; i++)
        add_one(dice, desk.database, i);
    g_assert_true(database_commit(desk.database, NULL));
    g_autoptr(GPtrArray) all = read_all(desk.database);
    for (unsigned i = 0; i < WINDOWS; i++) {
        int64_t from_us = some_day(dice);
        check_window(desk.database, all, from_us, from_us + (1 + below(dice, 10)) * DAY_US);
    }
    fleet_desk_clear(&desk);
}

static void add_once(Database *database, unsigned number, int64_t start_us)
{
    g_autoptr(Broadcast) broadcast = broadcast_new();
    broadcast->id = g_strdup_printf("o%04u", number);
    broadcast->bulletin = g_strdup("notice");
    broadcast->area = g_strdup("a");
    broadcast->kind = number % 2 ? BROADCAST_ONCE : BROADCAST_DAILY;
    broadcast->start_us = start_us;
    broadcast->until = number % 2 ? NULL : day_after(start_us, 1);
    broadcast->zone = g_strdup("Asia/Ho_Chi_Minh");
    broadcast->created_by = g_strdup("an");
    broadcast->created_by_name = g_strdup("An");
    broadcast_add_target(broadcast, TARGET_AREA, "a", false);
    g_assert_true(broadcast_store_add(database, broadcast, NULL));
}

static void test_what_is_long_over_is_not_read(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    for (unsigned i = 0; i < 100; i++)
        add_once(desk.database, i, DESK_NOW - (40 + i) * DAY_US);
    add_once(desk.database, 101, DESK_NOW + DESK_HOUR);
    g_autoptr(GPtrArray) issued = broadcast_reach_store_issued(desk.database, "a", DESK_NOW, NULL);
    g_autoptr(GPtrArray) all = broadcast_reach_store_all(desk.database, DESK_NOW, NULL);
    g_assert_cmpuint(issued->len, ==, 1);
    g_assert_true(holds(all, "o0101"));
    g_assert_false(holds(all, "o0000"));
    BroadcastFilter filter = {.from_us = DESK_NOW, .limit = 1000};
    g_autoptr(GPtrArray) listed = broadcast_store_list(desk.database, &filter, NULL);
    g_assert_cmpuint(listed->len, ==, 1);
    filter.from_us = 0;
    g_autoptr(GPtrArray) ever = broadcast_store_list(desk.database, &filter, NULL);
    g_assert_cmpuint(ever->len, ==, 101);
    fleet_desk_clear(&desk);
}

static int64_t cpu_us(void)
{
    struct rusage use;
    g_assert_cmpint(getrusage(RUSAGE_SELF, &use), ==, 0);
    return (use.ru_utime.tv_sec + use.ru_stime.tv_sec) * G_USEC_PER_SEC + use.ru_utime.tv_usec +
           use.ru_stime.tv_usec;
}

/* Ids of one area's list, page by page; what it took is added. */
static char *list_of(Database *database, const char *area, unsigned pages, int64_t *ret_cpu_us)
{
    g_autoptr(GString) ids = g_string_new(NULL);
    g_autofree char *after = NULL;
    int64_t begun_us = cpu_us();
    for (unsigned i = 0; i < pages; i++) {
        const BroadcastFilter filter = {.area = area, .after = after, .limit = 50};
        g_autoptr(GPtrArray) list = broadcast_store_list(database, &filter, NULL);
        for (unsigned k = 0; k < list->len; k++)
            g_string_append_printf(ids, "%s ", ((Broadcast *)list->pdata[k])->id);
        g_free(after);
        after = list->len ? g_strdup(((Broadcast *)list->pdata[list->len - 1])->id) : NULL;
    }
    *ret_cpu_us = cpu_us() - begun_us;
    return g_string_free(g_steal_pointer(&ids), FALSE);
}

/* However many others have ordered since: the few of an area cost less than a page of all. */
static void test_an_area_with_few_is_not_looked_for_among_all(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    for (unsigned i = 0; i < 3; i++)
        add_once(desk.database, i, DESK_NOW);
    g_assert_true(database_script(
        desk.database,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000) "
        "INSERT INTO broadcasts (id, bulletin, area, kind, start_us, zone, class, tolerance_s, "
        "gain_mdb, created_by, created_by_name, created_us) SELECT 'many' || i, 'notice', 'b', "
        "'once', i, 'Asia/Ho_Chi_Minh', 'normal', 0, 0, 'an', 'An', i FROM n",
        NULL));
    int64_t few_us, many_us;
    g_autofree char *few = list_of(desk.database, "a", 1, &few_us);
    g_autofree char *many = list_of(desk.database, "province", 4, &many_us);
    g_assert_cmpstr(few, ==, "o0002 o0001 o0000 ");
    g_assert_true(g_str_has_prefix(many, "many60000 many59999 "));
    g_assert_true(g_str_has_suffix(many, "many59802 many59801 "));
    g_test_message("an area with few: %" G_GINT64_FORMAT " µs, 200 of all: %" G_GINT64_FORMAT,
                   few_us, many_us);
    g_assert_cmpint(few_us, <, many_us);
    fleet_desk_clear(&desk);
}

/* Ordered at once, three weeks ago: it starts when the bulletin is approved. */
static void test_what_still_waits_to_start_is_not_over(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    g_autoptr(Broadcast) broadcast = broadcast_new();
    broadcast->id = g_strdup("waits");
    broadcast->bulletin = g_strdup("notice");
    broadcast->area = g_strdup("a");
    broadcast->kind = BROADCAST_NOW;
    broadcast->start_us = DESK_NOW - 21 * DAY_US;
    broadcast->zone = g_strdup("Asia/Ho_Chi_Minh");
    broadcast->created_by = g_strdup("an");
    broadcast->created_by_name = g_strdup("An");
    g_assert_true(broadcast_store_add(desk.database, broadcast, NULL));
    const BroadcastFilter filter = {.from_us = DESK_NOW, .limit = 10};
    g_autoptr(GPtrArray) waiting = broadcast_store_list(desk.database, &filter, NULL);
    g_assert_cmpuint(waiting->len, ==, 1);
    g_assert_true(broadcast_store_mark_planned(desk.database, "waits", NULL));
    g_autoptr(GPtrArray) done = broadcast_store_list(desk.database, &filter, NULL);
    g_assert_cmpuint(done->len, ==, 0);
    fleet_desk_clear(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reach/within", test_what_starts_within_is_found);
    g_test_add_func("/reach/over", test_what_is_long_over_is_not_read);
    g_test_add_func("/reach/few", test_an_area_with_few_is_not_looked_for_among_all);
    g_test_add_func("/reach/waits", test_what_still_waits_to_start_is_not_over);
    return g_test_run();
}
