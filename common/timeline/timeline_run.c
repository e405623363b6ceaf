/* From instant to instant: what is over ends, what has happened takes effect, what is due arrives,
 * and then the outputs are given out anew, strongest first. Whoever does not get its outputs waits
 * until it may start, or until it is too late for it. */
#include "timeline/timeline_private.h"

/* ---- ends ---- */

static void note_end(Run *run, const Job *job, int64_t at_us, Cause cause, TimelineLimit limit)
{
    bool whole = cause.rule == TIMELINE_RULE_COMPLETE || cause.rule == TIMELINE_RULE_ENDED ||
                 (limit == TIMELINE_LIMIT_SLOT && job->sounded);
    if (whole && job->has_lost)
        cause = job->lost;
    TimelineAbsence absence = {
        .at_us = at_us,
        .who = job->who,
        .rank = job->rank,
        .repeat = job->repeat,
        .outcome = job->sounded ? OUTCOME_PARTIAL : OUTCOME_MISSED,
        .reason = cause.reason,
        .rule = cause.rule,
        .by = cause.by,
        .limit = limit,
    };
    if (whole && !job->has_lost) {
        absence.outcome = OUTCOME_PLAYED;
        absence.reason = REASON_NONE;
    } else if (cause.rule == TIMELINE_RULE_CANCELLED) {
        absence.outcome = OUTCOME_CANCELLED;
    }
    if (absence.outcome != OUTCOME_PLAYED)
        pieces_add_absence(run, &absence);
    if (job->who < (TimelineWho)run->airings.length) {
        run->fates[job->who].outcome = absence.outcome;
        run->fates[job->who].reason = absence.reason;
        run->fates[job->who].rule = absence.rule;
        run->fates[job->who].by = absence.by;
        run->fates[job->who].settled = at_us <= run->now_us;
    }
}

void run_close(Run *run, Job *job, int64_t at_us, Cause cause, TimelineLimit limit)
{
    if (job->state == JOB_SOUNDING)
        pieces_add(run, job, at_us, cause);
    note_end(run, job, at_us, cause, limit);
    bool more = job_is_alert(job) && !job->dead && job->every_us > 0;
    job->state = more ? JOB_AHEAD : JOB_OVER;
}

void run_interrupt(Run *run, Job *job, int64_t at_us, Cause cause)
{
    bool displaced = cause.reason == REASON_DISPLACED;
    if (displaced && job->on_preempt == PREEMPT_DROP && !job_is_alert(job)) {
        cause.rule = TIMELINE_RULE_DROP;
        run_close(run, job, at_us, cause, TIMELINE_LIMIT_NONE);
        return;
    }
    int64_t position_us = job_position(job, at_us);
    bool again = job->on_preempt == PREEMPT_RESTART || MUTANT(MUTANT_REMAINDER_FROM_ZERO);
    pieces_add(run, job, at_us, cause);
    if (job_is_alert(job) || (again && !job_is_stream_at(job, position_us)))
        position_us = 0;
    job->state = JOB_WAITING;
    job->position_us = position_us;
    job->since_us = at_us;
    job->interrupted = cause;
}

static void end_sounds(Run *run, int64_t at_us)
{
    static const Cause whole = {TIMELINE_RULE_COMPLETE, TIMELINE_NOBODY, REASON_NONE};
    static const Cause quiet = {TIMELINE_RULE_QUIET, TIMELINE_NOBODY, REASON_POLICY};
    for (unsigned i = 0; i < run->active->len; i++) {
        Job *job = run->active->pdata[i];
        run->steps++;
        if (job->state == JOB_SOUNDING && job->wake_us <= at_us)
            run_close(run, job, job->wake_us, job->cut_by_policy ? quiet : whole,
                      TIMELINE_LIMIT_NONE);
    }
}

/* ---- arrivals ---- */

static void arrive(Run *run, Job *job, int64_t at_us)
{
    job->state = JOB_WAITING;
    job->since_us = at_us;
    job->position_us = 0;
    job->has_cause = job->has_lost = job->sounded = false;
    g_ptr_array_add(run->active, job);
}

