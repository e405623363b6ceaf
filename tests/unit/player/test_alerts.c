/* Alerts at a station, from the signed envelope to the receipt: the real room, conductor, timeline
 * and journal on a virtual clock and a fake card. */
#include "alert/alerts.h"
#include "desk.h"
#include "digest.h"

#include <stdio.h>
#include <string.h>

#define CLIP_S       10
#define DESK_STATION "station-1"

typedef struct Pole {
    Desk *desk;
    Key online;
    Identity identity;
    char *path, *standing;
    Alerts *alerts;
} Pole;

static void open_alerts(Pole *self)
{
    self->alerts = alerts_new(&(AlertsParts){
        .clock = &self->desk->clock.clock,
        .trust = self->desk->trust,
        .audio = self->desk->audio,
        .media = self->desk->media,
        .conductor = self->desk->conductor,
        .identity = &self->identity,
        .path = self->path,
        .standing = self->standing,
    });
}

static Pole *pole_new(void)
{
    g_assert_true(crypto_init());
    Pole *self = g_new0(Pole, 1);
    self->desk = desk_new();
    key_generate(&self->online);
    self->identity.station = g_strdup(DESK_STATION);
    self->identity.area_path = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(self->identity.area_path, g_strdup("commune"));
    self->identity.root = root_new();
    self->identity.root->version = self->identity.root->epoch = 1;
    root_add_key(self->identity.root, &self->online);
    root_grant(self->identity.root, ROOT_ROLE_COMMAND, &self->online);
    self->path = g_build_filename(self->desk->dir, "commands.json", NULL);
    self->standing = g_build_filename(self->desk->dir, "standing.json", NULL);
    open_alerts(self);
    return self;
}

static void pole_free(Pole *self)
{
    alerts_free(self->alerts);
    desk_free(self->desk);
    g_free(self->path);
    g_free(self->standing);
    g_free(self->identity.station);
    g_ptr_array_unref(self->identity.area_path);
    root_free(self->identity.root);
    g_free(self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pole, pole_free)

/* The mains go and come back; `boot_id` NULL = only the player was killed. */
static void restart(Pole *self, const char *boot_id)
{
    g_clear_pointer(&self->alerts, alerts_free);
    desk_crash(self->desk);
    desk_boot(self->desk, boot_id);
    open_alerts(self);
}

static void run_until(Pole *self, int64_t wall_us)
{
    while (self->desk->clock.wall < wall_us) {
        alerts_tick(self->alerts);
        desk_run_until(self->desk, MIN(wall_us, self->desk->clock.wall + 5 * SECOND));
    }
    alerts_tick(self->alerts);
}

static Command *command_of(const Pole *self, CommandKind kind, char fill)
{
    Command *command = command_new(kind);
    command->id = g_strnfill(COMMAND_ID_HEX, fill);
    command->epoch = 1;
    command->issued_us = self->desk->clock.wall;
    command->expires_us = self->desk->clock.wall + HOUR;
    command->issuer = g_strdup("commune");
    command_add_target(command, COMMAND_AREA, "commune", false);
    return command;
}

static Command *alert_of(const Pole *self, const char *sha256, int every_minutes)
{
    Command *command = command_of(self, COMMAND_ALERT, 'a');
    PlanItem *item = plan_item_new();
    item->bulletin = g_strdup("flood");
    item->bulletin_version = g_strdup("flood-1");
    item->sha256 = g_strdup(sha256);
    item->frames = CLIP_S * INT64_C(48000);
    g_ptr_array_add(command->items, item);
    command->every_us = every_minutes * MINUTE;
    return command;
}

static Command *cancel_of(const Pole *self)
{
    Command *command = command_of(self, COMMAND_CANCEL, 'c');
    command->cancels = g_strnfill(COMMAND_ID_HEX, 'a');
    return command;
}

static char *sign(const Pole *self, Command *take_command)
{
    g_autoptr(Command) command = take_command;
    g_autoptr(Json) json = command_to_json(command);
    g_autoptr(GBytes) payload = json_print_bytes(json);
    g_autoptr(Envelope) envelope = envelope_sign(ENVELOPE_TYPE_COMMAND, payload, &self->online);
    return envelope_print(envelope, NULL);
}

static CommandCode take(Pole *self, Command *take_command)
{
    g_autofree char *text = sign(self, take_command);
    return alerts_take(self->alerts, text, strlen(text));
}

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
    g_autofree char *id = plan_airing_id(alert, 0, repeat, DESK_STATION);
    g_assert_cmpint(receipt->kind, ==, RECEIPT_ALERT);
    g_assert_cmpstr(receipt->broadcast, ==, alert);
    g_assert_cmpuint(receipt->repeat, ==, repeat);
    g_assert_cmpstr(receipt->airing, ==, id);
    g_assert_cmpstr(outcome_words[receipt->outcome], ==, outcome_words[outcome]);
}

