/* What one station sounds, from when to when, and why: the one function behind the agenda, the
 * clash check, the planner's explanations and the player.
 *
 * Pure: no I/O, no clock, no globals. The same input gives the same output, bit for bit, in
 * whatever order the arrays are given. Every instant is int64 µs UTC; an interval holds its begin,
 * not its end. Arrays and strings are borrowed and must outlive the result. */
#pragma once

#include "wire/plan.h"
#include "wire/receipt.h"

#define TIMELINE_MINUTE_US            (INT64_C(60) * 1000 * 1000)
#define TIMELINE_TOLERANCE_US         (10 * TIMELINE_MINUTE_US) /* default of a normal airing */
#define TIMELINE_TOLERANCE_PRIORITY   (60 * TIMELINE_MINUTE_US)
#define TIMELINE_MAX_MOVE_US          (60 * TIMELINE_MINUTE_US)
#define TIMELINE_MAX_MOVE_PRIORITY    (240 * TIMELINE_MINUTE_US)
#define TIMELINE_GRACE_US             (2 * TIMELINE_MINUTE_US) /* of a sound that meets quiet hours */
#define TIMELINE_ALERT_EXPIRES_US     (360 * TIMELINE_MINUTE_US)  /* default */
#define TIMELINE_ALERT_EXPIRES_MAX_US (1440 * TIMELINE_MINUTE_US) /* later is cut to this */
#define TIMELINE_ALERT_EVERY_MIN_US   TIMELINE_MINUTE_US          /* shorter is raised to this */
#define TIMELINE_ALERTS_PER_HOUR      6 /* at most, whatever a policy says */
#define TIMELINE_SESSION_GAP_US       (15 * TIMELINE_MINUTE_US) /* silence that ends a session */
#define TIMELINE_QUIET_FROM_MIN       (22 * 60)                 /* where no policy says anything */
#define TIMELINE_QUIET_UNTIL_MIN      (4 * 60 + 45)
#define TIMELINE_ALL_OUTPUTS          UINT32_MAX

/* ---- what is given ---- */

typedef struct TimelineItem {
    int64_t length_us; /* > 0 */
    bool stream;       /* relay or live: goes on without us, so what is not heard is gone */
} TimelineItem;

typedef struct TimelineAiring {
    const char *id;
    int64_t start_us;       /* nominal */
    int64_t tolerance_us;   /* start_by - resolved start; negative = default of its rank */
    int64_t known_us;       /* nothing of it starts before, whatever its time; 0 = known */
    int64_t valid_until_us; /* nothing of it starts from here on; 0 = open */
    int order;              /* the planner's verdict on ties, such as precedence(area, date);
                             * smaller first. Among equals: level, came_us, start_us, id */
    int level;              /* of the issuing area: 0 = top */
    int64_t came_us;        /* approval; of live, the call */
    Rank rank;
    AiringClass class;
    OnPreempt on_preempt;
    const TimelineItem *items;
    unsigned n_items;
    int gain_mdb;     /* at most 0 */
    uint32_t outputs; /* bit per output; it sounds on all of them or not at all. 0 = all */
} TimelineAiring;

typedef struct TimelineAirings {
    const TimelineAiring *data;
    unsigned length;
} TimelineAirings;

typedef enum {
    TIMELINE_ALERT,      /* first play at at_us, then every every_us while before until_us */
    TIMELINE_CANCEL,     /* of an airing or alert; valid before what it cancels, too */
    TIMELINE_LOCAL_STOP, /* ends what sounds, and these ids at this station */
    TIMELINE_OFF,        /* nothing sounds; for the reason no_time: nothing routine starts */
    TIMELINE_FAILED,     /* one airing cannot sound (no_media, device_fault ...) */
    TIMELINE_ENDED,      /* it came to its end sooner than its length says */
    TIMELINE_CONFIRM,    /* the controller confirms an alert after a boot without trusted time */
    TIMELINE_STARTED,    /* an airing began as decided for at_us: no later plan moves it */
    TIMELINE_SILENT,     /* an airing that began did not sound from at_us to until_us */
    TIMELINE_MUTED,      /* nothing routine sounds from at_us to until_us: the centre said so */
} TimelineEventKind;

