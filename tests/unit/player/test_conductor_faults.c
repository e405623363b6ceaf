/* The conductor when things go wrong: nothing silent is ever called played, nothing plays twice,
 * and every airing still ends in one receipt. */
#include "desk.h"

#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>

static const int64_t eight = EIGHT;

static void play_one(Desk *desk)
{
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20));
    desk_run_until(desk, eight + MINUTE);
}

static void an_unplugged_card_is_missed_for_the_device(void)
{
    g_autoptr(Desk) desk = desk_new();
    audio_fake_fail_next(desk->audio, AUDIO_END_DEVICE, 0);
    play_one(desk);
    desk_assert_only(desk, OUTCOME_MISSED, REASON_DEVICE_FAULT);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    g_assert_cmpstr(receipt->fault, ==, "no-device");
    g_assert_cmpint(receipt->evidence_grade, ==, 0);
    g_assert_true(conductor_device_fault(desk->conductor));
}

static void a_card_lost_on_the_way_makes_it_partial(void)
{
    g_autoptr(Desk) desk = desk_new();
    audio_fake_fail_next(desk->audio, AUDIO_END_DEVICE, 5 * 48000);
    play_one(desk);
    desk_assert_only(desk, OUTCOME_PARTIAL, REASON_DEVICE_FAULT);
}

static void a_muted_mixer_is_never_played(void)
{
    g_autoptr(Desk) desk = desk_new();
    audio_fake_set_mixer(desk->audio, true, 0, true);
    play_one(desk);
    desk_assert_only(desk, OUTCOME_MISSED, REASON_DEVICE_FAULT);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    g_assert_cmpstr(receipt->fault, ==, "muted");
}

static void silence_is_never_played(void)
{
    g_autoptr(Desk) desk = desk_new();
    audio_fake_set_level(desk->audio, -INFINITY);
    play_one(desk);
    desk_assert_only(desk, OUTCOME_MISSED, REASON_DEVICE_FAULT);
}

static void an_amplifier_that_stays_off_is_never_played(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk->amplifier_dead = true;
    play_one(desk);
    desk_assert_only(desk, OUTCOME_MISSED, REASON_DEVICE_FAULT);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    g_assert_cmpstr(receipt->fault, ==, "amplifier-off");
    g_assert_cmpstr(receipt->amplifier, ==, "off");
}

static void a_gap_that_loses_nothing_is_played_in_two_segments(void)
{
    g_autoptr(Desk) desk = desk_new();
    audio_fake_gap_next(desk->audio, 5 * 48000, 2 * SECOND);
    play_one(desk);
    desk_assert_only(desk, OUTCOME_PLAYED, REASON_NONE);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    const ReceiptItem *item = receipt->items->pdata[0];
    g_assert_cmpuint(item->segments->len, ==, 2);
}

static void without_its_file_it_is_missed_for_that(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autofree char *path = media_cache_path(desk->media, desk->good_sha256);
    g_unlink(path);
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20));
    desk_run_until(desk, eight + 11 * MINUTE);
    desk_assert_only(desk, OUTCOME_MISSED, REASON_NO_MEDIA);
    g_assert_cmpuint(desk->missing, >, 0);
}

static void a_file_that_comes_within_the_tolerance_still_plays(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autofree char *path = media_cache_path(desk->media, desk->good_sha256);
    g_unlink(path);
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20));
    desk_run_until(desk, eight + 2 * MINUTE);
    g_free(desk_add_media(desk, "a village announcement"));
    desk_run_until(desk, eight + 4 * MINUTE);
    desk_assert_only(desk, OUTCOME_PLAYED, REASON_NONE);
}

static void a_file_with_a_flipped_bit_is_removed_and_not_played(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autofree char *path = media_cache_path(desk->media, desk->good_sha256);
    g_assert_true(g_file_set_contents(path, "a village announcemenu", -1, NULL));
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20));
    desk_run_until(desk, eight + 11 * MINUTE);
    desk_assert_only(desk, OUTCOME_MISSED, REASON_BAD_MEDIA);
    g_assert_false(media_cache_has(desk->media, desk->good_sha256));
    g_assert_cmpuint(audio_fake_prepared(desk->audio), ==, 0);
}

static void without_the_time_nothing_scheduled_plays(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk->probe.synchronised = false;
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20));
    desk_run_until(desk, eight + 11 * MINUTE);
    desk_assert_only(desk, OUTCOME_MISSED, REASON_NO_TIME);
    g_assert_cmpuint(audio_fake_prepared(desk->audio), ==, 0);
}

