/* What has happened, in the order of time. At one instant: power comes back, then airings are taken
 * back, end, are stopped or fail, then power goes; only after all that does anything start. A
 * cancel that is older than what it cancels is carried out before anything is placed. */
#include "timeline/timeline_private.h"

#include <string.h>

#define PIN_MAX_US                                                                                 \
    (INT64_C(2) * 1440 * TIMELINE_MINUTE_US) /* later than any move and tolerance                  \
                                              */

enum {
    TURN_ON,
    TURN_CANCEL,
    TURN_ENDED,
    TURN_STOP,
    TURN_FAILED,
    TURN_SILENT,
    TURN_CONFIRM,
    TURN_OFF
};

static const int turns[] = {
    [TIMELINE_ALERT] = -1, /* a job, not a moment */
    [TIMELINE_CANCEL] = TURN_CANCEL, [TIMELINE_LOCAL_STOP] = TURN_STOP,
    [TIMELINE_OFF] = TURN_OFF,       [TIMELINE_FAILED] = TURN_FAILED,
    [TIMELINE_ENDED] = TURN_ENDED,   [TIMELINE_CONFIRM] = TURN_CONFIRM,
    [TIMELINE_STARTED] = -1,         [TIMELINE_SILENT] = TURN_SILENT,
    [TIMELINE_MUTED] = TURN_OFF,
};

static bool is_about_one(const TimelineEvent *event)
{
    return event->kind != TIMELINE_ALERT && event->kind != TIMELINE_LOCAL_STOP &&
           event->kind != TIMELINE_OFF && event->kind != TIMELINE_STARTED &&
           event->kind != TIMELINE_MUTED;
}

/* Ids to jobs; NULL when no event asks for one. */
static GHashTable *index_jobs(const Run *run)
{
    bool any = false;
    for (unsigned i = 0; i < run->events.length && !any; i++)
        any = is_about_one(&run->events.data[i]);
    if (!any)
        return NULL;
    GHashTable *jobs = g_hash_table_new(g_str_hash, g_str_equal);
    for (unsigned i = 0; i < run->n_jobs; i++)
        if (!g_hash_table_contains(jobs, run->jobs[i].id))
            g_hash_table_insert(jobs, (char *)run->jobs[i].id, &run->jobs[i]);
    return jobs;
}

static int compare_moments(gconstpointer left, gconstpointer right)
{
    const Moment *a = left, *b = right;
    if (a->at_us != b->at_us)
        return a->at_us < b->at_us ? -1 : 1;
    if (a->turn != b->turn)
        return a->turn < b->turn ? -1 : 1;
    if (a->job && b->job && a->job != b->job)
        return strcmp(a->job->id, b->job->id);
    if (a->event->until_us != b->event->until_us)
        return a->event->until_us < b->event->until_us ? -1 : 1;
    return (a->event->reason > b->event->reason) - (a->event->reason < b->event->reason);
}

static void add(Run *run, int64_t at_us, int turn, const TimelineEvent *event, Job *job)
{
    run->moments[run->n_moments++] =
        (Moment){.at_us = at_us, .turn = turn, .event = event, .job = job};
}

static void add_off(Run *run, const TimelineEvent *event)
{
    int64_t until_us = event->until_us ? event->until_us : run->now_us;
    if (until_us <= event->at_us)
        return;
    add(run, event->at_us, TURN_OFF, event, NULL);
    add(run, until_us, TURN_ON, event, NULL);
}

static void cancel(Run *run, Job *job, int64_t at_us)
{
    job->dead = !MUTANT(MUTANT_LOOP_PAST_CANCEL);
    bool between_plays = job_is_alert(job) && job->state == JOB_AHEAD && at_us > job->start_us;
    if (job->state == JOB_OVER || between_plays)
        return; /* nothing is left to take back but repeats to come */
    Cause cause = {TIMELINE_RULE_CANCELLED, TIMELINE_NOBODY, REASON_NONE};
    run_close(run, job, at_us, cause, TIMELINE_LIMIT_NONE);
}

static void add_one(Run *run, const TimelineEvent *event, GHashTable *jobs)
{
    if (event->kind == TIMELINE_OFF || event->kind == TIMELINE_MUTED) {
        add_off(run, event);
        return;
    }
    Job *job = is_about_one(event) && event->id ? g_hash_table_lookup(jobs, event->id) : NULL;
    if (is_about_one(event) && !job)
        return;
    add(run, event->at_us, turns[event->kind], event, job);
}

void events_pin(Run *run)
{
    g_autoptr(GHashTable) started = NULL; /* id -> when, the earliest if it is said twice */
    for (unsigned i = 0; i < run->events.length; i++) {
        const TimelineEvent *event = &run->events.data[i];
        if (event->kind != TIMELINE_STARTED || !event->id)
            continue;
        if (!started)
            started = g_hash_table_new(g_str_hash, g_str_equal);
        const int64_t *before_us = g_hash_table_lookup(started, event->id);
        if (!before_us || event->at_us < *before_us)
            g_hash_table_insert(started, (char *)event->id, (void *)&event->at_us);
    }
    for (unsigned i = 0; started && i < run->airings.length; i++) {
        Job *job = &run->jobs[i];
        const int64_t *at_us = g_hash_table_lookup(started, job->id);
        if (!at_us || *at_us < job->start_us || *at_us > job->start_us + PIN_MAX_US)
            continue; /* not of this airing as it stands now */
        job->pinned = true;
        job->known_us = 0;
        job->start_us = job->resolved_us = *at_us;
    }
}

