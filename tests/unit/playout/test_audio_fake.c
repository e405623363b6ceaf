#include "playout/audio_fake.h"

#include <math.h>

#define T0  1000000000000000LL
#define SEC G_USEC_PER_SEC

typedef struct Seen {
    unsigned started, progress, finished;
    int64_t first_us, frames;
    int64_t firsts[4];
    AudioId last_id;
    AudioEnd end;
    GArray *segments;
    char *fault;
    double rms;
} Seen;

static void on_started(G_GNUC_UNUSED AudioId id, int64_t first_us, void *user)
{
    Seen *seen = user;
    seen->started++;
    seen->firsts[MIN(seen->started, 4) - 1] = first_us;
    seen->first_us = first_us;
}

static void on_progress(G_GNUC_UNUSED AudioId id, int64_t frames, G_GNUC_UNUSED int64_t at_us,
                        void *user)
{
    Seen *seen = user;
    seen->progress++;
    seen->frames = frames;
}

static void on_finished(AudioId id, const AudioEvidence *evidence, void *user)
{
    Seen *seen = user;
    seen->finished++;
    seen->last_id = id;
    seen->end = evidence->end;
    seen->rms = evidence->rms_dbfs;
    g_clear_pointer(&seen->segments, g_array_unref);
    seen->segments = g_array_ref(evidence->segments);
    g_free(seen->fault);
    seen->fault = g_strdup(evidence->fault);
}

static Audio *given_fake(Seen *seen)
{
    Audio *audio = audio_fake_new();
    audio->events = (AudioEvents){on_started, on_progress, on_finished};
    audio->events_user = seen;
    audio_fake_run_until(audio, T0);
    return audio;
}

static AudioId prepare(Audio *audio, int64_t start_us, int64_t skip)
{
    AudioItem item = {
        .path = "x.opus", .start_us = start_us, .skip_frames = skip, .expect_frames = 3 * 48000};
    AudioId id = audio->ops->prepare(audio, &item, NULL);
    g_assert_cmpuint(id, !=, 0);
    return id;
}

static const AudioSegment *segment(const Seen *seen, unsigned i)
{
    g_assert_cmpuint(i, <, seen->segments->len);
    return &g_array_index(seen->segments, AudioSegment, i);
}

static void seen_clear(Seen *seen)
{
    g_clear_pointer(&seen->segments, g_array_unref);
    g_clear_pointer(&seen->fault, g_free);
}

static void test_an_armed_item_starts_on_time_and_ends_complete(void)
{
    Seen seen = {0};
    g_autoptr(Audio) audio = given_fake(&seen);
    AudioId id = prepare(audio, T0 + 5 * SEC, 0);
    audio->ops->arm(audio, id);

    audio_fake_run_until(audio, T0 + 5 * SEC - 1);
    g_assert_cmpuint(seen.started, ==, 0);
    audio_fake_run_until(audio, T0 + 20 * SEC);

    g_assert_cmpint(seen.first_us, ==, T0 + 5 * SEC);
    g_assert_cmpuint(seen.progress, ==, 2);
    g_assert_cmpuint(seen.finished, ==, 1);
    g_assert_cmpint(seen.end, ==, AUDIO_END_COMPLETE);
    g_assert_cmpint(segment(&seen, 0)->frames, ==, 3 * 48000);
    seen_clear(&seen);
}

static void test_nothing_sounds_before_arm_and_a_late_arm_starts_at_once(void)
{
    Seen seen = {0};
    g_autoptr(Audio) audio = given_fake(&seen);
    AudioId id = prepare(audio, T0 + SEC, 48000);
    audio_fake_run_until(audio, T0 + 4 * SEC);
    g_assert_cmpuint(seen.started, ==, 0);

    audio->ops->arm(audio, id);
    audio_fake_run_until(audio, T0 + 20 * SEC);

    g_assert_cmpint(seen.first_us, ==, T0 + 4 * SEC);
    g_assert_cmpint(segment(&seen, 0)->offset_frames, ==, 48000);
    g_assert_cmpint(segment(&seen, 0)->frames, ==, 2 * 48000);
    seen_clear(&seen);
}

static void test_stop_ends_after_the_fade_from_the_loop(void)
{
    Seen seen = {0};
    g_autoptr(Audio) audio = given_fake(&seen);
    AudioId id = prepare(audio, T0, 0);
    audio->ops->arm(audio, id);
    audio_fake_run_until(audio, T0 + SEC);
    audio->ops->stop(audio, id, 300);
    g_assert_cmpuint(seen.finished, ==, 0);

    audio_fake_run_until(audio, T0 + 2 * SEC);

    g_assert_cmpint(seen.end, ==, AUDIO_END_STOPPED);
    g_assert_cmpint(segment(&seen, 0)->frames, ==, 48000 * 13 / 10);
    seen_clear(&seen);
}

