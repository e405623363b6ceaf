/* The plain stream never touches a disk: it goes through a pipe into age, and what comes out is
 * hashed by a second thread on its way into the file. The file is then dropped from the page cache
 * and read back; only when the disk gives the same bytes does it get its name. */
#include "backup_seal.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "backup_age.h"
#include "base/atomic_file.h"
#include "digest.h"

#define CHUNK (256 * 1024)

typedef struct Collector {
    int from; /* age's output */
    int to;
    int code; /* errno of what went wrong, 0 = nothing */
    uint64_t bytes;
    uint8_t sha256[DIGEST_BYTES];
} Collector;

static bool write_all(int to, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t done = write(to, bytes, length);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        bytes += done;
        length -= (size_t)done;
    }
    return true;
}

/* Reads to the end even when the disk is full, so that age is never left hanging. */
static void *collect(void *user)
{
    Collector *self = user;
    g_autofree char *buffer = g_malloc(CHUNK);
    g_autoptr(Digest) digest = digest_new();
    ssize_t got;
    while ((got = read(self->from, buffer, CHUNK)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            self->code = self->code ? self->code : errno;
            break;
        }
        if (self->code)
            continue;
        digest_update(digest, buffer, (size_t)got);
        self->bytes += (uint64_t)got;
        if (!write_all(self->to, buffer, (size_t)got))
            self->code = errno ? errno : EIO;
    }
    digest_finish(digest, self->sha256);
    return NULL;
}

static bool fail(const char *path, int code, GError **error)
{
    g_set_error(error, G_IO_ERROR, g_io_error_from_errno(code), "%s: %s", path, g_strerror(code));
    return false;
}

static bool encrypt(Collector *collector, const char *recipients_file,
                    bool (*pack)(int fd, void *user, GError **error), void *user, GError **error)
{
    AgePipe age;
    if (!age_pipe_encrypt(&age, recipients_file, error))
        return false;
    collector->from = age.out;
    GThread *thread = g_thread_new("collect", collect, collector);
    g_autoptr(GError) unpacked = NULL;
    bool packed = pack(age.in, user, &unpacked);
    age_pipe_end_input(&age);
    g_thread_join(thread);
    bool closed = age_pipe_close(&age, error);
    if (closed && !packed)
        g_propagate_error(error, g_steal_pointer(&unpacked));
    return packed && closed;
}

static bool read_back(const char *temporary, const Collector *collector, Sealed *ret_sealed,
                      GError **error)
{
    g_autofree char *wrote = digest_to_hex(collector->sha256, DIGEST_BYTES);
    g_autofree char *found = digest_hex_of_file(temporary, error);
    if (!found)
        return false;
    if (!g_str_equal(wrote, found)) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                    "%s does not read back as it was written; the disk is not to be trusted",
                    temporary);
        return false;
    }
    ret_sealed->bytes = collector->bytes;
    g_strlcpy(ret_sealed->sha256, found, sizeof ret_sealed->sha256);
    return true;
}

static bool seal_into(const char *temporary, const char *recipients_file,
                      bool (*pack)(int fd, void *user, GError **error), void *user,
                      Sealed *ret_sealed, GError **error)
{
    Collector collector = {0};
    collector.to = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (collector.to < 0)
        return fail(temporary, errno, error);
    bool good = encrypt(&collector, recipients_file, pack, user, error);
    if (good && (collector.code || fsync(collector.to) != 0))
        good = fail(temporary, collector.code ? collector.code : errno, error);
    (void)posix_fadvise(collector.to, 0, 0, POSIX_FADV_DONTNEED);
    close(collector.to);
    return good && read_back(temporary, &collector, ret_sealed, error);
}

bool backup_seal(const char *path, const char *recipients_file,
                 bool (*pack)(int fd, void *user, GError **error), void *user, Sealed *ret_sealed,
                 GError **error)
{
    g_autofree char *temporary = g_strdup_printf("%s.partial", path);
    (void)g_unlink(temporary); /* of one that was cut off */
    if (seal_into(temporary, recipients_file, pack, user, ret_sealed, error) &&
        atomic_file_publish(temporary, path, error))
        return true;
    (void)g_unlink(temporary);
    return false;
}
