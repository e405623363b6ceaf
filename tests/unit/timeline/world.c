/* Builds worlds and writes down what becomes of them. */
#include "world.h"

#include <stdio.h>
#include <string.h>

#define MONDAY_US (INT64_C(1772384400) * G_USEC_PER_SEC) /* 2026-03-02 00:00 +07:00 */

const TimelineOffset world_offset = {0, 7 * 3600};

World *world_new(void)
{
    World *self = g_new0(World, 1);
    self->now_us = at("0 12:00");
    return self;
}

void world_free(World *self)
{
    g_free(self);
}

int64_t at(const char *clock)
{
    int day = 0, hour = 0, minute = 0, second = 0;
    if (strchr(clock, ' '))
        g_assert_cmpint(sscanf(clock, "%d %d:%d:%d", &day, &hour, &minute, &second), >=, 3);
    else
        g_assert_cmpint(sscanf(clock, "%d:%d:%d", &hour, &minute, &second), >=, 2);
    return MONDAY_US + ((day * 24 + hour) * 60 + minute) * MINUTE_US + second * SECOND_US;
}

static const char *keep(World *self, const char *name)
{
    g_assert_cmpuint(self->n_names, <, G_N_ELEMENTS(self->names));
    char *kept = self->names[self->n_names++];
    g_strlcpy(kept, name, sizeof self->names[0]);
    return kept;
}

static TimelineItem *new_items(World *self, int64_t length_us, bool stream)
{
    g_assert_cmpuint(self->n_items, <, G_N_ELEMENTS(self->items));
    TimelineItem *items = self->items[self->n_items++];
    items[0] = (TimelineItem){length_us, stream};
    return items;
}

TimelineAiring *world_airing(World *self, const char *id, const char *start, int64_t length_us)
{
    g_assert_cmpuint(self->n_airings, <, WORLD_MAX);
    TimelineAiring *airing = &self->airings[self->n_airings++];
    *airing = (TimelineAiring){
        .id = keep(self, id),
        .start_us = at(start),
        .tolerance_us = -1,
        .level = 1,
        .rank = RANK_NORMAL,
        .items = new_items(self, length_us, false),
        .n_items = 1,
    };
    return airing;
}

TimelineAiring *world_relay(World *self, const char *id, const char *start, int64_t length_us)
{
    TimelineAiring *airing = world_airing(self, id, start, length_us);
    airing->rank = RANK_RELAY;
    ((TimelineItem *)airing->items)->stream = true;
    return airing;
}

void world_item(G_GNUC_UNUSED World *self, TimelineAiring *airing, int64_t length_us, bool stream)
{
    g_assert_cmpuint(airing->n_items, <, WORLD_ITEMS);
    TimelineItem *items = (TimelineItem *)airing->items;
    items[airing->n_items++] = (TimelineItem){length_us, stream};
}

TimelineEvent *world_event(World *self, TimelineEventKind kind, const char *id, const char *start)
{
    g_assert_cmpuint(self->n_events, <, WORLD_MAX);
    TimelineEvent *event = &self->events[self->n_events++];
    *event = (TimelineEvent){.kind = kind, .id = id ? keep(self, id) : NULL, .at_us = at(start)};
    return event;
}

TimelineEvent *world_alert(World *self, const char *id, const char *start, int64_t length_us)
{
    TimelineEvent *event = world_event(self, TIMELINE_ALERT, id, start);
    event->items = new_items(self, length_us, false);
    event->n_items = 1;
    return event;
}

TimelinePolicy *world_policy(World *self)
{
    g_assert_cmpuint(self->n_policies, <, G_N_ELEMENTS(self->policies));
    return &self->policies[self->n_policies++];
}

static TimelineAirings airings_of(const World *self)
{
    return (TimelineAirings){self->airings, self->n_airings};
}

static TimelineEvents events_of(const World *self)
{
    return (TimelineEvents){self->events, self->n_events};
}

Timeline *world_resolve(const World *self)
{
    TimelinePolicies policies = {self->policies, self->n_policies, &world_offset, 1};
    return timeline_resolve(airings_of(self), events_of(self), policies, self->now_us);
}

static void add_time(GString *text, int64_t time_us)
{
    int64_t local = time_us - MONDAY_US;
    int64_t second = local / SECOND_US % 86400;
    if (local >= DAY_US)
        g_string_append_printf(text, "%d ", (int)(local / DAY_US));
    g_string_append_printf(text, "%02d:%02d:%02d", (int)(second / 3600), (int)(second / 60 % 60),
                           (int)(second % 60));
    if (local % SECOND_US)
        g_string_append_printf(text, ".%06d", (int)(local % SECOND_US));
}

static void add_who(GString *text, const World *self, TimelineWho who, unsigned repeat)
{
    g_string_append(text, timeline_id(airings_of(self), events_of(self), who));
    if (repeat)
        g_string_append_printf(text, "#%u", repeat);
}

static void add_rule(GString *text, const World *self, TimelineRule rule, TimelineWho by)
{
    g_string_append_printf(text, " %s", timeline_rule_words[rule]);
    const char *other = timeline_id(airings_of(self), events_of(self), by);
    if (other)
        g_string_append_printf(text, "(%s)", other);
}

char *world_text(const World *self, const Timeline *timeline)
{
    static const char *const limits[] = {"", " start_by", " validity", " slot"};
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < timeline->n_pieces; i++) {
        const TimelinePiece *piece = &timeline->pieces[i];
        add_time(text, piece->from_us);
        g_string_append_c(text, '-');
        add_time(text, piece->until_us);
        g_string_append_c(text, ' ');
        add_who(text, self, piece->who, piece->repeat);
        if (piece->item)
            g_string_append_printf(text, "/%u", piece->item);
        if (piece->offset_us)
            g_string_append_printf(text, "+%" G_GINT64_FORMAT, piece->offset_us / SECOND_US);
        if (piece->gain_mdb)
            g_string_append_printf(text, " %d", piece->gain_mdb);
        add_rule(text, self, piece->rule, piece->by);
        if (piece->end_rule != TIMELINE_RULE_COMPLETE)
            g_string_append(text, " >"), add_rule(text, self, piece->end_rule, piece->end_by);
        g_string_append_c(text, '\n');
    }
    for (unsigned i = 0; i < timeline->n_absences; i++) {
        const TimelineAbsence *absence = &timeline->absences[i];
        g_string_append(text, "- ");
        add_time(text, absence->at_us);
        g_string_append_c(text, ' ');
        add_who(text, self, absence->who, absence->repeat);
        g_string_append_printf(text, " %s%s%s", outcome_words[absence->outcome],
                               absence->reason ? "/" : "", reason_words[absence->reason]);
        add_rule(text, self, absence->rule, absence->by);
        g_string_append_printf(text, "%s\n", limits[absence->limit]);
    }
    return g_string_free(text, FALSE);
}

void world_expect(const World *self, const char *text)
{
    g_autoptr(Timeline) timeline = world_resolve(self);
    g_autofree char *got = world_text(self, timeline);
    g_assert_cmpstr(got, ==, text);
}

const TimelineFate *world_fate(const World *self, const Timeline *timeline, const char *id)
{
    for (unsigned i = 0; i < self->n_airings; i++)
        if (g_str_equal(self->airings[i].id, id))
            return &timeline->fates[i];
    g_assert_not_reached();
}
