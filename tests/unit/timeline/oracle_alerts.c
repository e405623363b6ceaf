/* Laws of emergencies, and of what must be silent. */
#include "oracle_private.h"

#include <string.h>

/* ---- emergencies ---- */

bool oracle_is_dark(const World *world, int64_t at_us)
{
    for (unsigned i = 0; i < world->n_events; i++) {
        const TimelineEvent *event = &world->events[i];
        if (event->kind == TIMELINE_OFF && event->reason != REASON_NO_TIME &&
            event->at_us <= at_us && at_us < event->until_us)
            return true;
    }
    return false;
}

static bool is_refused(const World *world, const Timeline *timeline, TimelineWho who)
{
    if (oracle_has_event(world, TIMELINE_CANCEL, oracle_id_of(world, who)) ||
        oracle_has_event(world, TIMELINE_FAILED, oracle_id_of(world, who)))
        return true;
    for (unsigned i = 0; i < timeline->n_absences; i++)
        if (timeline->absences[i].who == who &&
            timeline->absences[i].rule == TIMELINE_RULE_ALERT_LIMIT)
            return true;
    return false;
}

static bool outranks(const TimelineEvent *a, const TimelineEvent *b)
{
    if (a->severity != b->severity)
        return a->severity > b->severity;
    if (a->level != b->level)
        return a->level < b->level;
    return a->at_us != b->at_us ? a->at_us > b->at_us : strcmp(a->id, b->id) < 0;
}

/* Alerts that hold one of its outputs at an instant; counts those that outrank it. */
static unsigned blockers_at(const World *world, const Timeline *timeline, TimelineWho who,
                            int64_t at_us, unsigned *ret_better)
{
    const TimelineEvent *alert = oracle_alert_of(world, who);
    unsigned count = 0;
    *ret_better = 0;
    for (unsigned i = 0; i < timeline->n_pieces; i++) {
        const TimelinePiece *piece = &timeline->pieces[i];
        if (piece->who == who || !oracle_is_alert(world, piece->who) || piece->from_us > at_us ||
            piece->until_us <= at_us || (alert->outputs && !(piece->outputs & alert->outputs)))
            continue;
        count++;
        *ret_better += outranks(oracle_alert_of(world, piece->who), alert);
    }
    return count;
}

static const char *emergencies_start_at_once(const World *world, const Timeline *timeline)
{
    for (unsigned i = 0; i < world->n_events; i++) {
        const TimelineEvent *alert = &world->events[i];
        TimelineWho who = (TimelineWho)(world->n_airings + i);
        if (alert->kind != TIMELINE_ALERT || oracle_is_dark(world, alert->at_us) ||
            is_refused(world, timeline, who) || oracle_sounds_at(timeline, who, alert->at_us))
            continue;
        unsigned better;
        if (!blockers_at(world, timeline, who, alert->at_us, &better))
            return "an emergency does not start at its instant";
        if (!better)
            return "an emergency waits for a lesser one";
    }
    return NULL;
}

static int64_t expiry(const TimelineEvent *alert)
{
    int64_t until_us = alert->until_us ? alert->until_us : alert->at_us + 6 * HOUR_US;
    return MIN(until_us, alert->at_us + DAY_US);
}

/* Times one play of an alert is mentioned. */
static bool is_mentioned(const Timeline *timeline, TimelineWho who, unsigned repeat)
{
    for (unsigned i = 0; i < timeline->n_pieces; i++)
        if (timeline->pieces[i].who == who && timeline->pieces[i].repeat == repeat)
            return true;
    for (unsigned i = 0; i < timeline->n_absences; i++)
        if (timeline->absences[i].who == who && timeline->absences[i].repeat == repeat)
            return true;
    return false;
}

static bool was_stopped(const Timeline *timeline, TimelineWho who)
{
    for (unsigned i = 0; i < timeline->n_absences; i++)
        if (timeline->absences[i].who == who &&
            timeline->absences[i].rule == TIMELINE_RULE_LOCAL_STOP)
            return true;
    return false;
}

static const char *repeats_are_all_there(const World *world, const Timeline *timeline)
{
    for (unsigned i = 0; i < world->n_events; i++) {
        const TimelineEvent *alert = &world->events[i];
        TimelineWho who = (TimelineWho)(world->n_airings + i);
        if (alert->kind != TIMELINE_ALERT || !alert->every_us || was_stopped(timeline, who) ||
            is_refused(world, timeline, who))
            continue;
        unsigned k = 0;
        for (int64_t due_us = alert->at_us; due_us < expiry(alert); due_us += alert->every_us)
            if (!is_mentioned(timeline, who, k++))
                return "a repeat is neither heard nor named";
        if (is_mentioned(timeline, who, k))
            return "a repeat is due after it expired";
    }
    return NULL;
}

/* ---- what has happened ---- */

static const char *nothing_after_its_end(const World *world, const Timeline *timeline)
{
    for (unsigned i = 0; i < timeline->n_pieces; i++) {
        const TimelinePiece *piece = &timeline->pieces[i];
        for (unsigned k = 0; k < world->n_events; k++) {
            const TimelineEvent *event = &world->events[k];
            if (event->kind == TIMELINE_CANCEL && piece->until_us > event->at_us &&
                g_str_equal(event->id, oracle_id_of(world, piece->who)))
                return "something sounds after it was cancelled";
            if (event->kind == TIMELINE_OFF && event->reason != REASON_NO_TIME &&
                piece->until_us > event->at_us && piece->from_us < event->until_us)
                return "something sounds while the station is off";
        }
        for (unsigned k = 0; k < timeline->n_absences; k++) {
            const TimelineAbsence *absence = &timeline->absences[k];
            if (absence->rule == TIMELINE_RULE_LOCAL_STOP && absence->who == piece->who &&
                piece->until_us > absence->at_us)
                return "something sounds after it was stopped";
        }
    }
    return NULL;
}

const OracleLaw oracle_laws_of_alerts[] = {emergencies_start_at_once, repeats_are_all_there,
                                           nothing_after_its_end, NULL};
