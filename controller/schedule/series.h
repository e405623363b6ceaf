/* A series: one rule, what was taken out of it and what was changed about it, as one thing. Pure.
 *
 * Every occurrence is known by its RECURRENCE-ID: the instant the rule alone gives it. Airing ids
 * are made of that instant, so that moving one occurrence, or all from one on, changes no id. What
 * does not play stands in the list too, with the reason: a holiday has a name. */
#pragma once

#include "http/problem.h"
#include "schedule/holiday.h"
#include "schedule/recurrence.h"
#include "wire/plan.h"

#define SERIES_EXDATES_MAX   1000
#define SERIES_RDATES_MAX    1000
#define SERIES_OVERRIDES_MAX 1000
#define SERIES_PARTS_MAX     100
#define SERIES_SHIFT_MAX_S   (INT64_C(7) * 86400)

typedef enum { SERIES_HOLIDAYS_NONE, SERIES_HOLIDAYS_EXCEPT, SERIES_HOLIDAYS_ONLY } SeriesHolidays;

/* How often one occurrence plays in a row, and what becomes of it beside others. */
typedef struct SeriesManner {
    unsigned repeats; /* plays; 0 and 1 = one */
    int64_t gap_s;    /* of silence between them */
    OnPreempt on_preempt;
    bool filler; /* gives way to everything else */
} SeriesManner;

typedef struct SeriesOverride {
    int64_t recurrence_us;
    bool following;   /* this one and all after it, until the next such row says otherwise */
    bool moves;       /* start_us (this) or shift_s (following) counts */
    int64_t start_us; /* at most SERIES_SHIFT_MAX_S from the RECURRENCE-ID */
    int64_t shift_s;  /* seconds on the wall clock, against what the rule says */
    bool sets_gain, sets_tolerance;
    int gain_mdb;
    int64_t tolerance_s;
    bool sets_repeat, sets_preempt, sets_filler; /* of `manner`; following only */
    SeriesManner manner;
} SeriesOverride;

/* From that RECURRENCE-ID on another rule gives the occurrences, with holidays of its own. */
typedef struct SeriesPart {
    int64_t from_us;
    Recurrence rule;
    const HolidayCalendar *holidays;
    SeriesHolidays mode;
} SeriesPart;

typedef struct Series {
    Recurrence rule;
    const GArray *parts;     /* SeriesPart, ascending; NULL = one rule for all */
    const GArray *exdates;   /* int64_t, ascending: RECURRENCE-IDs taken out; NULL = none */
    const GArray *overrides; /* SeriesOverride by recurrence_us, following first; NULL = none */
    int64_t end_us;          /* no RECURRENCE-ID from here on; 0 = open */
    const HolidayCalendar *holidays;
    SeriesHolidays mode;
    int gain_mdb; /* where no override says otherwise */
    int64_t tolerance_s;
    SeriesManner manner;
} Series;

typedef enum {
    SERIES_PLAYS,
    SERIES_DELETED,    /* this one was taken out */
    SERIES_HOLIDAY,    /* except holidays, and it is one: `holiday` */
    SERIES_NO_HOLIDAY, /* only on holidays, and it is none */
} SeriesFate;

typedef struct SeriesOccurrence {
    int64_t recurrence_us; /* for plan_airing_id() */
    int64_t start_us;      /* when it plays, or would have */
    SeriesFate fate;
    const Holiday *holiday; /* SERIES_HOLIDAY, or the day an "only" rule plays on; else NULL */
    int gain_mdb;
    int64_t tolerance_s;
    unsigned repeat; /* of a broadcast that plays several times in a row; 0 = the first */
    SeriesManner manner;
} SeriesOccurrence;

/* Occurrences with start_us in [from_us, to_us), those that do not play among them; ordered by
 * start_us, then by RECURRENCE-ID. The union over [a,b) and [b,c) is [a,c). */
GArray *series_expand(const Series *self, int64_t from_us, int64_t to_us);
/* The first one that plays at or after `at_us`; false when there is none (years ahead). */
bool series_next(const Series *self, int64_t at_us, SeriesOccurrence *ret_next);
/* The occurrence with that RECURRENCE-ID, whatever its fate. */
bool series_find(const Series *self, int64_t recurrence_us, SeriesOccurrence *ret_found);
/* The rule that gives a RECURRENCE-ID, with its zone and holidays; parts NULL. Borrowed. */
SeriesPart series_part(const Series *self, int64_t recurrence_us);
/* The rule's own start for a RECURRENCE-ID, moved by the clock on the wall. */
int64_t series_shift(const char *zone, int64_t recurrence_us, int64_t shift_s);

/* Why an occurrence does not play, for people: "Nghỉ lễ: Quốc khánh". NULL when it plays. */
char *series_reason_text(const SeriesOccurrence *occurrence, Language language);
const char *
series_reason_word(SeriesFate fate); /* "deleted", "holiday", "no_holiday"; NULL = plays */
