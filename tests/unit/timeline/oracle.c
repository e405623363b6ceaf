/* Shares nothing with the engine but its header. */
#include "oracle.h"

#include <stdlib.h>
#include <string.h>

typedef const char *(*Law)(const World *world, const Timeline *timeline);

static bool is_alert(const World *world, TimelineWho who)
{
    return who >= (TimelineWho)world->n_airings;
}

static const TimelineEvent *alert_of(const World *world, TimelineWho who)
{
    return &world->events[who - (TimelineWho)world->n_airings];
}

static const char *id_of(const World *world, TimelineWho who)
{
    return is_alert(world, who) ? alert_of(world, who)->id : world->airings[who].id;
}

static const TimelineItem *items_of(const World *world, TimelineWho who, unsigned *ret_length)
{
    if (is_alert(world, who)) {
        *ret_length = alert_of(world, who)->n_items;
        return alert_of(world, who)->items;
    }
    *ret_length = world->airings[who].n_items;
    return world->airings[who].items;
}

static bool is_begin(const TimelinePiece *piece)
{
    return piece->rule != TIMELINE_RULE_CONTINUED;
}

/* ---- shape ---- */

static const char *pieces_are_whole(const World *world, const Timeline *timeline)
{
    for (unsigned i = 0; i < timeline->n_pieces; i++) {
        const TimelinePiece *piece = &timeline->pieces[i];
        unsigned n_items;
        const TimelineItem *items = items_of(world, piece->who, &n_items);
        if (piece->from_us >= piece->until_us)
            return "a piece is empty";
        if (piece->item >= n_items || piece->offset_us < 0 ||
            piece->offset_us + piece->until_us - piece->from_us > items[piece->item].length_us)
            return "a piece lies outside its item";
        if (i > 0 && timeline->pieces[i - 1].from_us > piece->from_us)
            return "pieces are out of order";
    }
    return NULL;
}

static const char *nothing_overlaps(G_GNUC_UNUSED const World *world, const Timeline *timeline)
{
    for (unsigned output = 0; output < 32; output++) {
        int64_t busy_us = G_MININT64;
        for (unsigned i = 0; i < timeline->n_pieces; i++) {
            const TimelinePiece *piece = &timeline->pieces[i];
            if (!(piece->outputs >> output & 1))
                continue;
            if (piece->from_us < busy_us)
                return "two pieces overlap on one output";
            busy_us = piece->until_us;
        }
    }
    return NULL;
}

static const char *everything_is_named(const World *world, const Timeline *timeline)
{
    for (unsigned who = 0; who < world->n_airings; who++) {
        unsigned pieces = 0, absences = 0;
        for (unsigned i = 0; i < timeline->n_pieces; i++)
            pieces += timeline->pieces[i].who == (TimelineWho)who;
        for (unsigned i = 0; i < timeline->n_absences; i++)
            absences += timeline->absences[i].who == (TimelineWho)who;
        Outcome outcome = timeline->fates[who].outcome;
        if (outcome == OUTCOME_PLAYED && (!pieces || absences))
            return "played, but without a piece or with an absence";
        if (outcome == OUTCOME_PARTIAL && (!pieces || absences != 1))
            return "partial without a piece or a named absence";
        if (outcome == OUTCOME_MISSED && (pieces || absences != 1))
            return "missed with a piece or without a named absence";
        if (outcome == OUTCOME_CANCELLED && absences != 1)
            return "cancelled without a named absence";
    }
    return NULL;
}

/* ---- parts and wholes ---- */

static bool has_event(const World *world, TimelineEventKind kind, const char *id)
{
    for (unsigned i = 0; i < world->n_events; i++)
        if (world->events[i].kind == kind && world->events[i].id &&
            g_str_equal(world->events[i].id, id))
            return true;
    return false;
}

