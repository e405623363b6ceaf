/* How long does it take to resolve a province?
 *
 *   bench_timeline [--stations 5000] [--days 35]
 *
 * Each station: a relay morning and evening, eight bulletins of its commune and two of the
 * province, so that every day has interruptions, a tie and a late start. Every station is resolved
 * on its own, as a player or a controller would. The last line is JSON. */
#include "timeline/timeline.h"

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

#define A_DAY   12
#define HOUR_US (60 * TIMELINE_MINUTE_US)
#define DAY_US  (24 * HOUR_US)
#define IDS     33

typedef struct Slot {
    int minute;
    int length_min;
    Rank rank;
    int level;
} Slot;

static const Slot slots[A_DAY] = {
    {300, 60, RANK_RELAY, 0},  {310, 6, RANK_NORMAL, 2},  {330, 8, RANK_PRIORITY, 0},
    {332, 5, RANK_NORMAL, 2},  {360, 10, RANK_NORMAL, 2}, {660, 4, RANK_NORMAL, 2},
    {1020, 60, RANK_RELAY, 0}, {1020, 5, RANK_NORMAL, 1}, {1020, 8, RANK_NORMAL, 2},
    {1050, 6, RANK_NORMAL, 2}, {1052, 3, RANK_NORMAL, 2}, {1080, 15, RANK_NORMAL, 2},
};

typedef struct Sums {
    uint64_t airings, pieces, absences, steps;
} Sums;

static double processor_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void fill(TimelineAiring *airings, const char *ids, const TimelineItem *items, unsigned days)
{
    for (unsigned i = 0; i < days * A_DAY; i++) {
        const Slot *slot = &slots[i % A_DAY];
        airings[i] = (TimelineAiring){
            .id = ids + (gsize)i * IDS,
            .start_us = i / A_DAY * DAY_US + slot->minute * TIMELINE_MINUTE_US - 7 * HOUR_US,
            .tolerance_us = -1,
            .rank = slot->rank,
            .class = slot->rank == RANK_PRIORITY ? CLASS_PRIORITY : CLASS_NORMAL,
            .level = slot->level,
            .items = &items[i % A_DAY],
            .n_items = 1,
        };
    }
}

static void resolve(TimelineAirings airings, Sums *sums)
{
    static const TimelineCeiling night = {{21 * 60, 6 * 60}, -6000, 0};
    static const TimelineWindow window = {127, {290, 1200}};
    static const TimelinePolicy policies[] = {
        {.id = "province", .ceilings = &night, .n_ceilings = 1},
        {.id = "commune", .windows = &window, .n_windows = 1},
        {.id = "station", .hardware_mdb = -500},
    };
    static const TimelineOffset offset = {0, 7 * 3600};
    static const TimelineItem siren = {2 * TIMELINE_MINUTE_US, false};
    const TimelineEvent alert = {.kind = TIMELINE_ALERT,
                                 .id = "alert",
                                 .at_us = 10 * DAY_US,
                                 .every_us = HOUR_US / 2,
                                 .items = &siren,
                                 .n_items = 1};
    g_autoptr(Timeline) timeline =
        timeline_resolve(airings, (TimelineEvents){&alert, 1},
                         (TimelinePolicies){policies, G_N_ELEMENTS(policies), &offset, 1}, 0);
    sums->airings += airings.length;
    sums->pieces += timeline->n_pieces;
    sums->absences += timeline->n_absences;
    sums->steps += timeline->steps;
}

int main(int argc, char **argv)
{
    int stations = 5000, days = 35;
    GOptionEntry entries[] = {{"stations", 0, 0, G_OPTION_ARG_INT, &stations, "stations", "N"},
                              {"days", 0, 0, G_OPTION_ARG_INT, &days, "days of the plan", "N"},
                              G_OPTION_ENTRY_NULL};
    g_autoptr(GOptionContext) options = g_option_context_new("- resolves a province");
    g_option_context_add_main_entries(options, entries, NULL);
    g_autoptr(GError) error = NULL;
    if (!g_option_context_parse(options, &argc, &argv, &error) || stations < 1 || days < 1) {
        fprintf(stderr, "%s\n", error ? error->message : "stations and days start at 1");
        return 2;
    }
    unsigned length = (unsigned)days * A_DAY;
    g_autofree TimelineAiring *airings = g_new(TimelineAiring, length);
    g_autofree char *ids = g_malloc((gsize)length * IDS);
    TimelineItem items[A_DAY];
    for (unsigned i = 0; i < A_DAY; i++)
        items[i] =
            (TimelineItem){slots[i].length_min * TIMELINE_MINUTE_US, slots[i].rank == RANK_RELAY};
    for (unsigned i = 0; i < length; i++)
        snprintf(ids + (gsize)i * IDS, IDS, "%032x", i * 2654435761u);
    fill(airings, ids, items, (unsigned)days);

    Sums sums = {0};
    double before = processor_seconds();
    for (int i = 0; i < stations; i++)
        resolve((TimelineAirings){airings, length}, &sums);
    double seconds = processor_seconds() - before;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"stations\":%d,\"days\":%d,\"airings\":%" G_GUINT64_FORMAT
           ",\"pieces\":%" G_GUINT64_FORMAT ",\"absences\":%" G_GUINT64_FORMAT
           ",\"steps\":%" G_GUINT64_FORMAT ",\"cpu_seconds\":%.3f,\"airings_per_s\":%.0f"
           ",\"us_per_station\":%.1f,\"peak_mib\":%.1f}\n",
           stations, days, sums.airings, sums.pieces, sums.absences, sums.steps, seconds,
           (double)sums.airings / seconds, seconds / stations * 1e6,
           (double)usage.ru_maxrss / 1024);
    return 0;
}
