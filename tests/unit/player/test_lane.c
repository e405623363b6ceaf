/* What comes at once and what waits for the night. */
#include "cache/lane.h"

#include <glib.h>

#define HOUR     (INT64_C(3600) * 1000000)
#define DAY      (24 * HOUR)
#define MIDNIGHT (INT64_C(20779) * DAY - 7 * HOUR) /* 2026-11-22 00:00 in Vietnam */
#define MUCH     (INT64_C(500) * 1024 * 1024)

typedef struct Row {
    const char *name;
    int64_t now_us, needed_by_us, missing;
    uint32_t spread;
    int64_t wait_us;
    DataState budget;
} Row;

static const Row rows[] = {
    {"needed within a day", MIDNIGHT + 12 * HOUR, MIDNIGHT + 36 * HOUR, MUCH, 0, 0, DATA_FREE},
    {"held always", MIDNIGHT + 12 * HOUR, 0, MUCH, 0, 0, DATA_FREE},
    {"overdue", MIDNIGHT + 12 * HOUR, MIDNIGHT, MUCH, 0, 0, DATA_FREE},
    {"at noon, for next week", MIDNIGHT + 12 * HOUR, MIDNIGHT + 7 * DAY, MUCH, 0, 11 * HOUR,
     DATA_FREE},
    {"a few files do not wait", MIDNIGHT + 12 * HOUR, MIDNIGHT + 7 * DAY, 8 << 20, 0, 0, DATA_FREE},
    {"nor where the time is not known", 0, MIDNIGHT + 7 * DAY, MUCH, 0, 0, DATA_FREE},
    {"the night begins", MIDNIGHT + 23 * HOUR, MIDNIGHT + 7 * DAY, MUCH, 0, 0, DATA_FREE},
    {"a second before", MIDNIGHT + 23 * HOUR - 1, MIDNIGHT + 7 * DAY, MUCH, 0, 1, DATA_FREE},
    {"the night goes on", MIDNIGHT + 5 * HOUR - 1, MIDNIGHT + 7 * DAY, MUCH, 0, 0, DATA_FREE},
    {"and ends at five", MIDNIGHT + 5 * HOUR, MIDNIGHT + 7 * DAY, MUCH, 0, 18 * HOUR, DATA_FREE},
    {"another station begins later", MIDNIGHT + 23 * HOUR, MIDNIGHT + 7 * DAY, MUCH, 1u << 31,
     2 * HOUR, DATA_FREE},
    {"over midnight", MIDNIGHT + 1 * HOUR, MIDNIGHT + 7 * DAY, MUCH, 1u << 31, 0, DATA_FREE},
    {"and ends at five too", MIDNIGHT + 5 * HOUR, MIDNIGHT + 7 * DAY, MUCH, 1u << 31, 20 * HOUR,
     DATA_FREE},
    {"a few files wait when the budget is near", MIDNIGHT + 12 * HOUR, MIDNIGHT + 7 * DAY, 1, 0,
     11 * HOUR, DATA_NEAR},
    {"and come in the night", MIDNIGHT + 1 * HOUR, MIDNIGHT + 7 * DAY, 1, 0, 0, DATA_NEAR},
    {"what is urgent does not wait", MIDNIGHT + 12 * HOUR, MIDNIGHT + 36 * HOUR, MUCH, 0, 0,
     DATA_SPENT},
    {"nor what is always held", MIDNIGHT + 12 * HOUR, 0, MUCH, 0, 0, DATA_SPENT},
    {"all else waits until it is urgent", MIDNIGHT + 1 * HOUR, MIDNIGHT + 7 * DAY, 1, 0,
     6 * DAY - 1 * HOUR, DATA_SPENT},
    {"no longer than to a day before", MIDNIGHT + 12 * HOUR, MIDNIGHT + 39 * HOUR, MUCH, 0,
     3 * HOUR, DATA_FREE},
};

static void waits(gconstpointer data)
{
    const Row *row = data;
    LaneFacts facts = {.now_us = row->now_us,
                       .utc_offset_s = 7 * 3600,
                       .needed_by_us = row->needed_by_us,
                       .missing = row->missing,
                       .budget = row->budget,
                       .spread = row->spread};
    g_assert_cmpint(lane_wait_us(&facts), ==, row->wait_us);
}

static void a_thousand_stations_begin_all_over_the_night(void)
{
    unsigned in_hour[4] = {0};
    for (unsigned i = 0; i < 1000; i++) {
        g_autofree char *id = g_strdup_printf("%016x", i);
        LaneFacts facts = {.now_us = MIDNIGHT + 22 * HOUR,
                           .utc_offset_s = 7 * 3600,
                           .needed_by_us = MIDNIGHT + 30 * DAY,
                           .missing = MUCH,
                           .spread = lane_spread(id)};
        int64_t wait_us = lane_wait_us(&facts);
        g_assert_cmpint(wait_us, >=, HOUR);
        g_assert_cmpint(wait_us, <, 5 * HOUR);
        in_hour[wait_us / HOUR - 1]++;
        g_assert_cmpuint(lane_spread(id), ==, facts.spread);
    }
    for (unsigned i = 0; i < 4; i++)
        g_assert_cmpuint(in_hour[i], >, 200);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = g_strconcat("/lane/", rows[i].name, NULL);
        g_test_add_data_func(path, &rows[i], waits);
    }
    g_test_add_func("/lane/spread", a_thousand_stations_begin_all_over_the_night);
    return g_test_run();
}
