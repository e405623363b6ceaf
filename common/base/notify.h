/* What the service manager is told: sd_notify(3) without its library. Everything here is silently
 * nothing when nobody asked for it (no NOTIFY_SOCKET in the environment). */
#pragma once

#include <stdbool.h>

/* One datagram such as "READY=1". False: nobody asked, or it could not be sent. */
bool notify_say(const char *state);

/* WATCHDOG=1 from the default main loop at half of what the manager allows ($WATCHDOG_USEC), so a
 * loop that hangs falls silent. */
void notify_watchdog_start(void);
