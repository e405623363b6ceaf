#include "writer_rig.h"

#include <math.h>

static int16_t heard(const Rig *rig, int64_t at)
{
    return g_array_index(rig->heard, int16_t, at);
}

/* The first moment from `from` on at which something sounds, or -1. */
static int64_t first_sound(const Rig *rig, int64_t from)
{
    for (int64_t i = from; i < rig->heard->len; i++)
        if (heard(rig, i))
            return i;
    return -1;
}

static void assert_heard(const Rig *rig, int64_t at, int64_t item_frame, int64_t frames)
{
    for (int64_t i = 0; i < frames; i++)
        g_assert_cmpint(heard(rig, at + i), ==, tone(item_frame + i));
}

static void assert_silence(const Rig *rig, int64_t from, int64_t to)
{
    for (int64_t i = from; i < to; i++)
        g_assert_cmpint(heard(rig, i), ==, 0);
}

static AudioEvidence evidence_of(Rig *rig)
{
    g_assert_true(rig->news & VOICE_NEWS_DONE);
    voice_evidence(rig->voice, &rig->evidence);
    return rig->evidence;
}

static AudioSegment segment(const AudioEvidence *evidence, unsigned i)
{
    g_assert_cmpuint(i, <, evidence->segments->len);
    return g_array_index(evidence->segments, AudioSegment, i);
}

static void assert_us_near(int64_t a, int64_t b, int64_t within)
{
    g_assert_cmpint(ABS(a - b), <=, within);
}

static void test_it_starts_on_the_very_frame_and_says_when(void)
{
    static const int64_t odd[] = {0, 1, 479, 480, 481, 777, 959};
    for (unsigned i = 0; i < G_N_ELEMENTS(odd); i++) {
        int64_t start = 2 * SECOND + odd[i];
        g_autoptr(Rig) rig = given_item(start, 2 * SECOND);
        voice_arm(rig->voice);
        run(rig, 5);

        assert_silence(rig, 0, start);
        assert_heard(rig, start, 0, 2 * SECOND);
        assert_silence(rig, start + 2 * SECOND, rig->heard->len);
        AudioEvidence evidence = evidence_of(rig);
        AudioSegment only = segment(&evidence, 0);
        g_assert_cmpint(evidence.end, ==, AUDIO_END_COMPLETE);
        g_assert_cmpuint(evidence.segments->len, ==, 1);
        g_assert_cmpint(only.frames, ==, 2 * SECOND);
        assert_us_near(only.first_us, wall_us(rig, start), 2);
        assert_us_near(only.last_us, wall_us(rig, start + 2 * SECOND - 1), 2);
        g_assert_null(evidence.fault);
    }
}

static void test_done_comes_only_after_the_last_frame_left(void)
{
    g_autoptr(Rig) rig = given_item(SECOND, SECOND);
    voice_arm(rig->voice);
    run(rig, 1.99); /* the last frame leaves 10 ms later */
    g_assert_false(rig->news & VOICE_NEWS_DONE);
    run(rig, 0.05);
    g_assert_true(rig->news & VOICE_NEWS_DONE);
}

static void test_nothing_sounds_before_arm_and_a_late_arm_starts_at_once(void)
{
    g_autoptr(Rig) rig = given_item(SECOND, SECOND);
    run(rig, 3);
    assert_silence(rig, 0, rig->heard->len);
    voice_arm(rig->voice);
    run(rig, 3);
    int64_t at = first_sound(rig, 0);
    g_assert_cmpint(at, >=, 3 * SECOND);
    g_assert_cmpint(at, <=, 3 * SECOND + BUFFER + PERIOD);
    assert_heard(rig, at, 0, SECOND);
}

static void test_a_clock_step_before_the_start_is_honoured(void)
{
    g_autoptr(Rig) rig = given_item(4 * SECOND, SECOND);
    voice_arm(rig->voice);
    run(rig, 1);
    rig->offset_ns += 1500000000LL; /* NTP: it is later than we thought */
    run(rig, 4);
    g_assert_cmpint(first_sound(rig, 0), ==, 4 * SECOND - 3 * SECOND / 2);
}

