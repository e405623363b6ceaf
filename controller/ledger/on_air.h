/* Which airings sound by the stations' own word, and where each stands in the log. */
#pragma once

#include "db/database.h"

typedef struct OnAir OnAir;

typedef struct OnAirPlace {
    bool is_known; /* the log has such an airing of that station */
    bool is_open;  /* and no word yet about how it ended */
    int64_t planned_us;
    const char *broadcast; /* NULL where the log knows none */
} OnAirPlace;

OnAir *on_air_new(Database *database);
void on_air_free(OnAir *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OnAir, on_air_free)

/* Where the airing that a station plays stands; valid until that station is forgotten. */
const OnAirPlace *on_air_find(OnAir *self, const char *station, const char *airing, int64_t now_us);
/* The log has changed for this station: look again. */
void on_air_forget(OnAir *self, const char *station);
