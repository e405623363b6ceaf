/* The timeline is asked about the order alone, under the policies of one place after the other. The
 * places are the targets themselves and every area below them that says something of its own and
 * has stations: a province's order meets the tighter hours of each commune when it is saved, not
 * when the horns stay silent. Nothing is late in a trial: a start in closed hours is a breach even
 * if it could wait. */
#include "schedule/trial.h"

#include <string.h>

#include "registry/station_store.h"

#define DAY_US (INT64_C(86400) * G_USEC_PER_SEC)
#define WEEK   7 /* starts that show every weekday */

struct Trial {
    TrialSettings settings;
    int64_t length_us;
    GArray *starts;    /* int64_t */
    GPtrArray *places; /* TrialPlace* */
    GHashTable *seen;  /* area ids */
};

static void place_free(gpointer data)
{
    TrialPlace *place = data;
    area_free(place->area);
    g_clear_pointer(&place->policies, g_ptr_array_unref);
    g_clear_pointer(&place->levels, g_array_unref);
    g_clear_pointer(&place->offsets, g_array_unref);
    g_free(place);
}

void trial_free(Trial *self)
{
    if (!self)
        return;
    g_array_unref(self->starts);
    g_ptr_array_unref(self->places);
    g_hash_table_unref(self->seen);
    g_free(self);
}

GPtrArray *trial_places(const Trial *self)
{
    return g_ptr_array_ref(self->places);
}

unsigned trial_starts(const Trial *self)
{
    return self->starts->len;
}

int64_t trial_first_us(const Trial *self)
{
    return self->starts->len ? g_array_index(self->starts, int64_t, 0) : 0;
}

bool trial_asks(const Trial *self, int64_t recurrence_us)
{
    const TrialSettings *settings = &self->settings;
    return recurrence_us >= settings->from_recurrence_us &&
           (!settings->until_recurrence_us || recurrence_us < settings->until_recurrence_us);
}

int64_t trial_last_us(const Trial *self)
{
    unsigned length = self->starts->len;
    return length == TRIAL_STARTS_MAX ? trial_first_us(self) + TRIAL_DAYS * DAY_US
           : length                   ? g_array_index(self->starts, int64_t, length - 1)
                                      : 0;
}

static bool is_asked(const Trial *self, const SeriesOccurrence *one)
{
    const TrialSettings *settings = &self->settings;
    return one->fate == SERIES_PLAYS && trial_asks(self, one->recurrence_us) &&
           (!settings->valid_until_us || one->start_us < settings->valid_until_us);
}

static void fill_starts(Trial *self)
{
    const TrialSettings *settings = &self->settings;
    Series series = broadcast_series(settings->draft);
    int64_t from_us = settings->now_us;
    SeriesOccurrence next;
    if (series_next(&series, from_us, &next))
        from_us = MAX(from_us, next.start_us);
    g_autoptr(GArray) list = broadcast_plays(settings->draft, settings->length_us, from_us,
                                             from_us + TRIAL_DAYS * DAY_US);
    for (unsigned i = 0; i < list->len && self->starts->len < TRIAL_STARTS_MAX; i++) {
        const SeriesOccurrence *one = &g_array_index(list, SeriesOccurrence, i);
        if (is_asked(self, one))
            g_array_append_val(self->starts, one->start_us);
    }
}

/* Offsets around each start, each once. */
static GArray *offsets_of(const Trial *self, const char *zone)
{
    GArray *offsets = g_array_new(FALSE, FALSE, sizeof(TimelineOffset));
    for (unsigned i = 0; i < self->starts->len; i++) {
        int64_t at_us = g_array_index(self->starts, int64_t, i);
        TimelineOffset one = {.from_us = at_us, .offset_s = recurrence_offset_s(zone, at_us)};
        if (!offsets->len ||
            g_array_index(offsets, TimelineOffset, offsets->len - 1).offset_s != one.offset_s)
            g_array_append_val(offsets, one);
    }
    return offsets;
}

/* An area that the order leaves out as a whole has nothing to say. */
static bool is_left_out(const Broadcast *draft, const char *path)
{
    for (unsigned i = 0; i < draft->targets->len; i++) {
        const BroadcastTarget *target = g_ptr_array_index(draft->targets, i);
        g_autofree char *piece = g_strconcat("/", target->id, "/", NULL);
        if (target->exclude && target->kind == TARGET_AREA && strstr(path, piece))
            return true;
    }
    return false;
}

static bool add_place(Trial *self, const char *id, bool is_below, GError **error)
{
    if (self->places->len >= TRIAL_PLACES_MAX || !g_hash_table_add(self->seen, g_strdup(id)))
        return true;
    g_autoptr(GError) failed = NULL;
    g_autoptr(Area) area = area_store_get(self->settings.database, id, &failed);
    if (failed)
        g_propagate_error(error, g_steal_pointer(&failed));
    if (!area || is_left_out(self->settings.draft, area->path))
        return !error || !*error;
    GPtrArray *policies = policy_store_path(self->settings.database, area->path, error);
    if (!policies)
        return false;
    TrialPlace *place = g_new0(TrialPlace, 1);
    place->is_below = is_below;
    place->policies = policies;
    place->levels = policy_timeline(policies);
    place->offsets = offsets_of(self, area->zone);
    place->area = g_steal_pointer(&area);
    g_ptr_array_add(self->places, place);
    return true;
}

