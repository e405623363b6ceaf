/* Gives out the outputs at one instant: strongest first, each takes what it needs or waits.
 *
 * What waits keeps the cause that covered its start, because that is the reason of its absence if
 * it never gets to sound. What sounds gives way only to what stands before it in the order. */
#include "timeline/timeline_private.h"

static const Cause nothing = {TIMELINE_RULE_COMPLETE, TIMELINE_NOBODY, REASON_NONE};

static bool is_too_long(const Run *run, const Job *job, int64_t at_us, Cause *ret_cause)
{
    const Rules *rules = &run->rules;
    if (job_is_alert(job) || job->sounded ||
        (rules->session_us == FOREVER && rules->day_us == FOREVER))
        return false;
    int64_t left_us = job->length_us - job_position(job, at_us);
    bool same_session = at_us - run->session_until_us <= TIMELINE_SESSION_GAP_US;
    bool same_day = rules_local_day(rules, at_us) == run->day;
    int64_t session_us = left_us + (same_session ? run->session_us : 0);
    int64_t day_us = left_us + (same_day ? run->day_us : 0);
    if (session_us <= rules->session_us && day_us <= rules->day_us)
        return false;
    bool session = session_us > rules->session_us;
    *ret_cause = (Cause){session ? TIMELINE_RULE_SESSION_MINUTES : TIMELINE_RULE_DAY_MINUTES,
                         TIMELINE_NOBODY, REASON_POLICY};
    return true;
}

/* What stands in the way whatever the outputs are; COMPLETE = nothing does. ret_until_us: when to
 * look again. */
static Cause obstacle(const Run *run, const Job *job, int64_t at_us, int64_t *ret_until_us)
{
    bool alert = job_is_alert(job);
    *ret_until_us = FOREVER;
    if (run->off || (run->no_time && !alert))
        return (Cause){TIMELINE_RULE_OFF, TIMELINE_NOBODY, run->off_reason};
    if (job->known_us > at_us) {
        *ret_until_us = job->known_us;
        return (Cause){TIMELINE_RULE_NOT_KNOWN, TIMELINE_NOBODY, REASON_LATE};
    }
    if (job->held)
        return (Cause){TIMELINE_RULE_UNCONFIRMED, TIMELINE_NOBODY, REASON_NO_TIME};
    if (job->failed_until_us > at_us) {
        *ret_until_us = job->failed_until_us;
        return (Cause){TIMELINE_RULE_FAILED, TIMELINE_NOBODY, job->failed_reason};
    }
    if (run->muted && !alert)
        return (Cause){TIMELINE_RULE_MUTED, TIMELINE_NOBODY, REASON_MUTED};
    if (alert || !rules_is_closed(&run->rules, at_us))
        return nothing;
    *ret_until_us = rules_next_open(&run->rules, at_us);
    bool quiet = rules_is_quiet(&run->rules, at_us);
    return (Cause){quiet ? TIMELINE_RULE_QUIET : TIMELINE_RULE_WINDOW, TIMELINE_NOBODY,
                   REASON_POLICY};
}

/* It waited in vain; closes it. */
static bool is_over(Run *run, Job *job, int64_t at_us)
{
    TimelineLimit limit = TIMELINE_LIMIT_NONE;
    if (job_position(job, at_us) >= job->length_us)
        limit = TIMELINE_LIMIT_SLOT;
    else if (at_us >= job->valid_until_us && !MUTANT(MUTANT_EXPIRED_KEPT))
        limit = TIMELINE_LIMIT_VALIDITY;
    else if (at_us > job_deadline(job, at_us))
        limit = TIMELINE_LIMIT_START_BY;
    if (limit == TIMELINE_LIMIT_NONE)
        return false;
    Cause cause = {TIMELINE_RULE_EXPIRED, TIMELINE_NOBODY, REASON_EXPIRED};
    if (job->sounded)
        cause = job->interrupted;
    else if (job->has_cause)
        cause = job->cause;
    else
        limit = TIMELINE_LIMIT_NONE;
    run_close(run, job, at_us, cause, limit);
    return true;
}

/* Keeps the cause that covered its start, and what took a stream's time other than the plan. */
static void wait(Run *run, Job *job, int64_t at_us, Cause cause, int64_t until_us)
{
    if (job->fresh && !MUTANT(MUTANT_REPEATS_DISPLACE)) {
        if (cause.reason == REASON_DISPLACED)
            cause.rule = TIMELINE_RULE_REPEAT_INSIDE;
        run_close(run, job, at_us, cause, TIMELINE_LIMIT_NONE);
        return;
    }
    bool by_plan = cause.reason == REASON_DISPLACED && cause.by < (TimelineWho)run->airings.length;
    if (!job->has_cause && !job->sounded) {
        job->has_cause = true;
        job->cause = cause;
    }
    if (!by_plan && job_is_stream_at(job, job_position(job, at_us))) {
        job->has_lost = true;
        job->lost = cause;
    }
    int64_t deadline_us = job_deadline(job, at_us);
    job->wake_us = MIN(until_us, deadline_us == FOREVER ? FOREVER : deadline_us + 1);
    if (!MUTANT(MUTANT_EXPIRED_KEPT))
        job->wake_us = MIN(job->wake_us, job->valid_until_us);
    int64_t over_us = job_stream_until(job);
    if (over_us > at_us)
        job->wake_us = MIN(job->wake_us, over_us);
}

