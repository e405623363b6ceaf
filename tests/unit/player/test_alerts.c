/* Alerts at a station, from the signed envelope to the receipt: the real room, conductor, timeline
 * and journal on a virtual clock and a fake card. */
#include "digest.h"
#include "pole.h"

#include <stdio.h>
#include <string.h>

static int64_t frames_of(const Receipt *receipt)
{
    int64_t frames = 0;
    for (unsigned i = 0; i < receipt->items->len; i++) {
        const ReceiptItem *item = receipt->items->pdata[i];
        for (unsigned k = 0; k < item->segments->len; k++)
            frames += ((const ReceiptSegment *)item->segments->pdata[k])->frames;
    }
    return frames;
}

static void assert_play(const Pole *self, unsigned index, unsigned repeat, Outcome outcome)
{
    g_autoptr(Receipt) receipt = desk_receipt(self->desk, index);
    g_autofree char *alert = g_strnfill(COMMAND_ID_HEX, 'a');
    g_autofree char *id = plan_airing_id(alert, 0, repeat, POLE_STATION);
    g_assert_cmpint(receipt->kind, ==, RECEIPT_ALERT);
    g_assert_cmpstr(receipt->broadcast, ==, alert);
    g_assert_cmpuint(receipt->repeat, ==, repeat);
    g_assert_cmpstr(receipt->airing, ==, id);
    g_assert_cmpstr(outcome_words[receipt->outcome], ==, outcome_words[outcome]);
}

static void an_alert_sounds_at_once_and_is_receipted(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_assert_cmpint(pole_take(pole, pole_alert(pole, pole->desk->good_sha256, 0)), ==, COMMAND_OK);
    int64_t ordered_us = pole->desk->clock.wall;
    pole_run_until(pole, MORNING + MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 1);
    assert_play(pole, 0, 0, OUTCOME_PLAYED);
    g_autoptr(Receipt) receipt = desk_receipt(pole->desk, 0);
    const ReceiptItem *item = receipt->items->pdata[0];
    const ReceiptSegment *first = item->segments->pdata[0];
    g_assert_cmpint(first->first_us, <=, ordered_us + SECOND);
    g_assert_cmpstr(item->bulletin_version, ==, "flood-1");
}

static void a_loop_sounds_again_until_a_cancel_ends_it_mid_word(void)
{
    g_autoptr(Pole) pole = pole_new();
    pole_take(pole, pole_alert(pole, pole->desk->good_sha256, 2));
    pole_run_until(pole, MORNING + 2 * MINUTE + 5 * SECOND);
    g_assert_cmpint(pole_take(pole, pole_cancel(pole)), ==, COMMAND_OK);
    pole_run_until(pole, MORNING + 20 * MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 2);
    assert_play(pole, 0, 0, OUTCOME_PLAYED);
    assert_play(pole, 1, 1, OUTCOME_CANCELLED);
    g_autoptr(Receipt) cut = desk_receipt(pole->desk, 1);
    g_assert_cmpint(frames_of(cut), >, 0);
    g_assert_cmpint(frames_of(cut), <, (POLE_CLIP_S - 1) * 48000);
    pole_restart(pole, "ffffffffffffffffffffffffffffffff"); /* not even for a moment */
    unsigned before = audio_fake_prepared(pole->desk->audio);
    pole_run_until(pole, MORNING + 30 * MINUTE);
    g_assert_cmpuint(audio_fake_prepared(pole->desk->audio), ==, before);
}

static void a_cancel_that_comes_first_silences_its_alert(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_autofree char *alert = pole_sign(pole, pole_alert(pole, pole->desk->good_sha256, 2));
    pole_take(pole, pole_cancel(pole));
    g_assert_cmpint(alerts_take(pole->alerts, alert, strlen(alert)), ==, COMMAND_OK);
    pole_run_until(pole, MORNING + 10 * MINUTE);
    g_assert_cmpuint(audio_fake_prepared(pole->desk->audio), ==, 0);
    pole_restart(pole, NULL);
    pole_run_until(pole, MORNING + 20 * MINUTE);
    g_assert_cmpuint(audio_fake_prepared(pole->desk->audio), ==, 0);
}

