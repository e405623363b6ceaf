/* Files that survive a power cut: the new text is whole on the disk before its name is.
 *
 * Order matters: write, fsync of the file, rename, fsync of the directory. Without the first fsync
 * a power cut leaves an empty file under the good name; without the second the old name may come
 * back. The directory is opened before the rename, so that nothing cheap can fail after it. Only
 * when its fsync fails (the disk itself is broken) may the new file already be there after an
 * error. */
#include "base/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_PIECE 65536

static bool fail_errno(GError **error, const char *doing, const char *path)
{
    int saved = errno;
    GIOErrorEnum code = saved == EDQUOT ? G_IO_ERROR_NO_SPACE : g_io_error_from_errno(saved);
    g_set_error(error, G_IO_ERROR, (int)code, "cannot %s %s: %s", doing, path, g_strerror(saved));
    return false;
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}
typedef int Descriptor;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(Descriptor, close, -1)

static bool write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, bytes, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        bytes += n;
        length -= (size_t)n;
    }
    return true;
}

static int open_directory_of(const char *path, GError **error)
{
    g_autofree char *directory = g_path_get_dirname(path);
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        fail_errno(error, "open directory", directory);
    return fd;
}

static bool fill(int fd, const void *bytes, size_t length, int mode, const char *path,
                 GError **error)
{
    if (fchmod(fd, (mode_t)mode) < 0)
        return fail_errno(error, "set the mode of", path);
    if (!write_all(fd, bytes, length))
        return fail_errno(error, "write", path);
    if (fsync(fd) < 0)
        return fail_errno(error, "sync", path);
    return true;
}

static bool move_into_place(const char *temporary, const char *path, int directory, GError **error)
{
    if (rename(temporary, path) < 0)
        return fail_errno(error, "rename to", path);
    if (fsync(directory) < 0)
        return fail_errno(error, "sync the directory of", path);
    return true;
}

bool atomic_file_write(const char *path, const void *bytes, size_t length, int mode, GError **error)
{
    g_auto(Descriptor) directory = open_directory_of(path, error);
    if (directory < 0)
        return false;
    g_autofree char *temporary = g_strconcat(path, ".tmp.XXXXXX", NULL);
    int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return fail_errno(error, "make a temporary file beside", path);
    bool filled = fill(fd, bytes, length, mode, path, error);
    close_fd(&fd);
    if (filled && move_into_place(temporary, path, directory, error))
        return true;
    unlink(temporary);
    return false;
}

bool atomic_file_publish(const char *temporary, const char *path, GError **error)
{
    g_auto(Descriptor) directory = open_directory_of(path, error);
    if (directory < 0)
        return false;
    g_auto(Descriptor) fd = open(temporary, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(error, "open", temporary);
    if (fsync(fd) < 0)
        return fail_errno(error, "sync", temporary);
    return move_into_place(temporary, path, directory, error);
}

bool atomic_file_make_folders(const char *path, int mode, GError **error)
{
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        return true;
    g_autofree char *parent = g_path_get_dirname(path);
    if (!g_str_equal(parent, path) && !atomic_file_make_folders(parent, mode, error))
        return false;
    g_auto(Descriptor) directory = open_directory_of(path, error);
    if (directory < 0)
        return false;
    int made = mkdir(path, (mode_t)mode), saved = errno;
    if (made < 0 && !g_file_test(path, G_FILE_TEST_IS_DIR)) { /* nor did anybody else make it */
        errno = saved;
        return fail_errno(error, "make folder", path);
    }
    if (fsync(directory) < 0)
        return fail_errno(error, "sync the directory of", path);
    return true;
}

bool atomic_file_remove(const char *path, GError **error)
{
    if (unlink(path) < 0) {
        if (errno == ENOENT)
            return true;
        return fail_errno(error, "remove", path);
    }
    g_auto(Descriptor) directory = open_directory_of(path, error);
    if (directory < 0)
        return false;
    if (fsync(directory) < 0)
        return fail_errno(error, "sync the directory of", path);
    return true;
}

static bool read_all(int fd, const char *path, size_t max, GByteArray *content, GError **error)
{
    guint8 piece[READ_PIECE];
    for (;;) {
        ssize_t n = read(fd, piece, sizeof piece);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail_errno(error, "read", path);
        if (n == 0)
            return true;
        if ((size_t)n > max - content->len) {
            g_set_error(error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                        "%s is larger than %zu bytes", path, max);
            return false;
        }
        g_byte_array_append(content, piece, (guint)n);
    }
}

GBytes *atomic_file_read(const char *path, size_t max, GError **error)
{
    g_auto(Descriptor) fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        fail_errno(error, "open", path);
        return NULL;
    }
    g_autoptr(GByteArray) content = g_byte_array_new();
    if (!read_all(fd, path, max, content, error))
        return NULL;
    return g_byte_array_free_to_bytes(g_steal_pointer(&content));
}

bool atomic_file_is_disk_full(const GError *error)
{
    return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}
