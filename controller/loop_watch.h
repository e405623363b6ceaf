/* Debug builds: warns when something held the main loop for more than 50 ms. */
#pragma once

#define LOOP_WATCH_MS 50

/* Does nothing in release builds. Call once, before the loop runs. */
void loop_watch_start(void);
