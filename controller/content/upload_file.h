/* One upload while bytes come in: a file, how far it is written, how far it is durable. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

#define UPLOAD_SYNC_EVERY (4 * 1024 * 1024) /* bytes that a power cut may cost at most */

typedef struct UploadFile UploadFile;

/* Told on the loop each time bytes became durable (error NULL), or could not. */
typedef void (*UploadFileSynced)(UploadFile *file, const GError *error, void *user);

/* Opens `path`, cuts it to `offset` (what came after it was never acknowledged) and goes on there.
 */
UploadFile *upload_file_open(const char *path, int64_t offset, UploadFileSynced synced, void *user,
                             GError **error);
/* After this nobody is told any more; a sync under way ends by itself. */
void upload_file_free(UploadFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UploadFile, upload_file_free)

bool upload_file_write(UploadFile *self, const void *bytes, size_t length,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Starts a sync of what is written, off the loop, unless one is under way already. */
void upload_file_sync(UploadFile *self);
bool upload_file_is_syncing(const UploadFile *self);
int64_t upload_file_written(const UploadFile *self);
int64_t upload_file_durable(const UploadFile *self);
