/* The part of RFC 5646 that names spoken languages: two or three letters of ISO 639, perhaps a
 * script and a region, each in its customary case so that equal tags are equal texts. */
#include "content/language_tag.h"

#include <glib.h>
#include <string.h>

static bool spelled(const char *part, size_t length, const char *set)
{
    return strlen(part) == length && strspn(part, set) == length;
}

#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static bool is_script(const char *part)
{
    return strlen(part) == 4 && strchr(UPPER, *part) && spelled(part + 1, 3, LOWER);
}

static bool is_region(const char *part)
{
    return spelled(part, 2, UPPER) || spelled(part, 3, DIGITS);
}

bool language_tag_is_valid(const char *tag)
{
    g_auto(GStrv) parts = g_strsplit(tag, "-", -1);
    const unsigned count = g_strv_length(parts);
    if (count == 0 || !(spelled(parts[0], 2, LOWER) || spelled(parts[0], 3, LOWER)))
        return false;
    unsigned at = 1;
    if (at < count && is_script(parts[at]))
        at++;
    if (at < count && is_region(parts[at]))
        at++;
    return at == count;
}
