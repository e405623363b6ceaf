/* Rules in a fixed order, each over the whole text: what one has put into words has no digits and
 * no capitals left, so no later rule sees it again. Codes and abbreviations come first (their
 * digits are no amounts), then dates and times, then amounts, then words in capitals. A rule that
 * cannot make sense of a match leaves it to the next ones; the last ones take anything, so nothing
 * is ever dropped. */
#include "content/speech_text.h"

#include "content/speech_rule.h"
#include "content/speech_words.h"

#include <string.h>

char *speech_rule_group(const GMatchInfo *match, int n)
{
    char *text = g_match_info_fetch(match, n);
    return text != NULL ? text : g_strdup("");
}

unsigned speech_rule_number(const GMatchInfo *match, int n)
{
    g_autofree char *text = speech_rule_group(match, n);
    return (unsigned)g_ascii_strtoull(text, NULL, 10);
}

static bool say_abbreviation(const GMatchInfo *match, GString *out)
{
    g_autofree char *written = speech_rule_group(match, 1);
    const char *spoken = speech_words_abbreviation(written);
    if (spoken == NULL)
        return false;
    g_string_append(out, spoken);
    if (g_str_has_suffix(written, "."))
        g_string_append_c(out, ' '); /* Q.1 */
    return true;
}

static bool say_capitals(const GMatchInfo *match, GString *out)
{
    g_autofree char *word = speech_rule_group(match, 0);
    speech_words_say_capitals(out, word);
    return true;
}

static const SpeechRule abbreviation_rules[] = {
    {SPEECH_BEFORE "({ABBREVIATION})(?:(?<=\\.)(?=\\s?[\\p{Lu}0-9])|(?<!\\.)" SPEECH_AFTER ")",
     say_abbreviation},
};

static const SpeechRule capital_rules[] = {
    {SPEECH_BEFORE "(?=[\\p{Lu}0-9]*\\p{Lu})[\\p{Lu}0-9]{2,}" SPEECH_AFTER, say_capitals},
};

static gboolean replace(const GMatchInfo *match, GString *result, gpointer data)
{
    const SpeechRule *rule = data;
    g_autoptr(GString) spoken = g_string_new(NULL);
    if (rule->say(match, spoken)) {
        g_string_append(result, spoken->str);
        return FALSE;
    }
    g_autofree char *same = speech_rule_group(match, 0);
    g_string_append(result, same);
    return FALSE;
}

/* A pattern with the table's words in the place of {UNIT} and {ABBREVIATION}. */
static GRegex *compile(const char *pattern)
{
    g_autoptr(GString) whole = g_string_new(pattern);
    if (strstr(pattern, "{UNIT}") != NULL) {
        g_autofree char *units = speech_words_units_pattern();
        g_string_replace(whole, "{UNIT}", units, 0);
    }
    if (strstr(pattern, "{ABBREVIATION}") != NULL) {
        g_autofree char *words = speech_words_abbreviations_pattern();
        g_string_replace(whole, "{ABBREVIATION}", words, 0);
    }
    g_autoptr(GError) error = NULL;
    GRegex *regex = g_regex_new(whole->str, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT, &error);
    if (regex == NULL)
        g_critical("%s", error->message); /* a mistake in a table of ours */
    return regex;
}

static char *apply(char *take_text, const SpeechRule *rules, size_t count)
{
    char *text = take_text;
    for (size_t i = 0; i < count; i++) {
        g_autoptr(GRegex) regex = compile(rules[i].pattern);
        char *next = regex == NULL ? NULL
                                   : g_regex_replace_eval(regex, text, -1, 0, G_REGEX_MATCH_DEFAULT,
                                                          replace, (gpointer)&rules[i], NULL);
        if (next == NULL)
            continue; /* too deep for the matcher: better unpolished than lost */
        g_free(text);
        text = next;
    }
    return text;
}

/* One form for each letter, no control characters, lines kept. */
static char *clean(const char *text)
{
    g_autofree char *composed = g_utf8_normalize(text, -1, G_NORMALIZE_NFC);
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *at = composed; *at != '\0'; at = g_utf8_next_char(at)) {
        const gunichar letter = g_utf8_get_char(at);
        if (letter == 0x200b || letter == 0xfeff || letter == 0xad)
            continue; /* no width: nobody has seen it */
        if (letter != '\n' && (g_unichar_iscntrl(letter) || g_unichar_isspace(letter)))
            g_string_append_c(out, ' ');
        else
            g_string_append_unichar(out, letter);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Single spaces, none in front of a mark or at the ends. */
static char *tidy(const char *text)
{
    static const char *const steps[][2] = {
        {"[ ]+", " "}, {" (?=[,.;:!?)])", ""}, {",(?:\\s?,)+", ","}, {"[ ]*\\n[ ]*", "\n"}};
    g_autofree char *tidied = g_strdup(text);
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_autoptr(GRegex) regex = compile(steps[i][0]);
        char *next =
            g_regex_replace_literal(regex, tidied, -1, 0, steps[i][1], G_REGEX_MATCH_DEFAULT, NULL);
        g_free(tidied);
        tidied = next;
    }
    return g_strdup(g_strstrip(tidied));
}

char *speech_text_normalise(const char *text)
{
    char *spoken = clean(text);
    spoken = apply(spoken, speech_code_rules, speech_code_rules_count);
    spoken = apply(spoken, abbreviation_rules, G_N_ELEMENTS(abbreviation_rules));
    spoken = apply(spoken, speech_calendar_rules, speech_calendar_rules_count);
    spoken = apply(spoken, speech_measure_rules, speech_measure_rules_count - 1);
    spoken = apply(spoken, capital_rules, G_N_ELEMENTS(capital_rules));
    spoken = apply(spoken, speech_measure_rules + speech_measure_rules_count - 1, 1);
    char *tidied = tidy(spoken);
    g_free(spoken);
    return tidied;
}