static void an_absurd_clock_closes_nothing_until_it_is_right(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_assert_true(trust_save_floor(desk->trust, NULL));
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20));
    desk->clock.wall += 300 * 24 * HOUR;
    for (unsigned i = 0; i < 3600; i++) {
        conductor_tick(desk->conductor);
        desk->clock.boottime += SECOND;
    }
    g_assert_cmpuint(desk_receipts(desk), ==, 0);
    desk->clock.wall = eight - MINUTE;
    desk_run_until(desk, eight + MINUTE);
    desk_assert_only(desk, OUTCOME_PLAYED, REASON_NONE);
}

static void a_crash_while_it_sounds_is_partial_and_never_restarts(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, desk_airing(desk, "a", eight, 60));
    desk_run_until(desk, eight + 12 * SECOND);
    desk_crash(desk);
    fake_clock_advance(&desk->clock, 3 * SECOND);
    desk_boot(desk, NULL);
    desk_give_airing(desk, desk_airing(desk, "a", eight, 60));
    desk_run_until(desk, eight + 3 * MINUTE);

    desk_assert_only(desk, OUTCOME_PARTIAL, REASON_RESTART);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    const ReceiptItem *item = receipt->items->pdata[0];
    const ReceiptSegment *segment = item->segments->pdata[0];
    g_assert_cmpstr(segment->ended, ==, "crash");
    g_assert_cmpint(segment->frames, >=, 5 * 48000); /* the last mark */
    g_assert_cmpint(segment->frames, <=, 12 * 48000);
    g_assert_cmpuint(audio_fake_prepared(desk->audio), ==, 0);
}

static void a_power_cut_while_it_sounds_is_partial_for_that(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, desk_airing(desk, "a", eight, 60));
    desk_run_until(desk, eight + 12 * SECOND);
    desk_crash(desk);
    desk_boot(desk, "ffffffffffffffffffffffffffffffff");
    desk_assert_only(desk, OUTCOME_PARTIAL, REASON_NO_POWER);
}

static void a_crash_between_started_and_the_first_sample_is_missed(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, desk_airing(desk, "a", eight, 60));
    desk_run_until(desk, eight - 200000);
    g_assert_cmpint(audio_fake_phase(desk->audio), ==, AUDIO_FAKE_ARMED);
    desk_crash(desk);
    desk_boot(desk, NULL);
    desk_give_airing(desk, desk_airing(desk, "a", eight, 60));
    desk_run_until(desk, eight + MINUTE);
    desk_assert_only(desk, OUTCOME_MISSED, REASON_RESTART);
}

static void a_crash_in_the_first_second_is_partial_already(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, desk_airing(desk, "a", eight, 60));
    desk_run_until(desk, eight + 200000);
    desk_crash(desk);
    desk_boot(desk, NULL);
    desk_assert_only(desk, OUTCOME_PARTIAL, REASON_RESTART);
}

static void a_crash_before_started_leaves_it_free_to_play(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, desk_airing(desk, "a", eight, 60));
    desk_run_until(desk, eight - 4 * SECOND);
    g_assert_cmpint(audio_fake_phase(desk->audio), ==, AUDIO_FAKE_PREPARED);
    desk_crash(desk);
    desk_boot(desk, NULL);
    desk_give_airing(desk, desk_airing(desk, "a", eight, 60));
    desk_run_until(desk, eight + 2 * MINUTE);
    desk_assert_only(desk, OUTCOME_PLAYED, REASON_NONE);
}

static void a_shutdown_fades_out_and_keeps_the_receipt(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, desk_airing(desk, "a", eight, 60));
    desk_run_until(desk, eight + 10 * SECOND);
    conductor_shut_down(desk->conductor);
    desk_run_until(desk, eight + 12 * SECOND);
    g_assert_true(conductor_is_idle(desk->conductor));
    desk_assert_only(desk, OUTCOME_PARTIAL, REASON_RESTART);
}

static void the_stop_button_ends_what_sounds(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, desk_airing(desk, "a", eight, 60));
    desk_run_until(desk, eight + 10 * SECOND);
    conductor_stop_local(desk->conductor);
    desk_run_until(desk, eight + 3 * MINUTE);
    desk_assert_only(desk, OUTCOME_PARTIAL, REASON_LOCAL_STOP);
}

static void a_decoder_that_cannot_start_is_missed_for_the_device(void)
{
    g_autoptr(Desk) desk = desk_new();
    audio_fake_refuse_prepare(desk->audio, true);
    play_one(desk);
    desk_assert_only(desk, OUTCOME_MISSED, REASON_DEVICE_FAULT);
}

static void a_file_that_does_not_decode_is_bad_media(void)
{
    g_autoptr(Desk) desk = desk_new();
    audio_fake_fail_next(desk->audio, AUDIO_END_MEDIA, 0);
    play_one(desk);
    desk_assert_only(desk, OUTCOME_MISSED, REASON_BAD_MEDIA);
}

