/* Numbers that no honest plan holds, and plans that ask for far more than a day has. */
#include "random_world.h"
#include "tests.h"

static const int64_t extremes[] = {G_MININT64, G_MININT64 + 1, -1,        0,
                                   1,          G_MAXINT64 - 1, G_MAXINT64};

static int64_t extreme(Random *random)
{
    return extremes[random_below(random, G_N_ELEMENTS(extremes))];
}

static void spoil_airing(TimelineAiring *airing, Random *random)
{
    int64_t *numbers[] = {&airing->start_us, &airing->tolerance_us, &airing->valid_until_us,
                          &airing->came_us, &((TimelineItem *)airing->items)->length_us};
    *numbers[random_below(random, G_N_ELEMENTS(numbers))] = extreme(random);
    if (random_chance(random, 10))
        airing->n_items = 0;
    if (random_chance(random, 10))
        airing->id = NULL;
}

static void spoil_event(TimelineEvent *event, Random *random)
{
    int64_t *numbers[] = {&event->at_us, &event->until_us, &event->every_us};
    *numbers[random_below(random, G_N_ELEMENTS(numbers))] = extreme(random);
    if (random_chance(random, 10))
        event->id = NULL;
}

static void test_extremes(void)
{
    for (uint64_t seed = 1; seed <= 3000; seed++) {
        Random random = {seed};
        g_autoptr(World) world = random_world(seed);
        for (unsigned i = 0; i < world->n_airings; i++)
            if (random_chance(&random, 40))
                spoil_airing(&world->airings[i], &random);
        for (unsigned i = 0; i < world->n_events; i++)
            if (random_chance(&random, 40))
                spoil_event(&world->events[i], &random);
        world->now_us = random_chance(&random, 30) ? extreme(&random) : world->now_us;
        g_autoptr(Timeline) timeline = world_resolve(world);
        for (unsigned i = 0; i < timeline->n_pieces; i++)
            g_assert_cmpint(timeline->pieces[i].from_us, <, timeline->pieces[i].until_us);
        g_assert_cmpuint(timeline->n_absences, <, 10000);
    }
}

#define CROWD       20000 /* as many as a plan may hold */
#define CROWD_STEPS 200   /* per airing */

static void crowd(Rank rank, int64_t apart_us, int64_t length_us)
{
    g_autofree TimelineAiring *airings = g_new0(TimelineAiring, CROWD);
    g_autofree char *ids = g_malloc(CROWD * 16);
    TimelineItem item = {length_us, rank == RANK_RELAY};
    for (unsigned i = 0; i < CROWD; i++) {
        g_snprintf(ids + i * 16, 16, "airing%u", i);
        airings[i] = (TimelineAiring){.id = ids + i * 16,
                                      .start_us = at("05:00") + i * apart_us,
                                      .tolerance_us = -1,
                                      .rank = rank,
                                      .level = (int)(i * 7919 % 13),
                                      .items = &item,
                                      .n_items = 1};
    }
    int64_t before_us = g_get_monotonic_time();
    g_autoptr(Timeline) timeline =
        timeline_resolve((TimelineAirings){airings, CROWD}, (TimelineEvents){0},
                         (TimelinePolicies){.offsets = &world_offset, .n_offsets = 1}, 0);
    g_test_message("%s, one every %.1f s for %.1f s: %.1f ms, %.0f steps each, %u pieces",
                   rank_words[rank], (double)apart_us / SECOND_US, (double)length_us / SECOND_US,
                   (double)(g_get_monotonic_time() - before_us) / 1000,
                   (double)timeline->steps / CROWD, timeline->n_pieces);
    g_assert_cmpuint(timeline->n_pieces, >, 0);
    g_assert_cmpuint(timeline->steps, <, (uint64_t)CROWD * CROWD_STEPS);
}

static void test_crowds(void)
{
    /* all at once; more than fits; as much as fits, for weeks */
    crowd(RANK_NORMAL, 0, MINUTE_US);
    crowd(RANK_NORMAL, 2 * MINUTE_US, 3 * MINUTE_US);
    crowd(RANK_NORMAL, MINUTE_US, MINUTE_US);
    crowd(RANK_RELAY, 2 * MINUTE_US, HOUR_US);
    crowd(RANK_LIVE, 2 * MINUTE_US, HOUR_US);
    crowd(RANK_FILLER, 2 * MINUTE_US, 5 * MINUTE_US);
}

void hostile_add(void)
{
    g_test_add_func("/timeline/hostile: extreme numbers neither overflow nor loop", test_extremes);
    g_test_add_func("/timeline/hostile: a crowd of airings stays little work", test_crowds);
}
