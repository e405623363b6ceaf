/* /dev/watchdog, as Documentation/watchdog/watchdog-api.rst of the kernel has it.
 *
 * It counts from the moment it is opened, so it is opened last, when the board is complete. A
 * driver that does not take the timeout keeps its own one: an unfed watchdog with a strange timeout
 * is still better than none. Built with nowayout the kernel ignores the magic letter, and stopping
 * the player for good means a restart: docs/boards says so. */
#include "linux/watchdog_dev.h"

#include <fcntl.h>
#include <linux/watchdog.h>
#include <unistd.h>

struct WatchdogDev {
    const Machine *machine;
    int fd;
    unsigned timeout_s;
};

WatchdogDev *watchdog_dev_open(const Machine *machine, const char *device, unsigned timeout_s,
                               GError **error)
{
    int seconds = (int)timeout_s;
    int fd = machine_open(machine, device, O_WRONLY);
    if (fd < 0) {
        machine_fail(error, device);
        return NULL;
    }
    if (machine_ioctl(machine, fd, WDIOC_SETTIMEOUT, &seconds) != 0 &&
        machine_ioctl(machine, fd, WDIOC_GETTIMEOUT, &seconds) != 0)
        seconds = 0;
    WatchdogDev *self = g_new0(WatchdogDev, 1);
    *self = (WatchdogDev){.machine = machine, .fd = fd, .timeout_s = (unsigned)seconds};
    watchdog_dev_feed(self);
    return self;
}

unsigned watchdog_dev_timeout_s(const WatchdogDev *self)
{
    return self->timeout_s;
}

void watchdog_dev_feed(WatchdogDev *self)
{
    int unused = 0;
    if (self)
        machine_ioctl(self->machine, self->fd, WDIOC_KEEPALIVE, &unused);
}

void watchdog_dev_close(WatchdogDev *self)
{
    if (!self)
        return;
    ssize_t written = write(self->fd, "V", 1);
    (void)written; /* nothing is left to be done about it */
    close(self->fd);
    g_free(self);
}
