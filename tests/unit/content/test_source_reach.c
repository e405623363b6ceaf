/* Whom a source reaches, asked once of each station and format however many sources there are. */
#include "content/source_reach.h"
#include "registry/station_store.h"

#include <string.h>

#define STATIONS 50
#define SOURCES  30

static unsigned asked;

/* Of stations s0, s1, ... every second plays mp3, every fifth aac. */
static bool plays(void *self, const char *station, const char *format)
{
    int64_t number = g_ascii_strtoll(station + 1, NULL, 10);
    (void)self;
    asked++;
    return number % (strcmp(format, "mp3") == 0 ? 2 : 5) == 0;
}

static const StationFactsOps ops = {.plays = plays};
static const StationFacts facts = {.ops = &ops};

static GPtrArray *make_stations(void)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)station_free);
    for (int i = 0; i < STATIONS; i++) {
        Station *station = g_new0(Station, 1);
        station->id = g_strdup_printf("s%d", i);
        station->name = g_strdup_printf("Loa %d", i);
        g_ptr_array_add(list, station);
    }
    return list;
}

static int64_t unable(SourceReach *reach, const char *first, const char *second)
{
    SourceAddress addresses[] = {{.format = (char *)first}, {.format = (char *)second}};
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    if (first)
        g_ptr_array_add(list, &addresses[0]);
    if (second)
        g_ptr_array_add(list, &addresses[1]);
    const Source source = {.addresses = list};
    g_autoptr(Json) json = source_reach_json(reach, &source);
    g_assert_cmpint(json_peek_int(json, "stations", 0), ==, STATIONS);
    int64_t count = json_peek_int(json, "unable", -1);
    g_assert_cmpuint(json_length(json_peek(json, "names")), ==, MIN(count, SOURCE_REACH_NAMES));
    return count;
}

static void test_one_address_is_enough(void)
{
    g_autoptr(GPtrArray) stations = make_stations();
    g_autoptr(SourceReach) reach = source_reach_new(&facts, stations);
    g_assert_cmpint(unable(reach, "mp3", NULL), ==, 25);
    g_assert_cmpint(unable(reach, "aac", NULL), ==, 40);
    g_assert_cmpint(unable(reach, "aac", "mp3"), ==, 20);
    g_assert_cmpint(unable(reach, NULL, NULL), ==, 0);
    const StationFacts nobody = {0};
    g_autoptr(SourceReach) unknown = source_reach_new(&nobody, stations);
    g_assert_cmpint(unable(unknown, "aac", NULL), ==, 0);
}

static void test_a_station_is_asked_once_about_a_format(void)
{
    g_autoptr(GPtrArray) stations = make_stations();
    g_autoptr(SourceReach) reach = source_reach_new(&facts, stations);
    asked = 0;
    for (int i = 0; i < SOURCES; i++)
        g_assert_cmpint(unable(reach, "aac", "mp3"), ==, 20);
    g_assert_cmpuint(asked, ==, 2 * STATIONS);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/source_reach/one_address_is_enough", test_one_address_is_enough);
    g_test_add_func("/source_reach/asked_once", test_a_station_is_asked_once_about_a_format);
    return g_test_run();
}