typedef struct TimelineEvent {
    TimelineEventKind kind;
    const char *id;   /* of the alert or airing; NULL: LOCAL_STOP, OFF, MUTED */
    int64_t at_us;    /* when it took effect */
    int64_t until_us; /* ALERT: expires, 0 = default. OFF: 0 = still so now, SILENT too. MUTED:
                         always said. FAILED: 0 = for good */
    Reason reason;    /* OFF, FAILED */
    bool clock_lost;  /* OFF: after it the time is trusted below level 2 */
    uint32_t outputs; /* ALERT, LOCAL_STOP; 0 = all */
    /* Of an ALERT only: */
    unsigned severity; /* larger is graver */
    int level;
    int64_t every_us; /* 0 = once */
    const TimelineItem *items;
    unsigned n_items;
    int gain_mdb;
} TimelineEvent;

typedef struct TimelineEvents {
    const TimelineEvent *data;
    unsigned length;
} TimelineEvents;

/* What one area says; 0 and empty = nothing. */
typedef struct TimelinePolicy {
    const char *id;    /* of the area, or of the station whose own limits these are */
    bool states_quiet; /* the top one replaces the default hours; all others can only add */
    const TimelineSpan *quiet;
    unsigned n_quiet;
    const TimelineWindow *windows; /* when routine sound may start */
    unsigned n_windows;
    const TimelineCeiling *ceilings; /* of routine sound */
    unsigned n_ceilings;
    int hardware_mdb; /* below 0: binds emergencies, too */
    int session_min;  /* minutes of routine sound */
    int day_min;
    int64_t max_move_us; /* of ties among normal airings */
    int64_t max_move_priority_us;
    int64_t max_tolerance_us;
    unsigned alerts_per_hour; /* distinct ones */
} TimelinePolicy;

typedef struct TimelinePolicies {
    const TimelinePolicy *data; /* from the top area down; the station's own limits last */
    unsigned length;
    const TimelineOffset
        *offsets; /* ascending; the first also holds before its begin. None = UTC */
    unsigned n_offsets;
} TimelinePolicies;

/* ---- what comes out ---- */

typedef enum {
    /* why a piece begins where it begins */
    TIMELINE_RULE_NOMINAL,   /* at its own time */
    TIMELINE_RULE_MOVED,     /* directly after `by`, of its own rank */
    TIMELINE_RULE_WAITED,    /* late: `by` or what else is named in its fate stood in the way */
    TIMELINE_RULE_RESUMED,   /* at the exact offset, after `by` */
    TIMELINE_RULE_RESTARTED, /* from the top, after `by` */
    TIMELINE_RULE_REJOINED,  /* the stream, where it is by now */
    TIMELINE_RULE_ALERT,     /* an emergency, at once */
    TIMELINE_RULE_REPEAT,    /* an emergency's repeat */
    TIMELINE_RULE_CONTINUED, /* the same airing: its next item, or another volume ceiling */
    /* why it ends, and why something is absent */
    TIMELINE_RULE_COMPLETE,
    TIMELINE_RULE_RANK,          /* `by` has a higher rank */
    TIMELINE_RULE_ALERT_TIE,     /* `by` is graver, of a higher level or newer */
    TIMELINE_RULE_LEVEL,         /* relay, filler: `by` has the higher level or earlier approval */
    TIMELINE_RULE_TURN,          /* `by`, of the same rank, was not at its end */
    TIMELINE_RULE_LIVE_HELD,     /* `by` came first and holds the station */
    TIMELINE_RULE_DROP,          /* displaced by `by`, and it asked to be dropped then */
    TIMELINE_RULE_MAX_MOVE,      /* the move after `by` would be too long */
    TIMELINE_RULE_MOVE_VALIDITY, /* ... past its validity */
    TIMELINE_RULE_MOVE_HOURS,    /* ... into quiet hours or out of the window */
    TIMELINE_RULE_EXPIRED,       /* no longer valid at its start */
    TIMELINE_RULE_QUIET,         /* quiet hours */
    TIMELINE_RULE_WINDOW,        /* outside the hours of the area */
    TIMELINE_RULE_SESSION_MINUTES, /* more minutes in one session than allowed */
    TIMELINE_RULE_DAY_MINUTES,
    TIMELINE_RULE_CANCELLED,
    TIMELINE_RULE_LOCAL_STOP,
    TIMELINE_RULE_ENDED, /* it ended sooner than planned */
    TIMELINE_RULE_OFF,   /* the station was off, or without the time */
    TIMELINE_RULE_FAILED,
    TIMELINE_RULE_REPEAT_INSIDE, /* a repeat that falls inside `by` is skipped */
    TIMELINE_RULE_ALERT_LIMIT,   /* too many alerts within the hour */
    TIMELINE_RULE_UNCONFIRMED,   /* after a boot without trusted time, nobody confirmed it */
    TIMELINE_RULE_NOT_KNOWN,     /* the plan with it came after its time */
    TIMELINE_RULE_EMPTY,         /* nothing in it has a length */
    TIMELINE_RULE_MUTED,         /* the station was to keep silent then */
    TIMELINE_RULES
} TimelineRule;

