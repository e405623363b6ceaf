/* Strict base64. Signed things come as base64, so a second spelling of the same bytes would be a
 * second envelope for the same signature: whatever does not encode back to itself is refused. */
#include "base/base64.h"

#include <string.h>

GBytes *base64_decode(const char *text, size_t max)
{
    size_t length = strlen(text);
    if (length % 4 != 0 || length / 4 > max / 3 + 1)
        return NULL;
    gsize decoded = 0;
    g_autofree guchar *bytes = g_base64_decode(text, &decoded);
    g_autofree char *again = g_base64_encode(bytes, decoded);
    if (decoded > max || strcmp(again, text) != 0)
        return NULL;
    return g_bytes_new_take(g_steal_pointer(&bytes), decoded);
}

char *base64_encode(const void *bytes, size_t length)
{
    return g_base64_encode(bytes, length);
}

void base64_write(const void *bytes, size_t length, char *ret_text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *from = bytes;
    for (const uint8_t *end = from + length; from < end; from += 3, ret_text += 4) {
        unsigned bits = (unsigned)from[0] << 16 | (unsigned)from[1] << 8 | from[2];
        for (int i = 0; i < 4; i++)
            ret_text[i] = digits[bits >> (18 - 6 * i) & 63];
    }
}
