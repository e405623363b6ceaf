/* Writes the tar stream of a backup and keeps its manifest. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct BackupWriter BackupWriter;

/* Writes to `fd`, which stays the caller's. `wrote` (may be NULL) hears of content bytes. */
BackupWriter *backup_writer_new(int fd, void (*wrote)(size_t bytes, void *user), void *user);
void backup_writer_free(BackupWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BackupWriter, backup_writer_free)

bool backup_writer_head(BackupWriter *self, int64_t made_us,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* G_IO_ERROR_NOT_FOUND when `source` is not there, with nothing written. `ret_sha256` (may be NULL)
 * is of what went in; free with g_free(). */
bool backup_writer_file(BackupWriter *self, const char *path, const char *source, char **ret_sha256,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Manifest and end of the archive. */
bool backup_writer_finish(BackupWriter *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
