/* What timeline_resolve() says about this station now: its plan, what has happened and the policies
 * put together as the timeline wants them, and its answer in terms of entries and alerts. */
#pragma once

#include "conductor/agenda.h"
#include "conductor/happenings.h"
#include "conductor/life.h"
#include "conductor/mute.h"
#include "journal/heard.h"
#include "plan/interlock.h"

#define OUTLOOK_AHEAD_US (INT64_C(86400) * G_USEC_PER_SEC)

typedef struct OutlookInput {
    Agenda *agenda;
    const Happenings *happenings;
    const Life *life;
    const Mute *mute;
    const Interlock *interlock;
    const Plan *plan;  /* its policies; or NULL */
    GHashTable *heard; /* id -> Heard: of airings that ended in an earlier run */
    int64_t now_us, boottime_us;
    bool trusted;
} OutlookInput;

/* Who a number of the timeline means: an airing, or one play of an alert. */
typedef struct OutlookWho {
    AgendaEntry *entry;
    const Happening *alert;
    unsigned repeat;
} OutlookWho;

typedef struct Outlook Outlook;

Outlook *outlook_new(const OutlookInput *input);
void outlook_free(Outlook *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Outlook, outlook_free)

const Timeline *outlook_timeline(const Outlook *self);
OutlookWho outlook_who(const Outlook *self, TimelineWho who, unsigned repeat);
/* Id of an airing or an alert, or NULL for nobody. */
const char *outlook_id(const Outlook *self, TimelineWho who);
const TimelineFate *outlook_fate(const Outlook *self, TimelineWho who); /* NULL: an alert */
/* The first change of what it says after an instant; INT64_MAX = none. */
int64_t outlook_next_edge(const Outlook *self, int64_t now_us);
/* Airings that should have begun by now and did not, for no reason that the timeline knows: they
 * cannot begin before now. True when there was one: the answer is to be asked for again. */
bool outlook_correct(const Outlook *self, int64_t now_us);