static void a_replay_starts_nothing(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_autofree char *text = pole_sign(pole, pole_alert(pole, pole->desk->good_sha256, 0));
    alerts_take(pole->alerts, text, strlen(text));
    pole_run_until(pole, MORNING + MINUTE);
    g_assert_cmpint(alerts_take(pole->alerts, text, strlen(text)), ==, COMMAND_SEEN);
    pole_run_until(pole, MORNING + 2 * MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 1);
    pole_restart(pole, "ffffffffffffffffffffffffffffffff");
    g_assert_cmpint(alerts_take(pole->alerts, text, strlen(text)), ==, COMMAND_SEEN);
    pole_run_until(pole, MORNING + 4 * MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 1);
    pole_run_until(pole, MORNING + HOUR + MINUTE);
    g_assert_cmpint(alerts_take(pole->alerts, text, strlen(text)), ==, COMMAND_EXPIRED);
}

static void an_alert_waits_for_its_sound(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_autofree char *sha256 = desk_add_media(pole->desk, "another sound");
    g_autofree char *path = media_cache_path(pole->desk->media, sha256);
    g_autofree char *away = g_strconcat(path, ".away", NULL);
    g_assert_cmpint(rename(path, away), ==, 0);
    pole_take(pole, pole_alert(pole, sha256, 0));
    pole_run_until(pole, MORNING + MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 0);
    g_assert_cmpint(rename(away, path), ==, 0);
    alerts_media_ready(pole->alerts);
    pole_run_until(pole, MORNING + 2 * MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 1);
    assert_play(pole, 0, 0, OUTCOME_PLAYED);
}

static void after_a_restart_a_loop_goes_on_with_the_time(void)
{
    g_autoptr(Pole) pole = pole_new();
    pole_take(pole, pole_alert(pole, pole->desk->good_sha256, 5));
    pole_run_until(pole, MORNING + MINUTE);
    pole_restart(pole, "ffffffffffffffffffffffffffffffff");
    pole_run_until(pole, MORNING + 6 * MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 2);
    assert_play(pole, 1, 1, OUTCOME_PLAYED);
}

static void without_the_time_it_goes_on_once_the_controller_names_it(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_autofree char *text = pole_sign(pole, pole_alert(pole, pole->desk->good_sha256, 5));
    alerts_take(pole->alerts, text, strlen(text));
    pole_run_until(pole, MORNING + MINUTE);
    pole->desk->probe = (TrustProbe){.error_us = -1};
    pole_restart(pole, "ffffffffffffffffffffffffffffffff");
    unsigned before = audio_fake_prepared(pole->desk->audio);
    pole_run_until(pole, MORNING + 20 * MINUTE);
    g_assert_cmpuint(audio_fake_prepared(pole->desk->audio), ==, before);
    g_assert_cmpint(alerts_take(pole->alerts, text, strlen(text)), ==, COMMAND_SEEN);
    pole_run_until(pole, MORNING + 40 * MINUTE);
    g_assert_cmpuint(audio_fake_prepared(pole->desk->audio), >, before);
}

/* ---- buttons ---- */

static Plan *plan_with_button(const Pole *self, unsigned button)
{
    Plan *plan = plan_new();
    plan->station = g_strdup(POLE_STATION);
    plan->epoch = plan->version = 1;
    plan->until_us = self->desk->clock.wall + 24 * HOUR;
    g_ptr_array_add(plan->area_path, g_strdup("commune"));
    PlanClip *clip = plan_clip_new();
    clip->id = g_strdup("flood");
    clip->title = g_strdup("Lũ");
    clip->severity = 4;
    clip->button = button;
    clip->item->bulletin = g_strdup("flood");
    clip->item->bulletin_version = g_strdup("flood-1");
    clip->item->sha256 = g_strdup(self->desk->good_sha256);
    clip->item->frames = POLE_CLIP_S * INT64_C(48000);
    g_ptr_array_add(plan->clips, clip);
    return plan;
}

