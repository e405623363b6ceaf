/* Names are judged whole, against a list: nothing that an archive says can lead out of the
 * directory it is unpacked into. */
#include "backup_format.h"

#include <glib.h>
#include <string.h>

#include "digest.h"

#define MEDIA "media/"

const char *backup_format_media(const char *path)
{
    const char *folder = path + strlen(MEDIA);
    if (!g_str_has_prefix(path, MEDIA) || strlen(folder) != 3 + DIGEST_HEX || folder[2] != '/')
        return NULL;
    const char *sha256 = folder + 3;
    return digest_is_sha256_hex(sha256) && strncmp(folder, sha256, 2) == 0 ? sha256 : NULL;
}

bool backup_format_allows(const char *path)
{
    static const char *const names[] = {BACKUP_DATABASE, BACKUP_ONLINE, BACKUP_ROOT, BACKUP_CONFIG,
                                        NULL};
    return g_strv_contains(names, path) || backup_format_media(path) != NULL;
}
