/* Content-addressed files. A name is the SHA-256 of what is in it, so a file that is there needs no
 * second look, storing it twice costs nothing, and a wrong hash can never replace a right one.
 * Temporary files live in tmp/ of the same file system; what a crash left there is removed at the
 * start. No state but the directory: its functions may be called from worker threads. */
#include "content/media_store.h"

#include "base/atomic_file.h"
#include "crypto.h"
#include "digest.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct MediaStore {
    gatomicrefcount references;
    char *directory;
};

static void sweep(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name = NULL;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        (void)g_unlink(path);
    }
}

MediaStore *media_store_new(const char *directory, GError **error)
{
    g_autofree char *temporary = g_build_filename(directory, "tmp", NULL);
    if (!atomic_file_make_folders(temporary, 0750, error))
        return NULL;
    sweep(temporary);
    MediaStore *self = g_new0(MediaStore, 1);
    g_atomic_ref_count_init(&self->references);
    self->directory = g_strdup(directory);
    return self;
}

MediaStore *media_store_ref(MediaStore *self)
{
    g_atomic_ref_count_inc(&self->references);
    return self;
}

void media_store_free(MediaStore *self)
{
    if (self == NULL || !g_atomic_ref_count_dec(&self->references))
        return;
    g_free(self->directory);
    g_free(self);
}

char *media_store_temporary(MediaStore *self, GError **error)
{
    g_autofree char *name = crypto_random_hex(16);
    g_autofree char *path = g_build_filename(self->directory, "tmp", name, NULL);
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (fd < 0) {
        g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(errno), "%s: %s", path,
                    g_strerror(errno));
        return NULL;
    }
    close(fd);
    return g_steal_pointer(&path);
}

static char *path_of(MediaStore *self, const char *sha256)
{
    const char folder[3] = {sha256[0], sha256[1], '\0'};
    return g_build_filename(self->directory, folder, sha256, NULL);
}

static bool publish(MediaStore *self, const char *temporary, const char *sha256, GError **error)
{
    g_autofree char *path = path_of(self, sha256);
    g_autofree char *folder = g_path_get_dirname(path);
    if (!atomic_file_make_folders(folder, 0750, error))
        return false;
    return atomic_file_publish(temporary, path, error);
}

static bool take(MediaStore *self, const char *temporary, const char *expect_sha256,
                 char **ret_sha256, int64_t *ret_bytes, GError **error)
{
    GStatBuf facts;
    g_autofree char *sha256 = digest_hex_of_file(temporary, error);
    if (sha256 == NULL)
        return false;
    if (expect_sha256 != NULL && g_strcmp0(expect_sha256, sha256) != 0) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                    "the file is %.12s..., not the announced %.12s...", sha256, expect_sha256);
        return false;
    }
    if (g_stat(temporary, &facts) != 0) {
        g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(errno), "%s: %s", temporary,
                    g_strerror(errno));
        return false;
    }
    if (!publish(self, temporary, sha256, error))
        return false;
    if (ret_bytes != NULL)
        *ret_bytes = facts.st_size;
    if (ret_sha256 != NULL)
        *ret_sha256 = g_steal_pointer(&sha256);
    return true;
}

bool media_store_take(MediaStore *self, const char *temporary, const char *expect_sha256,
                      char **ret_sha256, int64_t *ret_bytes, GError **error)
{
    const bool taken = take(self, temporary, expect_sha256, ret_sha256, ret_bytes, error);
    (void)g_unlink(temporary); /* after a rename it is gone already */
    return taken;
}

bool media_store_take_link(MediaStore *self, const char *original, char **ret_sha256,
                           int64_t *ret_bytes, GError **error)
{
    g_autofree char *temporary = media_store_temporary(self, error);
    if (temporary == NULL)
        return false;
    (void)g_unlink(temporary);
    if (link(original, temporary) != 0) {
        g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(errno), "%s: %s", original,
                    g_strerror(errno));
        return false;
    }
    return media_store_take(self, temporary, NULL, ret_sha256, ret_bytes, error);
}

char *media_store_path(MediaStore *self, const char *sha256)
{
    if (sha256 == NULL || !digest_is_sha256_hex(sha256))
        return NULL;
    g_autofree char *path = path_of(self, sha256);
    return g_file_test(path, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer(&path) : NULL;
}

bool media_store_remove(MediaStore *self, const char *sha256, int64_t *ret_bytes, GError **error)
{
    GStatBuf facts;
    g_autofree char *path = media_store_path(self, sha256);
    *ret_bytes = 0;
    if (path == NULL)
        return true;
    const int64_t bytes = g_stat(path, &facts) == 0 ? facts.st_size : 0;
    if (!atomic_file_remove(path, error))
        return false;
    *ret_bytes = bytes;
    return true;
}
