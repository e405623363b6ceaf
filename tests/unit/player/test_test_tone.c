/* The technician's tone: at any hour, without the time, under nothing else, and with its receipt.
 */
#include "desk.h"

#include "playout/tone.h"

#include <math.h>

static const int64_t eight = EIGHT;
#define ID "0123456789abcdef0123456789abcdee"

static void it_sounds_and_is_receipted_with_its_level(void)
{
    g_autoptr(Desk) desk = desk_new();
    conductor_test(desk->conductor, ID, -6000);
    conductor_test(desk->conductor, ID, -6000); /* the order came twice */
    g_assert_cmpfloat_with_epsilon(audio_fake_item(desk->audio)->gain_db, -6, 0.001);
    desk_run_until(desk, MORNING + 10 * SECOND);
    desk_assert_only(desk, OUTCOME_PLAYED, REASON_NONE);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    g_assert_cmpint(receipt->kind, ==, RECEIPT_TEST);
    g_assert_cmpstr(receipt->airing, ==, ID);
    g_assert_cmpint(receipt->evidence_grade, ==, 2);
    g_assert_true(isfinite(receipt->rms_dbfs));
    g_assert_cmpint(desk->amplifier_off_us, >, desk->amplifier_on_us);
    conductor_test(desk->conductor, ID, -6000); /* and once more after it was over */
    desk_run_until(desk, MORNING + 20 * SECOND);
    g_assert_cmpuint(desk_receipts(desk), ==, 1);
}

static void neither_quiet_hours_nor_a_missing_time_forbid_it(void)
{
    g_autoptr(Desk) desk = desk_new();
    TimelineSpan quiet = {0, 1440};
    desk->quiet = &quiet;
    desk_give_airing(desk, desk_airing(desk, "news", eight, 30));
    desk->probe.synchronised = false;
    desk_run_until(desk, MORNING + SECOND);
    conductor_test(desk->conductor, ID, 0);
    desk_run_until(desk, MORNING + 10 * SECOND);
    desk_assert_only(desk, OUTCOME_PLAYED, REASON_NONE);
}

static void nothing_is_interrupted_by_it(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, desk_airing(desk, "news", eight, 30));
    desk_run_until(desk, eight + 5 * SECOND);
    conductor_test(desk->conductor, ID, 0);
    desk_run_until(desk, eight + 2 * MINUTE);
    g_autoptr(Receipt) test = desk_receipt(desk, 0);
    g_autoptr(Receipt) news = desk_receipt(desk, 1);
    g_assert_cmpint(test->outcome, ==, OUTCOME_MISSED);
    g_assert_cmpint(test->reason, ==, REASON_DISPLACED);
    g_assert_cmpstr(test->fault, ==, news->airing);
    g_assert_cmpint(news->outcome, ==, OUTCOME_PLAYED);
    g_assert_cmpuint(((ReceiptItem *)news->items->pdata[0])->segments->len, ==, 1);
}

static void an_emergency_comes_over_it(void)
{
    g_autoptr(Desk) desk = desk_new();
    conductor_test(desk->conductor, ID, 0);
    desk_run_until(desk, MORNING + SECOND);
    HappeningClip clip = {
        .sha256 = desk->good_sha256, .version = "siren", .frames = 10 * INT64_C(48000)};
    conductor_alert(desk->conductor,
                    &(HappeningAlert){.id = "storm", .clips = &clip, .n_clips = 1});
    desk_run_until(desk, MORNING + MINUTE);
    g_assert_cmpuint(desk_receipts(desk), ==, 2);
    g_autoptr(Receipt) test = desk_receipt(desk, 0);
    g_autoptr(Receipt) storm = desk_receipt(desk, 1);
    g_assert_cmpint(test->reason, ==, REASON_DISPLACED);
    g_assert_cmpstr(test->fault, ==, storm->airing);
    g_assert_cmpint(storm->outcome, ==, OUTCOME_PLAYED);
}

static void a_muted_mixer_is_told(void)
{
    g_autoptr(Desk) desk = desk_new();
    audio_fake_set_mixer(desk->audio, true, 0, true);
    conductor_test(desk->conductor, ID, 0);
    desk_run_until(desk, MORNING + 10 * SECOND);
    desk_assert_only(desk, OUTCOME_MISSED, REASON_DEVICE_FAULT);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    g_assert_cmpstr(receipt->fault, ==, "muted");
}

/* What the ring gets is the level that is promised. */
static void the_tone_is_as_loud_as_it_says(void)
{
    g_autoptr(Ring) ring = ring_new(NULL);
    tone_pour(ring);
    g_assert_cmpuint(ring_available(ring), ==, TONE_FRAMES);
    int16_t samples[480 * RING_CHANNELS];
    double energy = 0;
    int64_t count = 0;
    for (unsigned got; (got = ring_take(ring, samples, 480)) > 0;)
        for (unsigned i = 0; i < got * RING_CHANNELS; i++, count++)
            energy += (double)samples[i] * samples[i];
    double rms_dbfs = 10 * log10(energy / (double)count / 32767.0 / 32767.0);
    g_assert_cmpfloat_with_epsilon(rms_dbfs, TONE_RMS_DBFS, 0.15);
    g_assert_cmpint(ring_end(ring), ==, RING_EOS);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    desk_quiet();
    g_test_add_func("/test tone/receipt", it_sounds_and_is_receipted_with_its_level);
    g_test_add_func("/test tone/any hour", neither_quiet_hours_nor_a_missing_time_forbid_it);
    g_test_add_func("/test tone/yields", nothing_is_interrupted_by_it);
    g_test_add_func("/test tone/emergency", an_emergency_comes_over_it);
    g_test_add_func("/test tone/muted", a_muted_mixer_is_told);
    g_test_add_func("/test tone/level", the_tone_is_as_loud_as_it_says);
    return g_test_run();
}
