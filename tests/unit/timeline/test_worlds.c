/* What must hold in every world, asked of thousands of random ones by an oracle that shares no code
 * with the engine. LOA_WORLDS says how many; a failure prints the seed that brings its world back:
 * LOA_SEED=n LOA_WORLDS=1. */
#include "oracle.h"
#include "random_world.h"
#include "tests.h"

#include <stdlib.h>
#include <string.h>

#define WORLDS 5000

static uint64_t number_from(const char *name, uint64_t otherwise)
{
    const char *text = g_getenv(name);
    return text ? g_ascii_strtoull(text, NULL, 10) : otherwise;
}

typedef const char *(*Property)(const World *world, uint64_t seed);

static void hold(const Property *properties, unsigned length)
{
    uint64_t first = number_from("LOA_SEED", (uint64_t)(uint32_t)g_test_rand_int() << 20);
    uint64_t worlds = number_from("LOA_WORLDS", WORLDS);
    for (uint64_t seed = first; seed < first + worlds; seed++) {
        g_autoptr(World) world = random_world(seed);
        for (unsigned i = 0; i < length; i++) {
            const char *breach = properties[i](world, seed);
            if (!breach)
                continue;
            g_autoptr(Timeline) timeline = world_resolve(world);
            g_autofree char *text = world_text(world, timeline);
            g_printerr("LOA_SEED=%" G_GUINT64_FORMAT " LOA_WORLDS=1: %s\n%s", seed, breach, text);
            g_test_fail_printf("%s (LOA_SEED=%" G_GUINT64_FORMAT ")", breach, seed);
            return;
        }
    }
}

static const char *same_input_same_output(const World *world, uint64_t seed)
{
    g_autoptr(Timeline) first = world_resolve(world);
    g_autoptr(Timeline) second = world_resolve(world);
    if (first->n_pieces != second->n_pieces || first->n_absences != second->n_absences)
        return "the same input gave another output";
    for (unsigned i = 0; i < first->n_pieces; i++)
        if (memcmp(&first->pieces[i], &second->pieces[i], sizeof first->pieces[i]) != 0)
            return "the same input gave another piece";
    g_autoptr(World) shuffled = random_shuffled(world, seed);
    g_autoptr(Timeline) third = world_resolve(shuffled);
    return oracle_same(world, first, shuffled, third);
}

/* [a, b) and [b, c) by nominal start, with some given twice, are [a, c). */
static const char *union_is_the_whole(const World *world, uint64_t seed)
{
    g_autoptr(World) parts = g_memdup2(world, sizeof *world);
    int64_t middle_us = world->airings[seed % world->n_airings].start_us;
    parts->n_airings = 0;
    for (unsigned i = 0; i < world->n_airings; i++)
        if (world->airings[i].start_us >= middle_us)
            parts->airings[parts->n_airings++] = world->airings[i];
    for (unsigned i = 0; i < world->n_airings; i++)
        if (world->airings[i].start_us < middle_us || (seed + i) % 3 == 0)
            parts->airings[parts->n_airings++] = world->airings[i];
    g_autoptr(Timeline) whole = world_resolve(world);
    g_autoptr(Timeline) joined = world_resolve(parts);
    return oracle_same(world, whole, parts, joined);
}

static const char *answer_is_lawful(const World *world, G_GNUC_UNUSED uint64_t seed)
{
    g_autoptr(Timeline) timeline = world_resolve(world);
    return oracle_judge(world, timeline);
}

static void test_deterministic(void)
{
    static const Property properties[] = {same_input_same_output};
    hold(properties, G_N_ELEMENTS(properties));
}

static void test_union(void)
{
    static const Property properties[] = {union_is_the_whole};
    hold(properties, G_N_ELEMENTS(properties));
}

static void test_lawful(void)
{
    static const Property properties[] = {answer_is_lawful};
    hold(properties, G_N_ELEMENTS(properties));
}

/* ---- a year of a commune ---- */

#define YEAR_DAYS   365
#define A_DAY       12
#define STEPS_LIMIT 24 /* per airing; measured: 9 */

static void test_year(void)
{
    /* given a relay twice a day and ten bulletins, some at the same time, and an alert a week */
    unsigned count = YEAR_DAYS * A_DAY;
    g_autofree TimelineAiring *airings = g_new0(TimelineAiring, count);
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    static const TimelineItem hour = {60 * MINUTE_US, true}, news = {6 * MINUTE_US, false};
    for (unsigned i = 0; i < count; i++) {
        unsigned slot = i % A_DAY;
        bool relay = slot % 6 == 0;
        g_ptr_array_add(ids, g_strdup_printf("airing%u", i));
        airings[i] = (TimelineAiring){
            .id = ids->pdata[i],
            .start_us = at("05:00") + i / A_DAY * DAY_US + slot / 6 * 12 * HOUR_US +
                        slot % 6 / 2 * 20 * MINUTE_US,
            .tolerance_us = -1,
            .rank = relay ? RANK_RELAY : RANK_NORMAL,
            .level = slot % 3,
            .items = relay ? &hour : &news,
            .n_items = 1,
        };
    }
    g_autofree TimelineEvent *events = g_new0(TimelineEvent, YEAR_DAYS / 7);
    for (unsigned i = 0; i < YEAR_DAYS / 7; i++)
        events[i] = (TimelineEvent){.kind = TIMELINE_ALERT,
                                    .id = "alert",
                                    .at_us = at("05:22") + i * 7 * DAY_US,
                                    .every_us = 30 * MINUTE_US,
                                    .items = &news,
                                    .n_items = 1};
    /* when it is resolved at once */
    int64_t before_us = g_get_monotonic_time();
    g_autoptr(Timeline) timeline =
        timeline_resolve((TimelineAirings){airings, count}, (TimelineEvents){events, YEAR_DAYS / 7},
                         (TimelinePolicies){.offsets = &world_offset, .n_offsets = 1}, 0);
    int64_t took_us = g_get_monotonic_time() - before_us;
    /* then everything is there, and the work is in proportion */
    g_test_message("%u airings of a year in %.3f ms, %.1f steps each", count, took_us / 1000.0,
                   (double)timeline->steps / count);
    g_assert_cmpuint(timeline->n_absences, ==, YEAR_DAYS / 7); /* the relays that it interrupts */
    g_assert_cmpuint(timeline->n_pieces, >, count);
    g_assert_cmpuint(timeline->steps, <, (uint64_t)count * STEPS_LIMIT);
}

void worlds_add(void)
{
    g_test_add_func("/timeline/worlds: the same input gives the same output, in any order",
                    test_deterministic);
    g_test_add_func("/timeline/worlds: two spans of a plan joined by id are the whole", test_union);
    g_test_add_func("/timeline/worlds: every answer is lawful", test_lawful);
    g_test_add_func("/timeline/worlds: a year of a commune is little work", test_year);
}
