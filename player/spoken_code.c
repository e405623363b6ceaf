/* Letter names alone are hard to tell apart from the foot of a pole (b, d, p, t), so each consonant
 * comes with a word that begins with it, as people spell on the telephone. The alphabet is
 * Crockford's: no I, L, O and U. */
#include "spoken_code.h"

#include <string.h>

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
static const char *const names[] = {
    "không",  "một",     "hai",     "ba",      "bốn",     "năm",     "sáu",     "bảy",
    "tám",    "chín",    "a",       "bê, bò",  "xê, cá",  "dê",      "e, em",   "ép, phích",
    "gờ, gà", "hát",     "gi, gió", "ca, kéo", "mờ, mèo", "nờ, nón", "pê, pin", "quy, quà",
    "rờ, rổ", "sờ, sen", "tê, táo", "vê, voi", "vê kép",  "ích xì",  "i dài",   "dét",
};
G_STATIC_ASSERT(G_N_ELEMENTS(names) == sizeof digits - 1);

static void add_code(GString *text, const char *code)
{
    for (unsigned i = 0; code[i]; i++) {
        const char *at = strchr(digits, code[i]);
        if (!at)
            continue;
        g_string_append(text, names[at - digits]);
        g_string_append(text, i % 4 == 3 ? ". " : ", "); /* a breath after each group of four */
    }
}

char *spoken_code_text(const char *code)
{
    GString *text = g_string_new("Mã ghép của trạm loa. ");
    add_code(text, code);
    g_string_append(text, "Xin nhắc lại. ");
    add_code(text, code);
    return g_string_free(text, FALSE);
}
