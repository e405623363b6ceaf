/* The timeline is asked about each kind of day once, with the order and without it. What falls
 * short of its minutes then, and did not before, is a breach; what else sounded before and does not
 * now is a loss. A year costs about as much as its weeks differ. */
#include "schedule/minutes_private.h"

#define DAY_US       (INT64_C(86400) * G_USEC_PER_SEC)
#define AROUND_DAYS  1 /* looked at around a day: what is moved over midnight */
#define BREACHES_MAX 20

/* One order at the stations of one kind in one area. */
typedef struct Ask {
    MinutesOrder *order;
    const Agenda *agenda;
    const Area *area;
    const StationKind *kind;
    unsigned draft, replaced; /* rules of the agenda; AGENDA_NONE = none */
    MinutesLimits limits;
    bool is_limited;
    unsigned days; /* that something fell short on, so far */
} Ask;

static MinutesLimits limits_of(const GPtrArray *policies)
{
    int session_min = 0, day_min = 0;
    for (unsigned i = 0; i < policies->len; i++) {
        const Policy *one = g_ptr_array_index(policies, i);
        if (one->session_min)
            session_min = session_min ? MIN(session_min, one->session_min) : one->session_min;
        if (one->day_min)
            day_min = day_min ? MIN(day_min, one->day_min) : one->day_min;
    }
    return (MinutesLimits){.session_us = session_min * TIMELINE_MINUTE_US,
                           .day_us = day_min * TIMELINE_MINUTE_US};
}

/* A day with those around it, through planner and timeline; both go together. */
typedef struct World {
    Agenda *agenda;
    Plan *plan;
    Explained *said;
} World;

