/* From typed text to what is said. The phrases and what an announcer would say for them stand in
 * speech_phrases.tsv, for people to read and correct. */
#include "content/speech_text.h"

#include <string.h>

#define PHRASES_MIN 440

static char *phrases_text(void)
{
    char *text = NULL;
    const char *root = g_getenv("G_TEST_SRCDIR");
    g_autofree char *path = g_build_filename(root, "tests/unit/content/speech_phrases.tsv", NULL);
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

static void test_phrases_are_said_as_an_announcer_would(void)
{
    g_autofree char *text = phrases_text();
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    unsigned count = 0, wrong = 0;
    for (char **line = lines; *line != NULL; line++) {
        g_auto(GStrv) cells = g_strsplit(*line, "\t", 2);
        if ((*line)[0] == '#' || g_strv_length(cells) != 2)
            continue;
        g_autofree char *spoken = speech_text_normalise(cells[0]);
        count++;
        if (strcmp(spoken, cells[1]) == 0)
            continue;
        wrong++;
        g_test_message("“%s”: “%s”, not “%s”", cells[0], spoken, cells[1]);
    }
    g_assert_cmpuint(count, >=, PHRASES_MIN);
    g_assert_cmpuint(wrong, ==, 0);
}

/* What was put into words is not touched again, so a text may be spoken twice the same way. */
static void test_spoken_words_stay_as_they_are(void)
{
    g_autofree char *text = phrases_text();
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        g_auto(GStrv) cells = g_strsplit(*line, "\t", 2);
        if ((*line)[0] == '#' || g_strv_length(cells) != 2)
            continue;
        g_autofree char *again = speech_text_normalise(cells[1]);
        g_assert_cmpstr(again, ==, cells[1]);
    }
}

static bool has_digit(const char *text)
{
    return strpbrk(text, "0123456789") != NULL;
}

/* Random soups of marks, digits, abbreviations and words nobody knows: every unknown word is still
 * there afterwards, in order, and no digit is left unread. */
static void test_nothing_unknown_is_lost(void)
{
    static const char *const known[] = {
        "5/11", "17h30", "50.000đ",  "-",    "/",  "8-10h",  "UBND", "Q.1",       "2026",
        "3,5",  ":",     "COVID-19", "m2",   "%",  "QĐ-TTg", "(",    ")",         "0912",
        "345",  "IV",    "thứ",      "ngày", "\n", "+84",    "$",    "1.000.000", "29A-123.45"};
    static const char *const unknown[] = {"xuồng", "Mường", "日本", "😀",    "дом",  "ghxyq",
                                          "ªº°",   "Pò",    "ếch",  "żółw", "שלום", "กขค"};
    g_autoptr(GRand) random = g_rand_new_with_seed(20261122);
    for (int round = 0; round < 400; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(GPtrArray) words = g_ptr_array_new();
        for (int piece = 0; piece < 12; piece++) {
            const bool stranger = g_rand_int_range(random, 0, 3) == 0;
            const char *word = stranger
                                   ? unknown[g_rand_int_range(random, 0, G_N_ELEMENTS(unknown))]
                                   : known[g_rand_int_range(random, 0, G_N_ELEMENTS(known))];
            if (stranger && word != unknown[6]) /* signs may be read aloud */
                g_ptr_array_add(words, (gpointer)word);
            g_string_append_printf(text, "%s%s", word,
                                   g_rand_boolean(random) || stranger ? " " : "");
        }
        g_autofree char *spoken = speech_text_normalise(text->str);
        g_assert_true(g_utf8_validate(spoken, -1, NULL));
        g_assert_false(has_digit(spoken));
        const char *at = spoken;
        for (unsigned i = 0; i < words->len; i++) {
            const char *found = strstr(at, g_ptr_array_index(words, i));
            if (found == NULL)
                g_error("“%s” lost “%s”: “%s”", text->str, (char *)g_ptr_array_index(words, i),
                        spoken);
            at = found + strlen(g_ptr_array_index(words, i));
        }
    }
}

static void test_the_longest_text_of_hard_cases_is_still_said(void)
{
    static const char *const hard[] = {"1",     "1,", "A",   "1.000-", "5/11 ",
                                       "0912 ", "((", "km/", "-"};
    for (size_t i = 0; i < G_N_ELEMENTS(hard); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        while (text->len + strlen(hard[i]) <= SPEECH_TEXT_MAX)
            g_string_append(text, hard[i]);
        g_autofree char *spoken = speech_text_normalise(text->str);
        g_assert_false(has_digit(spoken));
        g_assert_cmpuint(strlen(spoken), >=, text->len / 2);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/speech_text/phrases are said as an announcer would",
                    test_phrases_are_said_as_an_announcer_would);
    g_test_add_func("/speech_text/spoken words stay as they are",
                    test_spoken_words_stay_as_they_are);
    g_test_add_func("/speech_text/nothing unknown is lost", test_nothing_unknown_is_lost);
    g_test_add_func("/speech_text/the longest text of hard cases is still said",
                    test_the_longest_text_of_hard_cases_is_still_said);
    return g_test_run();
}
