/* A token on the command line would stand in every process list; in a file that others may read it
 * would be no better. */
#include "token_file.h"

#include <gio/gio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/atomic_file.h"

#define TOKEN_MAX 1024

char *token_file_read(const char *path, GError **error)
{
    struct stat about;
    g_autoptr(GBytes) bytes = atomic_file_read(path, TOKEN_MAX, error);
    if (!bytes)
        return NULL;
    if (stat(path, &about) == 0 && (about.st_mode & 0077)) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                    "%s: others can read the token; run chmod 600 on it", path);
        return NULL;
    }
    size_t length;
    const char *text = g_bytes_get_data(bytes, &length);
    char *token = g_strstrip(g_strndup(text, length));
    for (const char *at = token; *at; at++) {
        if (g_ascii_isgraph(*at))
            continue;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: this is no token", path);
        g_free(token);
        return NULL;
    }
    return token;
}
