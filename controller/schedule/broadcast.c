/* What a broadcast is and whom it reaches. Excluding wins over including, however deep either
 * stands in the tree, so that "the whole province but not this village" needs no order of rows; and
 * it needs no acceptance: leaving somebody out harms nobody. */
#include "schedule/broadcast.h"

const char *const broadcast_kind_words[] = {"now", "once", "daily", "rule", NULL};
const char *const target_kind_words[] = {"area", "station", "group", NULL};

static void target_free(gpointer data)
{
    BroadcastTarget *target = data;
    g_free(target->id);
    g_clear_pointer(&target->members, g_ptr_array_unref);
    g_free(target);
}

Broadcast *broadcast_new(void)
{
    Broadcast *self = g_new0(Broadcast, 1);
    self->targets = g_ptr_array_new_with_free_func(target_free);
    return self;
}

void broadcast_free(Broadcast *self)
{
    if (!self)
        return;
    g_free(self->id);
    g_free(self->bulletin);
    g_free(self->programme);
    g_free(self->scope);
    g_free(self->area);
    g_free(self->until);
    g_free(self->zone);
    g_free(self->rrule);
    g_free(self->calendar);
    g_clear_pointer(&self->rdates, g_array_unref);
    g_clear_pointer(&self->exdates, g_array_unref);
    g_clear_pointer(&self->overrides, g_array_unref);
    g_clear_pointer(&self->parts, g_ptr_array_unref);
    g_clear_pointer(&self->series_parts, g_array_unref);
    holiday_calendar_unref(self->holidays);
    g_free(self->created_by);
    g_free(self->created_by_name);
    g_ptr_array_unref(self->targets);
    g_free(self);
}

void broadcast_add_target(Broadcast *self, TargetKind kind, const char *id, bool exclude)
{
    BroadcastTarget *target = g_new0(BroadcastTarget, 1);
    target->kind = kind;
    target->id = g_strdup(id);
    target->exclude = exclude;
    g_ptr_array_add(self->targets, target);
}

