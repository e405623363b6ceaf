/* The three lights at the pole, for somebody who stands below it without a telephone. */
#pragma once

#include "board.h"

typedef struct LightFacts {
    bool sounding;  /* something leaves the card */
    bool warning;   /* and it is an alert */
    bool accepted;  /* this station belongs to a commune */
    bool heard;     /* the controller took the last report */
    bool no_sound;  /* the card or the horn failed in the last airing */
    bool any_fault; /* of those that are reported */
} LightFacts;

/* on_air: lit while it sounds, blinking under an alert. network: lit while the controller answers,
 * blinking while it does not, dark before anybody accepted the station. fault: blinking when the
 * station cannot be heard, lit for everything else that somebody should look at. */
void lights_show(Board *board, const LightFacts *facts);
