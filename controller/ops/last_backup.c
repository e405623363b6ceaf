/* The backup runs as a program of its own; this file in the data directory is all that it tells. */
#include "base/atomic_file.h"
#include "ops/ops.h"

#define LAST_BACKUP "last-backup.json"
#define BYTES_MAX   4096

int64_t ops_last_backup_us(const Ops *self)
{
    size_t length;
    g_autofree char *path = g_build_filename(self->data_dir, LAST_BACKUP, NULL);
    g_autoptr(GBytes) bytes = atomic_file_read(path, BYTES_MAX, NULL);
    if (!bytes)
        return 0;
    const char *text = g_bytes_get_data(bytes, &length);
    g_autoptr(Json) json = json_parse(text, length, NULL);
    return json_peek_int(json, "made_us", 0);
}
