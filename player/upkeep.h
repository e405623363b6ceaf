/* What a station writes down every ten minutes and at its end. */
#pragma once

#include "clock/trust.h"
#include "journal/journal.h"
#include "link/data_meter.h"
#include "link/refusals.h"

typedef struct UpkeepParts {
    const Clock *clock;
    Trust *trust;
    Refusals *refusals;
    Journal *journal;
    DataMeter *meter;
} UpkeepParts;

/* What cannot be written is said and tried again the next time. */
void upkeep_run(const UpkeepParts *parts);
