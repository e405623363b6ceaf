/* How the station is, gathered from its parts, in the words of the station link. */
#pragma once

#include "alert/alerts.h"
#include "cache/fetcher.h"
#include "conductor/conductor.h"
#include "health/faults.h"
#include "health/modem.h"
#include "health/storage.h"
#include "link/data_budget.h"
#include "plan/plan_file.h"
#include "playout/abilities.h"

typedef struct FactsParts {
    const Clock *clock;
    Trust *trust;
    Audio *audio;
    Board *board;
    Journal *journal;
    MediaCache *media;
    Fetcher *fetcher;
    Conductor *conductor;
    Alerts *alerts;
    PlanFile *plan;
    Refusals *refusals;
    const DataMeter *meter;
    Storage *storage;
    const Modem *modem;
    const Abilities *abilities;
    const char *boot_id;
} FactsParts;

/* The body of POST /health; brings `faults` up to date on the way. */
Json *facts_gather(const FactsParts *parts, Faults *faults, bool full);