static void test_a_clock_step_during_the_item_moves_nothing(void)
{
    g_autoptr(Rig) rig = given_item(SECOND, 3 * SECOND);
    voice_arm(rig->voice);
    run(rig, 2);
    rig->offset_ns += 3000000000LL;
    run(rig, 0.5);
    rig->offset_ns -= 7000000000LL;
    run(rig, 3);
    assert_heard(rig, SECOND, 0, 3 * SECOND);
    AudioEvidence evidence = evidence_of(rig);
    g_assert_cmpint(evidence.end, ==, AUDIO_END_COMPLETE);
    g_assert_cmpint(segment(&evidence, 0).frames, ==, 3 * SECOND);
}

static void test_an_xrun_keeps_the_position(void)
{
    g_autoptr(Rig) rig = given_item(SECOND, 3 * SECOND);
    voice_arm(rig->voice);
    run(rig, 2);
    int64_t dry = rig->elapsed;
    pass_time(rig, BUFFER + 2400); /* nobody writes for 250 ms */
    int64_t reached = dry + BUFFER - SECOND;
    run(rig, 3);

    int64_t again = first_sound(rig, dry + BUFFER);
    assert_heard(rig, SECOND, 0, reached);
    assert_heard(rig, again, reached, 3 * SECOND - reached);
    AudioEvidence evidence = evidence_of(rig);
    g_assert_cmpuint(evidence.xruns, ==, 1);
    g_assert_cmpint(evidence.end, ==, AUDIO_END_COMPLETE);
    g_assert_cmpint(segment(&evidence, 0).frames, ==, 3 * SECOND);
}

static void test_an_xrun_right_at_the_start_does_not_move_what_is_said(void)
{
    g_autoptr(Rig) rig = given_item(SECOND, SECOND);
    voice_arm(rig->voice);
    run(rig, 0.95);
    pass_time(rig, BUFFER + 4800);
    run(rig, 3);
    AudioEvidence evidence = evidence_of(rig);
    g_assert_cmpint(first_sound(rig, 0), ==, SECOND);
    assert_us_near(segment(&evidence, 0).first_us, wall_us(rig, SECOND), 5);
}

static void test_a_card_gone_and_back_gives_two_segments_in_time(void)
{
    g_autoptr(Rig) rig = given_item(SECOND, 6 * SECOND);
    voice_arm(rig->voice);
    run(rig, 3);
    int64_t gone = rig->elapsed;
    card_fake_set_gone(rig->card, true);
    rig->refuse = true;
    run(rig, 2);
    rig->refuse = false;
    run(rig, 4);

    int64_t back = first_sound(rig, gone);
    g_assert_cmpint(back, >=, gone + 2 * SECOND);
    g_assert_cmpint(back, <=, gone + 2 * SECOND + SECOND / 2);
    AudioEvidence evidence = evidence_of(rig);
    g_assert_cmpuint(evidence.segments->len, ==, 2);
    AudioSegment first = segment(&evidence, 0), second = segment(&evidence, 1);
    g_assert_cmpint(first.frames, ==, gone - SECOND);
    g_assert_cmpint(first.ended, ==, AUDIO_END_DEVICE);
    g_assert_cmpint(ABS(second.offset_frames - (back - SECOND)), <=, 2 * TURN);
    assert_heard(rig, back, second.offset_frames, 6 * SECOND - second.offset_frames);
    g_assert_cmpint(second.offset_frames + second.frames, ==, 6 * SECOND);
    assert_us_near(second.first_us, wall_us(rig, back), 5);
    g_assert_cmpint(evidence.end, ==, AUDIO_END_COMPLETE);
    g_assert_cmpstr(evidence.fault, ==, "device-gone");
}

static void test_a_slow_opening_counts_as_time_lost(void)
{
    g_autoptr(Rig) rig = given_item(SECOND, 4 * SECOND);
    voice_arm(rig->voice);
    run(rig, 2);
    int64_t gone = rig->elapsed;
    card_fake_set_gone(rig->card, true); /* opens again at the first try, 250 ms later */
    rig->open_takes = SECOND / 2;
    run(rig, 4);
    int64_t back = first_sound(rig, gone);
    AudioEvidence evidence = evidence_of(rig);
    g_assert_cmpint(back - gone, >, SECOND * 7 / 10);
    g_assert_cmpint(back - gone, <, SECOND * 8 / 10);
    g_assert_cmpint(ABS(segment(&evidence, 1).offset_frames - (back - SECOND)), <=, 2 * TURN);
}

