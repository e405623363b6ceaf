/* POSIX ustar, with GNU's binary size for a database beyond 8 GiB. Each member is hashed as its
 * bytes go out, so the manifest says what is in the archive and not what once was on the disk. */
#include "backup_write.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup_tar.h"
#include "digest.h"
#include "json.h"

#define CHUNK (256 * 1024)

struct BackupWriter {
    int fd;
    void (*wrote)(size_t bytes, void *user);
    void *user;
    int64_t made_us;
    Json *files;
};

BackupWriter *backup_writer_new(int fd, void (*wrote)(size_t bytes, void *user), void *user)
{
    BackupWriter *self = g_new0(BackupWriter, 1);
    self->fd = fd;
    self->wrote = wrote;
    self->user = user;
    self->files = json_new_array();
    return self;
}

void backup_writer_free(BackupWriter *self)
{
    if (!self)
        return;
    json_drop(self->files);
    g_free(self);
}

static bool fail(const char *path, int code, GError **error)
{
    g_set_error(error, G_IO_ERROR, g_io_error_from_errno(code), "%s: %s", path, g_strerror(code));
    return false;
}

static bool put(BackupWriter *self, const void *bytes, size_t length, GError **error)
{
    const char *from = bytes;
    while (length > 0) {
        ssize_t done = write(self->fd, from, length);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return fail("the backup cannot be written", errno, error);
        from += done;
        length -= (size_t)done;
    }
    return true;
}

static bool put_padding(BackupWriter *self, uint64_t size, GError **error)
{
    static const char zeros[TAR_BLOCK];
    size_t over = size % TAR_BLOCK;
    return over == 0 || put(self, zeros, TAR_BLOCK - over, error);
}

static bool put_header(BackupWriter *self, const char *path, uint64_t size, GError **error)
{
    char block[TAR_BLOCK];
    tar_header_make(block, path, size, self->made_us / G_USEC_PER_SEC);
    return put(self, block, sizeof block, error);
}

static void note(BackupWriter *self, const char *path, uint64_t size, const char *sha256)
{
    Json *one = json_new_object();
    json_set_text(one, "path", path);
    json_set_int(one, "bytes", (int64_t)size);
    json_set_text(one, "sha256", sha256);
    json_append_take(self->files, one);
}

static bool put_json(BackupWriter *self, const char *path, const Json *json, GError **error)
{
    size_t length;
    g_autofree char *text = json_print(json, &length);
    return put_header(self, path, length, error) && put(self, text, length, error) &&
           put_padding(self, length, error);
}

bool backup_writer_head(BackupWriter *self, int64_t made_us, GError **error)
{
    g_autoptr(Json) head = json_new_object();
    self->made_us = made_us;
    json_set_text(head, "type", "loa-backup");
    json_set_int(head, "version", BACKUP_VERSION);
    json_set_int(head, "made_us", made_us);
    json_set_text(head, "software", LOA_VERSION);
    return put_json(self, BACKUP_HEAD, head, error);
}

/* Exactly `size` bytes: a file that shrinks meanwhile would leave a hole of another file's bytes.
 */
static bool put_content(BackupWriter *self, int from, const char *source, uint64_t size,
                        Digest *digest, GError **error)
{
    g_autofree char *buffer = g_malloc(CHUNK);
    while (size > 0) {
        ssize_t got = read(from, buffer, MIN(size, CHUNK));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return fail(source, got < 0 ? errno : EIO, error);
        digest_update(digest, buffer, (size_t)got);
        if (!put(self, buffer, (size_t)got, error))
            return false;
        if (self->wrote)
            self->wrote((size_t)got, self->user);
        size -= (uint64_t)got;
    }
    return true;
}

static bool put_open(BackupWriter *self, const char *path, int from, const char *source,
                     char **ret_sha256, GError **error)
{
    struct stat about;
    g_autoptr(Digest) digest = digest_new();
    uint8_t raw[DIGEST_BYTES];
    if (fstat(from, &about) != 0 || !S_ISREG(about.st_mode))
        return fail(source, EINVAL, error);
    uint64_t size = (uint64_t)about.st_size;
    if (!put_header(self, path, size, error) ||
        !put_content(self, from, source, size, digest, error) || !put_padding(self, size, error))
        return false;
    digest_finish(digest, raw);
    g_autofree char *sha256 = digest_to_hex(raw, sizeof raw);
    note(self, path, size, sha256);
    if (ret_sha256)
        *ret_sha256 = g_steal_pointer(&sha256);
    return true;
}

bool backup_writer_file(BackupWriter *self, const char *path, const char *source, char **ret_sha256,
                        GError **error)
{
    int from = open(source, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (from < 0)
        return fail(source, errno, error);
    bool good = put_open(self, path, from, source, ret_sha256, error);
    close(from);
    return good;
}

bool backup_writer_finish(BackupWriter *self, GError **error)
{
    static const char end[2 * TAR_BLOCK];
    g_autoptr(Json) manifest = json_new_object();
    json_set_take(manifest, "files", json_hold(self->files));
    return put_json(self, BACKUP_MANIFEST, manifest, error) && put(self, end, sizeof end, error);
}
