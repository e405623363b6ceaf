/* Ties of the plan: priority and normal airings of equal rank that overlap must all air. In the
 * order of the tie each takes the first gap at or after its nominal start, so the first plays at
 * its time and the others directly after it. A move that is too long, or leads past the airing's
 * validity or into closed hours, is an absence instead.
 *
 * Most airings overlap nothing. So the plan, sorted by start, is cut where all that came before
 * would be over even if it were played in a row; only cuts of two or more are placed. Gaps too
 * short for anybody can carry a placement over such a cut: then the cut grows and is placed again.
 */
#include "timeline/timeline_private.h"

#include <string.h>

typedef struct Place {
    int64_t from_us, until_us;
    const Job *job;
} Place;

/* It will not sound at all, so it moves nobody. */
static bool is_hopeless(const Run *run, const Job *job)
{
    if (job->start_us >= job->valid_until_us)
        return true;
    return rules_next_open(&run->rules, job->start_us) > job->start_us + job->tolerance_us;
}

static int compare_ties(gconstpointer left, gconstpointer right)
{
    const Job *a = *(Job *const *)left, *b = *(Job *const *)right;
    return a->pinned != b->pinned ? b->pinned - a->pinned : job_compare_tie(a, b);
}

/* Index of the first place that ends after the instant. Places of one rank may overlap only where
 * their outputs differ, so ends are not quite sorted; begins are, and a start is at most the
 * longest length behind. */
static unsigned first_after(const GArray *places, int64_t at_us, int64_t longest_us)
{
    unsigned low = 0, high = places->len;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (g_array_index(places, Place, middle).from_us <= at_us - longest_us)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The first gap for a job; notes who pushed it there. */
static int64_t find_gap(Run *run, const GArray *places, Job *job, int64_t longest_us)
{
    int64_t at_us = job->start_us;
    job->moved_by = TIMELINE_NOBODY;
    for (unsigned i = first_after(places, at_us, longest_us); i < places->len; i++) {
        const Place *place = &g_array_index(places, Place, i);
        run->steps++;
        if (place->from_us >= at_us + job->length_us)
            break;
        if (place->until_us <= at_us || !(place->job->outputs & job->outputs))
            continue;
        at_us = place->until_us;
        job->moved_by = place->job->who;
    }
    return at_us;
}

/* Why a job may not begin where its gap is; COMPLETE = it may. */
static Cause judge_move(const Run *run, const Job *job)
{
    bool priority = job->rank == RANK_PRIORITY;
    int64_t most_us = priority ? run->rules.max_move_priority_us : run->rules.max_move_us;
    if (job->resolved_us == job->start_us)
        return (Cause){TIMELINE_RULE_COMPLETE, TIMELINE_NOBODY, REASON_NONE};
    if (job->resolved_us - job->start_us > most_us)
        return (Cause){TIMELINE_RULE_MAX_MOVE, job->moved_by, REASON_DISPLACED};
    if (job->resolved_us >= job->valid_until_us && !MUTANT(MUTANT_EXPIRED_KEPT))
        return (Cause){TIMELINE_RULE_MOVE_VALIDITY, job->moved_by, REASON_EXPIRED};
    if (rules_is_closed(&run->rules, job->resolved_us))
        return (Cause){TIMELINE_RULE_MOVE_HOURS, job->moved_by, REASON_POLICY};
    return (Cause){TIMELINE_RULE_COMPLETE, TIMELINE_NOBODY, REASON_NONE};
}

static void insert(GArray *places, const Job *job)
{
    Place place = {job->resolved_us, job->resolved_us + job->length_us, job};
    unsigned index = first_after(places, place.from_us, 0);
    g_array_insert_val(places, index, place);
}

/* Places a cut; gives the end of its last place. */
static int64_t place_cut(Run *run, GArray *places, Job **jobs, unsigned length)
{
    int64_t longest_us = 0, end_us = G_MININT64;
    g_array_set_size(places, 0);
    qsort(jobs, length, sizeof(Job *), compare_ties);
    for (unsigned i = 0; i < length; i++) {
        Job *job = jobs[i];
        run->steps++;
        if (is_hopeless(run, job))
            continue;
        if (!job->pinned)
            job->resolved_us = find_gap(run, places, job, longest_us);
        if (judge_move(run, job).rule != TIMELINE_RULE_COMPLETE)
            continue;
        insert(places, job);
        longest_us = MAX(longest_us, job->length_us);
        end_us = MAX(end_us, job->resolved_us + job->length_us);
    }
    return end_us;
}

static void settle(Run *run, Job **jobs, unsigned length)
{
    for (unsigned i = 0; i < length; i++) {
        Cause cause = judge_move(run, jobs[i]);
        if (cause.rule != TIMELINE_RULE_COMPLETE)
            run_close(run, jobs[i], jobs[i]->start_us, cause, TIMELINE_LIMIT_NONE);
    }
}

static void place_rank(Run *run, Job **jobs, unsigned length, GArray *places)
{
    g_autofree Job **cut = g_new(Job *, length);
    for (unsigned i = 0; i < length;) {
        int64_t end_us = jobs[i]->start_us;
        unsigned next = i;
        while (next < length && (next == i || jobs[next]->start_us < end_us)) {
            while (next < length && (next == i || jobs[next]->start_us < end_us))
                end_us = MAX(end_us, jobs[next]->start_us) + jobs[next]->length_us, next++;
            if (next - i < 2)
                break;
            memcpy(cut, jobs + i, (next - i) * sizeof *cut);
            end_us = MAX(end_us, place_cut(run, places, cut, next - i));
        }
        if (next - i > 1)
            settle(run, cut, next - i);
        i = next;
    }
}

void place_all(Run *run, Job **sorted, unsigned length)
{
    g_autofree Job **same = g_new(Job *, length);
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(Place));
    static const Rank ranks[] = {RANK_PRIORITY, RANK_NORMAL};
    for (unsigned r = 0; r < G_N_ELEMENTS(ranks); r++) {
        unsigned count = 0;
        for (unsigned i = 0; i < length; i++)
            if (sorted[i]->rank == ranks[r] && sorted[i]->state != JOB_OVER)
                same[count++] = sorted[i];
        if (count)
            place_rank(run, same, count, places);
    }
}
