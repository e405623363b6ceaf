/* The tree of areas, and the stations that stand in it. */
#include "registry/area_store.h"

#include "access/access.h"
#include "registry/station_store.h"

typedef struct Fixture {
    Database *database;
} Fixture;

static void add_area(Database *database, const char *id, const char *parent, const char *zone)
{
    g_autoptr(GError) error = NULL;
    Area area = {.id = (char *)id,
                 .parent = (char *)parent,
                 .name = (char *)id,
                 .kind = (char *)"k",
                 .zone = (char *)zone};
    bool added = area_store_add(database, &area, 0, &error);
    g_assert_no_error(error);
    g_assert_true(added);
}

static void add_station(Database *database, const char *id, const char *area, const char *name)
{
    g_autoptr(GError) error = NULL;
    Station station = {.id = (char *)id,
                       .area = (char *)area,
                       .name = (char *)name,
                       .keyid = (char *)id,
                       .serial = (char *)"SN-7",
                       .model = (char *)"m"};
    station.public_key[31] = 9;
    bool added = station_store_add(database, &station, &error);
    g_assert_no_error(error);
    g_assert_true(added);
}

/*  a1 - b2 - c3 - d4
 *     - b22             */
static void set_up(Fixture *self, const void *data)
{
    (void)data;
    self->database = database_open(":memory:", NULL);
    add_area(self->database, "a1", NULL, NULL);
    add_area(self->database, "b2", "a1", "Asia/Bangkok");
    add_area(self->database, "b22", "a1", NULL);
    add_area(self->database, "c3", "b2", NULL);
    add_area(self->database, "d4", "c3", "Asia/Tokyo");
}

static void tear_down(Fixture *self, const void *data)
{
    (void)data;
    database_close(self->database);
}

static char *ids(GPtrArray *take_areas)
{
    g_autoptr(GPtrArray) areas = take_areas;
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < areas->len; i++)
        g_string_append_printf(text, "%s ", ((Area *)areas->pdata[i])->id);
    return g_string_free(text, FALSE);
}

static void test_subtree_is_listed_parents_first(Fixture *self, const void *data)
{
    (void)data;
    g_autofree char *all = ids(area_store_list(self->database, NULL, NULL));
    g_assert_cmpstr(all, ==, "a1 b2 b22 c3 d4 ");
    g_autofree char *below = ids(area_store_list(self->database, "b2", NULL));
    g_assert_cmpstr(below, ==, "b2 c3 d4 "); /* b22 only begins alike */
    g_autofree char *none = ids(area_store_list(self->database, "zz", NULL));
    g_assert_cmpstr(none, ==, "");
}

static void test_within_follows_the_path(Fixture *self, const void *data)
{
    (void)data;
    g_assert_true(area_store_within(self->database, "c3", "a1"));
    g_assert_true(area_store_within(self->database, "c3", "c3"));
    g_assert_false(area_store_within(self->database, "a1", "c3"));
    g_assert_false(area_store_within(self->database, "b22", "b2"));
    g_assert_false(area_store_within(self->database, "zz", "a1"));
}

static void test_zone_comes_from_the_nearest_area_that_has_one(Fixture *self, const void *data)
{
    (void)data;
    g_autoptr(Area) below = area_store_get(self->database, "c3", NULL);
    g_assert_cmpstr(below->zone, ==, "Asia/Bangkok");
    g_assert_cmpstr(below->path, ==, "/a1/b2/c3/");
    g_autoptr(Area) own = area_store_get(self->database, "d4", NULL);
    g_assert_cmpstr(own->zone, ==, "Asia/Tokyo");
    g_autoptr(Area) beside = area_store_get(self->database, "b22", NULL);
    g_assert_cmpstr(beside->zone, ==, "Asia/Ho_Chi_Minh");
}

static void test_change_touches_only_what_is_named(Fixture *self, const void *data)
{
    (void)data;
    bool one_person = true;
    AreaChange change = {.one_person_approves = &one_person};
    g_assert_true(area_store_change(self->database, "b2", &change, NULL));
    g_autoptr(Area) area = area_store_get(self->database, "b2", NULL);
    g_assert_true(area->one_person_approves);
    g_assert_cmpstr(area->name, ==, "b2");
    g_autoptr(Area) below = area_store_get(self->database, "c3", NULL);
    g_assert_false(below->one_person_approves);
}

static unsigned found(Fixture *self, const char *area, const char *typed)
{
    g_autoptr(GPtrArray) stations = station_store_search(self->database, area, typed, NULL);
    return stations->len;
}

static void test_stations_are_found_below_an_area_without_accents(Fixture *self, const void *data)
{
    (void)data;
    add_station(self->database, "s1", "c3", "Thôn Đông Hạ");
    add_station(self->database, "s2", "b22", "Thôn Đoài 100%");
    g_assert_cmpuint(found(self, "a1", NULL), ==, 2);
    g_assert_cmpuint(found(self, "b2", ""), ==, 1);
    g_assert_cmpuint(found(self, "a1", "thon dong"), ==, 1);
    g_assert_cmpuint(found(self, "a1", "ĐÔNG"), ==, 1);
    g_assert_cmpuint(found(self, "a1", "sn-7"), ==, 2);
    g_assert_cmpuint(found(self, "a1", "100%"), ==, 1);
    g_assert_cmpuint(found(self, "a1", "1_0"), ==, 0); /* not a wildcard */
}

static void test_retired_station_leaves_the_list_and_stays_known(Fixture *self, const void *data)
{
    (void)data;
    add_station(self->database, "s1", "c3", "Thôn Đông");
    g_assert_true(station_store_rename(self->database, "s1", "Thôn Đoài", "b22", NULL));
    g_assert_cmpuint(found(self, "b22", "doai"), ==, 1);
    g_assert_true(station_store_set_volume(self->database, "s1", -3000, NULL));
    g_assert_true(station_store_retire(self->database, "s1", 5, NULL));
    g_assert_cmpuint(found(self, "a1", NULL), ==, 0);
    g_autoptr(Station) station = station_store_by_key(self->database, "s1", NULL);
    g_assert_cmpint(station->retired_us, ==, 5);
    g_assert_cmpint(station->volume_mdb, ==, -3000);
    g_assert_cmpuint(station->public_key[31], ==, 9);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add("/area/" #name, Fixture, NULL, set_up, test_##name, tear_down)
    ADD(subtree_is_listed_parents_first);
    ADD(within_follows_the_path);
    ADD(zone_comes_from_the_nearest_area_that_has_one);
    ADD(change_touches_only_what_is_named);
    ADD(stations_are_found_below_an_area_without_accents);
    ADD(retired_station_leaves_the_list_and_stays_known);
    return g_test_run();
}