static void a_clock_set_forward_past_the_tolerance_makes_it_missed(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20));
    desk_run_until(desk, eight - 4 * SECOND);
    desk->clock.wall += HOUR;
    desk_run_until(desk, desk->clock.wall + MINUTE);
    desk_assert_only(desk, OUTCOME_MISSED, REASON_LATE);
}

static void a_clock_set_back_while_prepared_waits_for_the_true_time(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20));
    desk_run_until(desk, eight - 4 * SECOND);
    desk->clock.wall -= HOUR;
    conductor_tick(desk->conductor);
    audio_fake_run_until(desk->audio, audio_fake_now_us(desk->audio) + SECOND);
    g_assert_cmpint(audio_fake_phase(desk->audio), ==, AUDIO_FAKE_IDLE);
    g_assert_true(conductor_is_idle(desk->conductor));
    desk_run_until(desk, eight + MINUTE);
    desk_assert_only(desk, OUTCOME_PLAYED, REASON_NONE);
}

/* As if the disk were full: no file of this process can grow. */
static void break_journal(bool broken)
{
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    limit.rlim_cur = broken ? 0 : limit.rlim_max;
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

static void a_journal_that_cannot_be_written_is_kept_in_memory(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20));
    desk_run_until(desk, eight - MINUTE);
    break_journal(true);
    desk_run_until(desk, eight + 12 * MINUTE);
    g_assert_true(conductor_journal_fault(desk->conductor));
    g_assert_cmpuint(audio_fake_prepared(desk->audio), ==, 1);
    g_assert_cmpuint(desk_receipts(desk), ==, 0);

    break_journal(false);
    desk_run_until(desk, eight + 13 * MINUTE);
    g_assert_false(conductor_journal_fault(desk->conductor));
    desk_assert_only(desk, OUTCOME_PLAYED, REASON_NONE);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    g_assert_true(receipt->is_volatile);
}

static void a_receipt_that_could_not_be_written_is_kept_and_written_later(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20));
    desk_run_until(desk, eight + 10 * SECOND);
    break_journal(true);
    desk_run_until(desk, eight + MINUTE);
    g_assert_cmpuint(desk_receipts(desk), ==, 0);
    break_journal(false);
    desk_run_until(desk, eight + 2 * MINUTE);
    desk_assert_only(desk, OUTCOME_PLAYED, REASON_NONE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    desk_quiet();
    static const struct {
        const char *name;
        void (*run)(void);
    } tests[] = {
        {"unplugged card", an_unplugged_card_is_missed_for_the_device},
        {"card lost on the way", a_card_lost_on_the_way_makes_it_partial},
        {"muted mixer is never played", a_muted_mixer_is_never_played},
        {"silence is never played", silence_is_never_played},
        {"dead amplifier is never played", an_amplifier_that_stays_off_is_never_played},
        {"gap that loses nothing", a_gap_that_loses_nothing_is_played_in_two_segments},
        {"no file", without_its_file_it_is_missed_for_that},
        {"file within the tolerance", a_file_that_comes_within_the_tolerance_still_plays},
        {"flipped bit", a_file_with_a_flipped_bit_is_removed_and_not_played},
        {"no time", without_the_time_nothing_scheduled_plays},
        {"absurd clock", an_absurd_clock_closes_nothing_until_it_is_right},
        {"crash while it sounds", a_crash_while_it_sounds_is_partial_and_never_restarts},
        {"power cut while it sounds", a_power_cut_while_it_sounds_is_partial_for_that},
        {"crash after started", a_crash_between_started_and_the_first_sample_is_missed},
        {"crash in the first second", a_crash_in_the_first_second_is_partial_already},
        {"crash before started", a_crash_before_started_leaves_it_free_to_play},
        {"shutdown", a_shutdown_fades_out_and_keeps_the_receipt},
        {"stop button", the_stop_button_ends_what_sounds},
        {"decoder cannot start", a_decoder_that_cannot_start_is_missed_for_the_device},
        {"file does not decode", a_file_that_does_not_decode_is_bad_media},
        {"clock set forward", a_clock_set_forward_past_the_tolerance_makes_it_missed},
        {"clock set back", a_clock_set_back_while_prepared_waits_for_the_true_time},
        {"journal broken", a_journal_that_cannot_be_written_is_kept_in_memory},
        {"receipt written later", a_receipt_that_could_not_be_written_is_kept_and_written_later},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *path = g_strconcat("/conductor faults/", tests[i].name, NULL);
        g_test_add_func(path, tests[i].run);
    }
    return g_test_run();
}
