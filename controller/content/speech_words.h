/* Abbreviations, units and letters: the table speech_words.tsv and what follows from it. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Alternatives for a pattern, longest first, escaped. */
char *speech_words_abbreviations_pattern(void);
char *speech_words_units_pattern(void);

/* What is said; NULL when the table does not know it. */
const char *speech_words_abbreviation(const char *written);
const char *speech_words_unit(const char *written);

/* "UB2" -> "u bê hai"; what has no name of its own stays. */
void speech_words_spell(GString *out, const char *text);
/* A name made for machines ("gov", "xatanlap"): letter by letter when nobody could pronounce it. */
void speech_words_say_name(GString *out, const char *name);
/* Whether it could be one syllable of Vietnamese, in any case, with or without marks. */
bool speech_words_is_syllable(const char *text);
/* A word in capitals: an ordinary word is said, an unknown abbreviation spelled. */
void speech_words_say_capitals(GString *out, const char *word);
