/* The hardware that starts the board again when nobody feeds it: /dev/watchdog. */
#pragma once

#include "linux/machine.h"

typedef struct WatchdogDev WatchdogDev;

/* Starts it. `device` is a path such as /dev/watchdog0; `machine` outlives it. */
WatchdogDev *watchdog_dev_open(const Machine *machine, const char *device, unsigned timeout_s,
                               GError **error);
/* What it took, which need not be what was asked for; 0 = it does not say. */
unsigned watchdog_dev_timeout_s(const WatchdogDev *self);
void watchdog_dev_feed(WatchdogDev *self); /* takes NULL */
/* Stops it with its magic letter: a clean end, after which the board must not start again. A
 * process that dies does not come here, and the watchdog bites. Takes NULL. */
void watchdog_dev_close(WatchdogDev *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WatchdogDev, watchdog_dev_close)