static void a_button_sounds_with_neither_controller_nor_time(void)
{
    g_autoptr(Pole) pole = pole_new();
    pole->desk->probe = (TrustProbe){.error_us = -1};
    pole_restart(pole, "ffffffffffffffffffffffffffffffff");
    g_autoptr(Plan) plan = plan_with_button(pole, 2);
    alerts_set_plan(pole->alerts, plan);
    g_assert_false(alerts_button(pole->alerts, 1));
    g_assert_true(alerts_button(pole->alerts, 2));
    g_assert_true(alerts_button(pole->alerts, 2)); /* a nervous hand */
    pole_run_until(pole, MORNING + MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 1);
    g_autoptr(Receipt) receipt = desk_receipt(pole->desk, 0);
    g_assert_cmpint(receipt->kind, ==, RECEIPT_LOCAL);
    g_assert_cmpint(frames_of(receipt), ==, POLE_CLIP_S * 48000);
    g_assert_true(alerts_button(pole->alerts, 2));
    pole_run_until(pole, MORNING + 2 * MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 2);
}

static void the_stop_button_ends_a_local_message_and_it_may_start_anew(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_autoptr(Plan) plan = plan_with_button(pole, 1);
    alerts_set_plan(pole->alerts, plan);
    alerts_button(pole->alerts, 1);
    pole_run_until(pole, MORNING + 3 * SECOND);
    conductor_stop_local(pole->desk->conductor);
    alerts_stopped(pole->alerts);
    pole_run_until(pole, MORNING + 5 * SECOND);
    g_autoptr(Receipt) stopped = desk_receipt(pole->desk, 0);
    g_assert_cmpint(stopped->reason, ==, REASON_LOCAL_STOP);
    alerts_button(pole->alerts, 1);
    pole_run_until(pole, MORNING + MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 2);
}

/* ---- drills and stops ---- */

static Plan *plan_of(const Pole *self, PlanAiring *take_airing)
{
    Plan *plan = plan_with_button(self, 1);
    plan->from_us = self->desk->clock.wall - HOUR;
    if (take_airing)
        g_ptr_array_add(plan->airings, take_airing);
    return plan;
}

static void give(Pole *self, Plan *plan)
{
    conductor_set_plan(self->desk->conductor, plan);
    alerts_set_plan(self->alerts, plan);
}

static void a_drill_plays_once_as_an_airing_of_its_own(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_autoptr(Plan) plan = plan_of(pole, NULL);
    give(pole, plan);
    Command *drill = pole_alert(pole, pole->desk->good_sha256, 0);
    drill->drill = true;
    g_autofree char *id = plan_airing_id(drill->id, 0, 0, POLE_STATION);
    g_assert_cmpint(pole_take(pole, drill), ==, COMMAND_OK);
    pole_run_until(pole, MORNING + MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 1);
    g_autoptr(Receipt) receipt = desk_receipt(pole->desk, 0);
    g_assert_cmpstr(receipt->airing, ==, id);
    g_assert_cmpint(receipt->kind, ==, RECEIPT_AIRING);
    g_assert_cmpint(receipt->outcome, ==, OUTCOME_PLAYED);

    g_autoptr(Plan) next = plan_of(pole, NULL); /* a new plan does not start it again */
    next->version = 2;
    give(pole, next);
    pole_run_until(pole, MORNING + 2 * MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 1);
}

