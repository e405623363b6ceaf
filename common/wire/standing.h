/* How a station stands until another word: its volume and whether it keeps silent for a while. The
 * newest plan says it whole, a command says it at once; of both the later generation holds, within
 * the later epoch. */
#pragma once

#include "json.h"

#define STANDING_GENERATION_MAX INT64_C(1000000000)
#define STANDING_MUTE_MAX_US    (INT64_C(31) * 86400 * G_USEC_PER_SEC)

/* A generation of 0 = nobody has ordered any. The volume itself is the plan's `volume_mdb`. */
typedef struct PlanStanding {
    int64_t volume_generation;
    int64_t mute_generation;
    int64_t mute_from_us, mute_until_us; /* the same, or past = it may sound */
} PlanStanding;

/* The words of receipts: what an order was about. */
#define STANDING_VOLUME "volume"
#define STANDING_MUTE   "mute"

/* Adds the member "standing"; leaves it out where nobody has ordered anything. */
void standing_to_json(const PlanStanding *self, Json *json);
void standing_read(JsonForm *form, PlanStanding *ret_standing);
/* The id that the receipt of an order bears, whichever way it came. To be freed. */
char *standing_id(const char *what, int64_t epoch, int64_t generation, const char *station);