static void world_clear(World *world)
{
    explained_free(world->said);
    plan_free(world->plan);
    agenda_free(world->agenda);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(World, world_clear)

static World world_of(const Ask *ask, const MinutesDay *day, unsigned skip, unsigned other)
{
    bool finds_room = ask->is_limited && !broadcast_repeats(ask->order->broadcast);
    int64_t around_us = (finds_room ? MINUTES_ONCE_DAYS : AROUND_DAYS) * DAY_US;
    int64_t from_us = day->from_us - around_us;
    unsigned skips[AGENDA_SKIPS] = {skip, other};
    World world = {.agenda = agenda_cut(ask->agenda, from_us, day->until_us + around_us, skips)};
    world.plan = agenda_plan(world.agenda, ask->kind->station, NULL, from_us);
    world.said = agenda_explain(world.agenda, world.plan, (TimelineEvents){0}, from_us);
    return world;
}

static const TimelineFate *fate_of(const World *world, const char *id)
{
    for (unsigned i = 0; i < world->said->airings.length; i++)
        if (g_str_equal(world->said->airings.data[i].id, id))
            return &world->said->timeline->fates[i];
    return NULL;
}

static bool falls_short(const TimelineFate *fate)
{
    return fate->outcome != OUTCOME_PLAYED &&
           (fate->rule == TIMELINE_RULE_SESSION_MINUTES || fate->rule == TIMELINE_RULE_DAY_MINUTES);
}

/* The airing of the order, among those asked about, or of something else that had its minutes. */
static bool is_against(const Ask *ask, const World *before, const World *after, unsigned i,
                       bool *ret_own)
{
    const PlanAiring *airing = g_ptr_array_index(after->plan->airings, i);
    const TimelineFate *fate = &after->said->timeline->fates[i];
    if (!falls_short(fate))
        return false;
    *ret_own = g_str_equal(airing->broadcast, ask->order->broadcast->id);
    if (*ret_own)
        return trial_asks(ask->order->trial, airing->recurrence_us);
    const TimelineFate *was = fate_of(before, airing->id);
    return !was || was->outcome != fate->outcome || was->last_us != fate->last_us;
}

/* The first of an area stands for it, on as many days as the kind of station that has the most. */
static void note_breach(const Ask *ask, const World *after, unsigned i, bool own)
{
    GArray *breaches = ask->order->breaches;
    MinutesBreach *last =
        breaches->len ? &g_array_index(breaches, MinutesBreach, breaches->len - 1) : NULL;
    if (last && g_str_equal(last->area, ask->area->id)) {
        last->days = MAX(last->days, ask->days);
        return;
    }
    if (breaches->len >= BREACHES_MAX)
        return;
    const PlanAiring *airing = g_ptr_array_index(after->plan->airings, i);
    TimelineRule rule = after->said->timeline->fates[i].rule;
    bool session = rule == TIMELINE_RULE_SESSION_MINUTES;
    MinutesBreach breach = {
        .area = g_strdup(ask->area->id),
        .area_name = g_strdup(ask->area->name),
        .zone = g_strdup(ask->area->zone),
        .rule = rule,
        .title = g_strdup(airing->title),
        .is_own = own,
        .start_us = airing->start_us,
        .limit_us = session ? ask->limits.session_us : ask->limits.day_us,
        .wanted_us = minutes_slot_wanted(after->said, i, session, ask->area->zone),
        .days = ask->days,
    };
    g_array_append_val(breaches, breach);
}

/* Saying so twice is not worse, and a filler gives way by nature. */
static bool is_worse(const PlanAiring *airing, const TimelineFate *was, const TimelineFate *fate)
{
    bool silent = fate->outcome == OUTCOME_MISSED || fate->outcome == OUTCOME_PARTIAL;
    if (!silent || airing->rank == RANK_FILLER || fate->rule == TIMELINE_RULE_EMPTY)
        return false;
    return !was || (was->outcome != OUTCOME_MISSED &&
                    (was->outcome != fate->outcome || fate->last_us < was->last_us));
}

static void note_losses(const Ask *ask, const MinutesDay *day, const World *before,
                        const World *after)
{
    const Broadcast *ordered = ask->order->broadcast;
    for (unsigned i = 0; i < after->plan->airings->len; i++) {
        const PlanAiring *airing = g_ptr_array_index(after->plan->airings, i);
        const TimelineFate *fate = &after->said->timeline->fates[i];
        bool own = g_str_equal(airing->broadcast, ordered->id);
        if (airing->start_us < day->from_us || airing->start_us >= day->until_us ||
            (own && !trial_asks(ask->order->trial, airing->recurrence_us)))
            continue;
        if (is_worse(airing, fate_of(before, airing->id), fate))
            losses_add(ask->order->losses, after->said, i, own, day->alike);
    }
}

/* Room is looked for around the days on which the order starts something. */
static void note_slot(const Ask *ask, const MinutesDay *day, const World *base, const World *after)
{
    g_autoptr(GArray) starts = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_autoptr(GArray) fixed = g_array_new(FALSE, FALSE, sizeof(int64_t));
    const MinutesOrder *order = ask->order;
    bool here = false;
    for (unsigned i = 0; i < after->plan->airings->len; i++) {
        const PlanAiring *airing = g_ptr_array_index(after->plan->airings, i);
        if (!g_str_equal(airing->broadcast, order->broadcast->id))
            continue;
        bool asked = trial_asks(order->trial, airing->recurrence_us);
        g_array_append_vals(asked ? starts : fixed, &airing->start_us, 1);
        here |= asked && airing->start_us >= day->from_us && airing->start_us < day->until_us;
    }
    MinutesSlotParts parts = {.base = base->said,
                              .starts = starts,
                              .fixed = fixed,
                              .length_us = rundown_length_us(order->rundown),
                              .limits = ask->limits,
                              .zone = ask->area->zone};
    if (here && order->slots->len < MINUTES_SLOTS_MAX)
        g_ptr_array_add(order->slots, minutes_slot_new(&parts));
}

static bool meets(const World *world, int64_t from_us, int64_t until_us)
{
    const Timeline *timeline = world->said->timeline;
    for (unsigned i = 0; i < timeline->n_pieces; i++)
        if (timeline->pieces[i].from_us < until_us && timeline->pieces[i].until_us > from_us)
            return true;
    return false;
}

/* What meets nothing that sounds changes nothing, where nobody counts minutes. */
static bool is_alone(const Ask *ask, const World *before)
{
    const GArray *rules = agenda_rules(ask->agenda);
    const GArray *plays = g_array_index(rules, PlannerRule, ask->draft).occurrences;
    int64_t length_us = rundown_length_us(ask->order->rundown);
    if (ask->is_limited || ask->replaced != AGENDA_NONE)
        return false;
    for (unsigned i = 0; i < plays->len; i++) {
        int64_t start_us = g_array_index(plays, SeriesOccurrence, i).start_us;
        if (start_us >= before->plan->from_us && start_us < before->plan->until_us &&
            meets(before, start_us, start_us + length_us))
            return false;
    }
    return true;
}

static void judge_day(Ask *ask, const MinutesDay *day)
{
    g_auto(World) before = world_of(ask, day, ask->draft, AGENDA_NONE);
    if (is_alone(ask, &before))
        return;
    g_auto(World) after = world_of(ask, day, ask->replaced, AGENDA_NONE);
    for (unsigned i = 0; i < after.plan->airings->len; i++) {
        int64_t start_us = after.said->airings.data[i].start_us;
        bool own = false;
        if (start_us < day->from_us || start_us >= day->until_us ||
            !is_against(ask, &before, &after, i, &own))
            continue;
        ask->days += day->alike;
        note_breach(ask, &after, i, own);
        break;
    }
    note_losses(ask, day, &before, &after);
    if (!ask->is_limited)
        return;
    if (ask->replaced == AGENDA_NONE) {
        note_slot(ask, day, &before, &after);
        return;
    }
    g_auto(World) base = world_of(ask, day, ask->draft, ask->replaced);
    note_slot(ask, day, &base, &after);
}

bool minutes_judge(const Minutes *self, unsigned index, Agenda *agenda, const MinutesPlace *place)
{
    MinutesOrder *order = minutes_order(self, index);
    Ask ask = {.order = order,
               .agenda = agenda,
               .area = place->area,
               .kind = place->kind,
               .replaced = minutes_replaced(self, index, agenda),
               .draft = agenda_rules(agenda)->len - 1,
               .limits = limits_of(agenda_policies(agenda))};
    ask.is_limited = ask.limits.session_us || ask.limits.day_us;
    g_autoptr(GArray) days =
        minutes_days(agenda, place->kind->station, ask.draft, trial_last_us(order->trial));
    losses_begin(order->losses, place->kind->stations, place->area->zone);
    for (unsigned i = 0; i < days->len; i++)
        judge_day(&ask, &g_array_index(days, MinutesDay, i));
    return order->breaches->len == 0;
}