static void a_cancelled_drill_falls_silent(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_autoptr(Plan) plan = plan_of(pole, NULL);
    give(pole, plan);
    Command *drill = pole_alert(pole, pole->desk->good_sha256, 0);
    drill->drill = true;
    pole_take(pole, drill);
    pole_run_until(pole, MORNING + 4 * SECOND);
    pole_take(pole, pole_cancel(pole));
    pole_run_until(pole, MORNING + MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 1);
    g_autoptr(Receipt) receipt = desk_receipt(pole->desk, 0);
    g_assert_cmpint(receipt->outcome, ==, OUTCOME_CANCELLED);
    g_assert_cmpint(frames_of(receipt), <, POLE_CLIP_S * 48000);
}

static void a_stop_from_afar_ends_the_airing_that_it_names(void)
{
    g_autoptr(Pole) pole = pole_new();
    PlanAiring *airing = desk_airing(pole->desk, "news", EIGHT, 60);
    g_autofree char *broadcast = g_strdup(airing->broadcast);
    g_autoptr(Plan) plan = plan_of(pole, airing);
    give(pole, plan);
    pole_run_until(pole, EIGHT + 10 * SECOND);
    Command *other = pole_command(pole, COMMAND_STOP, 'd');
    other->broadcast = g_strdup(broadcast);
    other->planned_us = EIGHT + HOUR; /* tomorrow's, say */
    pole_take(pole, other);
    pole_run_until(pole, EIGHT + 20 * SECOND);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 0);
    Command *stop = pole_command(pole, COMMAND_STOP, 'e');
    stop->broadcast = g_strdup(broadcast);
    stop->planned_us = EIGHT;
    g_assert_cmpint(pole_take(pole, stop), ==, COMMAND_OK);
    pole_run_until(pole, EIGHT + 2 * MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 1);
    g_autoptr(Receipt) receipt = desk_receipt(pole->desk, 0);
    g_assert_cmpint(receipt->outcome, ==, OUTCOME_CANCELLED);
    g_assert_cmpint(frames_of(receipt), <, 25 * 48000);
}

static void a_stop_between_arming_and_the_first_sample_leaves_silence(void)
{
    g_autoptr(Pole) pole = pole_new();
    PlanAiring *airing = desk_airing(pole->desk, "news", EIGHT, 60);
    g_autofree char *broadcast = g_strdup(airing->broadcast);
    g_autoptr(Plan) plan = plan_of(pole, airing);
    give(pole, plan);
    pole_run_until(pole, EIGHT - SECOND / 2);
    Command *stop = pole_command(pole, COMMAND_STOP, 'e');
    stop->broadcast = g_strdup(broadcast);
    stop->planned_us = EIGHT;
    pole_take(pole, stop);
    pole_run_until(pole, EIGHT + 2 * MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 1);
    g_autoptr(Receipt) receipt = desk_receipt(pole->desk, 0);
    g_assert_cmpint(receipt->outcome, ==, OUTCOME_CANCELLED);
    g_assert_cmpint(frames_of(receipt), ==, 0);
}

/* It was away when the mistake was made, and when it was stopped: the stop comes before the plan.
 */
static void a_stop_that_comes_before_its_plan_holds(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_autoptr(Plan) before = plan_of(pole, NULL);
    give(pole, before);
    pole_run_until(pole, EIGHT + 20 * SECOND);
    PlanAiring *airing = desk_airing(pole->desk, "news", EIGHT, 60);
    Command *stop = pole_command(pole, COMMAND_STOP, 'e');
    stop->broadcast = g_strdup(airing->broadcast);
    stop->planned_us = EIGHT;
    g_assert_cmpint(pole_take(pole, stop), ==, COMMAND_OK);
    g_autoptr(Plan) plan = plan_of(pole, airing);
    give(pole, plan);
    pole_run_until(pole, EIGHT + 3 * MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 1);
    g_autoptr(Receipt) receipt = desk_receipt(pole->desk, 0);
    g_assert_cmpint(receipt->outcome, ==, OUTCOME_CANCELLED);
    g_assert_cmpint(frames_of(receipt), ==, 0);
}

