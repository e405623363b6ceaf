/* The table is a text file that a Vietnamese reader can correct; it is built into the program and
 * read once. A word in capitals that is not in it is either a heading (THÔNG BÁO) or an
 * abbreviation (ABTX): what can be a syllable of Vietnamese, or a long word with vowels, is a word.
 */
#include "content/speech_words.h"

#include "content/speech_number.h"
#include "speech_tables.h"

#include <stdlib.h>
#include <string.h>

#define LETTERS_MAX 5 /* longer unknown words are names, unless they have no vowel at all */

typedef struct Words {
    GHashTable *abbreviations, *units, *letters;
} Words;

static void read_line(Words *words, const char *line)
{
    g_auto(GStrv) cells = g_strsplit(line, "\t", 3);
    if (line[0] == '#' || g_strv_length(cells) != 3)
        return;
    GHashTable *table = strcmp(cells[0], "unit") == 0     ? words->units
                        : strcmp(cells[0], "letter") == 0 ? words->letters
                                                          : words->abbreviations;
    g_hash_table_insert(table, g_strdup(cells[1]), g_strdup(cells[2]));
}

static const Words *words_get(void)
{
    static Words words;
    static gsize once;
    if (!g_once_init_enter(&once))
        return &words;
    g_autoptr(GBytes) bytes =
        g_resource_lookup_data(speech_tables_get_resource(), "/loa/speech/speech_words.tsv",
                               G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    GHashTable **tables[] = {&words.abbreviations, &words.units, &words.letters};
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++)
        *tables[i] = g_hash_table_new(g_str_hash, g_str_equal);
    g_auto(GStrv) lines = g_strsplit(g_bytes_get_data(bytes, NULL), "\n", -1);
    for (char **line = lines; *line != NULL; line++)
        read_line(&words, *line);
    g_once_init_leave(&once, 1);
    return &words;
}

static int longer_first(gconstpointer a, gconstpointer b)
{
    const char *const *one = a, *const *two = b;
    const size_t first = strlen(*one), second = strlen(*two);
    return first != second ? (first < second ? 1 : -1) : strcmp(*one, *two);
}

static char *alternatives(GHashTable *table)
{
    guint count = 0;
    g_autofree gpointer *keys = g_hash_table_get_keys_as_array(table, &count);
    qsort(keys, count, sizeof *keys, longer_first);
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < count; i++) {
        g_autofree char *escaped = g_regex_escape_string(keys[i], -1);
        g_string_append_printf(out, "%s%s", i > 0 ? "|" : "", escaped);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

char *speech_words_abbreviations_pattern(void)
{
    return alternatives(words_get()->abbreviations);
}

char *speech_words_units_pattern(void)
{
    return alternatives(words_get()->units);
}

const char *speech_words_abbreviation(const char *written)
{
    return g_hash_table_lookup(words_get()->abbreviations, written);
}

const char *speech_words_unit(const char *written)
{
    return g_hash_table_lookup(words_get()->units, written);
}

static void spell_letter(GString *out, gunichar letter)
{
    char text[7] = {0};
    g_unichar_to_utf8(g_unichar_toupper(letter), text);
    const char *name = g_hash_table_lookup(words_get()->letters, text);
    if (name != NULL)
        g_string_append(out, name);
    else
        g_string_append_unichar(out, letter);
}

void speech_words_spell(GString *out, const char *text)
{
    for (const char *at = text; *at != '\0';) {
        if (at > text)
            g_string_append_c(out, ' ');
        const size_t digits = strspn(at, "0123456789");
        if (digits > 0) {
            g_autofree char *number = g_strndup(at, digits);
            if (number[0] == '0')
                speech_number_say_digits(out, number);
            else
                speech_number_say(out, number);
            at += digits;
            continue;
        }
        spell_letter(out, g_utf8_get_char(at));
        at = g_utf8_next_char(at);
    }
}

/* Lower case, without tones: "TIẾNG" -> "tiêng". */
static char *without_tones(const char *text)
{
    static const gunichar tones[] = {0x300, 0x301, 0x303, 0x309, 0x323};
    g_autofree char *small = g_utf8_strdown(text, -1);
    g_autofree char *apart = g_utf8_normalize(small, -1, G_NORMALIZE_NFD);
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *at = apart; *at != '\0'; at = g_utf8_next_char(at)) {
        bool tone = false;
        for (size_t i = 0; i < G_N_ELEMENTS(tones); i++)
            tone |= g_utf8_get_char(at) == tones[i];
        if (!tone)
            g_string_append_unichar(out, g_utf8_get_char(at));
    }
    return g_utf8_normalize(out->str, -1, G_NORMALIZE_NFC);
}

bool speech_words_is_syllable(const char *text)
{
    static const char shape[] =
        "^(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx])?"
        "(?:uyêu|oai|oay|oeo|uây|uôi|uya|uyê|uyu|iêu|yêu|ươi|ươu|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|"
        "oa|oă|oe|oi|ôi|ơi|oo|ua|uâ|ue|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|yê|[aăâeêioôơuưy])"
        "(?:ch|nh|ng|[cmnpt])?$";
    g_autofree char *plain = without_tones(text);
    return g_regex_match_simple(shape, plain, 0, 0);
}

static bool has_vowel(const char *text)
{
    g_autofree char *plain = without_tones(text);
    return g_regex_match_simple("[aăâeêioôơuưy]", plain, 0, 0);
}

/* Consonants and vowels take turns: YAGI can be said, UBKT cannot. */
static bool can_be_said(const char *word)
{
    static const char turns[] = "^(?:[bcdđghklmnpqrstvxjwzf]{0,2}[aăâeêioôơuưy]{1,2}){2,}"
                                "[bcdđghklmnpqrstvxjwzf]{0,2}$";
    g_autofree char *plain = without_tones(word);
    return g_utf8_strlen(word, -1) >= 4 && g_regex_match_simple(turns, plain, 0, 0);
}

void speech_words_say_name(GString *out, const char *name)
{
    if (!has_vowel(name) || (g_utf8_strlen(name, -1) <= 2 && !speech_words_is_syllable(name)))
        speech_words_spell(out, name);
    else
        g_string_append(out, name);
}

void speech_words_say_capitals(GString *out, const char *word)
{
    const bool mixed = strpbrk(word, "0123456789") != NULL;
    const bool name = g_utf8_strlen(word, -1) > LETTERS_MAX && has_vowel(word);
    if (!mixed && (name || speech_words_is_syllable(word) || can_be_said(word))) {
        g_autofree char *small = g_utf8_strdown(word, -1);
        g_string_append(out, small);
        return;
    }
    const unsigned roman = speech_number_from_roman(word);
    if (roman == 0) {
        speech_words_spell(out, word);
        return;
    }
    g_autofree char *digits = g_strdup_printf("%u", roman);
    speech_number_say(out, digits);
}
