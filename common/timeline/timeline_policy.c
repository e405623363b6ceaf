/* The policies of all levels as one set of rules.
 *
 * Minutes of the local week are bits: what a level forbids is or-ed to what the levels above it
 * forbid, so a child can only tighten, whatever it says. Quiet hours that nobody states are the
 * default ones; only the top area can replace those. Local time comes from the offsets that are
 * given, never from zone data. */
#include "timeline/timeline_private.h"

#define DAY_US (1440 * TIMELINE_MINUTE_US)

static int64_t floor_div(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

static const TimelineOffset *offset_at(const Rules *self, int64_t at_us)
{
    const TimelineOffset *found = self->offsets;
    for (unsigned i = 1; i < self->n_offsets && self->offsets[i].from_us <= at_us; i++)
        found = &self->offsets[i];
    return found;
}

static int64_t local_us(const Rules *self, int64_t at_us)
{
    return self->n_offsets ? at_us + offset_at(self, at_us)->offset_s * INT64_C(1000000) : at_us;
}

/* The next change of the offset after an instant. */
static int64_t offset_until(const Rules *self, int64_t at_us)
{
    for (unsigned i = 1; i < self->n_offsets; i++)
        if (self->offsets[i].from_us > at_us)
            return self->offsets[i].from_us;
    return FOREVER;
}

/* Minute of the local week, and µs since it began. */
static unsigned week_minute(const Rules *self, int64_t at_us, int64_t *ret_into_us)
{
    int64_t local = local_us(self, at_us);
    int64_t minute = floor_div(local, TIMELINE_MINUTE_US);
    *ret_into_us = local - minute * TIMELINE_MINUTE_US;
    int64_t since_monday = (minute + 3 * 1440) % WEEK_MIN; /* 1970-01-01 was a Thursday */
    return since_monday < 0 ? since_monday + WEEK_MIN : since_monday;
}

static bool bit_of(const uint64_t *bits, unsigned minute)
{
    return bits[minute / 64] >> (minute % 64) & 1;
}

static void set_bits(uint64_t *bits, unsigned from, unsigned until)
{
    while (from < until) {
        unsigned count = MIN(64 - from % 64, until - from);
        uint64_t mask = count == 64 ? UINT64_MAX : ((UINT64_C(1) << count) - 1);
        bits[from / 64] |= mask << (from % 64);
        from += count;
    }
}

static void set_span(uint64_t *bits, unsigned weekday, const TimelineSpan *span)
{
    unsigned from = weekday * 1440 + MIN(span->from_min, 1440);
    unsigned until = weekday * 1440 + MIN(span->until_min, 1440);
    if (until <= from)
        until += 1440;
    set_bits(bits, from, MIN(until, WEEK_MIN));
    if (until > WEEK_MIN)
        set_bits(bits, 0, until - WEEK_MIN);
}

/* First minute from `from` on, around the week, whose bit is `wanted`; WEEK_MIN or more = none. */
static unsigned minutes_until(const uint64_t *bits, unsigned from, bool wanted)
{
    unsigned minute = from;
    for (unsigned ahead = 0; ahead < WEEK_MIN;) {
        uint64_t word = wanted ? bits[minute / 64] : ~bits[minute / 64];
        word >>= minute % 64;
        unsigned left = MIN(64 - minute % 64, WEEK_MIN - minute);
        unsigned skip = word ? __builtin_ctzll(word) : 64;
        if (skip < left)
            return ahead + skip;
        ahead += left;
        minute += left;
        if (minute == WEEK_MIN)
            minute = 0;
    }
    return WEEK_MIN;
}

static void merge_quiet(Rules *self, const TimelinePolicies *policies)
{
    static const TimelineSpan usual = {TIMELINE_QUIET_FROM_MIN, TIMELINE_QUIET_UNTIL_MIN};
    bool replaced = policies->length && policies->data[0].states_quiet;
    for (unsigned day = 0; day < 7 && !replaced; day++)
        set_span(self->quiet, day, &usual);
    for (unsigned i = 0; i < policies->length; i++) {
        const TimelinePolicy *policy = &policies->data[i];
        if (MUTANT(MUTANT_CHILD_WIDENS) && policy->states_quiet)
            memset(self->quiet, 0, sizeof self->quiet);
        for (unsigned k = 0; policy->states_quiet && k < 7 * policy->n_quiet; k++)
            set_span(self->quiet, k % 7, &policy->quiet[k / 7]);
    }
}

static void merge_windows(Rules *self, const TimelinePolicy *policy)
{
    if (!policy->n_windows)
        return;
    uint64_t open[G_N_ELEMENTS(self->closed)] = {0};
    for (unsigned i = 0; i < policy->n_windows; i++)
        for (unsigned day = 0; day < 7; day++)
            if (policy->windows[i].weekdays >> day & 1)
                set_span(open, day, &policy->windows[i].span);
    for (unsigned i = 0; i < G_N_ELEMENTS(open); i++)
        self->closed[i] |= ~open[i];
}

static int64_t tighter(int64_t limit, int64_t said)
{
    return said > 0 ? MIN(limit, said) : limit;
}

static void merge_limits(Rules *self, const TimelinePolicy *policy)
{
    self->has_ceilings |= policy->n_ceilings > 0;
    self->hardware_mdb = MIN(self->hardware_mdb, policy->hardware_mdb);
    self->session_us = tighter(self->session_us, policy->session_min * TIMELINE_MINUTE_US);
    self->day_us = tighter(self->day_us, policy->day_min * TIMELINE_MINUTE_US);
    self->max_move_us = tighter(self->max_move_us, policy->max_move_us);
    self->max_move_priority_us = tighter(self->max_move_priority_us, policy->max_move_priority_us);
    self->max_tolerance_us = tighter(self->max_tolerance_us, policy->max_tolerance_us);
    self->alerts_per_hour = tighter(self->alerts_per_hour, policy->alerts_per_hour);
}

void rules_init(Rules *self, const TimelinePolicies *policies)
{
    *self = (Rules){
        .offsets = policies->offsets,
        .n_offsets = policies->n_offsets,
        .policies = policies,
        .session_us = FOREVER,
        .day_us = FOREVER,
        .max_move_us = TIMELINE_MAX_MOVE_US,
        .max_move_priority_us = TIMELINE_MAX_MOVE_PRIORITY,
        .max_tolerance_us = FOREVER,
        .alerts_per_hour = TIMELINE_ALERTS_PER_HOUR,
    };
    merge_quiet(self, policies);
    for (unsigned i = 0; i < policies->length; i++) {
        merge_windows(self, &policies->data[i]);
        merge_limits(self, &policies->data[i]);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(self->closed); i++)
        self->closed[i] |= self->quiet[i];
    self->always = minutes_until(self->closed, 0, true) == WEEK_MIN;
}

bool rules_is_closed(const Rules *self, int64_t at_us)
{
    int64_t into_us;
    return !self->always && bit_of(self->closed, week_minute(self, at_us, &into_us));
}

bool rules_is_quiet(const Rules *self, int64_t at_us)
{
    int64_t into_us;
    return !self->always && bit_of(self->quiet, week_minute(self, at_us, &into_us));
}

/* A change of the offset in between is a new question from there on. */
static int64_t next(const Rules *self, const uint64_t *bits, bool wanted, int64_t at_us)
{
    for (;;) {
        int64_t into_us;
        unsigned minute = week_minute(self, at_us, &into_us);
        unsigned ahead = minutes_until(bits, minute, wanted);
        int64_t until_us = offset_until(self, at_us);
        if (ahead == 0)
            return at_us;
        if (ahead < WEEK_MIN && at_us - into_us + ahead * TIMELINE_MINUTE_US < until_us)
            return at_us - into_us + ahead * TIMELINE_MINUTE_US;
        if (until_us == FOREVER)
            return FOREVER;
        at_us = until_us;
    }
}

int64_t rules_next_open(const Rules *self, int64_t at_us)
{
    return self->always ? at_us : next(self, self->closed, false, at_us);
}

int64_t rules_next_quiet(const Rules *self, int64_t at_us)
{
    return self->always ? FOREVER : next(self, self->quiet, true, at_us);
}

int64_t rules_local_day(const Rules *self, int64_t at_us)
{
    return floor_div(local_us(self, at_us), DAY_US);
}

static bool span_holds(const TimelineSpan *span, int minute)
{
    if (span->from_min < span->until_min)
        return minute >= span->from_min && minute < span->until_min;
    return minute >= span->from_min || minute < span->until_min;
}

/* Minutes from `minute` to the span's next edge. */
static int edge_after(const TimelineSpan *span, int minute)
{
    int to_from = (span->from_min - minute + 1440) % 1440;
    int to_until = (span->until_min - minute + 1440) % 1440;
    return MIN(to_from ? to_from : 1440, to_until ? to_until : 1440);
}

static bool is_meant(const TimelineCeiling *ceiling, AiringClass class)
{
    return !ceiling->classes || ceiling->classes >> class & 1;
}

int rules_ceiling(const Rules *self, AiringClass class, int64_t at_us, int64_t *ret_until_us)
{
    int ceiling = self->hardware_mdb, edge = 1440;
    *ret_until_us = FOREVER;
    if (!self->has_ceilings)
        return ceiling;
    int64_t into_us;
    int minute = week_minute(self, at_us, &into_us) % 1440;
    for (unsigned i = 0; i < self->policies->length; i++) {
        const TimelinePolicy *policy = &self->policies->data[i];
        for (unsigned k = 0; k < policy->n_ceilings; k++) {
            const TimelineCeiling *said = &policy->ceilings[k];
            if (!is_meant(said, class))
                continue;
            edge = MIN(edge, edge_after(&said->span, minute));
            if (span_holds(&said->span, minute))
                ceiling = MIN(ceiling, said->gain_mdb);
        }
    }
    *ret_until_us = MIN(at_us - into_us + edge * TIMELINE_MINUTE_US, offset_until(self, at_us));
    return ceiling;
}
