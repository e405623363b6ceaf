/* From a tar stream to an encrypted file that was read back. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Sealed {
    uint64_t bytes;
    char sha256[65]; /* of the encrypted file, as read back from the disk */
} Sealed;

/* Calls `pack` with the descriptor to write the plain stream to, encrypts what comes, writes `path`
 * durably, reads it again and compares. After false `path` is not there. */
bool backup_seal(const char *path, const char *recipients_file,
                 bool (*pack)(int fd, void *user, GError **error), void *user, Sealed *ret_sealed,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
