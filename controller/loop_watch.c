/* Everything between two calls of poll() is one round of work. The loop's own poll function is
 * wrapped: from its return to its next call is how long that round held everybody else. */
#include "loop_watch.h"

#include <glib.h>

#include "base/log.h"

static gint64 awake_since_us;
static LoopHeld held;

static void note_round(gint64 held_us)
{
    held.longest_us = MAX(held.longest_us, held_us);
    if (held_us <= LOOP_WATCH_MS * G_TIME_SPAN_MILLISECOND)
        return;
    held.long_rounds++;
#ifdef LOA_DEBUG_LOOP
    log_warning("the main loop was held for %d ms", (int)(held_us / G_TIME_SPAN_MILLISECOND));
#endif
}

static int watched_poll(GPollFD *fds, guint count, int timeout)
{
    if (awake_since_us)
        note_round(g_get_monotonic_time() - awake_since_us);
    int result = g_poll(fds, count, timeout);
    awake_since_us = g_get_monotonic_time();
    return result;
}

void loop_watch_start(void)
{
    g_main_context_set_poll_func(NULL, watched_poll);
}

void loop_watch_read(LoopHeld *ret_held)
{
    *ret_held = held;
}
