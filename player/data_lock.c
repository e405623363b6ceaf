/* Two players on one directory would play everything twice. */
#include "data_lock.h"

#include "base/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#define PID_MAX 16 /* characters */

/* For whoever wants to speak to it; the lock itself is what counts. */
static void write_pid(int lock)
{
    char text[PID_MAX];
    int length = g_snprintf(text, sizeof text, "%d\n", (int)getpid());
    if (ftruncate(lock, 0) == 0)
        (void)!pwrite(lock, text, (size_t)length, 0);
}

int data_lock_take(const char *data, GError **error)
{
    g_autofree char *path = g_build_filename(data, "lock", NULL);
    if (!atomic_file_make_folders(data, 0700, error))
        return -1;
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0) {
        write_pid(lock);
        return lock;
    }
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: %s", path,
                errno == EWOULDBLOCK ? "another player is running on this directory"
                                     : g_strerror(errno));
    if (lock >= 0)
        close(lock);
    return -1;
}

bool data_lock_holder(const char *data, pid_t *ret_pid, GError **error)
{
    g_autofree char *path = g_build_filename(data, "lock", NULL);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, error))
        return false;
    int lock = open(path, O_RDONLY | O_CLOEXEC);
    bool held = lock >= 0 && flock(lock, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (lock >= 0)
        close(lock);
    gint64 pid = g_ascii_strtoll(text, NULL, 10);
    if (held && pid > 1 && pid <= G_MAXINT) {
        *ret_pid = (pid_t)pid;
        return true;
    }
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                "no player is running on %s; say: systemctl start loa-player", data);
    return false;
}
