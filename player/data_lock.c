/* Two players on one directory would play everything twice. */
#include "data_lock.h"

#include "base/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

int data_lock_take(const char *data, GError **error)
{
    g_autofree char *path = g_build_filename(data, "lock", NULL);
    if (!atomic_file_make_folders(data, 0700, error))
        return -1;
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0)
        return lock;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: %s", path,
                errno == EWOULDBLOCK ? "another player is running on this directory"
                                     : g_strerror(errno));
    if (lock >= 0)
        close(lock);
    return -1;
}
