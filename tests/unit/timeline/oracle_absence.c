/* Laws of absence: the cause that is named covered the start, and whoever was missed was hindered
 * at every instant at which it might have started. */
#include "oracle_private.h"

static bool is_without_time(const World *world, int64_t at_us)
{
    for (unsigned i = 0; i < world->n_events; i++) {
        const TimelineEvent *event = &world->events[i];
        if (event->kind == TIMELINE_OFF && event->reason == REASON_NO_TIME &&
            event->at_us <= at_us && at_us < event->until_us)
            return true;
    }
    return false;
}

static bool is_failing(const World *world, const char *id, int64_t at_us)
{
    for (unsigned i = 0; i < world->n_events; i++) {
        const TimelineEvent *event = &world->events[i];
        if (event->kind == TIMELINE_FAILED && event->at_us <= at_us &&
            (!event->until_us || at_us < event->until_us) && g_str_equal(event->id, id))
            return true;
    }
    return false;
}

static bool is_allowed(const World *world, int64_t at_us)
{
    for (unsigned i = 0; i < world->n_policies; i++)
        if (!oracle_is_in_window(&world->policies[i], at_us))
            return false;
    return !oracle_is_quiet(world, at_us);
}

/* Something else, of no lower rank, holds one of its outputs. */
static bool is_taken(const World *world, const Timeline *timeline, TimelineWho who, int64_t at_us)
{
    uint32_t outputs = world->airings[who].outputs;
    for (unsigned i = 0; i < timeline->n_pieces; i++) {
        const TimelinePiece *piece = &timeline->pieces[i];
        if (piece->who != who && oracle_rank_of(world, piece->who) <= world->airings[who].rank &&
            piece->from_us <= at_us && piece->until_us > at_us &&
            (!outputs || piece->outputs & outputs))
            return true;
    }
    return false;
}

static bool is_hindered(const World *world, const Timeline *timeline, TimelineWho who,
                        int64_t at_us)
{
    const TimelineAiring *airing = &world->airings[who];
    return at_us < airing->known_us ||
           (airing->valid_until_us && at_us >= airing->valid_until_us) ||
           oracle_is_dark(world, at_us) || is_without_time(world, at_us) ||
           is_failing(world, airing->id, at_us) || !is_allowed(world, at_us) ||
           is_taken(world, timeline, who, at_us);
}

/* Hindrances end on a full minute or where something else ends. */
static bool is_always_hindered(const World *world, const Timeline *timeline, TimelineWho who,
                               int64_t from_us, int64_t until_us)
{
    if (!is_hindered(world, timeline, who, from_us) || !is_hindered(world, timeline, who, until_us))
        return false;
    for (int64_t at_us = from_us - from_us % MINUTE_US + MINUTE_US; at_us <= until_us;
         at_us += MINUTE_US)
        if (!is_hindered(world, timeline, who, at_us))
            return false;
    for (unsigned i = 0; i < timeline->n_pieces; i++) {
        int64_t at_us = timeline->pieces[i].until_us;
        if (at_us >= from_us && at_us <= until_us && !is_hindered(world, timeline, who, at_us))
            return false;
    }
    return true;
}

/* From when on it waited. */
static int64_t waited_from(const Timeline *timeline, TimelineWho who)
{
    const TimelineFate *fate = &timeline->fates[who];
    return fate->last_us ? fate->last_us : fate->resolved_us;
}

static bool is_of_files(const TimelineAiring *airing)
{
    for (unsigned i = 0; i < airing->n_items; i++)
        if (airing->items[i].stream)
            return false;
    return true;
}

static const char *nobody_waits_in_vain(const World *world, const Timeline *timeline)
{
    for (unsigned i = 0; i < timeline->n_absences; i++) {
        const TimelineAbsence *absence = &timeline->absences[i];
        if (oracle_is_alert(world, absence->who) || absence->limit != TIMELINE_LIMIT_START_BY ||
            !is_of_files(&world->airings[absence->who]))
            continue;
        const TimelineAiring *airing = &world->airings[absence->who];
        int64_t start_by_us =
            timeline->fates[absence->who].resolved_us + oracle_tolerance_of(airing);
        int64_t from_us = waited_from(timeline, absence->who);
        if (absence->at_us <= start_by_us)
            return "something is given up before start_by";
        if (from_us <= start_by_us &&
            !is_always_hindered(world, timeline, absence->who, from_us, start_by_us))
            return "something is missed although nothing stood in its way";
    }
    return NULL;
}

static const char *causes_are_true(const World *world, const Timeline *timeline)
{
    for (unsigned i = 0; i < timeline->n_absences; i++) {
        const TimelineAbsence *absence = &timeline->absences[i];
        if (oracle_is_alert(world, absence->who) || absence->limit == TIMELINE_LIMIT_NONE)
            continue;
        int64_t at_us = waited_from(timeline, absence->who);
        bool partial = absence->outcome == OUTCOME_PARTIAL;
        if (partial && !is_of_files(&world->airings[absence->who]))
            continue; /* what took a stream's time may have come later */
        if (absence->reason == REASON_DISPLACED && !oracle_sounds_at(timeline, absence->by, at_us))
            return "the one who is named did not sound then";
        if (absence->rule == TIMELINE_RULE_QUIET && !oracle_is_quiet(world, at_us))
            return "quiet hours are named and were not";
        if (absence->rule == TIMELINE_RULE_OFF && !oracle_is_dark(world, at_us) &&
            !is_without_time(world, at_us))
            return "the station is said to have been off and was not";
    }
    return NULL;
}

const OracleLaw oracle_laws_of_absence[] = {nobody_waits_in_vain, causes_are_true, NULL};
