/* Files that are whole or not there: temporary file, write, fsync, rename, fsync of the directory.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* Replaces `path` by `bytes`. After true it survives a power cut; after false the old file, if any,
 * is untouched and the temporary one is gone. `mode` is set exactly, whatever the umask; 0600 for
 * anything secret. All errors here are G_IO_ERROR with the code of the errno. */
bool atomic_file_write(const char *path, const void *bytes, size_t length, int mode,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Moves a finished, already written temporary file into place durably (fsync file, rename, fsync
 * directory). Both paths must be on one file system. */
bool atomic_file_publish(const char *temporary, const char *path,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes the folder and those above it, each durable in the one above; those that are there stay as
 * they are. A folder that is merely made can vanish in a power cut with every synced file in it. */
bool atomic_file_make_folders(const char *path, int mode, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Durable unlink; a file that is not there is fine. */
bool atomic_file_remove(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads a whole file; more than `max` bytes are G_IO_ERROR_MESSAGE_TOO_LARGE. */
GBytes *atomic_file_read(const char *path, size_t max, GError **error);

/* True for an error of the functions above that says that the disk or the quota is full. */
bool atomic_file_is_disk_full(const GError *error);
