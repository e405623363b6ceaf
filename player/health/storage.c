/* A memory card on a pole dies slowly: first ext4 counts errors that nobody reads, then a block
 * comes back as something else, then the kernel makes all of it read-only. The canary is a small
 * file of random bytes; before it is written anew the old one is read past the cache and compared.
 * The page cache would hand back what was written even from a card that forgot it. */
#include "health/storage.h"

#include "base/atomic_file.h"
#include "crypto.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define CANARY_BYTES 4096
#define FAULTY_MAX   64 /* of a file in sysfs */

struct Storage {
    char *path;   /* of the canary */
    char *counts; /* ext4's file; NULL = another file system */
    const Clock *clock;
    int64_t due_us; /* of the next canary, boottime; 0 = none was sent in this run */
    bool written;   /* it must be there */
    uint8_t bytes[CANARY_BYTES];
    StorageFacts facts;
};

/* ext4 says it under the name of the block device. */
static char *find_counts(const char *dir, const char *root)
{
    struct stat facts;
    if (stat(dir, &facts) != 0)
        return NULL;
    g_autofree char *device =
        g_strdup_printf("%s/sys/dev/block/%u:%u", root, major(facts.st_dev), minor(facts.st_dev));
    g_autofree char *real = realpath(device, NULL);
    if (!real)
        return NULL;
    g_autofree char *name = g_path_get_basename(real);
    g_autofree char *path = g_build_filename(root, "/sys/fs/ext4", name, "errors_count", NULL);
    return access(path, R_OK) == 0 ? g_steal_pointer(&path) : NULL;
}

static int64_t read_count(const char *path)
{
    g_autoptr(GBytes) bytes = path ? atomic_file_read(path, FAULTY_MAX, NULL) : NULL;
    if (!bytes)
        return -1;
    g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    return g_ascii_strtoll(text, NULL, 10);
}

/* From the card itself, as far as the kernel lets go of what it remembers. */
static bool read_past_cache(const char *path, uint8_t *bytes)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    ssize_t got = read(fd, bytes, CANARY_BYTES);
    close(fd);
    return got == CANARY_BYTES;
}

static void send_canary(Storage *self)
{
    uint8_t came_back[CANARY_BYTES];
    if (self->written)
        self->facts.changed = !read_past_cache(self->path, came_back) ||
                              memcmp(came_back, self->bytes, CANARY_BYTES) != 0;
    crypto_random(self->bytes, sizeof self->bytes);
    g_autoptr(GError) error = NULL;
    self->written = atomic_file_write(self->path, self->bytes, sizeof self->bytes, 0600, &error);
    self->facts.unwritable = !self->written && !atomic_file_is_disk_full(error);
}

Storage *storage_new(const char *dir, const char *root, const Clock *clock)
{
    Storage *self = g_new0(Storage, 1);
    self->path = g_build_filename(dir, "canary", NULL);
    self->counts = find_counts(dir, root ? root : "");
    self->clock = clock;
    self->facts.errors = -1;
    return self;
}

void storage_free(Storage *self)
{
    if (!self)
        return;
    g_free(self->path);
    g_free(self->counts);
    g_free(self);
}

const StorageFacts *storage_look(Storage *self)
{
    int64_t now_us = clock_boottime_us(self->clock);
    self->facts.errors = read_count(self->counts);
    if (self->due_us && now_us < self->due_us)
        return &self->facts;
    self->due_us = now_us + STORAGE_CANARY_US;
    send_canary(self);
    return &self->facts;
}

bool storage_is_failing(const StorageFacts *facts)
{
    return facts->errors > 0 || facts->changed || facts->unwritable;
}
