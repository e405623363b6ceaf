/* Files that are whole or not there: temporary file, write, fsync, rename, fsync of the directory. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* Replaces `path` by `bytes`. After true it survives a power cut; after false the old file, if any,
 * is untouched and the temporary one is gone. `mode` as for open(2), 0600 for anything secret. */
bool atomic_file_write(const char *path, const void *bytes, size_t length, int mode,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Moves a finished, already written temporary file into place durably (fsync file, rename, fsync
 * directory). Both paths must be on one file system. */
bool atomic_file_publish(const char *temporary, const char *path, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Durable unlink; a file that is not there is fine. */
bool atomic_file_remove(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads a whole file of at most `max` bytes. */
GBytes *atomic_file_read(const char *path, size_t max, GError **error);