static bool add_area(Trial *self, const char *id, GError **error)
{
    g_autoptr(GPtrArray) below = policy_store_below(self->settings.database, id, error);
    if (!below || !add_place(self, id, false, error))
        return false;
    for (unsigned i = 0; i < below->len; i++)
        if (!add_place(self, g_ptr_array_index(below, i), true, error))
            return false;
    return true;
}

static bool add_named(Trial *self, bool is_station, const char *id, GError **error)
{
    if (!is_station)
        return add_area(self, id, error);
    g_autoptr(GError) failed = NULL;
    g_autoptr(Station) station = station_store_get(self->settings.database, id, &failed);
    if (failed)
        g_propagate_error(error, g_steal_pointer(&failed));
    return station ? add_place(self, station->area, false, error) : !error || !*error;
}

static bool add_target(Trial *self, const BroadcastTarget *target, GError **error)
{
    if (target->exclude)
        return true;
    if (target->kind != TARGET_GROUP)
        return add_named(self, target->kind == TARGET_STATION, target->id, error);
    for (unsigned i = 0; target->members && i < target->members->len; i++) {
        const GroupMember *member = g_ptr_array_index(target->members, i);
        bool sounds = member->state == GROUP_OWN || member->accepted_area;
        if (sounds && !add_named(self, member->kind == GROUP_STATION, member->id, error))
            return false;
    }
    return true;
}

Trial *trial_new(const TrialSettings *settings, GError **error)
{
    g_autoptr(Trial) self = g_new0(Trial, 1);
    self->settings = *settings;
    self->length_us = MAX(settings->length_us, G_USEC_PER_SEC);
    self->starts = g_array_new(FALSE, FALSE, sizeof(int64_t));
    self->places = g_ptr_array_new_with_free_func(place_free);
    self->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GError) failed = NULL;
    fill_starts(self);
    for (unsigned i = 0; i < settings->draft->targets->len && !failed; i++)
        add_target(self, g_ptr_array_index(settings->draft->targets, i), &failed);
    if (!failed)
        return g_steal_pointer(&self);
    g_propagate_error(error, g_steal_pointer(&failed));
    return NULL;
}

static bool is_against(const TimelineFate *fate)
{
    TimelineRule rule = fate->rule;
    bool hours = rule == TIMELINE_RULE_QUIET || rule == TIMELINE_RULE_WINDOW ||
                 rule == TIMELINE_RULE_MOVE_HOURS;
    bool minutes = rule == TIMELINE_RULE_SESSION_MINUTES || rule == TIMELINE_RULE_DAY_MINUTES;
    return (hours || minutes) && fate->outcome != OUTCOME_PLAYED;
}

/* What one place has against the first `length` starts, moved; nothing where `count` is 0. */
static TrialBreach judge(const Trial *self, const TrialPlace *place, unsigned length, int64_t by_us)
{
    TrialBreach breach = {.place = place};
    TimelineItem item = {.length_us = self->length_us};
    bool priority = self->settings.draft->class == CLASS_PRIORITY;
    g_autofree TimelineAiring *airings = g_new0(TimelineAiring, length + 1);
    g_autofree char *ids = g_malloc0((size_t)length * 8 + 1);
    for (unsigned i = 0; i < length; i++) {
        g_snprintf(ids + (size_t)i * 8, 8, "%u", i);
        airings[i] = (TimelineAiring){.id = ids + (size_t)i * 8,
                                      .start_us = g_array_index(self->starts, int64_t, i) + by_us,
                                      .class = self->settings.draft->class,
                                      .rank = priority ? RANK_PRIORITY : RANK_NORMAL,
                                      .items = &item,
                                      .n_items = 1};
    }
    TimelinePolicies policies = {.data = (const TimelinePolicy *)(const void *)place->levels->data,
                                 .length = place->levels->len,
                                 .offsets =
                                     (const TimelineOffset *)(const void *)place->offsets->data,
                                 .n_offsets = place->offsets->len};
    g_autoptr(Timeline) timeline =
        timeline_resolve((TimelineAirings){airings, length}, (TimelineEvents){0}, policies, 0);
    for (unsigned i = 0; i < length; i++) {
        if (!is_against(&timeline->fates[i]) || breach.count++ > 0)
            continue;
        breach.start_us = airings[i].start_us;
        breach.rule = timeline->fates[i].rule;
    }
    return breach;
}

GArray *trial_breaches(const Trial *self)
{
    GArray *breaches = g_array_new(FALSE, FALSE, sizeof(TrialBreach));
    for (unsigned i = 0; i < self->places->len; i++) {
        TrialBreach breach = judge(self, g_ptr_array_index(self->places, i), self->starts->len, 0);
        if (breach.count > 0)
            g_array_append_val(breaches, breach);
    }
    return breaches;
}

bool trial_fits(const Trial *self, int64_t by_us)
{
    unsigned length = MIN(self->starts->len, WEEK);
    for (unsigned i = 0; i < self->places->len; i++)
        if (judge(self, g_ptr_array_index(self->places, i), length, by_us).count > 0)
            return false;
    return true;
}
