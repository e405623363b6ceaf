/* What minutes.c and minutes_run.c share. */
#pragma once

#include "schedule/minutes.h"

#define MINUTES_SLOTS_MAX 5000 /* kept of one order to find room in; beyond, none is named */

typedef struct MinutesOrder {
    Broadcast *broadcast;
    Rundown *rundown;
    Trial *trial;
    bool replaces;
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
