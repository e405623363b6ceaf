/* A rule of reading: what it looks for and what is said instead. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* Appends what is said for a match; false: leave the text as it is (`out` is then ignored). */
typedef bool (*SpeechSay)(const GMatchInfo *match, GString *out);

typedef struct SpeechRule {
    const char *pattern; /* PCRE */
    SpeechSay say;
} SpeechRule;

/* Not in the middle of a word or number. */
#define SPEECH_BEFORE "(?<![\\p{L}\\p{N}])"
#define SPEECH_AFTER  "(?![\\p{L}\\p{N}])"
#define SPEECH_DASH   "\\s*[-–—]\\s*"
/* A number as written, and nothing of a longer one. */
#define SPEECH_NUMBER "(?<![\\p{L}\\p{N}])(?<![0-9][.,])[0-9]+(?:[.,][0-9]+)*"

/* The groups of rules, in the order in which they are applied. */
extern const SpeechRule speech_calendar_rules[];
extern const size_t speech_calendar_rules_count;
extern const SpeechRule speech_code_rules[];
extern const size_t speech_code_rules_count;
extern const SpeechRule speech_measure_rules[];
extern const size_t speech_measure_rules_count;

/* What group `n` matched, "" when nothing; and as a number. Free the text. */
char *speech_rule_group(const GMatchInfo *match, int n);
unsigned speech_rule_number(const GMatchInfo *match, int n);