static void test_a_card_that_stays_away_ends_the_item_when_it_would_have_ended(void)
{
    g_autoptr(Rig) rig = given_item(SECOND, 4 * SECOND);
    voice_arm(rig->voice);
    run(rig, 2);
    card_fake_set_gone(rig->card, true);
    rig->refuse = true;
    run(rig, 2.9);
    g_assert_false(rig->news & VOICE_NEWS_DONE);
    run(rig, 0.5);
    AudioEvidence evidence = evidence_of(rig);
    g_assert_cmpint(evidence.end, ==, AUDIO_END_DEVICE);
    g_assert_cmpuint(evidence.segments->len, ==, 1);
    g_assert_cmpint(segment(&evidence, 0).frames, ==, SECOND);
}

static void test_a_stuck_pointer_is_seen_and_never_counted(void)
{
    g_autoptr(Rig) rig = given_item(SECOND, 5 * SECOND);
    voice_arm(rig->voice);
    run(rig, 2);
    card_fake_set_stuck(rig->card, true);
    run(rig, 5);
    AudioEvidence evidence = evidence_of(rig);
    g_assert_cmpuint(rig->opened, ==, 2);
    g_assert_cmpuint(evidence.segments->len, ==, 2);
    g_assert_cmpint(segment(&evidence, 0).frames, ==, SECOND);
    g_assert_cmpint(segment(&evidence, 1).frames, <, 3 * SECOND);
    g_assert_cmpstr(evidence.fault, ==, "stalled");
}

static void test_no_card_at_all_ends_without_a_segment(void)
{
    g_autoptr(Rig) rig = given_item(SECOND, 60 * SECOND);
    rig->refuse = true;
    voice_arm(rig->voice);
    run(rig, 10.9);
    g_assert_false(rig->news & VOICE_NEWS_DONE);
    run(rig, 0.5);
    AudioEvidence evidence = evidence_of(rig);
    g_assert_cmpint(evidence.end, ==, AUDIO_END_DEVICE);
    g_assert_cmpstr(evidence.fault, ==, "no-device");
    g_assert_cmpuint(evidence.segments->len, ==, 0);
    g_assert_true(evidence.rms_dbfs == -INFINITY);
    g_assert_false(rig->news & VOICE_NEWS_STARTED);
}

static void test_a_card_that_comes_in_time_plays_from_the_top(void)
{
    g_autoptr(Rig) rig = given_item(SECOND, 5 * SECOND);
    rig->refuse = true;
    voice_arm(rig->voice);
    run(rig, 3);
    rig->refuse = false;
    run(rig, 7);
    assert_heard(rig, first_sound(rig, 0), 0, 5 * SECOND);
}

static void test_stop_fades_out_and_counts_what_sounded(void)
{
    g_autoptr(Rig) rig = given_item(SECOND, 60 * SECOND);
    voice_arm(rig->voice);
    run(rig, 2);
    voice_stop(rig->voice, 300);
    run(rig, 2);
    AudioEvidence evidence = evidence_of(rig);
    g_assert_cmpint(evidence.end, ==, AUDIO_END_STOPPED);
    int64_t frames = segment(&evidence, 0).frames;
    g_assert_cmpint(frames, >=, SECOND + SECOND * 3 / 10);
    g_assert_cmpint(frames, <=, SECOND + SECOND * 3 / 10 + BUFFER + PERIOD);
    int64_t last = SECOND + frames - 100;
    g_assert_cmpint(ABS(heard(rig, last)), <, tone(frames - 100) / 50);
    assert_silence(rig, SECOND + frames, rig->heard->len);
}

static void test_stop_before_the_start_ends_without_sound(void)
{
    g_autoptr(Rig) rig = given_item(5 * SECOND, SECOND);
    voice_arm(rig->voice);
    run(rig, 1);
    voice_stop(rig->voice, 300);
    run(rig, 0.1);
    AudioEvidence evidence = evidence_of(rig);
    g_assert_cmpint(evidence.end, ==, AUDIO_END_STOPPED);
    g_assert_cmpuint(evidence.segments->len, ==, 0);
}

