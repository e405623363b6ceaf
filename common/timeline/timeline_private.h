/* What the files of the timeline share; nobody else includes it.
 *
 * A Job is anything that can sound. Its position runs through its items as if they were one piece;
 * a stream's position moves with the clock while it waits, a file's stands still. */
#pragma once

#include "timeline/timeline.h"

/* Seeded bugs: a second build of these files, which only tests link, can be told to have one. */
#ifdef TIMELINE_MUTANTS
extern int timeline_mutant;
#define MUTANT(n) (timeline_mutant == (n))
#else
#define MUTANT(n) false
#endif
enum {
    MUTANT_RANK_SWAPPED = 1,
    MUTANT_TIE_BY_ID,
    MUTANT_TOLERANCE_OFF_BY_ONE,
    MUTANT_REMAINDER_FROM_ZERO,
    MUTANT_LOOP_PAST_CANCEL,
    MUTANT_EXPIRED_KEPT,
    MUTANT_CHILD_WIDENS,
    MUTANT_MOVE_IS_LATENESS,
    MUTANT_NO_GRACE,
    MUTANT_REPEATS_DISPLACE,
    MUTANT_STOPPED_RETURNS,
    MUTANT_BOTH_SOUND,
};

#define FOREVER G_MAXINT64

/* ---- timeline_policy.c: all levels as one ---- */

#define WEEK_MIN      (7 * 1440)
#define RULES_MAX_CUT 64

typedef struct Rules {
    const TimelineOffset *offsets;
    unsigned n_offsets;
    bool always;                        /* no minute is closed */
    uint64_t quiet[WEEK_MIN / 64 + 1];  /* bit = minute of the local week, Monday first */
    uint64_t closed[WEEK_MIN / 64 + 1]; /* quiet, or outside a window */
    const TimelinePolicies *policies;
    bool has_ceilings;
    int hardware_mdb;
    int64_t session_us, day_us; /* FOREVER = unsaid */
    int64_t max_move_us, max_move_priority_us;
    int64_t max_tolerance_us;
    unsigned alerts_per_hour;
} Rules;

void rules_init(Rules *self, const TimelinePolicies *policies);
bool rules_is_closed(const Rules *self, int64_t at_us);
bool rules_is_quiet(const Rules *self, int64_t at_us);
/* First instant from at_us on that is open; FOREVER if none within a week. */
int64_t rules_next_open(const Rules *self, int64_t at_us);
int64_t rules_next_quiet(const Rules *self, int64_t at_us);
/* Ceiling at an instant, and until when it stays the same at least. */
int rules_ceiling(const Rules *self, AiringClass class, int64_t at_us, int64_t *ret_until_us);
int64_t rules_local_day(const Rules *self, int64_t at_us);

/* ---- jobs ---- */

typedef enum {
    JOB_AHEAD,
    JOB_WAITING,
    JOB_SOUNDING,
    JOB_OVER,
} JobState;

typedef struct Cause {
    TimelineRule rule;
    TimelineWho by;
    Reason reason;
} Cause;

typedef struct Job {
    TimelineWho who;
    Rank rank;
    AiringClass class;
    OnPreempt on_preempt;
    JobState state;
    uint32_t outputs;
    const char *id;
    const TimelineItem *items;
    unsigned n_items;
    int gain_mdb;
    int order, level;
    unsigned severity; /* of alerts */
    int64_t came_us;
    int64_t known_us;
    int64_t start_us; /* nominal */
    int64_t length_us;
    int64_t tolerance_us;
    int64_t valid_until_us; /* FOREVER = open */
    int64_t resolved_us;
    TimelineWho moved_by;
    TimelineWho twin; /* the same airing, given before; or nobody */
    /* while it waits or sounds */
    int64_t position_us; /* at since_us */
    int64_t since_us;
    int64_t wake_us; /* sounding: its end or cut; waiting: when to look again */
    Cause cause;     /* that covered its start */
    bool has_cause;
    Cause lost; /* what took a part of a stream away, other than the plan */
    bool has_lost;
    Cause interrupted; /* what made it wait after it had sounded */
    bool sounded;
    bool pinned;        /* it has started: placed before all others */
    bool cut_by_policy; /* wake_us is the cut */
    bool fresh;         /* a repeat that has just come due */
    TimelineRule rule;  /* of the run that sounds */
    TimelineWho by;
    int64_t failed_until_us; /* 0 = it can sound */
    Reason failed_reason;
    /* of alerts */
    unsigned repeat, next_repeat;
    int64_t every_us;
    bool held; /* not confirmed after a boot without time */
    bool dead; /* cancelled, stopped or refused: no more repeats */
} Job;

typedef struct Moment {
    int64_t at_us;
    int turn; /* order at the same instant */
    const TimelineEvent *event;
    Job *job; /* NULL: all */
} Moment;

typedef struct Run {
    TimelineAirings airings;
    TimelineEvents events;
    int64_t now_us;
    Rules rules;
    Job *jobs; /* airings, then alerts */
    unsigned n_jobs;
    Job **arrivals; /* by resolved start */
    unsigned n_arrivals, next_arrival;
    Moment *moments;
    unsigned n_moments, next_moment;
    GPtrArray *active;            /* Job*: waiting or sounding, strongest first after a dispatch */
    GPtrArray *loops;             /* Job*: alerts with repeats to come */
    unsigned off, no_time, muted; /* how many such intervals cover this instant */
    Reason off_reason;
    int64_t wake_us;  /* earliest of the active ones */
    int64_t quiet_us; /* next quiet hours, as last asked for; time only goes on */
    int64_t session_until_us, session_us, day, day_us; /* routine sound so far */
    int64_t admitted_us[TIMELINE_ALERTS_PER_HOUR];     /* the last alerts, a ring */
    unsigned n_admitted;
    GArray *pieces, *absences;
    TimelineFate *fates;
    uint64_t steps;
} Run;

static inline bool job_is_alert(const Job *job)
{
    return job->rank == RANK_EMERGENCY;
}

/* timeline_job.c */
int job_compare_tie(const Job *a, const Job *b);
/* Stronger first: who is asked first at one instant. */
int job_compare(const Job *a, const Job *b);
int64_t job_position(const Job *job, int64_t at_us);
bool job_is_stream_at(const Job *job, int64_t position_us);
/* When the stream that waits is over; FOREVER = a file waits. */
int64_t job_stream_until(const Job *job);
/* Until when it may start, the last instant included. */
int64_t job_deadline(const Job *job, int64_t at_us);

/* timeline_place.c: resolves the ties of the plan. Jobs by (start, tie). */
void place_all(Run *run, Job **sorted, unsigned length);

/* timeline_events.c: what has happened, as moments in order. */
/* Airings that have started stand where they did; before the jobs are sorted. */
void events_pin(Run *run);
void events_init(Run *run);
void events_apply(Run *run, const Moment *moment);
void events_clear(Run *run);

/* timeline_run.c */
void run_all(Run *run);
/* It stops sounding and waits for its turn, or is over where it cannot go on. */
void run_interrupt(Run *run, Job *job, int64_t at_us, Cause cause);
void run_close(Run *run, Job *job, int64_t at_us, Cause cause, TimelineLimit limit);

/* timeline_turn.c */
void turn_give_outputs(Run *run, int64_t at_us);
void turn_forget_ended(Run *run); /* takes what is over out of the active ones */

/* timeline_pieces.c */
void pieces_add(Run *run, const Job *job, int64_t until_us, Cause end);
void pieces_add_absence(Run *run, const TimelineAbsence *absence);
Timeline *pieces_finish(Run *run);
