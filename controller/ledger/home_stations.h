/* The stations of an area as the home page needs them: how many are well, who needs somebody, and
 * who is ready for what comes next. One walk over the roster; nothing is kept. */
#pragma once

#include "ledger/home_day.h"

typedef struct HomeStations {
    Ledger *ledger;
    RosterStation *first; /* of the area, in the roster */
    unsigned count;
    unsigned online;
    unsigned fine;     /* online, and nobody is needed there */
    bool is_settled;   /* fleet_is_settled() */
    GArray *troubled;  /* HomeTrouble, unsorted */
    GHashTable *areas; /* path -> HomeArea */
} HomeStations;

void home_stations_clear(HomeStations *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HomeStations, home_stations_clear)

/* Also adds to the blocks of `day` the stations that say they play. */
bool home_stations_read(HomeStations *self, Ledger *ledger, const char *area_path, int64_t now_us,
                        HomeDay *day, GError **error);
/* The worst first, `most` at most: [{id, name, area, area_name, state, last_contact, faults}]. */
Json *home_stations_attention(const HomeStations *self, unsigned most, Language language);
/* Stations of a block to come that are online and miss no audio. -1 with error. */
int64_t home_stations_ready(const HomeStations *self, const AiringBlock *block,
                            const char *area_path, GError **error);
