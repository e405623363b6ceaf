/* The days on which an order sounds at a station, each kind of them once: a year of weeks that
 * repeat is some seven kinds and the holidays. Pure. */
#pragma once

#include "schedule/agenda.h"

typedef struct MinutesDay {
    int64_t day;               /* since 1970, by the clock of the area: the first of its kind */
    int64_t from_us, until_us; /* that day */
    unsigned alike;            /* how many days look like it, the days before and after included */
} MinutesDay;

/* Days on which the rule at `draft` of the agenda, or the day before or after, starts something at
 * the station, as far as `last_us`: MinutesDay by day. Two days are alike where they and their
 * neighbours have the same weekday, the same offset from UTC and the same starts of the same
 * things. */
GArray *minutes_days(const Agenda *agenda, const char *station, unsigned draft, int64_t last_us);
