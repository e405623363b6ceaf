/* What no word means, minute by minute; and that every reason has words. */
#include "ledger/outcome_text.h"
#include "ledger/reconcile.h"

#include <string.h>

#define START    (INT64_C(1000) * G_USEC_PER_SEC)
#define SECOND   ((int64_t)G_USEC_PER_SEC)
#define DURATION 60

static void test_silence_turns_unknown_ten_minutes_after_the_end_and_never_green(void)
{
    static const struct {
        const char *stored, *playing;
        int64_t after_start_s;
        const char *said;
    } cases[] = {
        {"", NULL, -60, "upcoming"},
        {"", NULL, 0, "upcoming"},
        {"", "id", 1, "playing"},
        {"", "another", 1, "upcoming"},
        {"", NULL, DURATION + 600, "upcoming"},
        {"", NULL, DURATION + 601, "unknown"},
        {"", NULL, 400 * 86400, "unknown"},
        {"played", NULL, DURATION + 601, "played"},
        {"missed", "id", 1, "missed"},
        {"cancelled", NULL, DURATION + 601, "cancelled"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Airing airing = {.id = (char *)"id",
                         .outcome = (char *)cases[i].stored,
                         .planned_us = START,
                         .duration_ms = DURATION * 1000};
        g_assert_cmpstr(
            reconcile_outcome(&airing, cases[i].playing, START + cases[i].after_start_s * SECOND),
            ==, cases[i].said);
    }
}

static void test_every_reason_has_words_in_both_languages(void)
{
    for (unsigned i = 1; reason_words[i]; i++) {
        const char *vi = outcome_text_reason(reason_words[i], LANGUAGE_VI);
        const char *en = outcome_text_reason(reason_words[i], LANGUAGE_EN);
        g_assert_cmpuint(strlen(vi), >, 0);
        g_assert_cmpuint(strlen(en), >, 0);
        g_assert_cmpstr(vi, !=, en);
    }
    g_assert_cmpstr(outcome_text_reason("", LANGUAGE_VI), ==, "");
    g_assert_cmpstr(outcome_text_reason(NULL, LANGUAGE_VI), ==, "");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reconcile/silence",
                    test_silence_turns_unknown_ten_minutes_after_the_end_and_never_green);
    g_test_add_func("/reconcile/reasons_have_words", test_every_reason_has_words_in_both_languages);
    return g_test_run();
}