static bool admit_alert(Run *run, Job *job, int64_t at_us)
{
    unsigned most = run->rules.alerts_per_hour;
    unsigned oldest = (run->n_admitted - most) % TIMELINE_ALERTS_PER_HOUR;
    if (run->n_admitted >= most && run->admitted_us[oldest] > at_us - 60 * TIMELINE_MINUTE_US) {
        Cause cause = {TIMELINE_RULE_ALERT_LIMIT, TIMELINE_NOBODY, REASON_POLICY};
        job->dead = true;
        run_close(run, job, at_us, cause, TIMELINE_LIMIT_NONE);
        return false;
    }
    run->admitted_us[run->n_admitted++ % TIMELINE_ALERTS_PER_HOUR] = at_us;
    if (job->every_us)
        g_ptr_array_add(run->loops, job);
    return true;
}

static void admit_due(Run *run, int64_t at_us)
{
    while (run->next_arrival < run->n_arrivals) {
        Job *job = run->arrivals[run->next_arrival];
        if (job->resolved_us > at_us)
            return;
        run->next_arrival++;
        run->steps++;
        if (job->state == JOB_AHEAD && (!job_is_alert(job) || admit_alert(run, job, at_us)))
            arrive(run, job, at_us);
    }
}

static int64_t due_us(const Job *job)
{
    return job->start_us + job->next_repeat * job->every_us;
}

static void skip_repeat(Run *run, const Job *job, int64_t at_us)
{
    Cause cause = {TIMELINE_RULE_REPEAT_INSIDE, job->who, REASON_DISPLACED};
    if (job->state == JOB_WAITING && (job->sounded || job->has_cause))
        cause = job->sounded ? job->interrupted : job->cause;
    bool displaced = cause.reason == REASON_DISPLACED;
    TimelineAbsence absence = {
        .at_us = at_us,
        .who = job->who,
        .rank = job->rank,
        .repeat = job->next_repeat,
        .outcome = OUTCOME_MISSED,
        .reason = cause.reason,
        .rule = displaced ? TIMELINE_RULE_REPEAT_INSIDE : cause.rule,
        .by = cause.by,
    };
    pieces_add_absence(run, &absence);
}

/* Repeats that are due; loops that are over leave the list. */
static void admit_repeats(Run *run, int64_t at_us)
{
    for (unsigned i = run->loops->len; i-- > 0;) {
        Job *job = run->loops->pdata[i];
        run->steps++;
        if (job->dead || due_us(job) >= job->valid_until_us) {
            g_ptr_array_remove_index_fast(run->loops, i);
            continue;
        }
        if (due_us(job) > at_us)
            continue;
        if (job->state == JOB_AHEAD) {
            arrive(run, job, at_us);
            job->repeat = job->next_repeat;
            job->fresh = true;
        } else {
            skip_repeat(run, job, at_us);
        }
        job->next_repeat++;
    }
}

/* ---- the loop ---- */

static int64_t next_instant(const Run *run)
{
    int64_t at_us = run->wake_us;
    if (run->next_arrival < run->n_arrivals)
        at_us = MIN(at_us, run->arrivals[run->next_arrival]->resolved_us);
    if (run->next_moment < run->n_moments)
        at_us = MIN(at_us, run->moments[run->next_moment].at_us);
    for (unsigned i = 0; i < run->loops->len; i++)
        at_us = MIN(at_us, due_us(run->loops->pdata[i]));
    return at_us;
}

void run_all(Run *run)
{
    run->wake_us = FOREVER;
    for (int64_t at_us; (at_us = next_instant(run)) != FOREVER;) {
        run->steps++;
        end_sounds(run, at_us);
        while (run->next_moment < run->n_moments && run->moments[run->next_moment].at_us <= at_us)
            events_apply(run, &run->moments[run->next_moment++]);
        turn_forget_ended(run);
        admit_due(run, at_us);
        admit_repeats(run, at_us);
        turn_give_outputs(run, at_us);
    }
}
