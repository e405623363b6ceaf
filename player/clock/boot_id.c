/* Reads the boot id. The kernel prints it as a UUID with dashes; receipts carry the bare digits. */
#include "clock/boot_id.h"

#include "base/atomic_file.h"

#include <gio/gio.h>

#define KERNEL_FILE "/proc/sys/kernel/random/boot_id"

char *boot_id_read(const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = atomic_file_read(path ? path : KERNEL_FILE, 256, error);
    if (!bytes)
        return NULL;
    size_t length;
    const char *text = g_bytes_get_data(bytes, &length);
    g_autoptr(GString) id = g_string_new(NULL);
    for (size_t i = 0; i < length; i++)
        if (g_ascii_isxdigit(text[i]))
            g_string_append_c(id, g_ascii_tolower(text[i]));
    if (id->len == BOOT_ID_HEX)
        return g_strdup(id->str);
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s holds no boot id",
                path ? path : KERNEL_FILE);
    return NULL;
}
