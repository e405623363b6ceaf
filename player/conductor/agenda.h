/* The airings of the plan, in the order in which they are due, and what is known of each: open,
 * begun, or ended. Those that ended stay for a day, because they held their place. */
#pragma once

#include "timeline/timeline.h"
#include "wire/plan.h"
#include "wire/receipt.h"

#define AGENDA_REMEMBER_US (INT64_C(86400) * G_USEC_PER_SEC) /* what has ended */
#define AGENDA_MAX_SPANS   64                                /* silences of one airing */

typedef enum { AGENDA_OPEN, AGENDA_BEGUN, AGENDA_ENDED } AgendaState;

typedef struct AgendaSpan {
    int64_t from_us;
    int64_t until_us; /* 0 = still */
} AgendaSpan;

typedef struct AgendaEntry {
    Plan *plan; /* held */
    const PlanAiring *airing;
    TimelineItem *items; /* one per item of the airing */
    AgendaState state;
    int64_t known_us; /* when the plan with it came, or when it turned out that it had not begun */
    /* open: what keeps it from sounding */
    Reason reason;     /* REASON_NONE = nothing yet */
    char *fault;       /* NULL, or a short word */
    int64_t failed_us; /* since when */
    int64_t retry_us;  /* boottime; not before; INT64_MAX = for good */
    bool failed;       /* now */
    bool held;         /* prepared: it waits for what still sounds */
    /* begun or ended in this run; instants on the wall clock as it stood at frame_us */
    bool has_facts;
    int64_t frame_us;    /* wall clock - boottime */
    int64_t resolved_us; /* start that the plan decided on */
    int64_t ended_us;    /* 0 = not yet */
    GArray *silences;    /* AgendaSpan since resolved_us */
} AgendaEntry;

typedef struct Agenda Agenda;

Agenda *agenda_new(void);
void agenda_free(Agenda *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Agenda, agenda_free)

/* Takes the airings of a new plan; ids in `known` have begun or ended before. What has begun stays
 * as it was, what lies ahead of the plan's own span stays too; what lies in its span and is gone
 * from it is dropped. */
void agenda_load(Agenda *self, Plan *plan, GHashTable *known, int64_t now_us);
unsigned agenda_length(const Agenda *self);
AgendaEntry *agenda_at(const Agenda *self, unsigned index);
AgendaEntry *agenda_find(const Agenda *self, const char *airing); /* or NULL */
/* It has begun as the plan decided for `resolved_us`. */
void agenda_begin(AgendaEntry *entry, int64_t resolved_us, int64_t frame_us);
void agenda_fall_silent(AgendaEntry *entry, int64_t from_us);
void agenda_sound(AgendaEntry *entry, int64_t from_us);
void agenda_end(Agenda *self, const char *airing, int64_t at_us);
/* Something keeps it from sounding until it is tried again. The first reason is kept. */
void agenda_fail(AgendaEntry *entry, Reason reason, const char *fault, int64_t now_us,
                 int64_t retry_boottime_us);
