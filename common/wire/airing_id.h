/* The name of an airing, which planner, station and ledger find each for itself. */
#pragma once

#include "digest.h"

#define AIRING_ID_HEX 32

typedef char AiringId[AIRING_ID_HEX + 1];

/* Appends what an id is made of, all but the station: the same for each station of a commune. */
void airing_id_stem(GString *text, const char *series, int64_t recurrence_us, unsigned repeat);
/* `digest` is fresh or finished, and can make the next id at once. */
void airing_id_make(Digest *digest, const char *stem, size_t stem_length, const char *station,
                    AiringId ret_id);
