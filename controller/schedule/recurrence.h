/* From a rule to instants. A rule repeats by the clock on the wall of one time zone; libical
 * expands it in wall-clock time, and each wall time then becomes one instant:
 *   - a time that the zone skips (spring) is the first instant after the gap;
 *   - a time that comes twice (autumn) is the first of the two. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum { RECURRENCE_ONCE, RECURRENCE_DAILY } RecurrenceKind;

typedef struct Recurrence {
    RecurrenceKind kind;
    int64_t start_us;  /* first start; its wall-clock time in `zone` repeats */
    const char *until; /* last day in `zone`, "2026-12-31", inclusive; NULL = open */
    const char *zone;  /* IANA name */
} Recurrence;

/* More than this many starts of one rule in one window is a programming error, not a schedule. */
#define RECURRENCE_MAX 4000

/* Starts in [from_us, to_us), ascending, never before start_us: GArray of int64_t. */
GArray *recurrence_expand(const Recurrence *rule, int64_t from_us, int64_t to_us);
/* The first start at or after `at_us`; false when there is none (looks a year ahead). */
bool recurrence_next(const Recurrence *rule, int64_t at_us, int64_t *ret_start_us);

/* Seconds east of UTC at an instant. An unknown zone counts as UTC. */
int recurrence_offset_s(const char *zone, int64_t at_us);
/* First instant of the local day that holds `at_us`, moved by `days` local days. */
int64_t recurrence_day_us(const char *zone, int64_t at_us, int days);
bool recurrence_zone_known(const char *zone);
bool recurrence_date_valid(const char *date); /* "YYYY-MM-DD" */
