/* Who goes before whom, and where a job stands in its items.
 *
 * Rank decides first. Within a rank: an emergency gives way to a graver, higher or newer one; relay
 * and filler to a higher level or an earlier approval; live, priority and normal never interrupt
 * their own kind, they take turns by resolved start. */
#include "timeline/timeline_private.h"

#include <string.h>

static int compare_int64(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_alert(const Job *a, const Job *b)
{
    int by = compare_int64(b->severity, a->severity);
    if (!by)
        by = compare_int64(a->level, b->level);
    return by ? by : compare_int64(b->came_us, a->came_us);
}

static int compare_routine(const Job *a, const Job *b)
{
    int by = compare_int64(a->order, b->order);
    if (!by && a->rank != RANK_LIVE)
        by = compare_int64(a->level, b->level);
    if (!by)
        by = compare_int64(a->came_us, b->came_us);
    return by ? by : compare_int64(a->start_us, b->start_us);
}

int job_compare_tie(const Job *a, const Job *b)
{
    int by = a->rank == RANK_EMERGENCY ? compare_alert(a, b) : compare_routine(a, b);
    if (MUTANT(MUTANT_TIE_BY_ID))
        by = 0;
    return by ? by : strcmp(a->id, b->id);
}

static int strength(Rank rank)
{
    if (MUTANT(MUTANT_RANK_SWAPPED) && (rank == RANK_PRIORITY || rank == RANK_NORMAL))
        return rank == RANK_PRIORITY ? RANK_NORMAL : RANK_PRIORITY;
    return (int)rank;
}

static bool takes_turns(const Job *job)
{
    return job->rank == RANK_LIVE || job->rank == RANK_PRIORITY || job->rank == RANK_NORMAL;
}

int job_compare(const Job *a, const Job *b)
{
    int by = strength(a->rank) - strength(b->rank);
    if (by)
        return by;
    if (!takes_turns(a)) {
        by = MUTANT(MUTANT_REPEATS_DISPLACE) ? 0 : a->fresh - b->fresh;
        return by ? by : job_compare_tie(a, b);
    }
    by = (b->state == JOB_SOUNDING) - (a->state == JOB_SOUNDING);
    if (!by)
        by = compare_int64(a->resolved_us, b->resolved_us);
    return by ? by : job_compare_tie(a, b);
}

/* Whether a stream stands at a position, and where that item ends. */
static bool stream_at(const Job *job, int64_t position_us, int64_t *ret_end_us)
{
    bool stream = false;
    *ret_end_us = 0;
    for (unsigned i = 0; i < job->n_items && *ret_end_us <= position_us; i++) {
        *ret_end_us += job->items[i].length_us;
        stream = job->items[i].stream;
    }
    return stream;
}

bool job_is_stream_at(const Job *job, int64_t position_us)
{
    int64_t end_us;
    return stream_at(job, position_us, &end_us);
}

int64_t job_position(const Job *job, int64_t at_us)
{
    int64_t position_us = job->position_us;
    int64_t left_us = at_us - job->since_us;
    int64_t end_us;
    if (job->state == JOB_SOUNDING)
        return position_us + left_us;
    while (left_us > 0 && position_us < job->length_us && stream_at(job, position_us, &end_us)) {
        int64_t gone_us = MIN(left_us, end_us - position_us);
        position_us += gone_us;
        left_us -= gone_us;
    }
    return position_us;
}

int64_t job_stream_until(const Job *job)
{
    int64_t position_us = job->position_us;
    int64_t end_us;
    while (position_us < job->length_us && stream_at(job, position_us, &end_us))
        position_us = end_us;
    return position_us > job->position_us ? job->since_us + position_us - job->position_us
                                          : FOREVER;
}

/* Where the last stream before a position ends; 0 = there is none. */
static int64_t after_streams(const Job *job, int64_t position_us)
{
    int64_t end_us = 0, after_us = 0;
    for (unsigned i = 0; i < job->n_items && end_us + job->items[i].length_us <= position_us; i++) {
        end_us += job->items[i].length_us;
        if (job->items[i].stream)
            after_us = end_us;
    }
    return after_us;
}

/* A stream may be joined for as long as it runs; what follows it has its tolerance from the instant
 * at which the stream was over. */
int64_t job_deadline(const Job *job, int64_t at_us)
{
    int64_t base_us = MUTANT(MUTANT_MOVE_IS_LATENESS) ? job->start_us : job->resolved_us;
    int64_t position_us = job_position(job, at_us);
    if (job_is_alert(job) || job_is_stream_at(job, position_us))
        return FOREVER;
    base_us += after_streams(job, position_us);
    if (position_us > job->position_us)
        base_us = MAX(base_us, job->since_us + position_us - job->position_us);
    return base_us + job->tolerance_us - (MUTANT(MUTANT_TOLERANCE_OFF_BY_ONE) ? 1 : 0);
}
