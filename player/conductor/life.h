/* When this station lived and knew the time: what explains an airing that nobody tried to start. */
#pragma once

#include "timeline/timeline.h"

#define LIFE_MAX_LOST 16
#define LIFE_MAX_OFF  (LIFE_MAX_LOST + 3)

typedef struct LifeSpan {
    int64_t from_us, until_us;
} LifeSpan;

typedef struct Life {
    int64_t last_alive_us;    /* last mark of the run before; 0 = there was none */
    bool same_boot;           /* that run was in this boot */
    int64_t up_since_us;      /* this run's begin on the trusted clock; 0 = not known yet */
    int64_t trusted_since_us; /* 0 = not yet */
    int64_t born_us;          /* boottime of this run's begin */
    int64_t lost_us;          /* the time was lost since then, on the wall clock; 0 = it is not */
    LifeSpan lost[LIFE_MAX_LOST]; /* earlier ones of this run, a ring */
    unsigned n_lost;
} Life;

/* The cause that covers the instant, or REASON_NONE. */
Reason life_reason(const Life *life, int64_t instant_us);
/* The time is trusted no more, or again. */
void life_lose_time(Life *life, int64_t now_us);
void life_find_time(Life *life, int64_t now_us);
/* When the station was off or without the time, as events; gives their number. */
unsigned life_events(const Life *life, int64_t now_us, int64_t boottime_us,
                     TimelineEvent ret_events[LIFE_MAX_OFF]);
