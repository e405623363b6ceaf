/* A small world for tests of the timeline: airings and events by name, times as "17:02", and the
 * answer as text. Day 0 is Monday 2 March 2026, local time UTC+7. */
#pragma once

#include "timeline/timeline.h"

#define SECOND_US   INT64_C(1000000)
#define MINUTE_US   TIMELINE_MINUTE_US
#define HOUR_US     (60 * MINUTE_US)
#define DAY_US      (24 * HOUR_US)
#define WORLD_MAX   64
#define WORLD_ITEMS 4

typedef struct World {
    TimelineAiring airings[WORLD_MAX];
    unsigned n_airings;
    TimelineEvent events[WORLD_MAX];
    unsigned n_events;
    TimelinePolicy policies[4];
    unsigned n_policies;
    TimelineItem items[2 * WORLD_MAX][WORLD_ITEMS];
    unsigned n_items;
    char names[2 * WORLD_MAX][16];
    unsigned n_names;
    int64_t now_us;
} World;

extern const TimelineOffset world_offset; /* UTC+7 */

World *world_new(void);
void world_free(World *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(World, world_free)

/* "17:02" or "17:02:30" or "1 05:00" (day 1), local. */
int64_t at(const char *clock);

/* A normal airing with one file; change it further through the pointer. */
TimelineAiring *world_airing(World *self, const char *id, const char *start, int64_t length_us);
TimelineAiring *world_relay(World *self, const char *id, const char *start, int64_t length_us);
/* Adds an item behind the others. */
void world_item(World *self, TimelineAiring *airing, int64_t length_us, bool stream);
TimelineEvent *world_event(World *self, TimelineEventKind kind, const char *id, const char *start);
TimelineEvent *world_alert(World *self, const char *id, const char *start, int64_t length_us);
TimelinePolicy *world_policy(World *self);

Timeline *world_resolve(const World *self);
/* One line per piece and absence:
 * "05:00:00-05:30:00 relay+0 nominal" and "17:10:00 news missed/expired expired". */
char *world_text(const World *self, const Timeline *timeline);
/* Resolves and compares. */
void world_expect(const World *self, const char *text);
const TimelineFate *world_fate(const World *self, const Timeline *timeline, const char *id);
