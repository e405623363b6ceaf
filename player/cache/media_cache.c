/* Files come in through a part that is hashed as a whole, and go out through a hash as well: a disk
 * that flips a bit is found before the horn says so. Space is reserved before the first byte, so a
 * download never fills the disk that the journal needs. */
#include "cache/media_cache.h"

#include "base/atomic_file.h"
#include "digest.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define RESERVE_BYTES (INT64_C(16) * 1024 * 1024) /* left free for journal and plan */
#define PART_SUFFIX   ".part"

struct MediaCache {
    char *dir;
};

G_DEFINE_QUARK(loa - media - error - quark, media_error)

static bool make_folders(const char *path, GError **error)
{
    g_autoptr(GError) problem = NULL;
    if (atomic_file_make_folders(path, 0700, &problem))
        return true;
    bool full = atomic_file_is_disk_full(problem);
    g_set_error_literal(error, MEDIA_ERROR, full ? MEDIA_ERROR_SPACE : MEDIA_ERROR_STORE,
                        problem->message);
    return false;
}

MediaCache *media_cache_open(const char *dir, GError **error)
{
    if (!make_folders(dir, error))
        return NULL;
    MediaCache *self = g_new0(MediaCache, 1);
    self->dir = g_strdup(dir);
    return self;
}

void media_cache_free(MediaCache *self)
{
    if (!self)
        return;
    g_free(self->dir);
    g_free(self);
}

char *media_cache_path(MediaCache *self, const char *sha256)
{
    char shelf[3] = {sha256[0], sha256[1], '\0'};
    return g_build_filename(self->dir, shelf, sha256, NULL);
}

char *media_cache_part_path(MediaCache *self, const char *sha256)
{
    g_autofree char *path = media_cache_path(self, sha256);
    return g_strconcat(path, PART_SUFFIX, NULL);
}

bool media_cache_has(MediaCache *self, const char *sha256)
{
    g_autofree char *path = media_cache_path(self, sha256);
    return access(path, R_OK) == 0;
}

bool media_cache_verify(MediaCache *self, const char *sha256, GError **error)
{
    g_autofree char *path = media_cache_path(self, sha256);
    g_autofree char *found = digest_hex_of_file(path, error);
    if (!found)
        return false;
    if (g_str_equal(found, sha256))
        return true;
    g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_WRONG, "%s has changed on the disk: removed", path);
    if (!atomic_file_remove(path, NULL))
        unlink(path);
    return false;
}

static bool has_space(MediaCache *self, int64_t bytes)
{
    return media_cache_free_bytes(self) >= bytes + RESERVE_BYTES;
}

static int fail_part(int fd, MediaError code, const char *path, GError **error)
{
    g_set_error(error, MEDIA_ERROR, code, "%s: %s", path,
                code == MEDIA_ERROR_SPACE ? "not enough space on the disk" : g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

int media_cache_part_open(MediaCache *self, const char *sha256, int64_t bytes, int64_t *ret_have,
                          GError **error)
{
    g_autofree char *path = media_cache_part_path(self, sha256);
    g_autofree char *shelf = g_path_get_dirname(path);
    if (!make_folders(shelf, error))
        return -1;
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    struct stat facts;
    if (fd < 0 || fstat(fd, &facts) != 0)
        return fail_part(fd, errno == ENOSPC ? MEDIA_ERROR_SPACE : MEDIA_ERROR_STORE, path, error);
    if (facts.st_size > bytes && ftruncate(fd, 0) == 0)
        facts.st_size = 0;
    if (!has_space(self, bytes - facts.st_size))
        return fail_part(fd, MEDIA_ERROR_SPACE, path, error);
    if (fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, bytes) != 0 && errno == ENOSPC)
        return fail_part(fd, MEDIA_ERROR_SPACE, path, error);
    *ret_have = facts.st_size;
    return fd;
}

void media_cache_part_drop(MediaCache *self, const char *sha256)
{
    g_autofree char *path = media_cache_part_path(self, sha256);
    unlink(path);
}

bool media_cache_part_finish(MediaCache *self, const char *sha256, int64_t bytes, GError **error)
{
    g_autofree char *part = media_cache_part_path(self, sha256);
    g_autofree char *path = media_cache_path(self, sha256);
    struct stat facts = {0};
    bool whole = stat(part, &facts) == 0 && facts.st_size == bytes;
    g_autofree char *found = whole ? digest_hex_of_file(part, error) : NULL;
    if (whole && !found)
        return false;
    if (!whole || !g_str_equal(found, sha256)) {
        media_cache_part_drop(self, sha256);
        g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_WRONG,
                    "what came for %.12s is not what was announced", sha256);
        return false;
    }
    return atomic_file_publish(part, path, error);
}

bool media_cache_put(MediaCache *self, const char *sha256, GBytes *bytes, GError **error)
{
    size_t length;
    const void *data = g_bytes_get_data(bytes, &length);
    g_autofree char *found = digest_hex_of(data, length);
    g_autofree char *path = media_cache_path(self, sha256);
    g_autofree char *shelf = g_path_get_dirname(path);
    if (!g_str_equal(found, sha256)) {
        g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_WRONG,
                    "the sound that came with an order is not %.12s", sha256);
        return false;
    }
    return make_folders(shelf, error) && atomic_file_write(path, data, length, 0600, error);
}

static bool is_needed(const char *name, GHashTable *needed)
{
    g_autofree char *sha256 = g_strdup(name);
    if (g_str_has_suffix(sha256, PART_SUFFIX))
        sha256[strlen(sha256) - strlen(PART_SUFFIX)] = '\0';
    return g_hash_table_contains(needed, sha256);
}

static unsigned drop_in(const char *shelf, GHashTable *needed)
{
    g_autoptr(GDir) files = g_dir_open(shelf, 0, NULL);
    unsigned dropped = 0;
    for (const char *name; files && (name = g_dir_read_name(files));) {
        g_autofree char *path = g_build_filename(shelf, name, NULL);
        if (!is_needed(name, needed) && unlink(path) == 0)
            dropped++;
    }
    return dropped;
}

unsigned media_cache_drop_unused(MediaCache *self, GHashTable *needed)
{
    g_autoptr(GDir) shelves = g_dir_open(self->dir, 0, NULL);
    unsigned dropped = 0;
    for (const char *name; shelves && (name = g_dir_read_name(shelves));) {
        g_autofree char *shelf = g_build_filename(self->dir, name, NULL);
        dropped += drop_in(shelf, needed);
    }
    return dropped;
}

int64_t media_cache_free_bytes(MediaCache *self)
{
    struct statvfs facts;
    if (statvfs(self->dir, &facts) != 0)
        return 0;
    return (int64_t)facts.f_bavail * (int64_t)facts.f_frsize;
}