static void test_no_device_gives_no_segment_and_a_fault(void)
{
    Seen seen = {0};
    g_autoptr(Audio) audio = given_fake(&seen);
    audio_fake_fail_next(audio, AUDIO_END_DEVICE, 0);
    AudioId id = prepare(audio, T0 + SEC, 0);
    audio->ops->arm(audio, id);
    audio_fake_run_until(audio, T0 + 20 * SEC);

    g_assert_cmpuint(seen.started, ==, 0);
    g_assert_cmpint(seen.end, ==, AUDIO_END_DEVICE);
    g_assert_cmpuint(seen.segments->len, ==, 0);
    g_assert_cmpstr(seen.fault, ==, "no-device");
    g_assert_true(seen.rms == -INFINITY);
    seen_clear(&seen);
}

static void test_a_gap_gives_two_segments_that_add_up(void)
{
    Seen seen = {0};
    g_autoptr(Audio) audio = given_fake(&seen);
    audio_fake_gap_next(audio, 48000, 2 * SEC);
    AudioId id = prepare(audio, T0, 0);
    audio->ops->arm(audio, id);
    audio_fake_run_until(audio, T0 + 20 * SEC);

    g_assert_cmpuint(seen.segments->len, ==, 2);
    g_assert_cmpint(segment(&seen, 0)->frames, ==, 48000);
    g_assert_cmpint(segment(&seen, 1)->offset_frames, ==, 48000);
    g_assert_cmpint(segment(&seen, 1)->frames, ==, 2 * 48000);
    g_assert_cmpint(segment(&seen, 1)->first_us, ==, T0 + 3 * SEC);
    seen_clear(&seen);
}

static AudioId prepare_after(Audio *audio, AudioId leader)
{
    AudioItem item = {.path = "y.opus", .start_us = T0, .expect_frames = 48000, .after = leader};
    AudioId id = audio->ops->prepare(audio, &item, NULL);
    audio->ops->arm(audio, id);
    return id;
}

static void test_an_item_after_another_joins_it(void)
{
    Seen seen = {0};
    g_autoptr(Audio) audio = given_fake(&seen);
    AudioId id = prepare(audio, T0 + SEC, 0);
    audio->ops->arm(audio, id);
    AudioId next = prepare_after(audio, id);
    audio_fake_run_until(audio, T0 + 3 * SEC);
    g_assert_cmpint(audio_fake_phase_of(audio, id), ==, AUDIO_FAKE_PLAYING);
    g_assert_cmpint(audio_fake_phase_of(audio, next), ==, AUDIO_FAKE_ARMED);
    audio_fake_run_until(audio, T0 + 20 * SEC);
    g_assert_cmpint(seen.firsts[1], ==, T0 + 4 * SEC);
    g_assert_cmpuint(seen.last_id, ==, next);
    seen_clear(&seen);
}

static void test_stopping_an_item_ends_the_one_after_it(void)
{
    Seen seen = {0};
    g_autoptr(Audio) audio = given_fake(&seen);
    AudioId id = prepare(audio, T0, 0);
    audio->ops->arm(audio, id);
    prepare_after(audio, id);
    audio_fake_run_until(audio, T0 + SEC);
    audio->ops->stop(audio, id, 300);
    audio_fake_run_until(audio, T0 + 20 * SEC);
    g_assert_cmpuint(seen.started, ==, 1);
    g_assert_cmpuint(seen.finished, ==, 2);
    seen_clear(&seen);
}

static void test_two_items_sound_at_once_and_one_is_ducked(void)
{
    Seen seen = {0};
    g_autoptr(Audio) audio = given_fake(&seen);
    AudioId id = prepare(audio, T0, 0);
    audio->ops->arm(audio, id);
    AudioId alert = prepare(audio, T0 + SEC, 0);
    audio->ops->arm(audio, alert);
    audio->ops->duck(audio, id, -20);
    audio_fake_run_until(audio, T0 + 2 * SEC);
    g_assert_cmpuint(seen.started, ==, 2);
    g_assert_cmpfloat(audio->ops->level_dbfs(audio, id), ==, -36);
    g_assert_cmpfloat(audio->ops->level_dbfs(audio, alert), ==, -16);
    seen_clear(&seen);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/audio_fake/an armed item starts on time and ends complete",
                    test_an_armed_item_starts_on_time_and_ends_complete);
    g_test_add_func("/audio_fake/nothing sounds before arm and a late arm starts at once",
                    test_nothing_sounds_before_arm_and_a_late_arm_starts_at_once);
    g_test_add_func("/audio_fake/stop ends after the fade from the loop",
                    test_stop_ends_after_the_fade_from_the_loop);
    g_test_add_func("/audio_fake/no device gives no segment and a fault",
                    test_no_device_gives_no_segment_and_a_fault);
    g_test_add_func("/audio_fake/a gap gives two segments that add up",
                    test_a_gap_gives_two_segments_that_add_up);
    g_test_add_func("/audio_fake/an item after another joins it",
                    test_an_item_after_another_joins_it);
    g_test_add_func("/audio_fake/stopping an item ends the one after it",
                    test_stopping_an_item_ends_the_one_after_it);
    g_test_add_func("/audio_fake/two items sound at once and one is ducked",
                    test_two_items_sound_at_once_and_one_is_ducked);
    return g_test_run();
}
