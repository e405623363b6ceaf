/* The test tone: made here, so that its level is known to the tenth of a decibel and nothing has to
 * be there for it. */
#pragma once

#include "playout/ring.h"

#define TONE_FRAMES   86400   /* 1.8 s: it fits into a ring */
#define TONE_RMS_DBFS (-20.0) /* before gain; beginning and end rise and fall for 20 ms */

/* Into an empty ring, and its end behind it. */
void tone_pour(Ring *ring);
