/* The outline of a sound. */
#include "content/peaks.h"

#include <string.h>

static void test_each_part_holds_its_own_extremes(void)
{
    static float pcm[8000];
    Peaks peaks;
    for (size_t i = 0; i < G_N_ELEMENTS(pcm); i++) /* louder from part to part */
        pcm[i] = (i % 2 == 0 ? 1.0f : -0.5f) * (float)(i / 10) / 800.0f;
    peaks_begin(&peaks, G_N_ELEMENTS(pcm));
    for (size_t at = 0; at < G_N_ELEMENTS(pcm); at += 320) /* in pieces, as it is decoded */
        peaks_add(&peaks, pcm + at, 320);
    g_assert_cmpuint(peaks_parts(&peaks), ==, PEAKS_PARTS);
    g_assert_cmpint(peaks.pairs[0], ==, 0);
    g_assert_cmpint(peaks.pairs[2 * 400], ==, -32);
    g_assert_cmpint(peaks.pairs[2 * 400 + 1], ==, 64);
    g_assert_cmpint(peaks.pairs[2 * 799 + 1], ==, 127);
}

static void test_a_sound_longer_than_announced_stays_inside(void)
{
    static float pcm[4000];
    Peaks peaks;
    pcm[3999] = -2.0f;
    peaks_begin(&peaks, 1000);
    peaks_add(&peaks, pcm, G_N_ELEMENTS(pcm));
    g_assert_cmpuint(peaks_parts(&peaks), ==, PEAKS_PARTS);
    g_assert_cmpint(peaks.pairs[2 * 799], ==, -128);
}

static void test_a_few_frames_make_a_few_parts(void)
{
    const float pcm[] = {0.5f, -0.5f, 0.25f};
    Peaks peaks;
    peaks_begin(&peaks, 3);
    peaks_add(&peaks, pcm, 3);
    g_assert_cmpuint(peaks_parts(&peaks), ==, 3);
}

static void test_text_and_back(void)
{
    const float pcm[] = {0.5f, -0.5f};
    Peaks peaks;
    int8_t pairs[2 * PEAKS_PARTS];
    unsigned parts = 0;
    peaks_begin(&peaks, 2);
    peaks_add(&peaks, pcm, 2);
    g_autofree char *text = peaks_to_text(&peaks);
    g_assert_true(peaks_from_text(text, pairs, &parts));
    g_assert_cmpmem(pairs, 2 * parts, peaks.pairs, 4);
}

static void test_what_is_no_outline_is_refused(void)
{
    int8_t pairs[2 * PEAKS_PARTS];
    unsigned parts = 0;
    g_autofree char *odd = g_base64_encode((const guchar *)"abc", 3);
    g_autofree guchar *zeros = g_malloc0(2 * PEAKS_PARTS + 2);
    g_autofree char *much = g_base64_encode(zeros, 2 * PEAKS_PARTS + 2);
    g_assert_false(peaks_from_text(NULL, pairs, &parts));
    g_assert_false(peaks_from_text("", pairs, &parts));
    g_assert_false(peaks_from_text(odd, pairs, &parts));
    g_assert_false(peaks_from_text(much, pairs, &parts));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/peaks/each part holds its own extremes",
                    test_each_part_holds_its_own_extremes);
    g_test_add_func("/peaks/a sound longer than announced stays inside",
                    test_a_sound_longer_than_announced_stays_inside);
    g_test_add_func("/peaks/a few frames make a few parts", test_a_few_frames_make_a_few_parts);
    g_test_add_func("/peaks/text and back", test_text_and_back);
    g_test_add_func("/peaks/what is no outline is refused", test_what_is_no_outline_is_refused);
    return g_test_run();
}
