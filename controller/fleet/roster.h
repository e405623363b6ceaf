/* The stations in service and where they stand, kept in memory for questions about a whole area.
 * Read again only when the database says that stations or areas have changed. */
#pragma once

#include "fleet/clone_watch.h"
#include "fleet/health.h"

typedef struct RosterStation {
    char *id;
    char *name;
    const char *area; /* shared by all stations of the area: comparing pointers is enough */
    const char *area_path;
    const char *area_name;
    const HealthState *health; /* NULL = never heard of; roster_view() looks again */
} RosterStation;

typedef struct Roster Roster;

Roster *roster_new(Database *database, const Health *health, const CloneWatch *clones);
void roster_free(Roster *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Roster, roster_free)

/* Those at or below an area, by area and then by name; valid until the next call. NULL with error,
 * and NULL with *ret_count = 0 when there are none. */
RosterStation *roster_below(Roster *self, const char *area_path, unsigned *ret_count,
                            GError **error);
int64_t roster_change(const Roster *self); /* another number: other stations, or elsewhere */
unsigned roster_size(const Roster *self);  /* as of the last roster_below() */
void roster_view(const Roster *self, RosterStation *station, HealthView *ret_view);
/* How badly somebody is needed there: 0 = all is well. */
int roster_trouble(const Roster *self, const char *station, const HealthView *view);
