#include "writer_rig.h"

#include <math.h>

#define GUARD 480 /* frames that the writer leaves alone before the pointer */
#define SOON  (GUARD + (int)VOICE_CHUNK)
#define LEVEL 500 /* of the second voice; tones end at 30000 */
#define LONG  (60 * SECOND)

static int heard(const Rig *rig, int64_t at)
{
    return g_array_index(rig->heard, int16_t, at);
}

/* The rig's item plays from SECOND on; it has run for two seconds. */
static Rig *given_a_programme(int64_t length)
{
    Rig *rig = given_item(SECOND, length);
    voice_arm(rig->voice);
    run(rig, 2);
    return rig;
}

static Extra *given_an_alert(Rig *rig, int64_t length)
{
    VoiceSettings settings = {
        .id = 2, .start_us = wall_us(rig, rig->elapsed), .now_us = wall_us(rig, rig->elapsed)};
    return add_voice(rig, &settings, length, LEVEL);
}

/* Where `level` on top of the programme begins, from `from` on; -1 = nowhere. */
static int64_t first_on_top(const Rig *rig, int64_t from, int level)
{
    for (int64_t i = from; i < rig->heard->len; i++)
        if (heard(rig, i) == tone(i - SECOND) + level)
            return i;
    return -1;
}

static void assert_on_top(const Rig *rig, int64_t from, int64_t to, int level)
{
    for (int64_t i = from; i < to; i++)
        g_assert_cmpint(heard(rig, i), ==, tone(i - SECOND) + level);
}

static void take_evidence(const Voice *voice, AudioEvidence *evidence)
{
    g_assert_cmpint(voice_state(voice), ==, VOICE_DONE);
    voice_evidence(voice, evidence);
}

static void test_an_alert_is_heard_long_before_the_buffer_has_run_out(void)
{
    g_autoptr(Rig) rig = given_a_programme(LONG);
    Extra *alert = given_an_alert(rig, SECOND);
    int64_t now = rig->elapsed;
    voice_arm(alert->voice);
    turn(rig);
    run(rig, 2);
    int64_t at = first_on_top(rig, now, LEVEL);
    g_assert_cmpint(at, >=, now);
    g_assert_cmpint(at, <=, now + SOON);
    assert_on_top(rig, SECOND, at, 0);
    assert_on_top(rig, at, at + SECOND, LEVEL);
    assert_on_top(rig, at + SECOND, rig->heard->len, 0);

    AudioEvidence evidence;
    take_evidence(alert->voice, &evidence);
    AudioSegment *segment = &g_array_index(evidence.segments, AudioSegment, 0);
    g_assert_cmpint(ABS(segment->first_us - wall_us(rig, at)), <=, 2);
    g_assert_cmpint(segment->frames, ==, SECOND);
    g_array_unref(evidence.segments);
}

static void test_a_card_that_gives_little_back_loses_no_frame(void)
{
    static const unsigned rewindable[] = {0, 1, 239, 241, 1000, 4801};
    for (unsigned i = 0; i < G_N_ELEMENTS(rewindable); i++) {
        g_autoptr(Rig) rig = given_a_programme(LONG);
        card_fake_set_rewindable(rig->card, rewindable[i]);
        Extra *alert = given_an_alert(rig, SECOND);
        int64_t now = rig->elapsed;
        voice_arm(alert->voice);
        turn(rig);
        run(rig, 2);
        int64_t at = first_on_top(rig, now, LEVEL);
        int64_t late = now + BUFFER + PERIOD - rewindable[i] + VOICE_CHUNK;
        g_assert_cmpint(at, >=, now);
        g_assert_cmpint(at, <=, late);
        assert_on_top(rig, SECOND, at, 0);
        assert_on_top(rig, at, at + SECOND, LEVEL);
    }
}

static void test_an_alert_opens_a_closed_card_at_once(void)
{
    g_autoptr(Rig) rig = given_item(LONG, SECOND);
    rig->refuse = true;
    run(rig, 1);
    rig->refuse = false;
    run(rig, 0.3);
    Extra *alert = given_an_alert(rig, SECOND);
    int64_t now = rig->elapsed;
    voice_arm(alert->voice);
    turn(rig);
    run(rig, 0.5);
    g_assert_cmpint(heard(rig, now + SOON), ==, LEVEL);
}

static void test_a_stop_is_heard_at_once_and_counts_what_sounded(void)
{
    g_autoptr(Rig) rig = given_a_programme(LONG);
    int64_t now = rig->elapsed;
    voice_stop(rig->voice, 0);
    turn(rig);
    run(rig, 1);
    int64_t last = rig->heard->len - 1;
    while (heard(rig, last) == 0)
        last--;
    g_assert_cmpint(last, <=, now + SOON);
    assert_on_top(rig, SECOND, last + 1, 0);
    take_evidence(rig->voice, &rig->evidence);
    AudioSegment *segment = &g_array_index(rig->evidence.segments, AudioSegment, 0);
    g_assert_cmpint(segment->frames, ==, last + 1 - SECOND);
    g_assert_cmpint(rig->evidence.end, ==, AUDIO_END_STOPPED);
}

