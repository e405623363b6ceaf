/* What concerns one area: its broadcasts with what they sound and their occurrences, read for a
 * time, and the plan that follows for any of its stations. */
#pragma once

#include "registry/area_store.h"
#include "schedule/explain.h"
#include "schedule/planner.h"

typedef struct Agenda Agenda;

/* Broadcasts that may reach the area's stations, in [from, until). */
Agenda *agenda_new(Database *database, const Area *area, int64_t from_us, int64_t until_us,
                   GError **error);
void agenda_free(Agenda *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Agenda, agenda_free)

/* One more that is not saved yet, with a rundown that is given. Both are borrowed. */
void agenda_add_draft(Agenda *self, const Broadcast *draft, const Rundown *rundown);
void agenda_remove_draft(Agenda *self);

Plan *agenda_plan(const Agenda *self, const char *station, GHashTable *known, int64_t now_us);
Explained *agenda_explain(const Agenda *self, const Plan *plan, int64_t now_us);
const GPtrArray *agenda_path(const Agenda *self);
const GArray *agenda_rules(const Agenda *self); /* PlannerRule */
