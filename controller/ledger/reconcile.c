/* What was planned minus what stations have said leaves the questions to ask. */
#include "ledger/reconcile.h"

const char *const reconcile_words[RECONCILE_WORDS + 1] = {"upcoming", "playing",    "played",
                                                          "partial",  "missed",     "cancelled",
                                                          "unknown",  "unreported", NULL};

const char *reconcile_outcome(const Airing *airing, const char *playing, int64_t now_us)
{
    if (*airing->outcome)
        return airing->outcome;
    if (playing && g_str_equal(playing, airing->id))
        return "playing";
    int64_t over_us = airing->planned_us + airing->duration_ms * 1000;
    return now_us > over_us + RECONCILE_SILENCE_US ? "unknown" : "upcoming";
}