/* Quiet hours: the item that sounds gets its grace, the next one does not begin. */
static void cut_at_quiet(Run *run, Job *job)
{
    if (job->since_us >= run->quiet_us)
        run->quiet_us = rules_next_quiet(&run->rules, job->since_us);
    int64_t quiet_us = run->quiet_us;
    if (quiet_us >= job->wake_us)
        return;
    int64_t cut_us = quiet_us + (MUTANT(MUTANT_NO_GRACE) ? 0 : TIMELINE_GRACE_US);
    int64_t edge_us = job->since_us - job->position_us;
    for (unsigned i = 0; i < job->n_items && edge_us < quiet_us; i++)
        edge_us += job->items[i].length_us;
    cut_us = MIN(cut_us, edge_us);
    if (cut_us >= job->wake_us)
        return;
    job->wake_us = cut_us;
    job->cut_by_policy = true;
}

static void begin(Run *run, Job *job, int64_t at_us)
{
    int64_t position_us = job_position(job, at_us);
    bool waited = at_us > job->resolved_us;
    job->by = TIMELINE_NOBODY;
    if (job->sounded) {
        bool joins = job_is_stream_at(job, position_us);
        job->rule = joins ? TIMELINE_RULE_REJOINED : TIMELINE_RULE_RESUMED;
        if (position_us == 0)
            job->rule = TIMELINE_RULE_RESTARTED;
        job->by = job->interrupted.by;
    } else if (job_is_alert(job)) {
        job->rule = job->repeat ? TIMELINE_RULE_REPEAT : TIMELINE_RULE_ALERT;
    } else if (waited) {
        job->rule = TIMELINE_RULE_WAITED;
        job->by = job->cause.by;
    } else {
        job->rule = at_us == job->start_us ? TIMELINE_RULE_NOMINAL : TIMELINE_RULE_MOVED;
        job->by = job->moved_by;
    }
    job->position_us = position_us;
    job->since_us = at_us;
    job->state = JOB_SOUNDING;
    job->sounded = true;
    job->wake_us = at_us + job->length_us - position_us;
    job->cut_by_policy = false;
    if (!job_is_alert(job))
        cut_at_quiet(run, job);
}

/* ---- outputs ---- */

static Job *holder_before(const Run *run, unsigned index)
{
    const Job *job = run->active->pdata[index];
    for (unsigned i = 0; i < index; i++) {
        Job *other = run->active->pdata[i];
        if (other->state == JOB_SOUNDING && other->outputs & job->outputs)
            return other;
    }
    return NULL;
}

static Cause displaced_by(const Job *job, const Job *holder)
{
    TimelineRule rule = TIMELINE_RULE_TURN;
    if (holder->rank != job->rank)
        rule = TIMELINE_RULE_RANK;
    else if (job->rank == RANK_EMERGENCY)
        rule = TIMELINE_RULE_ALERT_TIE;
    else if (job->rank == RANK_LIVE)
        rule = TIMELINE_RULE_LIVE_HELD;
    else if (job->rank == RANK_RELAY || job->rank == RANK_FILLER)
        rule = TIMELINE_RULE_LEVEL;
    return (Cause){rule, holder->who, REASON_DISPLACED};
}

static void give_way(Run *run, Job *job, int64_t at_us, const Job *holder)
{
    Cause cause = displaced_by(job, holder);
    run_interrupt(run, job, at_us, cause);
    if (job->state == JOB_WAITING && !is_over(run, job, at_us))
        wait(run, job, at_us, cause, FOREVER);
}

static void try_to_begin(Run *run, Job *job, int64_t at_us, const Job *holder)
{
    int64_t until_us;
    if (is_over(run, job, at_us))
        return;
    Cause cause = obstacle(run, job, at_us, &until_us);
    if (cause.rule == TIMELINE_RULE_COMPLETE && is_too_long(run, job, at_us, &cause)) {
        run_close(run, job, at_us, cause, TIMELINE_LIMIT_NONE);
        return;
    }
    if (cause.rule == TIMELINE_RULE_COMPLETE && holder)
        cause = displaced_by(job, holder);
    if (cause.rule == TIMELINE_RULE_COMPLETE)
        begin(run, job, at_us);
    else if (cause.rule == TIMELINE_RULE_LIVE_HELD)
        run_close(run, job, at_us, cause, TIMELINE_LIMIT_NONE);
    else
        wait(run, job, at_us, cause, until_us);
    job->fresh = false;
}

/* The list is nearly sorted from the last time. */
static void sort_active(Run *run)
{
    Job **jobs = (Job **)run->active->pdata;
    for (unsigned i = 1; i < run->active->len; i++) {
        Job *job = jobs[i];
        unsigned k = i;
        for (; k > 0 && job_compare(job, jobs[k - 1]) < 0; k--)
            jobs[k] = jobs[k - 1];
        jobs[k] = job;
        run->steps += 1 + i - k;
    }
}

void turn_forget_ended(Run *run)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < run->active->len; i++) {
        Job *job = run->active->pdata[i];
        if (job->state == JOB_WAITING || job->state == JOB_SOUNDING)
            run->active->pdata[kept++] = job;
    }
    g_ptr_array_set_size(run->active, kept);
}

void turn_give_outputs(Run *run, int64_t at_us)
{
    uint32_t taken = 0;
    run->wake_us = FOREVER;
    sort_active(run);
    for (unsigned i = 0; i < run->active->len; i++) {
        Job *job = run->active->pdata[i];
        bool blocked = taken & job->outputs;
        if (MUTANT(MUTANT_BOTH_SOUND) && job->rank == RANK_NORMAL)
            blocked = false;
        const Job *holder = blocked ? holder_before(run, i) : NULL;
        if (job->state == JOB_WAITING)
            try_to_begin(run, job, at_us, holder);
        else if (holder)
            give_way(run, job, at_us, holder);
        if (job->state == JOB_SOUNDING)
            taken |= job->outputs;
        if (job->state == JOB_SOUNDING || job->state == JOB_WAITING)
            run->wake_us = MIN(run->wake_us, job->wake_us);
    }
    turn_forget_ended(run);
}