static void an_alert_sounds_at_once_and_is_receipted(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_assert_cmpint(take(pole, alert_of(pole, pole->desk->good_sha256, 0)), ==, COMMAND_OK);
    int64_t ordered_us = pole->desk->clock.wall;
    run_until(pole, MORNING + MINUTE);
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
    take(pole, alert_of(pole, pole->desk->good_sha256, 2));
    run_until(pole, MORNING + 2 * MINUTE + 5 * SECOND);
    g_assert_cmpint(take(pole, cancel_of(pole)), ==, COMMAND_OK);
    run_until(pole, MORNING + 20 * MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 2);
    assert_play(pole, 0, 0, OUTCOME_PLAYED);
    assert_play(pole, 1, 1, OUTCOME_CANCELLED);
    g_autoptr(Receipt) cut = desk_receipt(pole->desk, 1);
    g_assert_cmpint(frames_of(cut), >, 0);
    g_assert_cmpint(frames_of(cut), <, (CLIP_S - 1) * 48000);
    restart(pole, "ffffffffffffffffffffffffffffffff"); /* not even for a moment */
    unsigned before = audio_fake_prepared(pole->desk->audio);
    run_until(pole, MORNING + 30 * MINUTE);
    g_assert_cmpuint(audio_fake_prepared(pole->desk->audio), ==, before);
}

static void a_cancel_that_comes_first_silences_its_alert(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_autofree char *alert = sign(pole, alert_of(pole, pole->desk->good_sha256, 2));
    take(pole, cancel_of(pole));
    g_assert_cmpint(alerts_take(pole->alerts, alert, strlen(alert)), ==, COMMAND_OK);
    run_until(pole, MORNING + 10 * MINUTE);
    g_assert_cmpuint(audio_fake_prepared(pole->desk->audio), ==, 0);
    restart(pole, NULL);
    run_until(pole, MORNING + 20 * MINUTE);
    g_assert_cmpuint(audio_fake_prepared(pole->desk->audio), ==, 0);
}

static void a_replay_starts_nothing(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_autofree char *text = sign(pole, alert_of(pole, pole->desk->good_sha256, 0));
    alerts_take(pole->alerts, text, strlen(text));
    run_until(pole, MORNING + MINUTE);
    g_assert_cmpint(alerts_take(pole->alerts, text, strlen(text)), ==, COMMAND_SEEN);
    run_until(pole, MORNING + 2 * MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 1);
    restart(pole, "ffffffffffffffffffffffffffffffff");
    g_assert_cmpint(alerts_take(pole->alerts, text, strlen(text)), ==, COMMAND_SEEN);
    run_until(pole, MORNING + 4 * MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 1);
    run_until(pole, MORNING + HOUR + MINUTE);
    g_assert_cmpint(alerts_take(pole->alerts, text, strlen(text)), ==, COMMAND_EXPIRED);
}

static void an_alert_waits_for_its_sound(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_autofree char *sha256 = desk_add_media(pole->desk, "another sound");
    g_autofree char *path = media_cache_path(pole->desk->media, sha256);
    g_autofree char *away = g_strconcat(path, ".away", NULL);
    g_assert_cmpint(rename(path, away), ==, 0);
    take(pole, alert_of(pole, sha256, 0));
    run_until(pole, MORNING + MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 0);
    g_assert_cmpint(rename(away, path), ==, 0);
    alerts_media_ready(pole->alerts);
    run_until(pole, MORNING + 2 * MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 1);
    assert_play(pole, 0, 0, OUTCOME_PLAYED);
}

static void after_a_restart_a_loop_goes_on_with_the_time(void)
{
    g_autoptr(Pole) pole = pole_new();
    take(pole, alert_of(pole, pole->desk->good_sha256, 5));
    run_until(pole, MORNING + MINUTE);
    restart(pole, "ffffffffffffffffffffffffffffffff");
    run_until(pole, MORNING + 6 * MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 2);
    assert_play(pole, 1, 1, OUTCOME_PLAYED);
}