/* What ended the waiting of something absent. */
typedef enum {
    TIMELINE_LIMIT_NONE,     /* the rule itself */
    TIMELINE_LIMIT_START_BY, /* resolved start + tolerance */
    TIMELINE_LIMIT_VALIDITY,
    TIMELINE_LIMIT_SLOT, /* the stream was over */
    TIMELINE_LIMITS
} TimelineLimit;

/* A number for everything that can sound: an airing is its index, an alert is the number of airings
 * + the index of its event. */
typedef int32_t TimelineWho;
#define TIMELINE_NOBODY (-1)

typedef struct TimelinePiece {
    int64_t from_us;
    int64_t until_us;
    int64_t offset_us; /* in the item */
    TimelineWho who;
    Rank rank;
    unsigned repeat; /* of an alert; 0 = first play */
    unsigned item;
    uint32_t outputs;
    int gain_mdb;      /* own gain, cut to the ceilings that hold here */
    TimelineRule rule; /* why it begins */
    TimelineWho by;
    TimelineRule end_rule; /* why it ends */
    TimelineWho end_by;
} TimelinePiece;

/* What does not sound, or not to its end. */
typedef struct TimelineAbsence {
    int64_t at_us; /* when that was settled */
    TimelineWho who;
    Rank rank;
    unsigned repeat;
    Outcome outcome; /* partial, missed or cancelled */
    Reason reason;
    TimelineRule rule;
    TimelineWho by;
    TimelineLimit limit;
} TimelineAbsence;

/* Of each airing. Whatever lies after now is a forecast. */
typedef struct TimelineFate {
    int64_t resolved_us; /* start after moves: tolerance counts from here */
    int64_t first_us;    /* first sound; 0 = none */
    int64_t last_us;     /* end of the last sound; 0 = none */
    int64_t late_us;     /* first_us - resolved_us */
    Outcome outcome;
    Reason reason;
    TimelineRule rule; /* of its absence; else why it is late or moved; else NOMINAL */
    TimelineWho by;
    bool settled; /* nothing of it lies after now */
} TimelineFate;

typedef struct Timeline {
    TimelinePiece *pieces; /* by (from_us, who, item) */
    unsigned n_pieces;
    TimelineAbsence *absences; /* by (at_us, who, repeat) */
    unsigned n_absences;
    TimelineFate *fates; /* one per airing, in the order given */
    unsigned n_fates;
    uint64_t steps; /* of work: grows with the input, not with the machine */
} Timeline;

/* An airing given twice (same id and start) counts once: both have the fate of it. */
Timeline *timeline_resolve(TimelineAirings airings, TimelineEvents events,
                           TimelinePolicies policies, int64_t now_us) G_GNUC_WARN_UNUSED_RESULT;
void timeline_free(Timeline *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Timeline, timeline_free)

/* The id behind a number, or NULL for nobody. */
const char *timeline_id(TimelineAirings airings, TimelineEvents events, TimelineWho who);

/* ---- words ---- */

typedef enum { TIMELINE_VI, TIMELINE_EN, TIMELINE_LANGUAGES } TimelineLanguage;
extern const char *const timeline_rule_words[]; /* codes for the wire, NULL-terminated */

/* One sentence for people; `other` is the title of what `by` means, or NULL. */
char *timeline_explain(TimelineRule rule, TimelineLanguage language, const char *other);
const char *timeline_explain_limit(TimelineLimit limit, TimelineLanguage language);