/* An alert whose sound comes along; `sound` is what the bytes are, `said` what they shall be. */
static Command *alert_with(const Pole *self, const char *said, const char *sound)
{
    g_autofree char *sha256 = digest_hex_of(said, strlen(said));
    Command *command = pole_alert(self, sha256, 2);
    g_autoptr(GBytes) bytes = g_bytes_new(sound, strlen(sound));
    g_assert_true(command_add_sound(command, sha256, bytes));
    return command;
}

static void a_sound_that_comes_along_needs_nothing_else(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_assert_cmpint(pole_take(pole, alert_with(pole, "flood!", "flood!")), ==, COMMAND_OK);
    int64_t ordered_us = pole->desk->clock.wall;
    pole_run_until(pole, MORNING + MINUTE);
    assert_play(pole, 0, 0, OUTCOME_PLAYED);
    g_autoptr(Receipt) receipt = desk_receipt(pole->desk, 0);
    const ReceiptItem *item = receipt->items->pdata[0];
    g_assert_cmpint(((const ReceiptSegment *)item->segments->pdata[0])->first_us, <=,
                    ordered_us + SECOND);
}

static void a_sound_that_is_not_what_the_order_says_stays_silent(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_assert_cmpint(pole_take(pole, alert_with(pole, "flood!", "a song")), ==, COMMAND_OK);
    pole_run_until(pole, MORNING + MINUTE);
    g_assert_cmpuint(audio_fake_prepared(pole->desk->audio), ==, 0);
    G_GNUC_UNUSED g_autofree char *fetched =
        desk_add_media(pole->desk, "flood!"); /* it comes by another way */
    alerts_media_ready(pole->alerts);
    pole_run_until(pole, MORNING + 2 * MINUTE);
    assert_play(pole, 0, 0, OUTCOME_PLAYED);
}

static void a_loop_brings_its_sound_again_when_it_has_gone(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_autoptr(GHashTable) nothing = g_hash_table_new(g_str_hash, g_str_equal);
    pole_take(pole, alert_with(pole, "flood!", "flood!"));
    pole_run_until(pole, MORNING + MINUTE);
    g_assert_cmpuint(media_cache_drop_unused(pole->desk->media, nothing), >, 0);
    pole_restart(pole, "ffffffffffffffffffffffffffffffff");
    pole_run_until(pole, MORNING + 2 * MINUTE + 30 * SECOND);
    assert_play(pole, 1, 1, OUTCOME_PLAYED);
    media_cache_drop_unused(pole->desk->media, nothing);
    alerts_media_missing(pole->alerts);
    pole_run_until(pole, MORNING + 4 * MINUTE + 30 * SECOND);
    assert_play(pole, 2, 2, OUTCOME_PLAYED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    desk_quiet();
#define TEST(name) g_test_add_func("/alerts/" #name, name)
    TEST(an_alert_sounds_at_once_and_is_receipted);
    TEST(a_loop_sounds_again_until_a_cancel_ends_it_mid_word);
    TEST(a_cancel_that_comes_first_silences_its_alert);
    TEST(a_replay_starts_nothing);
    TEST(an_alert_waits_for_its_sound);
    TEST(after_a_restart_a_loop_goes_on_with_the_time);
    TEST(without_the_time_it_goes_on_once_the_controller_names_it);
    TEST(a_button_sounds_with_neither_controller_nor_time);
    TEST(the_stop_button_ends_a_local_message_and_it_may_start_anew);
    TEST(a_sound_that_comes_along_needs_nothing_else);
    TEST(a_sound_that_is_not_what_the_order_says_stays_silent);
    TEST(a_loop_brings_its_sound_again_when_it_has_gone);
    TEST(a_drill_plays_once_as_an_airing_of_its_own);
    TEST(a_cancelled_drill_falls_silent);
    TEST(a_stop_from_afar_ends_the_airing_that_it_names);
    TEST(a_stop_between_arming_and_the_first_sample_leaves_silence);
    TEST(a_stop_that_comes_before_its_plan_holds);
    return g_test_run();
}
