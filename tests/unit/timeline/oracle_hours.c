/* Laws of hours and volumes, asked of each policy by itself, and of times to start. */
#include "oracle_private.h"

/* ---- policies ---- */

static bool in_span(const TimelineSpan *span, int minute)
{
    if (span->from_min < span->until_min)
        return minute >= span->from_min && minute < span->until_min;
    return minute >= span->from_min || minute < span->until_min;
}

typedef struct Local {
    int weekday, minute; /* 0 = Monday */
} Local;

static Local local_at(int64_t at_us)
{
    int64_t minutes = (at_us - INT64_C(1772384400) * SECOND_US) / MINUTE_US; /* from a Monday */
    return (Local){(int)(minutes / 1440 % 7), (int)(minutes % 1440)};
}

static bool is_quiet_for(const TimelinePolicy *policy, int64_t at_us)
{
    int minute = local_at(at_us).minute;
    for (unsigned i = 0; i < policy->n_quiet && policy->states_quiet; i++)
        if (in_span(&policy->quiet[i], minute))
            return true;
    return false;
}

bool oracle_is_quiet(const World *world, int64_t at_us)
{
    static const TimelineSpan usual = {22 * 60, 4 * 60 + 45};
    bool stated = world->n_policies && world->policies[0].states_quiet;
    if (!stated && in_span(&usual, local_at(at_us).minute))
        return true;
    for (unsigned i = 0; i < world->n_policies; i++)
        if (is_quiet_for(&world->policies[i], at_us))
            return true;
    return false;
}

/* Within any window that began today, or yesterday and goes on past midnight. */
bool oracle_is_in_window(const TimelinePolicy *policy, int64_t at_us)
{
    Local local = local_at(at_us);
    for (unsigned i = 0; i < policy->n_windows; i++) {
        const TimelineWindow *window = &policy->windows[i];
        bool wraps = window->span.until_min <= window->span.from_min;
        bool today = window->weekdays >> local.weekday & 1;
        bool yesterday = window->weekdays >> (local.weekday + 6) % 7 & 1;
        if (today && local.minute >= window->span.from_min &&
            (wraps || local.minute < window->span.until_min))
            return true;
        if (yesterday && wraps && local.minute < window->span.until_min)
            return true;
    }
    return policy->n_windows == 0;
}

static const char *routine_is_allowed(const World *world, const Timeline *timeline)
{
    for (unsigned i = 0; i < timeline->n_pieces; i++) {
        const TimelinePiece *piece = &timeline->pieces[i];
        if (oracle_is_alert(world, piece->who))
            continue;
        int64_t last_us = piece->until_us - 1;
        if (oracle_is_begin(piece) && oracle_is_quiet(world, piece->from_us))
            return "something routine starts in quiet hours";
        if (oracle_is_quiet(world, last_us) &&
            oracle_is_quiet(world, MAX(last_us - 2 * MINUTE_US, 0)) &&
            oracle_is_quiet(world, last_us - MINUTE_US))
            return "something routine sounds for more than two minutes in quiet hours";
        for (unsigned k = 0; k < world->n_policies; k++)
            if (oracle_is_begin(piece) && !oracle_is_in_window(&world->policies[k], piece->from_us))
                return "something routine starts outside a window";
    }
    return NULL;
}

static const char *volume_is_kept(const World *world, const Timeline *timeline)
{
    for (unsigned i = 0; i < timeline->n_pieces; i++) {
        const TimelinePiece *piece = &timeline->pieces[i];
        for (unsigned k = 0; k < world->n_policies; k++) {
            const TimelinePolicy *policy = &world->policies[k];
            if (piece->gain_mdb > policy->hardware_mdb)
                return "louder than the hardware may be";
            for (unsigned c = 0; c < policy->n_ceilings && !oracle_is_alert(world, piece->who); c++)
                if (piece->gain_mdb > policy->ceilings[c].gain_mdb &&
                    (in_span(&policy->ceilings[c].span, local_at(piece->from_us).minute) ||
                     in_span(&policy->ceilings[c].span, local_at(piece->until_us - 1).minute)))
                    return "louder than a ceiling allows";
        }
    }
    return NULL;
}

/* ---- times ---- */

int64_t oracle_tolerance_of(const TimelineAiring *airing)
{
    int64_t usual_us = airing->rank == RANK_PRIORITY ? HOUR_US : 10 * MINUTE_US;
    return airing->tolerance_us < 0 ? usual_us : airing->tolerance_us;
}

static const char *starts_are_in_time(const World *world, const Timeline *timeline)
{
    for (unsigned i = 0; i < timeline->n_pieces; i++) {
        const TimelinePiece *piece = &timeline->pieces[i];
        if (oracle_is_alert(world, piece->who) || !oracle_is_begin(piece))
            continue;
        const TimelineAiring *airing = &world->airings[piece->who];
        const TimelineFate *fate = &timeline->fates[piece->who];
        int64_t most_us = airing->rank == RANK_PRIORITY ? 4 * HOUR_US : HOUR_US;
        bool files = true;
        for (unsigned k = 0; k <= piece->item; k++)
            files &= !airing->items[k].stream;
        if (piece->from_us < airing->start_us || fate->resolved_us < airing->start_us)
            return "something starts before its time";
        if (piece->from_us < airing->known_us)
            return "something starts before it is known";
        if (fate->resolved_us - airing->start_us > most_us)
            return "something moved too far";
        if (airing->valid_until_us && piece->from_us >= airing->valid_until_us)
            return "something starts after its validity";
        if (files && piece->from_us - fate->resolved_us > oracle_tolerance_of(airing))
            return "something starts after start_by";
    }
    return NULL;
}

const OracleLaw oracle_laws_of_hours[] = {routine_is_allowed, volume_is_kept, starts_are_in_time,
                                          NULL};
