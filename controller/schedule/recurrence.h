/* From a rule to instants. A rule repeats by the clock on the wall of one time zone; libical
 * expands it in wall-clock time, and each wall time then becomes one instant:
 *   - a time that the zone skips (spring) is the first instant after the gap;
 *   - a time that comes twice (autumn) is the first of the two. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum { RECURRENCE_ONCE, RECURRENCE_DAILY, RECURRENCE_RULE } RecurrenceKind;

/* Days of the Vietnamese lunar calendar; a leap month counts like the one before it. */
typedef struct RecurrenceLunar {
    uint32_t days; /* bit d: day d; bit 0: the last day of the month, 29 or 30; 0 = no such rule */
    uint32_t months; /* bit m: month m; 0 = every month */
    bool skip_leap;  /* leap months have no starts */
} RecurrenceLunar;

typedef struct Recurrence {
    RecurrenceKind kind;
    int64_t start_us;  /* first start; its wall-clock time in `zone` repeats */
    const char *until; /* last day in `zone`, "2026-12-31", inclusive; NULL = open */
    const char *zone;  /* IANA name */
    /* RECURRENCE_RULE: one of the two; a start_us that does not fit the rule is no start. */
    const char *rrule; /* "FREQ=WEEKLY;BYDAY=MO,WE,FR", checked by recurrence_check.h */
    RecurrenceLunar lunar;
    const GArray *rdates; /* int64_t, ascending: starts beside the rule; NULL = none */
} Recurrence;

/* More than this many starts of one rule in one window is a programming error, not a schedule. */
#define RECURRENCE_MAX 4000

/* Starts in [from_us, to_us), ascending, never before start_us: GArray of int64_t. */
GArray *recurrence_expand(const Recurrence *rule, int64_t from_us, int64_t to_us);
/* The first `most` of them. */
GArray *recurrence_expand_some(const Recurrence *rule, int64_t from_us, int64_t to_us,
                               unsigned most);
/* How many starts libical's own iterator finds when it is asked anew for one station: what sharing
 * an expansion is measured against. */
unsigned recurrence_count_raw(const Recurrence *rule, int64_t from_us, int64_t to_us);
/* The first start at or after `at_us`; false when there is none (looks a year ahead, RULE ten). */
bool recurrence_next(const Recurrence *rule, int64_t at_us, int64_t *ret_start_us);

/* True when libical reads the text as a rule. */
bool recurrence_rule_readable(const char *rrule);
/* False when no day fits an RRULE within ten years of its start, its end left aside: 30 February.
 */
bool recurrence_rule_happens(const Recurrence *rule);

/* Zones and dates */
#include "schedule/recurrence_zone.h"
