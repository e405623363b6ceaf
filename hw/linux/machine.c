/* Files and ioctls of the machine.
 *
 * sysfs and devfs are read below a root, so that a test lays out plain files for them. What a file
 * cannot play, the ioctls of character devices, goes through one pointer. Everything else (read,
 * write, poll, close) is the real thing also in a test. */
#include "linux/machine.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define MAX_TEXT 4096 /* a page: no attribute of sysfs is longer */

static int real_ioctl(void *user, int fd, unsigned long request, void *argument)
{
    (void)user;
    return ioctl(fd, request, argument);
}

const Machine machine_real = {.root = "", .ioctl = real_ioctl};

char *machine_path(const Machine *self, const char *path)
{
    return g_strconcat(self->root, path, NULL);
}

int machine_open(const Machine *self, const char *path, int flags)
{
    g_autofree char *full = machine_path(self, path);
    return open(full, flags | O_CLOEXEC);
}

int machine_ioctl(const Machine *self, int fd, unsigned long request, void *argument)
{
    int result;
    do
        result = self->ioctl(self->user, fd, request, argument);
    while (result < 0 && errno == EINTR);
    return result;
}

char *machine_read_text(const char *path)
{
    char text[MAX_TEXT];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return NULL;
    ssize_t length = read(fd, text, sizeof text - 1);
    int reason = errno;
    close(fd);
    errno = reason;
    if (length < 0)
        return NULL;
    text[length] = '\0';
    return g_strdup(g_strstrip(text));
}

bool machine_write_text(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_TRUNC);
    if (fd < 0)
        return false;
    bool good = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    close(fd);
    return good;
}

void machine_fail(GError **error, const char *what)
{
    int reason = errno;
    g_set_error(error, G_IO_ERROR, g_io_error_from_errno(reason), "%s: %s", what,
                g_strerror(reason));
}