/* Length of what sounded; of the last run only, where it starts again from the top. */
static int64_t heard(const Timeline *timeline, TimelineWho who, bool last_run_only)
{
    int64_t sum_us = 0;
    for (unsigned i = 0; i < timeline->n_pieces; i++) {
        const TimelinePiece *piece = &timeline->pieces[i];
        if (piece->who != who)
            continue;
        if (last_run_only && piece->item == 0 && piece->offset_us == 0)
            sum_us = 0;
        sum_us += piece->until_us - piece->from_us;
    }
    return sum_us;
}

static const char *parts_are_the_whole(const World *world, const Timeline *timeline)
{
    for (unsigned who = 0; who < world->n_airings; who++) {
        const TimelineAiring *airing = &world->airings[who];
        int64_t length_us = 0;
        bool streams = false;
        for (unsigned i = 0; i < airing->n_items; i++) {
            length_us += airing->items[i].length_us;
            streams |= airing->items[i].stream;
        }
        if (streams || timeline->fates[who].outcome != OUTCOME_PLAYED ||
            has_event(world, TIMELINE_ENDED, airing->id))
            continue;
        if (heard(timeline, who, airing->on_preempt == PREEMPT_RESTART) != length_us)
            return "the parts of an airing do not sum to the whole";
    }
    return NULL;
}

/* What follows an interruption goes on where it was, or starts at 0 where that is its fate. */
static const char *offsets_go_on(const World *world, const Timeline *timeline)
{
    for (unsigned who = 0; who < world->n_airings; who++) {
        const TimelinePiece *before = NULL;
        for (unsigned i = 0; i < timeline->n_pieces; i++) {
            const TimelinePiece *piece = &timeline->pieces[i];
            if (piece->who != (TimelineWho)who)
                continue;
            bool resumed = before && piece->rule == TIMELINE_RULE_RESUMED;
            int64_t next_us = before ? before->offset_us + before->until_us - before->from_us : 0;
            if (resumed && piece->item == before->item && piece->offset_us != next_us)
                return "a remainder does not begin where it was interrupted";
            before = piece;
        }
    }
    return NULL;
}

/* ---- ranks ---- */

static Rank rank_of(const World *world, TimelineWho who)
{
    return is_alert(world, who) ? RANK_EMERGENCY : world->airings[who].rank;
}

static bool sounds_at(const Timeline *timeline, TimelineWho who, int64_t at_us)
{
    for (unsigned i = 0; i < timeline->n_pieces; i++)
        if (timeline->pieces[i].who == who && timeline->pieces[i].from_us <= at_us &&
            timeline->pieces[i].until_us > at_us)
            return true;
    return false;
}

static const char *winners_sound(const World *world, const Timeline *timeline)
{
    for (unsigned i = 0; i < timeline->n_pieces; i++) {
        const TimelinePiece *piece = &timeline->pieces[i];
        if (piece->end_by == TIMELINE_NOBODY)
            continue;
        if (!sounds_at(timeline, piece->end_by, piece->until_us))
            return "a winner does not sound at the instant at which it displaces";
        if (rank_of(world, piece->end_by) > rank_of(world, piece->who))
            return "a lower rank displaces a higher one";
        if (piece->end_rule == TIMELINE_RULE_RANK &&
            rank_of(world, piece->end_by) == rank_of(world, piece->who))
            return "an equal rank displaces by rank";
    }
    return NULL;
}

/* ---- emergencies ---- */

static bool is_dark(const World *world, int64_t at_us)
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
    if (has_event(world, TIMELINE_CANCEL, id_of(world, who)) ||
        has_event(world, TIMELINE_FAILED, id_of(world, who)))
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
    const TimelineEvent *alert = alert_of(world, who);
    unsigned count = 0;
    *ret_better = 0;
    for (unsigned i = 0; i < timeline->n_pieces; i++) {
        const TimelinePiece *piece = &timeline->pieces[i];
        if (piece->who == who || !is_alert(world, piece->who) || piece->from_us > at_us ||
            piece->until_us <= at_us || (alert->outputs && !(piece->outputs & alert->outputs)))
            continue;
        count++;
        *ret_better += outranks(alert_of(world, piece->who), alert);
    }
    return count;
}

