/* Which RFC 5545 rules we take. The text comes from people and from files of other programs: it is
 * read here, part by part, before libical sees it. */
#pragma once

#include "schedule/recurrence.h"

#define RECURRENCE_TEXT_MAX     500
#define RECURRENCE_COUNT_MAX    RECURRENCE_MAX
#define RECURRENCE_INTERVAL_MAX 366
#define RECURRENCE_DAY_MAX      24 /* starts a day */

typedef enum {
    RECURRENCE_FINE,
    RECURRENCE_TOO_LONG,
    RECURRENCE_SYNTAX,   /* no NAME=value;NAME=value, or a name twice */
    RECURRENCE_PART,     /* a part that is unknown or not supported */
    RECURRENCE_FREQ,     /* not one of DAILY, WEEKLY, MONTHLY, YEARLY */
    RECURRENCE_INTERVAL, /* not 1..366 */
    RECURRENCE_COUNT,    /* not 1..4000, or beside UNTIL */
    RECURRENCE_UNTIL,    /* no date there is */
    RECURRENCE_VALUE,    /* a number or weekday out of range */
    RECURRENCE_DENSE,    /* too many starts a day */
    RECURRENCE_NEVER,    /* no day ever fits: 30 February, UNTIL before the start */
    RECURRENCE_FAULTS
} RecurrenceFault;

typedef struct RecurrenceFaultText {
    const char *vi, *en;
} RecurrenceFaultText;
extern const RecurrenceFaultText recurrence_fault_texts[RECURRENCE_FAULTS];

/* The text alone. `ret_part` (NULL allowed): the part that is wrong, g_free(). */
RecurrenceFault recurrence_check_text(const char *rrule, char **ret_part);
/* True when the text has an end of its own, COUNT or UNTIL. */
bool recurrence_check_ends(const char *rrule);
/* A whole rule: does it have a start at all? Moves start_us to the first one. */
RecurrenceFault recurrence_check_rule(Recurrence *rule);
