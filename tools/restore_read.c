/* Head, members, manifest, end: in this order and nothing else. Each member is hashed as it comes
 * and compared with the manifest at the end, which must name every member and no other. */
#include "restore_read.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "backup_tar.h"
#include "base/atomic_file.h"
#include "digest.h"
#include "json.h"

#define CHUNK        (256 * 1024)
#define HEAD_MAX     4096
#define MANIFEST_MAX (128 * 1024 * 1024) /* half a million files */

typedef struct Member {
    uint64_t bytes;
    char sha256[DIGEST_HEX + 1];
} Member;

typedef struct Reading {
    int fd;
    const char *into;
    GHashTable *members; /* path -> Member */
    RestoredBackup *backup;
    char *buffer;
} Reading;

static bool refuse(GError **error, const char *why)
{
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, why);
    return false;
}

static bool refuse_member(GError **error, const char *path, const char *why)
{
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: %s", path, why);
    return false;
}

static bool take(Reading *self, void *to, size_t length, GError **error)
{
    char *at = to;
    while (length > 0) {
        ssize_t got = read(self->fd, at, length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return refuse(error, "the backup ends early: it is truncated, or was not decrypted");
        at += got;
        length -= (size_t)got;
    }
    return true;
}

static bool skip_padding(Reading *self, uint64_t size, GError **error)
{
    char rest[TAR_BLOCK];
    size_t over = size % TAR_BLOCK;
    return over == 0 || take(self, rest, TAR_BLOCK - over, error);
}

static bool write_all(int to, const char *bytes, size_t length, const char *path, GError **error)
{
    while (length > 0) {
        ssize_t done = write(to, bytes, length);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0) {
            g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "%s: %s", path,
                        g_strerror(errno));
            return false;
        }
        bytes += done;
        length -= (size_t)done;
    }
    return true;
}

static bool copy_content(Reading *self, int to, const char *path, uint64_t size, Digest *digest,
                         GError **error)
{
    while (size > 0) {
        size_t part = MIN(size, CHUNK);
        if (!take(self, self->buffer, part, error))
            return false;
        digest_update(digest, self->buffer, part);
        if (to >= 0 && !write_all(to, self->buffer, part, path, error))
            return false;
        size -= part;
    }
    return true;
}

static int create(const Reading *self, const char *path, GError **error)
{
    g_autofree char *full = g_build_filename(self->into, path, NULL);
    g_autofree char *folder = g_path_get_dirname(full);
    if (!atomic_file_make_folders(folder, 0700, error))
        return -1;
    int to = open(full, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (to < 0)
        g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "%s: %s", full,
                    g_strerror(errno));
    return to;
}

static bool read_member(Reading *self, const char *path, uint64_t size, GError **error)
{
    if (!backup_format_allows(path))
        return refuse_member(error, path, "a backup holds no such file");
    if (g_hash_table_contains(self->members, path))
        return refuse_member(error, path, "stands twice in the backup");
    int to = self->into ? create(self, path, error) : -1;
    if (self->into && to < 0)
        return false;
    g_autoptr(Digest) digest = digest_new();
    uint8_t raw[DIGEST_BYTES];
    bool good = copy_content(self, to, path, size, digest, error);
    if (to >= 0)
        close(to);
    if (!good || !skip_padding(self, size, error))
        return false;
    digest_finish(digest, raw);
    g_autofree char *sha256 = digest_to_hex(raw, sizeof raw);
    Member *member = g_new0(Member, 1);
    member->bytes = size;
    g_strlcpy(member->sha256, sha256, sizeof member->sha256);
    g_hash_table_insert(self->members, g_strdup(path), member);
    self->backup->files++;
    self->backup->bytes += size;
    return true;
}

static Json *read_json(Reading *self, uint64_t size, uint64_t max, GError **error)
{
    if (size > max) {
        refuse(error, "this is not a backup of Loa");
        return NULL;
    }
    g_autofree char *text = g_malloc(size + 1);
    if (!take(self, text, size, error) || !skip_padding(self, size, error))
        return NULL;
    return json_parse(text, size, error);
}

static bool read_header(Reading *self, char path[TAR_NAME_MAX + 1], uint64_t *size, GError **error)
{
    char block[TAR_BLOCK];
    return take(self, block, sizeof block, error) &&
           (tar_header_read(block, path, size) ||
            refuse(error, "this is not a backup of Loa, or it is damaged"));
}