static int compare_dates(gconstpointer left, gconstpointer right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

bool broadcast_has_date(const GArray *dates, int64_t at_us)
{
    return dates && g_array_binary_search((GArray *)dates, &at_us, compare_dates, NULL);
}

void broadcast_add_date(Broadcast *self, bool except, int64_t at_us)
{
    GArray **dates = except ? &self->exdates : &self->rdates;
    if (!*dates)
        *dates = g_array_new(FALSE, FALSE, sizeof(int64_t));
    unsigned length = (*dates)->len;
    bool later = !length || g_array_index(*dates, int64_t, length - 1) < at_us;
    if (!later && broadcast_has_date(*dates, at_us))
        return;
    g_array_append_val(*dates, at_us);
    if (!later)
        g_array_sort(*dates, compare_dates);
}

void broadcast_add_override(Broadcast *self, const SeriesOverride *override)
{
    if (!self->overrides)
        self->overrides = g_array_new(FALSE, FALSE, sizeof(SeriesOverride));
    g_array_append_vals(self->overrides, override, 1);
}

static void part_free(gpointer data)
{
    BroadcastPart *part = data;
    g_free(part->until);
    g_free(part->rrule);
    g_free(part->zone);
    g_free(part->calendar);
    holiday_calendar_unref(part->holidays);
    g_free(part);
}

void broadcast_add_part(Broadcast *self, int64_t from_us, const Broadcast *rule)
{
    if (!self->parts)
        self->parts = g_ptr_array_new_with_free_func(part_free);
    if (!self->series_parts)
        self->series_parts = g_array_new(FALSE, FALSE, sizeof(SeriesPart));
    BroadcastPart *part = g_new0(BroadcastPart, 1);
    *part = (BroadcastPart){.from_us = from_us,
                            .start_us = rule->start_us,
                            .until = g_strdup(rule->until),
                            .rrule = g_strdup(rule->rrule),
                            .lunar = rule->lunar,
                            .zone = g_strdup(rule->zone ? rule->zone : self->zone),
                            .calendar = g_strdup(rule->calendar),
                            .holidays_mode = rule->holidays_mode};
    part->holidays = rule->holidays ? holiday_calendar_ref(rule->holidays) : NULL;
    g_ptr_array_add(self->parts, part);
    bool daily = !part->rrule && !part->lunar.days;
    SeriesPart one = {.from_us = from_us,
                      .rule = {.kind = daily ? RECURRENCE_DAILY : RECURRENCE_RULE,
                               .start_us = part->start_us,
                               .until = part->until,
                               .zone = part->zone,
                               .rrule = part->rrule,
                               .lunar = part->lunar,
                               .rdates = self->rdates},
                      .holidays = part->holidays,
                      .mode = part->holidays_mode};
    g_array_append_val(self->series_parts, one);
}

bool broadcast_repeats(const Broadcast *self)
{
    return self->kind == BROADCAST_DAILY || self->kind == BROADCAST_RULE;
}

static bool on_path(const GPtrArray *area_path, const char *area)
{
    for (unsigned i = 0; i < area_path->len; i++)
        if (g_str_equal(g_ptr_array_index(area_path, i), area))
            return true;
    return false;
}

void broadcast_take_members(Broadcast *self, unsigned target, GPtrArray *take_members,
                            const char *owner)
{
    BroadcastTarget *group = g_ptr_array_index(self->targets, target);
    g_clear_pointer(&group->members, g_ptr_array_unref);
    group->members = take_members;
    for (unsigned i = 0; i < take_members->len; i++) {
        GroupMember *member = g_ptr_array_index(take_members, i);
        if (g_strcmp0(owner, self->area) != 0)
            g_clear_pointer(&member->accepted_area, g_free);
    }
}

/* A place and who asks about it: one station, or any of an area (station NULL). */
typedef struct Asked {
    const char *station;
    const GPtrArray *area_path;
    bool below; /* the issuer */
} Asked;

static bool names(bool is_station, const char *id, const Asked *asked)
{
    if (!is_station)
        return on_path(asked->area_path, id);
    return !asked->station || g_str_equal(id, asked->station);
}

static bool member_names(const GroupMember *member, bool exclude, const Asked *asked)
{
    if (!names(member->kind == GROUP_STATION, member->id, asked))
        return false;
    return exclude || asked->below ||
           (member->accepted_area && on_path(asked->area_path, member->accepted_area));
}

static bool target_names(const BroadcastTarget *target, const Asked *asked)
{
    if (target->kind != TARGET_GROUP)
        return (asked->below || target->exclude) &&
               names(target->kind == TARGET_STATION, target->id, asked);
    for (unsigned i = 0; target->members && i < target->members->len; i++)
        if (member_names(g_ptr_array_index(target->members, i), target->exclude, asked))
            return true;
    return false;
}

bool broadcast_reaches(const Broadcast *self, const char *station, const GPtrArray *area_path)
{
    Asked asked = {
        .station = station, .area_path = area_path, .below = on_path(area_path, self->area)};
    bool included = false;
    for (unsigned i = 0; i < self->targets->len; i++) {
        const BroadcastTarget *target = g_ptr_array_index(self->targets, i);
        if (!target_names(target, &asked))
            continue;
        if (target->exclude)
            return false;
        included = true;
    }
    return included;
}

bool broadcast_may_reach(const Broadcast *self, const GPtrArray *area_path)
{
    Asked asked = {.area_path = area_path, .below = on_path(area_path, self->area)};
    for (unsigned i = 0; i < self->targets->len; i++) {
        const BroadcastTarget *target = g_ptr_array_index(self->targets, i);
        if (!target->exclude && target_names(target, &asked))
            return true;
    }
    return false;
}

Recurrence broadcast_rule(const Broadcast *self)
{
    static const RecurrenceKind kinds[] = {[BROADCAST_NOW] = RECURRENCE_ONCE,
                                           [BROADCAST_ONCE] = RECURRENCE_ONCE,
                                           [BROADCAST_DAILY] = RECURRENCE_DAILY,
                                           [BROADCAST_RULE] = RECURRENCE_RULE};
    return (Recurrence){
        .kind = kinds[self->kind],
        .start_us = self->start_us,
        .until = self->until,
        .zone = self->zone,
        .rrule = self->rrule,
        .lunar = self->lunar,
        .rdates = self->rdates,
    };
}

Series broadcast_series(const Broadcast *self)
{
    return (Series){
        .rule = broadcast_rule(self),
        .parts = self->series_parts,
        .exdates = self->exdates,
        .overrides = self->overrides,
        .end_us = self->end_us,
        .holidays = self->holidays,
        .mode = self->holidays_mode,
        .gain_mdb = self->gain_mdb,
        .tolerance_s = self->tolerance_s,
        .manner = {.repeats = self->repeats,
                   .gap_s = self->gap_s,
                   .on_preempt = self->on_preempt,
                   .filler = self->filler},
    };
}

static int compare_plays(gconstpointer left, gconstpointer right)
{
    const SeriesOccurrence *a = left, *b = right;
    if (a->start_us != b->start_us)
        return a->start_us < b->start_us ? -1 : 1;
    if (a->recurrence_us != b->recurrence_us)
        return a->recurrence_us < b->recurrence_us ? -1 : 1;
    return (a->repeat > b->repeat) - (a->repeat < b->repeat);
}

static int64_t step_us(const SeriesManner *manner, int64_t length_us)
{
    return length_us + manner->gap_s * G_USEC_PER_SEC;
}

static int64_t reach_us(const SeriesManner *manner, int64_t length_us)
{
    return manner->repeats > 1 ? (manner->repeats - 1) * step_us(manner, length_us) : 0;
}

/* From the first to the last play, of the occurrence for which that is most. */
static int64_t most_reach_us(const Broadcast *self, const Series *series, int64_t length_us)
{
    int64_t most_us = reach_us(&series->manner, length_us);
    for (unsigned i = 0; self->overrides && i < self->overrides->len; i++) {
        const SeriesOverride *one = &g_array_index(self->overrides, SeriesOverride, i);
        if (one->sets_repeat)
            most_us = MAX(most_us, reach_us(&one->manner, length_us));
    }
    return most_us;
}

GArray *broadcast_plays(const Broadcast *self, int64_t length_us, int64_t from_us, int64_t to_us)
{
    Series series = broadcast_series(self);
    int64_t most_us = most_reach_us(self, &series, length_us);
    if (most_us == 0)
        return series_expand(&series, from_us, to_us);
    g_autoptr(GArray) list = series_expand(&series, from_us - most_us, to_us);
    GArray *plays = g_array_new(FALSE, FALSE, sizeof(SeriesOccurrence));
    for (unsigned i = 0; i < list->len; i++) {
        SeriesOccurrence one = g_array_index(list, SeriesOccurrence, i);
        unsigned plays_in_all = MAX(one.manner.repeats, 1);
        for (; one.repeat < plays_in_all;
             one.repeat++, one.start_us += step_us(&one.manner, length_us))
            if (one.start_us >= from_us && one.start_us < to_us)
                g_array_append_val(plays, one);
    }
    g_array_sort(plays, compare_plays);
    return plays;
}
