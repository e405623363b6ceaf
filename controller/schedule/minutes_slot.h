/* Where an order finds room beside what sounds already, minutes counted. Pure. */
#pragma once

#include "schedule/minutes_days.h"

typedef struct MinutesLimits {
    int64_t session_us, day_us; /* of all levels the tightest; 0 = none */
} MinutesLimits;

typedef struct MinutesSlot MinutesSlot;

/* Around one day: what sounds (pieces of `base`, which is the world without the order), the order's
 * starts that would move, each `length_us` long, and those that would not (`fixed`; int64_t). */
typedef struct MinutesSlotParts {
    const Explained *base;
    const GArray *starts, *fixed;
    int64_t length_us;
    MinutesLimits limits;
    const char *zone;
} MinutesSlotParts;
MinutesSlot *minutes_slot_new(const MinutesSlotParts *parts);
void minutes_slot_free(MinutesSlot *self);
/* Whether all starts, moved by so much, meet nothing and keep within the minutes. */
bool minutes_slot_fits(const MinutesSlot *self, int64_t by_us);

/* What the session or the day of an airing would need if all sounded in full. */
int64_t minutes_slot_wanted(const Explained *after, unsigned airing, bool of_session,
                            const char *zone);