static void test_a_late_decoder_is_silence_that_is_counted(void)
{
    g_autoptr(Rig) rig = given_item(SECOND, 3 * SECOND);
    voice_arm(rig->voice);
    rig->stalls_at = SECOND; /* so much comes in time */
    run(rig, 2.5);
    rig->stalls_at = 0;
    run(rig, 4);

    AudioEvidence evidence = evidence_of(rig);
    int64_t again = first_sound(rig, 2 * SECOND + 100);
    g_assert_cmpint(again, >=, 5 * SECOND / 2);
    g_assert_cmpint(evidence.starved_frames, ==, again - 2 * SECOND);
    assert_heard(rig, SECOND, 0, SECOND);
    assert_heard(rig, again, SECOND, 2 * SECOND);
    g_assert_cmpint(evidence.end, ==, AUDIO_END_COMPLETE);
    g_assert_cmpint(segment(&evidence, 0).frames, ==, 3 * SECOND);
}

static void test_a_file_shorter_than_planned_is_bad_media(void)
{
    g_autoptr(Rig) rig = given_item(SECOND, 3 * SECOND);
    rig->length = SECOND;
    voice_arm(rig->voice);
    run(rig, 3);
    AudioEvidence evidence = evidence_of(rig);
    g_assert_cmpint(evidence.end, ==, AUDIO_END_MEDIA);
    g_assert_cmpstr(evidence.fault, ==, "short-file");
    g_assert_cmpint(segment(&evidence, 0).frames, ==, SECOND);
}

static void test_silence_in_the_file_is_a_fault(void)
{
    g_autoptr(Rig) rig = given_item(SECOND, 2 * SECOND);
    voice_set_gain(rig->voice, -200);
    voice_arm(rig->voice);
    run(rig, 4);
    AudioEvidence evidence = evidence_of(rig);
    g_assert_cmpint(segment(&evidence, 0).frames, ==, 2 * SECOND);
    g_assert_true(evidence.rms_dbfs == -INFINITY);
    g_assert_cmpstr(evidence.fault, ==, "silent");
}

static void test_a_card_that_only_runs_dry_is_left_alone_for_a_while(void)
{
    g_autoptr(Rig) rig = given_item(20 * SECOND, SECOND);
    for (int i = 0; i < 40; i++) {
        pass_time(rig, BUFFER + PERIOD);
        turn(rig);
    }
    g_assert_cmpuint(rig->opened, >, 1);
}

static void test_an_idle_writer_closes_the_card_and_sleeps(void)
{
    g_autoptr(Rig) rig = given_item(SECOND, SECOND);
    voice_arm(rig->voice);
    run(rig, 2.2);
    g_assert_true(rig->news & VOICE_NEWS_DONE);
    g_assert_true(writer_has_card(rig->writer));
    run(rig, 1.2);
    g_assert_false(writer_has_card(rig->writer));
    g_assert_cmpint(writer_step(rig->writer), ==, -1);
}

#define TEST(name) g_test_add_func("/writer/" #name, test_##name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(it_starts_on_the_very_frame_and_says_when);
    TEST(done_comes_only_after_the_last_frame_left);
    TEST(nothing_sounds_before_arm_and_a_late_arm_starts_at_once);
    TEST(a_clock_step_before_the_start_is_honoured);
    TEST(a_clock_step_during_the_item_moves_nothing);
    TEST(an_xrun_keeps_the_position);
    TEST(an_xrun_right_at_the_start_does_not_move_what_is_said);
    TEST(a_card_gone_and_back_gives_two_segments_in_time);
    TEST(a_slow_opening_counts_as_time_lost);
    TEST(a_card_that_stays_away_ends_the_item_when_it_would_have_ended);
    TEST(a_stuck_pointer_is_seen_and_never_counted);
    TEST(no_card_at_all_ends_without_a_segment);
    TEST(a_card_that_comes_in_time_plays_from_the_top);
    TEST(stop_fades_out_and_counts_what_sounded);
    TEST(stop_before_the_start_ends_without_sound);
    TEST(a_late_decoder_is_silence_that_is_counted);
    TEST(a_file_shorter_than_planned_is_bad_media);
    TEST(silence_in_the_file_is_a_fault);
    TEST(a_card_that_only_runs_dry_is_left_alone_for_a_while);
    TEST(an_idle_writer_closes_the_card_and_sleeps);
    return g_test_run();
}
