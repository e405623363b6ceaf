/* Folding for search: canonical decomposition (NFD), marks dropped, đ to d (it has no decomposition
 * in Unicode), case folded. The folded text is stored beside the name, so that a database only
 * compares bytes. */
#include "base/fold.h"

#include <string.h>

static gunichar fold_letter(gunichar letter)
{
    switch (letter) {
    case 0x0110: /* Đ */
    case 0x0111: /* đ */ return 'd';
    default: return letter;
    }
}

char *fold_text(const char *text)
{
    g_autofree char *decomposed = g_utf8_normalize(text, -1, G_NORMALIZE_NFD);
    g_autoptr(GString) folded = g_string_new(NULL);
    for (const char *at = decomposed; at && *at; at = g_utf8_next_char(at)) {
        gunichar letter = g_utf8_get_char(at);
        if (!g_unichar_ismark(letter))
            g_string_append_unichar(folded, fold_letter(letter));
    }
    return g_utf8_strdown(folded->str, -1);
}

char *fold_pattern(const char *typed)
{
    g_autofree char *folded = fold_text(typed);
    GString *pattern = g_string_new("%");
    for (const char *at = g_strstrip(folded); *at; at++) {
        if (strchr("%_\\", *at))
            g_string_append_c(pattern, '\\');
        g_string_append_c(pattern, *at);
    }
    g_string_append_c(pattern, '%');
    return g_string_free(pattern, FALSE);
}