static void without_the_time_it_goes_on_once_the_controller_names_it(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_autofree char *text = sign(pole, alert_of(pole, pole->desk->good_sha256, 5));
    alerts_take(pole->alerts, text, strlen(text));
    run_until(pole, MORNING + MINUTE);
    pole->desk->probe = (TrustProbe){.error_us = -1};
    restart(pole, "ffffffffffffffffffffffffffffffff");
    unsigned before = audio_fake_prepared(pole->desk->audio);
    run_until(pole, MORNING + 20 * MINUTE);
    g_assert_cmpuint(audio_fake_prepared(pole->desk->audio), ==, before);
    g_assert_cmpint(alerts_take(pole->alerts, text, strlen(text)), ==, COMMAND_SEEN);
    run_until(pole, MORNING + 40 * MINUTE);
    g_assert_cmpuint(audio_fake_prepared(pole->desk->audio), >, before);
}

/* ---- buttons ---- */

static Plan *plan_with_button(const Pole *self, unsigned button)
{
    Plan *plan = plan_new();
    plan->station = g_strdup(DESK_STATION);
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
    clip->item->frames = CLIP_S * INT64_C(48000);
    g_ptr_array_add(plan->clips, clip);
    return plan;
}

static void a_button_sounds_with_neither_controller_nor_time(void)
{
    g_autoptr(Pole) pole = pole_new();
    pole->desk->probe = (TrustProbe){.error_us = -1};
    restart(pole, "ffffffffffffffffffffffffffffffff");
    g_autoptr(Plan) plan = plan_with_button(pole, 2);
    alerts_set_plan(pole->alerts, plan);
    g_assert_false(alerts_button(pole->alerts, 1));
    g_assert_true(alerts_button(pole->alerts, 2));
    g_assert_true(alerts_button(pole->alerts, 2)); /* a nervous hand */
    run_until(pole, MORNING + MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 1);
    g_autoptr(Receipt) receipt = desk_receipt(pole->desk, 0);
    g_assert_cmpint(receipt->kind, ==, RECEIPT_LOCAL);
    g_assert_cmpint(frames_of(receipt), ==, CLIP_S * 48000);
    g_assert_true(alerts_button(pole->alerts, 2));
    run_until(pole, MORNING + 2 * MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 2);
}

static void the_stop_button_ends_a_local_message_and_it_may_start_anew(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_autoptr(Plan) plan = plan_with_button(pole, 1);
    alerts_set_plan(pole->alerts, plan);
    alerts_button(pole->alerts, 1);
    run_until(pole, MORNING + 3 * SECOND);
    conductor_stop_local(pole->desk->conductor);
    alerts_stopped(pole->alerts);
    run_until(pole, MORNING + 5 * SECOND);
    g_autoptr(Receipt) stopped = desk_receipt(pole->desk, 0);
    g_assert_cmpint(stopped->reason, ==, REASON_LOCAL_STOP);
    alerts_button(pole->alerts, 1);
    run_until(pole, MORNING + MINUTE);
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
    Command *drill = alert_of(pole, pole->desk->good_sha256, 0);
    drill->drill = true;
    g_autofree char *id = plan_airing_id(drill->id, 0, 0, DESK_STATION);
    g_assert_cmpint(take(pole, drill), ==, COMMAND_OK);
    run_until(pole, MORNING + MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 1);
    g_autoptr(Receipt) receipt = desk_receipt(pole->desk, 0);
    g_assert_cmpstr(receipt->airing, ==, id);
    g_assert_cmpint(receipt->kind, ==, RECEIPT_AIRING);
    g_assert_cmpint(receipt->outcome, ==, OUTCOME_PLAYED);

    g_autoptr(Plan) next = plan_of(pole, NULL); /* a new plan does not start it again */
    next->version = 2;
    give(pole, next);
    run_until(pole, MORNING + 2 * MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 1);
}

static void a_cancelled_drill_falls_silent(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_autoptr(Plan) plan = plan_of(pole, NULL);
    give(pole, plan);
    Command *drill = alert_of(pole, pole->desk->good_sha256, 0);
    drill->drill = true;
    take(pole, drill);
    run_until(pole, MORNING + 4 * SECOND);
    take(pole, cancel_of(pole));
    run_until(pole, MORNING + MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 1);
    g_autoptr(Receipt) receipt = desk_receipt(pole->desk, 0);
    g_assert_cmpint(receipt->outcome, ==, OUTCOME_CANCELLED);
    g_assert_cmpint(frames_of(receipt), <, CLIP_S * 48000);
}