static bool read_head(Reading *self, GError **error)
{
    char path[TAR_NAME_MAX + 1];
    uint64_t size;
    if (!read_header(self, path, &size, error))
        return false;
    if (!g_str_equal(path, BACKUP_HEAD))
        return refuse(error, "this is not a backup of Loa");
    g_autoptr(Json) head = read_json(self, size, HEAD_MAX, error);
    if (!head)
        return false;
    if (g_strcmp0(json_peek_text(head, "type"), "loa-backup") != 0)
        return refuse(error, "this is not a backup of Loa");
    if (json_peek_int(head, "version", 0) != BACKUP_VERSION)
        return refuse(error, "this backup was made by a newer Loa; install that one first");
    const char *software = json_peek_text(head, "software");
    self->backup->made_us = json_peek_int(head, "made_us", 0);
    g_strlcpy(self->backup->software, software ? software : "", sizeof self->backup->software);
    return self->backup->made_us > 0 || refuse(error, "the backup does not say of when it is");
}

static bool compare(Reading *self, const Json *manifest, GError **error)
{
    const Json *files = json_peek(manifest, "files");
    if (json_length(files) != g_hash_table_size(self->members))
        return refuse(error, "the backup does not hold the files that its manifest names");
    for (size_t i = 0; i < json_length(files); i++) {
        const Json *one = json_at(files, i);
        const char *path = json_peek_text(one, "path");
        const Member *member = path ? g_hash_table_lookup(self->members, path) : NULL;
        if (!member)
            return refuse_member(error, path ? path : "?", "is missing in the backup");
        if (json_peek_int(one, "bytes", -1) != (int64_t)member->bytes ||
            g_strcmp0(json_peek_text(one, "sha256"), member->sha256) != 0)
            return refuse_member(error, path, "is damaged in the backup");
        g_hash_table_remove(self->members, path); /* named once only */
    }
    return true;
}

/* Until the very end, for only then has age judged the last piece. */
static bool drain(Reading *self, GError **error)
{
    ssize_t got;
    while ((got = read(self->fd, self->buffer, CHUNK)) != 0) {
        if (got < 0 && errno != EINTR)
            return refuse(error, "the backup cannot be read to its end");
        for (ssize_t i = 0; i < got; i++)
            if (self->buffer[i] != '\0')
                return refuse(error, "something follows the end of the backup");
    }
    return true;
}

static bool has_all(const Reading *self, GError **error)
{
    static const char *const needed[] = {BACKUP_DATABASE, BACKUP_ONLINE};
    for (unsigned i = 0; i < G_N_ELEMENTS(needed); i++)
        if (!g_hash_table_contains(self->members, needed[i]))
            return refuse_member(error, needed[i], "is missing in the backup");
    return true;
}

static bool read_all(Reading *self, GError **error)
{
    char path[TAR_NAME_MAX + 1];
    uint64_t size;
    if (!read_head(self, error))
        return false;
    for (;;) {
        if (!read_header(self, path, &size, error))
            return false;
        if (g_str_equal(path, BACKUP_MANIFEST))
            break;
        if (!*path)
            return refuse(error, "the backup ends early: it has no manifest");
        if (!read_member(self, path, size, error))
            return false;
    }
    g_autoptr(Json) manifest = read_json(self, size, MANIFEST_MAX, error);
    return manifest && has_all(self, error) && compare(self, manifest, error) && drain(self, error);
}

static bool make_durable(const char *into, GError **error)
{
    int folder = open(into, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = folder >= 0 && syncfs(folder) == 0;
    int code = errno;
    if (folder >= 0)
        close(folder);
    if (!good)
        g_set_error(error, G_IO_ERROR, g_io_error_from_errno(code), "%s: %s", into,
                    g_strerror(code));
    return good;
}

bool restore_read(int fd, const char *into, RestoredBackup *ret_backup, GError **error)
{
    RestoredBackup backup = {0};
    Reading reading = {.fd = fd, .into = into, .backup = &backup, .buffer = g_malloc(CHUNK)};
    reading.members = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    bool good = read_all(&reading, error) && (!into || make_durable(into, error));
    g_hash_table_unref(reading.members);
    g_free(reading.buffer);
    if (good)
        *ret_backup = backup;
    return good;
}
