/* How long one round of work holds the main loop, and with it everybody else. Debug builds warn of
 * more than 50 ms; all builds count, for /metrics. */
#pragma once

#include "ops/ops.h"

#define LOOP_WATCH_MS 50

/* Call once, before the loop runs. */
void loop_watch_start(void);
void loop_watch_read(LoopHeld *ret_held);
