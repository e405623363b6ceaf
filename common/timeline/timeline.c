/* From the arrays that are given to jobs, and through the two steps: the plan's own ties are
 * resolved first (place), then time runs over the result and over what has happened (run).
 *
 * Numbers of a plan come over the wire. They are cut to a range in which no sum can overflow; a
 * plan that needs more is not about this century. */
#include "timeline/timeline_private.h"

#include <string.h>

#define FAR_US        (INT64_C(1) << 57) /* some 4,500 years */
#define LENGTH_MAX_US (7 * 1440 * TIMELINE_MINUTE_US)
#define EVERY_MAX_US  (7 * 1440 * TIMELINE_MINUTE_US)

static int64_t sane(int64_t value_us)
{
    return CLAMP(value_us, -FAR_US, FAR_US);
}

/* Items without a length are nothing; a sum beyond the limit is nothing either. */
static int64_t length_of(const TimelineItem *items, unsigned n_items)
{
    int64_t sum_us = 0;
    for (unsigned i = 0; i < n_items; i++) {
        if (items[i].length_us <= 0 || items[i].length_us > LENGTH_MAX_US - sum_us)
            return 0;
        sum_us += items[i].length_us;
    }
    return sum_us;
}

static int64_t tolerance_of(const Rules *rules, const TimelineAiring *airing)
{
    bool priority = airing->rank == RANK_PRIORITY || airing->class == CLASS_PRIORITY;
    int64_t usual_us = priority ? TIMELINE_TOLERANCE_PRIORITY : TIMELINE_TOLERANCE_US;
    int64_t said_us = airing->tolerance_us < 0 ? usual_us : airing->tolerance_us;
    return MIN(MIN(said_us, LENGTH_MAX_US), rules->max_tolerance_us);
}

static void init_airing(Job *job, const Rules *rules, const TimelineAiring *airing)
{
    job->id = airing->id ? airing->id : "";
    job->rank = airing->rank;
    job->class = airing->class;
    job->on_preempt = airing->on_preempt;
    job->outputs = airing->outputs ? airing->outputs : TIMELINE_ALL_OUTPUTS;
    job->items = airing->items;
    job->n_items = airing->n_items;
    job->gain_mdb = airing->gain_mdb;
    job->order = airing->order;
    job->level = airing->level;
    job->came_us = airing->came_us;
    job->known_us = airing->known_us;
    job->start_us = job->resolved_us = sane(airing->start_us);
    job->length_us = length_of(airing->items, airing->n_items);
    job->tolerance_us = tolerance_of(rules, airing);
    job->valid_until_us = airing->valid_until_us ? airing->valid_until_us : FOREVER;
}

static void init_alert(Job *job, const TimelineEvent *alert)
{
    int64_t at_us = sane(alert->at_us);
    int64_t until_us = alert->until_us ? sane(alert->until_us) : at_us + TIMELINE_ALERT_EXPIRES_US;
    job->id = alert->id ? alert->id : "";
    job->rank = RANK_EMERGENCY;
    job->outputs = alert->outputs ? alert->outputs : TIMELINE_ALL_OUTPUTS;
    job->items = alert->items;
    job->n_items = alert->n_items;
    job->gain_mdb = alert->gain_mdb;
    job->level = alert->level;
    job->severity = alert->severity;
    job->came_us = job->start_us = job->resolved_us = at_us;
    job->length_us = length_of(alert->items, alert->n_items);
    job->valid_until_us = MIN(until_us, at_us + TIMELINE_ALERT_EXPIRES_MAX_US);
    job->next_repeat = 1;
    if (alert->every_us > 0)
        job->every_us = CLAMP(alert->every_us, TIMELINE_ALERT_EVERY_MIN_US, EVERY_MAX_US);
}

static void init_jobs(Run *run)
{
    unsigned alerts = 0;
    for (unsigned i = 0; i < run->events.length; i++)
        alerts += run->events.data[i].kind == TIMELINE_ALERT;
    run->n_jobs = run->airings.length + alerts;
    if (run->n_jobs == 0)
        return;
    run->jobs = g_new0(Job, run->n_jobs);
    for (unsigned i = 0; i < run->n_jobs; i++)
        run->jobs[i].moved_by = run->jobs[i].twin = run->jobs[i].by = TIMELINE_NOBODY;
    for (unsigned i = 0; i < run->airings.length; i++) {
        run->jobs[i].who = (TimelineWho)i;
        init_airing(&run->jobs[i], &run->rules, &run->airings.data[i]);
    }
    Job *job = run->jobs + run->airings.length;
    for (unsigned i = 0; i < run->events.length; i++) {
        if (run->events.data[i].kind != TIMELINE_ALERT)
            continue;
        job->who = (TimelineWho)(run->airings.length + i);
        init_alert(job++, &run->events.data[i]);
    }
}

