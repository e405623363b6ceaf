/* A browser says here what the file was called. The name is shown to people and written into
 * reports, never used as a path; at most 16 pairs are looked at. */
#include "content/upload_metadata.h"

#include <glib.h>
#include <string.h>

#define MAX_PAIRS 16

char *upload_metadata_read(const char *header, const char *key, unsigned max_chars)
{
    g_auto(GStrv) pairs = g_strsplit(header != NULL ? header : "", ",", MAX_PAIRS);
    for (char **pair = pairs; *pair != NULL; pair++) {
        g_auto(GStrv) words = g_strsplit(g_strstrip(*pair), " ", 2);
        if (g_strcmp0(words[0], key) != 0 || words[1] == NULL)
            continue;
        gsize length = 0;
        g_autofree char *raw = (char *)g_base64_decode(words[1], &length);
        g_autofree char *valid = g_utf8_make_valid(raw, (gssize)length);
        g_autofree char *text = g_utf8_normalize(valid, -1, G_NORMALIZE_NFC);
        const char *slash = strrchr(text, '/');
        const char *name = slash != NULL ? slash + 1 : text;
        char *kept = g_utf8_substring(name, 0, MIN(g_utf8_strlen(name, -1), (glong)max_chars));
        return g_strdelimit(kept, "\n\r\t\"\\<>", ' ');
    }
    return g_strdup("");
}
