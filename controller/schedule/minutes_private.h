/* What minutes.c, minutes_run.c and minutes_judge.c share. */
#pragma once

#include "schedule/minutes.h"
#include "schedule/station_kinds.h"

#define MINUTES_ONCE_DAYS 8    /* looked at around a single start, to find room within a week */
#define MINUTES_SLOTS_MAX 5000 /* kept of one order to find room in; beyond, none is named */

typedef struct MinutesOrder {
    Broadcast *broadcast;
    Rundown *rundown;
    Trial *trial;
    bool replaces;
    bool left_out;       /* areas were, in this round */
    bool is_settled;     /* a second round: no more are */
    bool is_one_of_many; /* then one word against it is enough */
    GArray *breaches;    /* MinutesBreach */
    GPtrArray *slots;    /* MinutesSlot* */
    Losses *losses;
} MinutesOrder;

struct Minutes {
    int64_t now_us;
    GPtrArray *orders; /* MinutesOrder* */
};

static inline MinutesOrder *minutes_order(const Minutes *self, unsigned order)
{
    return g_ptr_array_index(self->orders, order);
}

typedef struct MinutesPlace {
    const Area *area;
    const StationKind *kind;
} MinutesPlace;

/* The order, which is the last rule of the agenda, at such stations; true where nobody has anything
 * against it so far. */
bool minutes_judge(const Minutes *self, unsigned index, Agenda *agenda, const MinutesPlace *place);
