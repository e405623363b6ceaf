/* Everything between two calls of poll() is one round of work. The loop's own poll function is
 * wrapped: from its return to its next call is how long that round held everybody else. */
#include "loop_watch.h"

#include <glib.h>

#include "base/log.h"

#ifdef LOA_DEBUG_LOOP
static gint64 awake_since_us;

static int watched_poll(GPollFD *fds, guint count, int timeout)
{
    gint64 held_ms = (g_get_monotonic_time() - awake_since_us) / 1000;
    if (awake_since_us && held_ms > LOOP_WATCH_MS)
        log_warning("the main loop was held for %d ms", (int)held_ms);
    int result = g_poll(fds, count, timeout);
    awake_since_us = g_get_monotonic_time();
    return result;
}
#endif

void loop_watch_start(void)
{
#ifdef LOA_DEBUG_LOOP
    g_main_context_set_poll_func(NULL, watched_poll);
#endif
}
