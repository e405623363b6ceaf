/* What a broadcast is and whom it reaches. Excluding wins over including, however deep either
 * stands in the tree, so that "the whole province but not this village" needs no order of rows. */
#include "schedule/broadcast.h"

const char *const broadcast_kind_words[] = {"now", "once", "daily", "rule", NULL};
const char *const target_kind_words[] = {"area", "station", NULL};

static void target_free(gpointer data)
{
    BroadcastTarget *target = data;
    g_free(target->id);
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
    g_free(self->area);
    g_free(self->until);
    g_free(self->zone);
    g_free(self->rrule);
    g_free(self->calendar);
    g_clear_pointer(&self->rdates, g_array_unref);
    g_clear_pointer(&self->exdates, g_array_unref);
    g_clear_pointer(&self->overrides, g_array_unref);
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

void broadcast_add_date(Broadcast *self, bool except, int64_t at_us)
{
    GArray **dates = except ? &self->exdates : &self->rdates;
    if (!*dates)
        *dates = g_array_new(FALSE, FALSE, sizeof(int64_t));
    unsigned length = (*dates)->len;
    bool later = !length || g_array_index(*dates, int64_t, length - 1) < at_us;
    if (!later && g_array_binary_search(*dates, &at_us, compare_dates, NULL))
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

static bool target_names(const BroadcastTarget *target, const char *station,
                         const GPtrArray *area_path)
{
    return target->kind == TARGET_STATION ? g_str_equal(target->id, station)
                                          : on_path(area_path, target->id);
}

bool broadcast_reaches(const Broadcast *self, const char *station, const GPtrArray *area_path)
{
    if (!on_path(area_path, self->area))
        return false;
    bool included = false;
    for (unsigned i = 0; i < self->targets->len; i++) {
        const BroadcastTarget *target = g_ptr_array_index(self->targets, i);
        if (!target_names(target, station, area_path))
            continue;
        if (target->exclude)
            return false;
        included = true;
    }
    return included;
}

bool broadcast_may_reach(const Broadcast *self, const GPtrArray *area_path)
{
    if (!on_path(area_path, self->area))
        return false;
    for (unsigned i = 0; i < self->targets->len; i++) {
        const BroadcastTarget *target = g_ptr_array_index(self->targets, i);
        if (!target->exclude && (target->kind == TARGET_STATION || on_path(area_path, target->id)))
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
        .exdates = self->exdates,
        .overrides = self->overrides,
        .end_us = self->end_us,
        .holidays = self->holidays,
        .mode = self->holidays_mode,
        .gain_mdb = self->gain_mdb,
        .tolerance_s = self->tolerance_s,
    };
}
