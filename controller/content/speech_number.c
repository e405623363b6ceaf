/* Vietnamese counting: three digits make a group (trăm, mươi), groups make nghìn, triệu, tỷ. A zero
 * inside is spoken ("linh" before a lone unit, "không trăm" in a later group), and one, four and
 * five change their sound after a ten (mốt, tư, lăm). */
#include "content/speech_number.h"

#include <string.h>

static const char *const digit_words[] = {"không", "một", "hai", "ba",  "bốn",
                                          "năm",   "sáu", "bảy", "tám", "chín"};

static void add(GString *out, const char *word)
{
    if (out->len > 0 && out->str[out->len - 1] != ' ')
        g_string_append_c(out, ' ');
    g_string_append(out, word);
}

static void say_tens(GString *out, unsigned tens, unsigned units)
{
    if (tens == 1)
        add(out, "mười");
    if (tens > 1) {
        add(out, digit_words[tens]);
        add(out, "mươi");
    }
    if (units == 0)
        return;
    if (units == 5)
        add(out, "lăm");
    else if (units == 1 && tens > 1)
        add(out, "mốt");
    else if (units == 4 && tens > 1)
        add(out, "tư");
    else
        add(out, digit_words[units]);
}

/* `inner`: something greater was said before it, so its zeros count. */
static void say_group(GString *out, unsigned group, bool inner)
{
    const unsigned hundreds = group / 100, tens = group / 10 % 10, units = group % 10;
    if (hundreds > 0 || inner) {
        add(out, digit_words[hundreds]);
        add(out, "trăm");
    }
    if (tens > 0) {
        say_tens(out, tens, units);
    } else if (units > 0) {
        if (hundreds > 0 || inner)
            add(out, "linh");
        add(out, digit_words[units]);
    }
}

void speech_number_say(GString *out, const char *digits)
{
    static const char *const names[] = {"", "nghìn", "triệu", "tỷ", "nghìn tỷ"};
    while (*digits == '0' && digits[1] != '\0')
        digits++;
    if (strlen(digits) > SPEECH_NUMBER_DIGITS) {
        speech_number_say_digits(out, digits);
        return;
    }
    const guint64 value = g_ascii_strtoull(digits, NULL, 10);
    g_autoptr(GString) words = g_string_new(NULL);
    guint64 scale = G_GUINT64_CONSTANT(1000000000000);
    for (int i = 4; i >= 0; i--, scale /= 1000) {
        const unsigned group = (unsigned)(value / scale % 1000);
        if (group == 0)
            continue;
        say_group(words, group, words->len > 0);
        if (i == 4 && value / (scale / 1000) % 1000 != 0)
            add(words, "nghìn"); /* the tỷ follow: một nghìn hai trăm tỷ */
        else if (i > 0)
            add(words, names[i]);
    }
    g_string_append(out, words->len > 0 ? words->str : digit_words[0]);
}

void speech_number_say_digits(GString *out, const char *digits)
{
    for (const char *at = digits; *at != '\0'; at++) {
        if (at > digits)
            g_string_append_c(out, ' ');
        g_string_append(out, digit_words[*at - '0']);
    }
}

static void say_fraction(GString *out, const char *digits)
{
    if (digits[0] == '0' || strlen(digits) > 2)
        speech_number_say_digits(out, digits);
    else
        speech_number_say(out, digits);
}

static char *without(const char *text, char mark)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *at = text; *at != '\0'; at++)
        if (*at != mark)
            g_string_append_c(out, *at);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Whether every piece behind the first mark has three digits, so that the mark divides thousands.
 */
static bool divides_thousands(const char *text, char mark)
{
    const char *first = strchr(text, mark);
    if (first == NULL || first - text > 3 || first == text || text[0] == '0')
        return false;
    for (const char *at = first; *at != '\0'; at += 4)
        if (*at != mark || strspn(at + 1, "0123456789") != 3)
            return false;
    return true;
}

static void say_whole(GString *out, const char *digits)
{
    if (digits[0] == '0' && strlen(digits) > 2)
        speech_number_say_digits(out, digits);
    else
        speech_number_say(out, digits);
}

/* 1.234,5 and the like: dots divide, one comma begins the fraction. */
static bool say_vietnamese(GString *out, const char *written)
{
    const char *comma = strchr(written, ',');
    g_autofree char *whole =
        g_strndup(written, comma != NULL ? (gsize)(comma - written) : strlen(written));
    const bool dotted = strchr(whole, '.') != NULL;
    if ((dotted && !divides_thousands(whole, '.')) ||
        (comma != NULL && strpbrk(comma + 1, ",.") != NULL))
        return false;
    g_autofree char *digits = without(whole, '.');
    say_whole(out, digits);
    if (comma != NULL) {
        g_string_append(out, " phẩy ");
        say_fraction(out, comma + 1);
    }
    return true;
}

void speech_number_say_written(GString *out, const char *written)
{
    const char *comma = strchr(written, ',');
    const bool english = comma != NULL && divides_thousands(written, ',') &&
                         (strchr(comma + 1, ',') != NULL || strcmp(comma, ",000") == 0);
    if (english) {
        g_autofree char *digits = without(written, ',');
        say_whole(out, digits);
        return;
    }
    if (say_vietnamese(out, written))
        return;
    g_auto(GStrv) parts = g_strsplit_set(written, ".,", -1); /* 4.0, 1.2.3 */
    for (char **part = parts; *part != NULL; part++) {
        if (part > parts)
            g_string_append(out, " chấm ");
        say_fraction(out, *part);
    }
}

unsigned speech_number_from_roman(const char *roman)
{
    static const char *const tens[] = {"", "X", "XX"};
    static const char *const units[] = {"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"};
    for (unsigned number = 1; number < 30; number++) {
        g_autofree char *right = g_strconcat(tens[number / 10], units[number % 10], NULL);
        if (strcmp(roman, right) == 0)
            return number;
    }
    return 0;
}

static void say_small(GString *out, unsigned number)
{
    g_autofree char *digits = g_strdup_printf("%u", number);
    speech_number_say(out, digits);
}

void speech_number_say_ordinal(GString *out, unsigned number)
{
    if (number == 1)
        g_string_append(out, "nhất");
    else
        speech_number_say_month(out, number);
}

void speech_number_say_month(GString *out, unsigned number)
{
    if (number == 4)
        g_string_append(out, "tư");
    else
        say_small(out, number);
}
