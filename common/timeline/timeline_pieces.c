/* What comes out: a run of sound becomes one piece per item and per volume ceiling. Keeps the
 * minutes of routine sound on the way, for the limits per session and day. */
#include "timeline/timeline_private.h"

/* No padding: what comes out is the same to the bit. */
G_STATIC_ASSERT(sizeof(TimelinePiece) == 3 * sizeof(int64_t) + 10 * sizeof(int32_t));
G_STATIC_ASSERT(sizeof(TimelineAbsence) == sizeof(int64_t) + 8 * sizeof(int32_t));

static void count_minutes(Run *run, int64_t from_us, int64_t until_us)
{
    if (run->rules.session_us == FOREVER && run->rules.day_us == FOREVER)
        return;
    int64_t day = rules_local_day(&run->rules, from_us);
    if (from_us - run->session_until_us > TIMELINE_SESSION_GAP_US)
        run->session_us = 0;
    if (day != run->day)
        run->day_us = 0;
    run->day = day;
    run->session_until_us = until_us;
    run->session_us += until_us - from_us;
    run->day_us += until_us - from_us;
}

static int gain_at(const Run *run, const Job *job, int64_t at_us, int64_t *ret_until_us)
{
    *ret_until_us = FOREVER;
    if (job_is_alert(job))
        return MIN(job->gain_mdb, run->rules.hardware_mdb);
    return MIN(job->gain_mdb, rules_ceiling(&run->rules, job->class, at_us, ret_until_us));
}

static void note_sound(Run *run, const Job *job, int64_t until_us)
{
    if (job_is_alert(job))
        return;
    count_minutes(run, job->since_us, until_us);
}

static void note_fate(Run *run, const Job *job, int64_t until_us)
{
    if (job->who >= (TimelineWho)run->airings.length)
        return;
    TimelineFate *fate = &run->fates[job->who];
    if (!fate->first_us) {
        fate->first_us = job->since_us;
        fate->late_us = job->since_us - job->resolved_us;
    }
    fate->last_us = until_us;
}

void pieces_add(Run *run, const Job *job, int64_t until_us, Cause end)
{
    int64_t at_us = job->since_us, item_us = 0; /* begin of the item in the whole */
    int64_t begin_us = at_us - job->position_us;
    if (until_us <= at_us)
        return;
    note_sound(run, job, until_us);
    note_fate(run, job, until_us);
    TimelinePiece piece = {.who = job->who,
                           .rank = job->rank,
                           .repeat = job->repeat,
                           .outputs = job->outputs,
                           .rule = job->rule,
                           .by = job->by};
    for (unsigned i = 0; i < job->n_items && at_us < until_us; i++) {
        int64_t item_end_us = begin_us + item_us + job->items[i].length_us;
        while (at_us < MIN(item_end_us, until_us)) {
            int64_t same_us;
            piece.gain_mdb = gain_at(run, job, at_us, &same_us);
            piece.from_us = at_us;
            piece.until_us = MIN(MIN(item_end_us, until_us), same_us);
            piece.item = i;
            piece.offset_us = at_us - begin_us - item_us;
            bool last = piece.until_us == until_us;
            piece.end_rule = last ? end.rule : TIMELINE_RULE_CONTINUED;
            piece.end_by = last ? end.by : TIMELINE_NOBODY;
            g_array_append_val(run->pieces, piece);
            piece.rule = TIMELINE_RULE_CONTINUED;
            piece.by = TIMELINE_NOBODY;
            at_us = piece.until_us;
            run->steps++;
        }
        item_us += job->items[i].length_us;
    }
}

void pieces_add_absence(Run *run, const TimelineAbsence *absence)
{
    g_array_append_vals(run->absences, absence, 1);
}

static int compare_pieces(gconstpointer left, gconstpointer right)
{
    const TimelinePiece *a = left, *b = right;
    if (a->from_us != b->from_us)
        return a->from_us < b->from_us ? -1 : 1;
    if (a->who != b->who)
        return a->who < b->who ? -1 : 1;
    return (a->item > b->item) - (a->item < b->item);
}

static int compare_absences(gconstpointer left, gconstpointer right)
{
    const TimelineAbsence *a = left, *b = right;
    if (a->at_us != b->at_us)
        return a->at_us < b->at_us ? -1 : 1;
    if (a->who != b->who)
        return a->who < b->who ? -1 : 1;
    return (a->repeat > b->repeat) - (a->repeat < b->repeat);
}

/* Runs end nearly in the order in which they begin. */
static void sort(GArray *array, GCompareFunc compare)
{
    unsigned size = g_array_get_element_size(array);
    for (unsigned i = 1; i < array->len; i++) {
        const char *element = array->data + (gsize)i * size;
        if (compare(element - size, element) > 0) {
            g_array_sort(array, compare);
            return;
        }
    }
}

Timeline *pieces_finish(Run *run)
{
    Timeline *self = g_new0(Timeline, 1);
    sort(run->pieces, compare_pieces);
    sort(run->absences, compare_absences);
    self->n_pieces = run->pieces->len;
    self->n_absences = run->absences->len;
    self->n_fates = run->airings.length;
    self->pieces = (TimelinePiece *)g_array_free(g_steal_pointer(&run->pieces), FALSE);
    self->absences = (TimelineAbsence *)g_array_free(g_steal_pointer(&run->absences), FALSE);
    self->fates = g_steal_pointer(&run->fates);
    self->steps = run->steps;
    return self;
}