static void test_a_stop_while_the_tail_is_queued_still_cuts_it(void)
{
    g_autoptr(Rig) rig = given_a_programme(SECOND + BUFFER / 2); /* all of it is in the card */
    voice_stop(rig->voice, 0);
    turn(rig);
    run(rig, 1);
    take_evidence(rig->voice, &rig->evidence);
    g_assert_cmpint(rig->evidence.end, ==, AUDIO_END_STOPPED);
    g_assert_cmpint(heard(rig, 2 * SECOND + SOON + TURN), ==, 0);
}

static void test_an_item_that_was_queued_and_is_stopped_never_sounds(void)
{
    g_autoptr(Rig) rig = given_item(SECOND, LONG);
    voice_arm(rig->voice);
    run(rig, 0.9); /* its first 100 ms are in the card */
    voice_stop(rig->voice, 300);
    turn(rig);
    run(rig, 1);
    take_evidence(rig->voice, &rig->evidence);
    g_assert_cmpuint(rig->evidence.segments->len, ==, 0);
    for (unsigned i = 0; i < rig->heard->len; i++)
        g_assert_cmpint(heard(rig, i), ==, 0);
}

static void test_ducking_takes_20_ms_and_comes_back(void)
{
    g_autoptr(Rig) rig = given_item(SECOND / 2, SECOND);
    Extra *music = given_an_alert(rig, LONG);
    music->level = 10000;
    music->fed = 0;
    voice_arm(music->voice);
    run(rig, 2.5);
    int64_t now = rig->elapsed;
    voice_duck(music->voice, -20);
    turn(rig);
    run(rig, 1);
    g_assert_cmpint(ABS(heard(rig, now + SOON + 960) - 1000), <=, 1);
    for (int64_t i = now; i < now + SECOND / 2; i++) /* a ramp, no step */
        g_assert_cmpint(ABS(heard(rig, i + 1) - heard(rig, i)), <=, 12);
    voice_duck(music->voice, 0);
    run(rig, 1);
    g_assert_cmpint(heard(rig, rig->heard->len - 1), ==, 10000);
}

static void test_turning_knobs_again_and_again_changes_no_frame_and_no_figure(void)
{
    g_autoptr(Rig) rig = given_item(LONG, SECOND);
    Extra *music = given_an_alert(rig, 3 * SECOND);
    voice_arm(music->voice);
    for (int i = 0; i < 50; i++) {
        run(rig, 0.05);
        voice_set_gain(music->voice, 0);
    }
    run(rig, 2);
    AudioEvidence evidence;
    take_evidence(music->voice, &evidence);
    g_assert_cmpint(g_array_index(evidence.segments, AudioSegment, 0).frames, ==, 3 * SECOND);
    g_assert_cmpuint(evidence.segments->len, ==, 1);
    g_assert_cmpint(evidence.starved_frames, ==, 0);
    g_assert_cmpfloat_with_epsilon(evidence.rms_dbfs, 20 * log10(LEVEL / 32768.0), 1e-6);
    int64_t sounded = 0;
    for (unsigned i = 0; i < rig->heard->len; i++)
        sounded += heard(rig, i) == LEVEL;
    g_assert_cmpint(sounded, ==, 3 * SECOND);
    g_array_unref(evidence.segments);
}

static void test_an_item_joins_the_one_before_it_on_the_next_frame(void)
{
    static const int64_t lengths[] = {SECOND, SECOND + 1, SECOND + 239, SECOND + 777};
    for (unsigned i = 0; i < G_N_ELEMENTS(lengths); i++) {
        g_autoptr(Rig) rig = given_item(SECOND, lengths[i]);
        VoiceSettings settings = {.id = 2, .after = 1, .now_us = wall_us(rig, 0)};
        Extra *next = add_voice(rig, &settings, SECOND, LEVEL);
        voice_arm(rig->voice);
        voice_arm(next->voice);
        while (rig->elapsed < 4 * SECOND) {
            run(rig, 0.06);
            voice_set_gain(next->voice, 0); /* what lies in the card is mixed again */
            voice_set_gain(rig->voice, 0);
        }
        int64_t seam = SECOND + lengths[i];
        assert_on_top(rig, SECOND, seam, 0);
        for (int64_t at = seam; at < seam + SECOND; at++)
            g_assert_cmpint(heard(rig, at), ==, LEVEL);
        g_assert_cmpint(heard(rig, seam + SECOND), ==, 0);

        AudioEvidence evidence;
        take_evidence(next->voice, &evidence);
        take_evidence(rig->voice, &rig->evidence);
        int64_t end = g_array_index(rig->evidence.segments, AudioSegment, 0).last_us;
        int64_t again = g_array_index(evidence.segments, AudioSegment, 0).first_us;
        g_assert_cmpint(again - end, >=, 15);
        g_assert_cmpint(again - end, <=, 30); /* one frame is 21 µs */
        g_array_unref(evidence.segments);
    }
}

