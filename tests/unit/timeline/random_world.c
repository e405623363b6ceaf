/* Everything lies within a few hours, mostly on full minutes, so that it meets. */
#include "random_world.h"

#include <stdio.h>
#include <string.h>

/* splitmix64, Steele, Lea and Flood 2014 */
uint64_t random_next(Random *self)
{
    uint64_t value = self->state += UINT64_C(0x9e3779b97f4a7c15);
    value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
    return value ^ value >> 31;
}

int64_t random_below(Random *self, int64_t below)
{
    return (int64_t)(random_next(self) % (uint64_t)below);
}

bool random_chance(Random *self, int percent)
{
    return random_below(self, 100) < percent;
}

static int64_t some_time(Random *random, int64_t from_us, int hours)
{
    int64_t time_us = from_us + random_below(random, hours * 60) * MINUTE_US;
    return random_chance(random, 10) ? time_us + random_below(random, MINUTE_US) : time_us;
}

static int64_t some_length(Random *random)
{
    return random_chance(random, 70) ? (1 + random_below(random, 12)) * MINUTE_US
                                     : 1 + random_below(random, 40 * MINUTE_US);
}

static uint32_t some_outputs(Random *random)
{
    return random_chance(random, 70) ? 0 : 1 + random_below(random, 7);
}

static void add_airing(World *world, Random *random, int64_t from_us, int hours, unsigned number)
{
    char id[16];
    snprintf(id, sizeof id, "%c%u", (char)('a' + random_below(random, 26)), number);
    TimelineAiring *airing = world_airing(world, id, "00:00", some_length(random));
    airing->start_us = some_time(random, from_us, hours);
    airing->rank = RANK_LIVE + random_below(random, 5);
    airing->class = airing->rank == RANK_PRIORITY ? CLASS_PRIORITY : CLASS_NORMAL;
    airing->on_preempt = random_below(random, 3);
    airing->outputs = some_outputs(random);
    airing->level = random_below(random, 3);
    airing->order = random_chance(random, 20) ? random_below(random, 3) : 0;
    airing->came_us = random_below(random, 5);
    airing->gain_mdb = -1000 * random_below(random, 3);
    if (random_chance(random, 50))
        airing->tolerance_us = random_below(random, 40) * MINUTE_US;
    if (random_chance(random, 20))
        airing->valid_until_us =
            airing->start_us + random_below(random, 60) * MINUTE_US - MINUTE_US;
    if (random_chance(random, 10))
        airing->known_us = airing->start_us + random_below(random, 20) * MINUTE_US;
    bool streams = airing->rank == RANK_RELAY || airing->rank == RANK_LIVE;
    ((TimelineItem *)airing->items)->stream = streams;
    while (airing->n_items < WORLD_ITEMS && random_chance(random, 25))
        world_item(world, airing, some_length(random), streams || random_chance(random, 20));
}

static void add_alert(World *world, Random *random, int64_t from_us, int hours, unsigned number)
{
    char id[16];
    snprintf(id, sizeof id, "%c-alert%u", (char)('a' + random_below(random, 26)), number);
    TimelineEvent *alert = world_alert(world, id, "00:00", some_length(random));
    alert->at_us = some_time(random, from_us, hours);
    alert->outputs = some_outputs(random);
    alert->severity = random_below(random, 3);
    alert->level = random_below(random, 2);
    alert->every_us = random_chance(random, 60) ? (5 + random_below(random, 40)) * MINUTE_US : 0;
    if (random_chance(random, 80))
        alert->until_us = alert->at_us + (1 + random_below(random, 180)) * MINUTE_US;
}

static const char *some_id(const World *world, Random *random)
{
    return world->names[random_below(random, world->n_names)];
}