static void a_stop_from_afar_ends_the_airing_that_it_names(void)
{
    g_autoptr(Pole) pole = pole_new();
    PlanAiring *airing = desk_airing(pole->desk, "news", EIGHT, 60);
    g_autofree char *broadcast = g_strdup(airing->broadcast);
    g_autoptr(Plan) plan = plan_of(pole, airing);
    give(pole, plan);
    run_until(pole, EIGHT + 10 * SECOND);
    Command *other = command_of(pole, COMMAND_STOP, 'd');
    other->broadcast = g_strdup(broadcast);
    other->planned_us = EIGHT + HOUR; /* tomorrow's, say */
    take(pole, other);
    run_until(pole, EIGHT + 20 * SECOND);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 0);
    Command *stop = command_of(pole, COMMAND_STOP, 'e');
    stop->broadcast = g_strdup(broadcast);
    stop->planned_us = EIGHT;
    g_assert_cmpint(take(pole, stop), ==, COMMAND_OK);
    run_until(pole, EIGHT + 2 * MINUTE);
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
    run_until(pole, EIGHT - SECOND / 2);
    Command *stop = command_of(pole, COMMAND_STOP, 'e');
    stop->broadcast = g_strdup(broadcast);
    stop->planned_us = EIGHT;
    take(pole, stop);
    run_until(pole, EIGHT + 2 * MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 1);
    g_autoptr(Receipt) receipt = desk_receipt(pole->desk, 0);
    g_assert_cmpint(receipt->outcome, ==, OUTCOME_CANCELLED);
    g_assert_cmpint(frames_of(receipt), ==, 0);
}

/* An alert whose sound comes along; `sound` is what the bytes are, `said` what they shall be. */
static Command *alert_with(const Pole *self, const char *said, const char *sound)
{
    g_autofree char *sha256 = digest_hex_of(said, strlen(said));
    Command *command = alert_of(self, sha256, 2);
    g_autoptr(GBytes) bytes = g_bytes_new(sound, strlen(sound));
    g_assert_true(command_add_sound(command, sha256, bytes));
    return command;
}

static void a_sound_that_comes_along_needs_nothing_else(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_assert_cmpint(take(pole, alert_with(pole, "flood!", "flood!")), ==, COMMAND_OK);
    int64_t ordered_us = pole->desk->clock.wall;
    run_until(pole, MORNING + MINUTE);
    assert_play(pole, 0, 0, OUTCOME_PLAYED);
    g_autoptr(Receipt) receipt = desk_receipt(pole->desk, 0);
    const ReceiptItem *item = receipt->items->pdata[0];
    g_assert_cmpint(((const ReceiptSegment *)item->segments->pdata[0])->first_us, <=,
                    ordered_us + SECOND);
}

static void a_sound_that_is_not_what_the_order_says_stays_silent(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_assert_cmpint(take(pole, alert_with(pole, "flood!", "a song")), ==, COMMAND_OK);
    run_until(pole, MORNING + MINUTE);
    g_assert_cmpuint(audio_fake_prepared(pole->desk->audio), ==, 0);
    G_GNUC_UNUSED g_autofree char *fetched =
        desk_add_media(pole->desk, "flood!"); /* it comes by another way */
    alerts_media_ready(pole->alerts);
    run_until(pole, MORNING + 2 * MINUTE);
    assert_play(pole, 0, 0, OUTCOME_PLAYED);
}

static void a_loop_brings_its_sound_again_when_it_has_gone(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_autoptr(GHashTable) nothing = g_hash_table_new(g_str_hash, g_str_equal);
    take(pole, alert_with(pole, "flood!", "flood!"));
    run_until(pole, MORNING + MINUTE);
    g_assert_cmpuint(media_cache_drop_unused(pole->desk->media, nothing), >, 0);
    restart(pole, "ffffffffffffffffffffffffffffffff");
    run_until(pole, MORNING + 2 * MINUTE + 30 * SECOND);
    assert_play(pole, 1, 1, OUTCOME_PLAYED);
    media_cache_drop_unused(pole->desk->media, nothing);
    alerts_media_missing(pole->alerts);
    run_until(pole, MORNING + 4 * MINUTE + 30 * SECOND);
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
    return g_test_run();
}
