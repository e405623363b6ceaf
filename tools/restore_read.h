/* Reads the tar stream of a backup, which anybody who knows the recipient's public key can have
 * made: nothing in it is believed before it was judged. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct RestoredBackup {
    int64_t made_us;
    uint64_t files;
    uint64_t bytes;
    char software[32];
} RestoredBackup;

/* Unpacks into the empty directory `into` (NULL = only checks). False for a stream that is not a
 * backup, ends early, holds what a backup does not hold, or differs from its own manifest; then
 * `into` may hold some of it. The files are on the disk when true is returned. */
bool restore_read(int fd, const char *into, RestoredBackup *ret_backup,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