static void add_event(World *world, Random *random, int64_t from_us, int hours)
{
    static const TimelineEventKind kinds[] = {
        TIMELINE_CANCEL, TIMELINE_LOCAL_STOP, TIMELINE_OFF,    TIMELINE_FAILED,
        TIMELINE_ENDED,  TIMELINE_CONFIRM,    TIMELINE_STARTED};
    static const Reason reasons[] = {REASON_NO_POWER, REASON_RESTART, REASON_NO_TIME};
    TimelineEventKind kind = kinds[random_below(random, G_N_ELEMENTS(kinds))];
    TimelineEvent *event = &world->events[world->n_events++];
    *event = (TimelineEvent){.kind = kind, .at_us = some_time(random, from_us, hours)};
    if (kind != TIMELINE_LOCAL_STOP && kind != TIMELINE_OFF)
        event->id = some_id(world, random);
    if (kind == TIMELINE_LOCAL_STOP)
        event->outputs = some_outputs(random);
    if (kind == TIMELINE_STARTED) {
        const TimelineAiring *airing = &world->airings[random_below(random, world->n_airings)];
        event->id = airing->id;
        event->at_us =
            MAX(airing->start_us, airing->known_us) + random_below(random, 9) * MINUTE_US;
    }
    if (kind == TIMELINE_FAILED)
        event->reason = REASON_NO_MEDIA;
    if (kind == TIMELINE_OFF) {
        event->reason = reasons[random_below(random, G_N_ELEMENTS(reasons))];
        event->clock_lost = random_chance(random, 20);
    }
    if (random_chance(random, 70) || kind == TIMELINE_OFF)
        event->until_us = event->at_us + (1 + random_below(random, 40)) * MINUTE_US;
}

static TimelineSpan some_span(Random *random)
{
    return (TimelineSpan){random_below(random, 1440), random_below(random, 1441)};
}

/* Spans live in the policy's own pocket at the end of the world's items: borrowed, never freed. */
typedef struct Pocket {
    TimelineSpan quiet[2];
    TimelineWindow windows[2];
    TimelineCeiling ceilings[2];
} Pocket;
G_STATIC_ASSERT(sizeof(Pocket) <= sizeof(TimelineItem[WORLD_ITEMS]));

static void add_policy(World *world, Random *random)
{
    Pocket *pocket = (Pocket *)world->items[world->n_items++];
    TimelinePolicy *policy = world_policy(world);
    policy->states_quiet = random_chance(random, 50);
    policy->quiet = pocket->quiet;
    policy->n_quiet = random_below(random, 2);
    pocket->quiet[0] = some_span(random);
    policy->windows = pocket->windows;
    policy->n_windows = random_chance(random, 30) ? 2 : 0;
    for (unsigned i = 0; i < policy->n_windows; i++)
        pocket->windows[i] = (TimelineWindow){random_below(random, 128), some_span(random)};
    policy->ceilings = pocket->ceilings;
    policy->n_ceilings = random_below(random, 3);
    for (unsigned i = 0; i < policy->n_ceilings; i++)
        pocket->ceilings[i] =
            (TimelineCeiling){some_span(random), -500 * random_below(random, 20), 0};
    policy->hardware_mdb = random_chance(random, 10) ? -1500 : 0;
    policy->session_min = random_chance(random, 10) ? 30 : 0;
    policy->day_min = random_chance(random, 10) ? 60 : 0;
    policy->max_move_us = random_chance(random, 20) ? 20 * MINUTE_US : 0;
}

World *random_world(uint64_t seed)
{
    Random random = {seed};
    World *world = world_new();
    int hours = 1 + random_below(&random, 8);
    unsigned airings = 1 + random_below(&random, 30);
    unsigned alerts =
        random_chance(&random, 50) ? random_below(&random, 4) : random_below(&random, 10);
    unsigned events = random_chance(&random, 50) ? random_below(&random, 8) : 0;
    int64_t from_us = at("0 00:00") + random_below(&random, 48) * HOUR_US;
    for (unsigned i = 0; i < airings; i++)
        add_airing(world, &random, from_us, hours, i);
    for (unsigned i = 0; i < alerts; i++)
        add_alert(world, &random, from_us, hours, i);
    for (unsigned i = 0; i < events; i++)
        add_event(world, &random, from_us, hours);
    for (unsigned i = random_below(&random, 4); i > 0; i--)
        add_policy(world, &random);
    world->now_us = some_time(&random, from_us, hours);
    return world;
}

static void shuffle(void *data, unsigned length, size_t size, Random *random)
{
    char held[sizeof(TimelineAiring) + sizeof(TimelineEvent)];
    char *bytes = data;
    for (unsigned i = length; i > 1; i--) {
        unsigned k = random_below(random, i);
        memcpy(held, bytes + (i - 1) * size, size);
        memmove(bytes + (i - 1) * size, bytes + k * size, size);
        memcpy(bytes + k * size, held, size);
    }
}

World *random_shuffled(const World *world, uint64_t seed)
{
    Random random = {seed};
    World *copy =
        g_memdup2(world, sizeof *world); /* still borrows the ids and items of the first */
    shuffle(copy->airings, copy->n_airings, sizeof *copy->airings, &random);
    shuffle(copy->events, copy->n_events, sizeof *copy->events, &random);
    return copy;
}