void events_init(Run *run)
{
    if (!run->events.length)
        return;
    g_autoptr(GHashTable) jobs = index_jobs(run);
    run->moments = g_new(Moment, 2 * (gsize)run->events.length);
    for (unsigned i = 0; i < run->events.length; i++)
        if (turns[run->events.data[i].kind] >= 0)
            add_one(run, &run->events.data[i], jobs);
    if (run->n_moments)
        qsort(run->moments, run->n_moments, sizeof *run->moments, compare_moments);
    for (unsigned i = 0; i < run->n_moments; i++) {
        const Moment *moment = &run->moments[i];
        if (moment->turn == TURN_CANCEL && moment->at_us <= moment->job->start_us)
            cancel(run, moment->job, moment->at_us);
    }
}

void events_clear(Run *run)
{
    g_free(run->moments);
}

/* ---- each kind ---- */

/* A stream may join again; of a file nobody wants the rest. */
static void mute(Run *run, int64_t at_us)
{
    static const Cause cause = {TIMELINE_RULE_MUTED, TIMELINE_NOBODY, REASON_MUTED};
    run->muted++;
    for (unsigned i = run->active->len; i-- > 0;) {
        Job *job = run->active->pdata[i];
        if (job->state != JOB_SOUNDING || job_is_alert(job))
            continue;
        if (job_is_stream_at(job, job_position(job, at_us)))
            run_interrupt(run, job, at_us, cause);
        else
            run_close(run, job, at_us, cause, TIMELINE_LIMIT_NONE);
    }
}

static void power_off(Run *run, const Moment *moment)
{
    if (moment->event->kind == TIMELINE_MUTED) {
        mute(run, moment->at_us);
        return;
    }
    Cause cause = {TIMELINE_RULE_OFF, TIMELINE_NOBODY, moment->event->reason};
    run->off_reason = cause.reason;
    if (cause.reason == REASON_NO_TIME) {
        run->no_time++;
        return;
    }
    run->off++;
    for (unsigned i = run->active->len; i-- > 0;) {
        Job *job = run->active->pdata[i];
        if (job->state != JOB_SOUNDING)
            continue;
        if (job_is_alert(job) || job_is_stream_at(job, job_position(job, moment->at_us)))
            run_interrupt(run, job, moment->at_us, cause);
        else
            run_close(run, job, moment->at_us, cause, TIMELINE_LIMIT_NONE);
    }
}

static void power_on(Run *run, const Moment *moment)
{
    if (moment->event->kind == TIMELINE_MUTED)
        run->muted--;
    else if (moment->event->reason == REASON_NO_TIME)
        run->no_time--;
    else
        run->off--;
    for (unsigned i = 0; moment->event->clock_lost && i < run->n_jobs; i++)
        if (job_is_alert(&run->jobs[i]) && run->jobs[i].start_us < moment->event->at_us)
            run->jobs[i].held = true;
}

static void stop(Run *run, const Moment *moment)
{
    Cause cause = {TIMELINE_RULE_LOCAL_STOP, TIMELINE_NOBODY, REASON_LOCAL_STOP};
    uint32_t outputs = moment->event->outputs ? moment->event->outputs : TIMELINE_ALL_OUTPUTS;
    for (unsigned i = run->active->len; i-- > 0;) {
        Job *job = run->active->pdata[i];
        if (job->state != JOB_SOUNDING || !(job->outputs & outputs))
            continue;
        job->dead = !MUTANT(MUTANT_STOPPED_RETURNS);
        run_close(run, job, moment->at_us, cause, TIMELINE_LIMIT_NONE);
    }
}

static void fail(Run *run, Job *job, const Moment *moment)
{
    const TimelineEvent *event = moment->event;
    Cause cause = {TIMELINE_RULE_FAILED, TIMELINE_NOBODY, event->reason};
    job->failed_until_us = event->until_us ? event->until_us : FOREVER;
    job->failed_reason = event->reason;
    if (job->state != JOB_SOUNDING)
        return;
    bool rejoins = job_is_stream_at(job, job_position(job, moment->at_us)) && event->until_us;
    if (job_is_alert(job) || rejoins)
        run_interrupt(run, job, moment->at_us, cause);
    else
        run_close(run, job, moment->at_us, cause, TIMELINE_LIMIT_NONE);
}

/* A fact, whatever caused it: the position stands still meanwhile (a stream's goes on). */
static void fall_silent(Run *run, Job *job, const Moment *moment)
{
    int64_t until_us = moment->event->until_us ? moment->event->until_us : run->now_us;
    Cause cause = {TIMELINE_RULE_RANK, TIMELINE_NOBODY, REASON_NONE};
    if (until_us <= moment->at_us)
        return;
    job->failed_until_us = MAX(job->failed_until_us, until_us);
    job->failed_reason = REASON_DISPLACED;
    if (job->state == JOB_SOUNDING)
        run_interrupt(run, job, moment->at_us, cause);
}

static void end(Run *run, Job *job, const Moment *moment)
{
    Cause cause = {TIMELINE_RULE_ENDED, TIMELINE_NOBODY, REASON_NONE};
    if (job->state == JOB_SOUNDING || (job->state == JOB_WAITING && job->sounded))
        run_close(run, job, moment->at_us, cause, TIMELINE_LIMIT_NONE);
}

void events_apply(Run *run, const Moment *moment)
{
    run->steps++;
    switch (moment->turn) {
    case TURN_ON: power_on(run, moment); break;
    case TURN_CANCEL: cancel(run, moment->job, moment->at_us); break;
    case TURN_ENDED: end(run, moment->job, moment); break;
    case TURN_STOP: stop(run, moment); break;
    case TURN_FAILED: fail(run, moment->job, moment); break;
    case TURN_SILENT: fall_silent(run, moment->job, moment); break;
    case TURN_CONFIRM: moment->job->held = false; break;
    default: power_off(run, moment);
    }
}