static void test_a_chain_joins_even_through_a_very_short_item(void)
{
    g_autoptr(Rig) rig = given_item(SECOND, SECOND);
    VoiceSettings second = {.id = 2, .after = 1}, third = {.id = 3, .after = 2};
    Extra *jingle = add_voice(rig, &second, 100, LEVEL);
    Extra *last = add_voice(rig, &third, SECOND, 2 * LEVEL);
    voice_arm(rig->voice);
    voice_arm(jingle->voice);
    voice_arm(last->voice);
    run(rig, 4);
    for (int64_t i = 0; i < 100; i++)
        g_assert_cmpint(heard(rig, 2 * SECOND + i), ==, LEVEL);
    for (int64_t i = 0; i < SECOND; i++)
        g_assert_cmpint(heard(rig, 2 * SECOND + 100 + i), ==, 2 * LEVEL);
}

static void test_an_item_whose_leader_has_left_starts_at_once(void)
{
    g_autoptr(Rig) rig = given_a_programme(SECOND / 4);
    g_assert_true(rig->news & VOICE_NEWS_DONE);
    VoiceSettings settings = {.id = 2, .after = 1, .now_us = wall_us(rig, rig->elapsed)};
    Extra *next = add_voice(rig, &settings, SECOND, LEVEL);
    int64_t now = rig->elapsed;
    voice_arm(next->voice);
    turn(rig);
    run(rig, 2);
    g_assert_cmpint(heard(rig, now + SOON), ==, LEVEL);
}

static void test_a_follower_waits_out_a_card_that_is_away(void)
{
    g_autoptr(Rig) rig = given_a_programme(20 * SECOND);
    VoiceSettings settings = {.id = 2, .after = 1, .now_us = wall_us(rig, rig->elapsed)};
    Extra *next = add_voice(rig, &settings, SECOND, LEVEL);
    voice_arm(next->voice);
    card_fake_set_gone(rig->card, true);
    rig->refuse = true;
    run(rig, 15);
    g_assert_false(next->news & VOICE_NEWS_DONE);
    rig->refuse = false;
    run(rig, 7);
    AudioEvidence evidence;
    take_evidence(next->voice, &evidence);
    g_assert_cmpint(evidence.end, ==, AUDIO_END_COMPLETE);
    g_assert_cmpint(g_array_index(evidence.segments, AudioSegment, 0).frames, ==, SECOND);
    g_array_unref(evidence.segments);
}

static void test_two_loud_voices_do_not_clip(void)
{
    g_autoptr(Rig) rig = given_item(SECOND, LONG);
    Extra *other = given_an_alert(rig, LONG);
    other->level = 20000;
    other->fed = 0;
    voice_arm(other->voice);
    voice_arm(rig->voice);
    run(rig, 4);
    unsigned tops = 0;
    for (unsigned i = 3 * SECOND; i < rig->heard->len; i++) {
        g_assert_cmpint(heard(rig, i), >, 0); /* wrapping around would be negative */
        tops += heard(rig, i) >= 32767;
    }
    g_assert_cmpuint(tops, <, rig->heard->len / 2);
}

static void test_a_fade_in_rises_from_nothing(void)
{
    g_autoptr(Rig) rig = given_item(LONG, SECOND);
    VoiceSettings settings = {.id = 2, .start_us = wall_us(rig, SECOND), .fade_in_ms = 300};
    Extra *music = add_voice(rig, &settings, 2 * SECOND, 10000);
    voice_arm(music->voice);
    run(rig, 2);
    g_assert_cmpint(heard(rig, SECOND + 100), <, 100);
    g_assert_cmpint(ABS(heard(rig, SECOND + 7200) - 5000), <, 50);
    g_assert_cmpint(heard(rig, SECOND + 14500), ==, 10000);
}

#define TEST(name) g_test_add_func("/writer_mix/" #name, test_##name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(an_alert_is_heard_long_before_the_buffer_has_run_out);
    TEST(a_card_that_gives_little_back_loses_no_frame);
    TEST(an_alert_opens_a_closed_card_at_once);
    TEST(a_stop_is_heard_at_once_and_counts_what_sounded);
    TEST(a_stop_while_the_tail_is_queued_still_cuts_it);
    TEST(an_item_that_was_queued_and_is_stopped_never_sounds);
    TEST(ducking_takes_20_ms_and_comes_back);
    TEST(turning_knobs_again_and_again_changes_no_frame_and_no_figure);
    TEST(an_item_joins_the_one_before_it_on_the_next_frame);
    TEST(a_chain_joins_even_through_a_very_short_item);
    TEST(an_item_whose_leader_has_left_starts_at_once);
    TEST(a_follower_waits_out_a_card_that_is_away);
    TEST(two_loud_voices_do_not_clip);
    TEST(a_fade_in_rises_from_nothing);
    return g_test_run();
}
