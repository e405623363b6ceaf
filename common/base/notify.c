/* The protocol of sd_notify(3): one datagram of "NAME=VALUE" lines to the socket that
 * $NOTIFY_SOCKET names, a path or ('@') an abstract name. The variables stay in the environment:
 * the units say NotifyAccess=main, so children that inherit them are not heard. */
#include "base/notify.h"

#include <glib.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

bool notify_say(const char *state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *path = g_getenv("NOTIFY_SOCKET");
    size_t length = path ? strlen(path) : 0;
    if (length < 2 || length >= sizeof address.sun_path || !strchr("/@", *path))
        return false;
    memcpy(address.sun_path, path, length);
    if (*path == '@')
        address.sun_path[0] = '\0';
    const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    ssize_t sent = sendto(fd, state, strlen(state), MSG_NOSIGNAL, (void *)&address, size);
    close(fd);
    return sent == (ssize_t)strlen(state);
}

static gboolean on_watchdog(void *user)
{
    (void)user;
    notify_say("WATCHDOG=1");
    return G_SOURCE_CONTINUE;
}

/* The variables are meant for one process, which may not be us. */
static guint64 allowed_us(void)
{
    guint64 us = 0, pid = 0;
    const char *whom = g_getenv("WATCHDOG_PID");
    const char *limit = g_getenv("WATCHDOG_USEC");
    if (!limit || !g_ascii_string_to_unsigned(limit, 10, 1000, G_MAXINT64, &us, NULL))
        return 0;
    if (!whom)
        return us;
    bool ours =
        g_ascii_string_to_unsigned(whom, 10, 1, G_MAXINT32, &pid, NULL) && pid == (guint64)getpid();
    return ours ? us : 0;
}

void notify_watchdog_start(void)
{
    guint64 limit_us = allowed_us();
    if (limit_us)
        g_timeout_add((guint)MIN(limit_us / 2000, G_MAXUINT), on_watchdog, NULL);
}