static const char *emergencies_start_at_once(const World *world, const Timeline *timeline)
{
    for (unsigned i = 0; i < world->n_events; i++) {
        const TimelineEvent *alert = &world->events[i];
        TimelineWho who = (TimelineWho)(world->n_airings + i);
        if (alert->kind != TIMELINE_ALERT || is_dark(world, alert->at_us) ||
            is_refused(world, timeline, who) || sounds_at(timeline, who, alert->at_us))
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
                g_str_equal(event->id, id_of(world, piece->who)))
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

static bool is_quiet(const World *world, int64_t at_us)
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
static bool is_in_window(const TimelinePolicy *policy, int64_t at_us)
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
        if (is_alert(world, piece->who))
            continue;
        int64_t last_us = piece->until_us - 1;
        if (is_begin(piece) && is_quiet(world, piece->from_us))
            return "something routine starts in quiet hours";
        if (is_quiet(world, last_us) && is_quiet(world, MAX(last_us - 2 * MINUTE_US, 0)) &&
            is_quiet(world, last_us - MINUTE_US))
            return "something routine sounds for more than two minutes in quiet hours";
        for (unsigned k = 0; k < world->n_policies; k++)
            if (is_begin(piece) && !is_in_window(&world->policies[k], piece->from_us))
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
            for (unsigned c = 0; c < policy->n_ceilings && !is_alert(world, piece->who); c++)
                if (piece->gain_mdb > policy->ceilings[c].gain_mdb &&
                    (in_span(&policy->ceilings[c].span, local_at(piece->from_us).minute) ||
                     in_span(&policy->ceilings[c].span, local_at(piece->until_us - 1).minute)))
                    return "louder than a ceiling allows";
        }
    }
    return NULL;
}

/* ---- times ---- */

static int64_t tolerance_of(const TimelineAiring *airing)
{
    int64_t usual_us = airing->rank == RANK_PRIORITY ? HOUR_US : 10 * MINUTE_US;
    return airing->tolerance_us < 0 ? usual_us : airing->tolerance_us;
}

static const char *starts_are_in_time(const World *world, const Timeline *timeline)
{
    for (unsigned i = 0; i < timeline->n_pieces; i++) {
        const TimelinePiece *piece = &timeline->pieces[i];
        if (is_alert(world, piece->who) || !is_begin(piece))
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
        if (files && piece->from_us - fate->resolved_us > tolerance_of(airing))
            return "something starts after start_by";
    }
    return NULL;
}

const char *oracle_judge(const World *world, const Timeline *timeline)
{
    static const Law laws[] = {
        pieces_are_whole,          nothing_overlaps,      everything_is_named,
        parts_are_the_whole,       offsets_go_on,         winners_sound,
        emergencies_start_at_once, repeats_are_all_there, nothing_after_its_end,
        routine_is_allowed,        volume_is_kept,        starts_are_in_time,
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(laws); i++) {
        const char *breach = laws[i](world, timeline);
        if (breach)
            return breach;
    }
    return NULL;
}

static int compare_lines(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Numbers differ between the two, ids do not; lines of one instant may stand in another order. */
const char *oracle_same(const World *a, const Timeline *of_a, const World *b, const Timeline *of_b)
{
    g_autofree char *text_a = world_text(a, of_a);
    g_autofree char *text_b = world_text(b, of_b);
    g_auto(GStrv) lines_a = g_strsplit(text_a, "\n", -1);
    g_auto(GStrv) lines_b = g_strsplit(text_b, "\n", -1);
    if (g_strv_length(lines_a) != g_strv_length(lines_b))
        return "another number of lines";
    qsort(lines_a, g_strv_length(lines_a), sizeof *lines_a, compare_lines);
    qsort(lines_b, g_strv_length(lines_b), sizeof *lines_b, compare_lines);
    for (unsigned i = 0; lines_a[i]; i++) {
        if (g_str_equal(lines_a[i], lines_b[i]))
            continue;
        g_printerr("  %s\n  %s\n", lines_a[i], lines_b[i]);
        return "another line";
    }
    return NULL;
}
