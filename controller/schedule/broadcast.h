/* A broadcast: a bulletin or a programme, a rule when, and where. Its plays are airings
 * (planner.h). */
#pragma once

#include "registry/group_store.h"
#include "schedule/series.h"
#include "wire/plan.h"

#define BROADCAST_MAX_TARGETS          500
#define BROADCAST_NOW_DELAY_US         INT64_C(15000000) /* so that every station has the file */
#define BROADCAST_TOLERANCE_DEFAULT_S  600               /* normal */
#define BROADCAST_TOLERANCE_PRIORITY_S 3600
#define BROADCAST_TOLERANCE_MAX_S      14400
#define BROADCAST_REPEATS_MAX          10
#define BROADCAST_GAP_MAX_S            14400
#define BROADCAST_GAIN_MIN_MDB         (-60000)

typedef enum { BROADCAST_NOW, BROADCAST_ONCE, BROADCAST_DAILY, BROADCAST_RULE } BroadcastKind;
extern const char *const broadcast_kind_words[]; /* NULL-terminated */

typedef enum { TARGET_AREA, TARGET_STATION, TARGET_GROUP } TargetKind;
extern const char *const target_kind_words[];

typedef struct BroadcastTarget {
    TargetKind kind;
    char *id;
    bool exclude;
    GPtrArray *members; /* of a group: GroupMember*, as of when the broadcast was read; else NULL */
} BroadcastTarget;

typedef struct Broadcast {
    char *id;
    char *bulletin; /* one of these two, the other is NULL */
    char *programme;
    char *area;  /* that issued it */
    char *scope; /* smallest area that holds all targets; NULL = `area` */
    BroadcastKind kind;
    int64_t start_us;
    char *until; /* "YYYY-MM-DD", last day; NULL = open or not daily */
    char *zone;
    /* BROADCAST_RULE: one of the two */
    char *rrule;
    RecurrenceLunar lunar;
    GArray *rdates;       /* int64_t, ascending; NULL = none */
    GArray *exdates;      /* RECURRENCE-IDs taken out; NULL = none */
    GArray *overrides;    /* SeriesOverride; NULL = none */
    GPtrArray *parts;     /* BroadcastPart*, by from_us: rules that follow; NULL = none */
    GArray *series_parts; /* SeriesPart: the same for series.h */
    unsigned repeats;     /* plays of one occurrence; 0 and 1 = one */
    int64_t gap_s;        /* of silence between them */
    int64_t end_us;       /* no RECURRENCE-ID from here on; 0 = open */
    char *calendar;       /* id of a calendar of holidays; NULL = none */
    SeriesHolidays holidays_mode;
    HolidayCalendar *holidays; /* NULL when `calendar` is none, or gone */
    AiringClass class;
    int64_t tolerance_s;
    int gain_mdb;
    OnPreempt on_preempt;
    bool filler;      /* gives way to everything else */
    char *created_by; /* user id */
    char *created_by_name;
    int64_t created_us;
    int64_t deleted_us; /* 0 = in force */
    GPtrArray *targets; /* BroadcastTarget* */
    /* Of an order: areas below its targets whose policy refuses it are left out. Not stored. */
    bool leave_out_refusing;
} Broadcast;

/* A rule that takes over from a RECURRENCE-ID on. */
typedef struct BroadcastPart {
    int64_t from_us;
    int64_t start_us;
    char *until;
    char *rrule; /* NULL without lunar days: every day */
    RecurrenceLunar lunar;
    char *zone;
    char *calendar; /* NULL = no holidays */
    SeriesHolidays holidays_mode;
    HolidayCalendar *holidays;
} BroadcastPart;

Broadcast *broadcast_new(void);
void broadcast_free(Broadcast *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Broadcast, broadcast_free)
/* In any order; once each. */
void broadcast_add_date(Broadcast *self, bool except, int64_t at_us);
bool broadcast_has_date(const GArray *dates, int64_t at_us); /* NULL = none */
/* In order of recurrence_us, "following" first. */
void broadcast_add_override(Broadcast *self, const SeriesOverride *override);
/* In order of from_us; the rule of `rule` (its kind, start, until, rrule, lunar, zone, holidays)
 * from there on. */
void broadcast_add_part(Broadcast *self, int64_t from_us, const Broadcast *rule);
bool broadcast_repeats(const Broadcast *self);
void broadcast_add_target(Broadcast *self, TargetKind kind, const char *id, bool exclude);

/* Who is in the group of a target; an acceptance counts for the area that made the group, `owner`,
 * and no other. */
void broadcast_take_members(Broadcast *self, unsigned target, GPtrArray *take_members,
                            const char *owner);

/* True when the station is reached: named by a target directly, through an area or a group,
 * excluded by none, and issued by an area on its path (char*, top first); or else named through a
 * group that an area on its path accepted. */
bool broadcast_reaches(const Broadcast *self, const char *station, const GPtrArray *area_path);
/* False when it reaches no station of this very area, whichever those are. */
bool broadcast_may_reach(const Broadcast *self, const GPtrArray *area_path);
/* The rule as recurrence.h wants it; its texts are borrowed from `self`. */
Recurrence broadcast_rule(const Broadcast *self);
/* Rule, dates, changes and holidays as series.h wants them; all borrowed from `self`. */
Series broadcast_series(const Broadcast *self);
/* All its plays that start in [from, to) when one takes `length_us`: SeriesOccurrence by start,
 * those that do not play among them. */
GArray *broadcast_plays(const Broadcast *self, int64_t length_us, int64_t from_us, int64_t to_us);
