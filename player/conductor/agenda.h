/* The airings that still need an outcome, in the order in which they are due. */
#pragma once

#include "wire/plan.h"
#include "wire/receipt.h"

typedef struct AgendaEntry {
    Plan *plan; /* held */
    const PlanAiring *airing;
    Reason reason; /* first thing that kept it from starting; REASON_NONE = nothing yet */
    char *fault;
    int64_t retry_us; /* boottime; not before */
} AgendaEntry;

typedef struct Agenda Agenda;

Agenda *agenda_new(void);
void agenda_free(Agenda *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Agenda, agenda_free)

/* Takes the airings of a new plan whose ids are not in `known`. What was open before and lies ahead
 * of the plan's own span stays; what lies in its span and is gone from it is dropped. */
void agenda_load(Agenda *self, Plan *plan, GHashTable *known);
unsigned agenda_length(const Agenda *self);
AgendaEntry *agenda_at(const Agenda *self, unsigned index);
void agenda_remove(Agenda *self, const char *airing);
/* Keeps the first reason that is given. */
void agenda_note(AgendaEntry *entry, Reason reason, const char *fault);