static int compare_by_id(const Job *a, const Job *b)
{
    int by = strcmp(a->id, b->id);
    return by ? by : a->who - b->who;
}

static int compare_starts(gconstpointer left, gconstpointer right)
{
    const Job *a = *(Job *const *)left, *b = *(Job *const *)right;
    if (a->start_us != b->start_us)
        return a->start_us < b->start_us ? -1 : 1;
    return compare_by_id(a, b);
}

static int compare_arrivals(gconstpointer left, gconstpointer right)
{
    const Job *a = *(Job *const *)left, *b = *(Job *const *)right;
    if (a->resolved_us != b->resolved_us)
        return a->resolved_us < b->resolved_us ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    int by = job_compare_tie(a, b);
    return by ? by : a->who - b->who;
}

static void sort_jobs(Job **jobs, unsigned length, GCompareFunc compare)
{
    for (unsigned i = 1; i < length; i++) {
        if (compare(&jobs[i - 1], &jobs[i]) > 0) {
            qsort(jobs, length, sizeof *jobs, compare);
            return;
        }
    }
}

/* Leaves out what was given twice and what has nothing to sound. */
static void collect(Run *run)
{
    static const Cause empty = {TIMELINE_RULE_EMPTY, TIMELINE_NOBODY, REASON_UNSUPPORTED};
    unsigned count = 0;
    run->arrivals = g_new(Job *, run->n_jobs);
    for (unsigned i = 0; i < run->n_jobs; i++)
        run->arrivals[i] = &run->jobs[i];
    sort_jobs(run->arrivals, run->n_jobs, compare_starts);
    for (unsigned i = 0; i < run->n_jobs; i++) {
        Job *job = run->arrivals[i];
        const Job *last = count ? run->arrivals[count - 1] : NULL;
        if (last && last->start_us == job->start_us && g_str_equal(last->id, job->id)) {
            job->state = JOB_OVER;
            job->twin = last->who;
            continue;
        }

        if (job->length_us <= 0) {
            job->dead = true;
            run_close(run, job, job->start_us, empty, TIMELINE_LIMIT_NONE);
        }
        run->arrivals[count++] = job;
    }
    run->n_arrivals = count;
}

static void finish_fates(Run *run)
{
    for (unsigned i = 0; i < run->airings.length; i++) {
        const Job *job = &run->jobs[i];
        TimelineFate *fate = &run->fates[i];
        fate->resolved_us = job->resolved_us;
        if (fate->outcome != OUTCOME_PLAYED)
            continue; /* its absence decided */
        bool late = fate->late_us > 0 && job->has_cause;
        bool moved = job->moved_by != TIMELINE_NOBODY;
        fate->rule = late ? job->cause.rule : moved ? TIMELINE_RULE_MOVED : TIMELINE_RULE_NOMINAL;
        fate->by = late ? job->cause.by : job->moved_by;
    }
    for (unsigned i = 0; i < run->airings.length; i++)
        if (run->jobs[i].twin >= 0 && run->jobs[i].twin < (TimelineWho)run->airings.length)
            run->fates[i] = run->fates[run->jobs[i].twin];
}

Timeline *timeline_resolve(TimelineAirings airings, TimelineEvents events,
                           TimelinePolicies policies, int64_t now_us)
{
    Run run = {
        .airings = airings,
        .events = events,
        .now_us = now_us,
        .active = g_ptr_array_new(),
        .loops = g_ptr_array_new(),
        .pieces = g_array_sized_new(FALSE, FALSE, sizeof(TimelinePiece), airings.length),
        .absences = g_array_new(FALSE, FALSE, sizeof(TimelineAbsence)),
        .fates = g_new0(TimelineFate, airings.length),
        .quiet_us = G_MININT64,
        .session_until_us = -FAR_US,
        .day = G_MININT64,
    };
    rules_init(&run.rules, &policies);
    init_jobs(&run);
    events_pin(&run);
    collect(&run);
    events_init(&run);
    place_all(&run, run.arrivals, run.n_arrivals);
    sort_jobs(run.arrivals, run.n_arrivals, compare_arrivals);
    run_all(&run);
    finish_fates(&run);
    Timeline *self = pieces_finish(&run);
    events_clear(&run);
    g_ptr_array_unref(run.active);
    g_ptr_array_unref(run.loops);
    g_free(run.arrivals);
    g_free(run.jobs);
    return self;
}

void timeline_free(Timeline *self)
{
    if (!self)
        return;
    g_free(self->pieces);
    g_free(self->absences);
    g_free(self->fates);
    g_free(self);
}

const char *timeline_id(TimelineAirings airings, TimelineEvents events, TimelineWho who)
{
    if (who < 0)
        return NULL;
    if ((unsigned)who < airings.length)
        return airings.data[who].id;
    return (unsigned)who - airings.length < events.length
               ? events.data[who - (TimelineWho)airings.length].id
               : NULL;
}
