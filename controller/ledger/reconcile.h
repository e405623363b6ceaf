/* From what is stored to what is said of an airing now. Pure. */
#pragma once

#include "schedule/airing_store.h"

#define RECONCILE_SILENCE_US (INT64_C(600) * G_USEC_PER_SEC)

/* "upcoming" | "playing" | "played" | "partial" | "missed" | "cancelled" | "unknown" |
 * "unreported". `playing` is
 * the id of the airing that the station says it plays, or NULL. Silence for ten minutes after the
 * end is "unknown": never green, and never written down as a fact. */
const char *reconcile_outcome(const Airing *airing, const char *playing, int64_t now_us);
/* All words, NULL-terminated. */
#define RECONCILE_WORDS 8
extern const char *const reconcile_words[RECONCILE_WORDS + 1];
