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
/* For one area after the other, with the same times: `share` keeps what areas above have issued,
 * read and expanded once; it outlives the agendas. */
typedef struct AgendaShare AgendaShare;
AgendaShare *agenda_share_new(void);
void agenda_share_free(AgendaShare *share);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AgendaShare, agenda_share_free)
Agenda *agenda_new_sharing(Database *database, const Area *area, int64_t from_us, int64_t until_us,
                           AgendaShare *share, GError **error);
void agenda_free(Agenda *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Agenda, agenda_free)

/* One more that is not saved yet, with a rundown that is given; it becomes the last rule. Both are
 * borrowed. Removing takes away the last one added. */
void agenda_add_draft(Agenda *self, const Broadcast *draft, const Rundown *rundown);
void agenda_remove_draft(Agenda *self);

/* Counts orders that still wait for their approval, too. */
void agenda_expect(Agenda *self);

#define AGENDA_SKIPS 2
#define AGENDA_NONE  G_MAXUINT
/* What lies in [from, until) of it, without two of its rules (by index; AGENDA_NONE = none). It
 * borrows from the whole. */
Agenda *agenda_cut(const Agenda *whole, int64_t from_us, int64_t until_us,
                   const unsigned skip[AGENDA_SKIPS]);

Plan *agenda_plan(const Agenda *self, const char *station, GHashTable *known, int64_t now_us);
/* `events`: what is known to happen at the station of the plan; {0} = nothing. */
Explained *agenda_explain(const Agenda *self, const Plan *plan, TimelineEvents events,
                          int64_t now_us);
const GPtrArray *agenda_path(const Agenda *self);
const GArray *agenda_rules(const Agenda *self); /* PlannerRule */
const char *agenda_zone(const Agenda *self);
const GPtrArray *agenda_policies(const Agenda *self); /* Policy*, from the top */
const Precedence *agenda_precedence(const Agenda *self);
