/* Volume and silence that the centre orders: at once, kept through a restart, told by receipts, and
 * never reported as played. */
#include "alert/standing_orders.h"
#include "desk.h"

#include <glib/gstdio.h>

static const int64_t eight = EIGHT;

typedef struct Pole {
    Desk *desk;
    char *path;
    StandingOrders *orders;
} Pole;

static Pole *pole_new(void)
{
    Pole *self = g_new0(Pole, 1);
    self->desk = desk_new();
    audio_fake_set_mixer(self->desk->audio, true, 0, false);
    self->path = g_build_filename(self->desk->dir, "standing.json", NULL);
    self->orders = standing_orders_new(self->path, self->desk->conductor);
    return self;
}

static void pole_free(Pole *self)
{
    g_unlink(self->path);
    standing_orders_free(self->orders);
    desk_free(self->desk);
    g_free(self->path);
    g_free(self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pole, pole_free)

static void restart(Pole *self)
{
    g_clear_pointer(&self->orders, standing_orders_free);
    desk_crash(self->desk);
    desk_boot(self->desk, "ffffffffffffffffffffffffffffffff");
    audio_fake_set_mixer(self->desk->audio, true, 0, false);
    self->orders = standing_orders_new(self->path, self->desk->conductor);
}

static void set_volume(Pole *self, int64_t generation, int gain_mdb)
{
    g_autoptr(Command) command = command_new(COMMAND_VOLUME);
    command->epoch = 1;
    command->generation = generation;
    command->gain_mdb = gain_mdb;
    standing_orders_command(self->orders, command);
}

static void mute(Pole *self, int64_t generation, int64_t from_us, int64_t until_us)
{
    g_autoptr(Command) command = command_new(COMMAND_MUTE);
    command->epoch = 1;
    command->generation = generation;
    command->from_us = from_us;
    command->until_us = until_us;
    standing_orders_command(self->orders, command);
}

static void assert_receipt(Pole *self, unsigned index, const char *broadcast, Outcome outcome,
                           Reason reason)
{
    g_autoptr(Receipt) receipt = desk_receipt(self->desk, index);
    g_assert_cmpstr(receipt->broadcast, ==, broadcast);
    g_assert_cmpstr(outcome_words[receipt->outcome], ==, outcome_words[outcome]);
    g_assert_cmpstr(reason_words[receipt->reason], ==, reason_words[reason]);
}

static void the_latest_volume_holds_through_a_restart(void)
{
    g_autoptr(Pole) pole = pole_new();
    set_volume(pole, 2, -6000);
    g_assert_cmpint(conductor_volume_mdb(pole->desk->conductor), ==, -6000);
    set_volume(pole, 1, 0); /* an older one, late */
    g_assert_cmpint(conductor_volume_mdb(pole->desk->conductor), ==, -6000);
    restart(pole);
    g_assert_cmpint(conductor_volume_mdb(pole->desk->conductor), ==, -6000);
    desk_run_until(pole->desk, MORNING + SECOND);
    g_assert_cmpuint(desk_receipts(pole->desk), ==,
                     1); /* one for the order, none for the restart */
    g_autoptr(Receipt) receipt = desk_receipt(pole->desk, 0);
    g_autofree char *id = standing_id("volume", 1, 2, "station-1");
    g_assert_cmpint(receipt->kind, ==, RECEIPT_ORDER);
    g_assert_cmpstr(receipt->airing, ==, id);
    g_assert_cmpuint(receipt->repeat, ==, 2);
    g_assert_cmpint(receipt->gain_mdb, ==, -6000);
    g_assert_cmpint(receipt->outcome, ==, OUTCOME_PLAYED);
}

static void a_card_that_cannot_be_set_is_told(void)
{
    g_autoptr(Pole) pole = pole_new();
    audio_fake_set_mixer(pole->desk->audio, false, 0, false);
    set_volume(pole, 1, -6000);
    assert_receipt(pole, 0, "volume", OUTCOME_MISSED, REASON_DEVICE_FAULT);
}

static void plan_and_command_say_the_same(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_autoptr(Plan) plan = plan_new();
    plan->epoch = 1;
    plan->volume_mdb = -3000; /* of before any order */
    standing_orders_plan(pole->orders, plan);
    g_assert_cmpint(conductor_volume_mdb(pole->desk->conductor), ==, -3000);
    plan->volume_mdb = -4000;
    standing_orders_plan(pole->orders, plan);
    g_assert_cmpint(conductor_volume_mdb(pole->desk->conductor), ==, -4000);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 0);
    set_volume(pole, 1, -9000);
    standing_orders_plan(pole->orders, plan); /* the plan on the disk is older */
    g_assert_cmpint(conductor_volume_mdb(pole->desk->conductor), ==, -9000);
    plan->standing.volume_generation = 2;
    plan->volume_mdb = -1000;
    standing_orders_plan(pole->orders, plan); /* the command never came */
    g_assert_cmpint(conductor_volume_mdb(pole->desk->conductor), ==, -1000);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 2);
    plan->epoch = 2; /* the controller was restored from before all orders */
    plan->standing.volume_generation = 0;
    plan->volume_mdb = -2000;
    standing_orders_plan(pole->orders, plan);
    g_assert_cmpint(conductor_volume_mdb(pole->desk->conductor), ==, -2000);
}

static void a_muted_station_is_silent_and_says_why(void)
{
    g_autoptr(Pole) pole = pole_new();
    PlanAiring *airings[] = {desk_airing(pole->desk, "news", eight, 30),
                             desk_airing(pole->desk, "later", eight + 25 * MINUTE, 30),
                             desk_airing(pole->desk, "after", eight + HOUR, 30)};
    mute(pole, 1, MORNING, eight + 30 * MINUTE);
    desk_give_plan(pole->desk, airings, G_N_ELEMENTS(airings));
    desk_run_until(pole->desk, eight + 20 * MINUTE);
    g_assert_cmpuint(audio_fake_prepared(pole->desk->audio), ==, 0);
    restart(pole); /* and stays so */
    desk_give_plan(pole->desk,
                   (PlanAiring *[]){desk_airing(pole->desk, "later", eight + 25 * MINUTE, 30),
                                    desk_airing(pole->desk, "after", eight + HOUR, 30)},
                   2);
    desk_run_until(pole->desk, eight + 2 * HOUR);
    assert_receipt(pole, 0, "mute", OUTCOME_PLAYED, REASON_NONE);
    g_autoptr(Receipt) news = desk_receipt(pole->desk, 1);
    g_assert_cmpint(news->outcome, ==, OUTCOME_MISSED);
    g_assert_cmpint(news->reason, ==, REASON_MUTED);
    g_autoptr(Receipt) later = desk_receipt(pole->desk, 2);
    g_assert_cmpint(later->outcome, ==, OUTCOME_PLAYED);
    g_assert_cmpint(later->late_by_ms, >, 4 * 60 * 1000); /* within its tolerance */
    g_autoptr(Receipt) after = desk_receipt(pole->desk, 3);
    g_assert_cmpint(after->outcome, ==, OUTCOME_PLAYED);
    g_assert_cmpint(after->late_by_ms, <, 1000);
}

static void what_sounds_ends_at_once(void)
{
    g_autoptr(Pole) pole = pole_new();
    desk_give_airing(pole->desk, desk_airing(pole->desk, "news", eight, 60));
    desk_run_until(pole->desk, eight + 20 * SECOND);
    mute(pole, 1, eight + 20 * SECOND, eight + HOUR);
    desk_run_until(pole->desk, eight + MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 2);
    g_autoptr(Receipt) news = desk_receipt(pole->desk, 1);
    g_assert_cmpint(news->outcome, ==, OUTCOME_PARTIAL);
    g_assert_cmpint(news->reason, ==, REASON_MUTED);
    const ReceiptSegment *heard = ((ReceiptItem *)news->items->pdata[0])->segments->pdata[0];
    g_assert_cmpint(heard->frames, >=, 20 * 48000);
    g_assert_cmpint(heard->frames, <, 21 * 48000);
}

static void it_is_lifted_by_a_later_word(void)
{
    g_autoptr(Pole) pole = pole_new();
    desk_give_airing(pole->desk, desk_airing(pole->desk, "news", eight, 30));
    mute(pole, 1, MORNING, eight + HOUR);
    desk_run_until(pole->desk, eight - MINUTE);
    mute(pole, 2, eight - MINUTE, eight - MINUTE);
    mute(pole, 1, MORNING, eight + HOUR); /* the older one again */
    g_assert_cmpint(conductor_muted_until(pole->desk->conductor), ==, 0);
    desk_run_until(pole->desk, eight + 2 * MINUTE);
    g_autoptr(Receipt) news = desk_receipt(pole->desk, 2);
    g_assert_cmpint(news->outcome, ==, OUTCOME_PLAYED);
    g_assert_cmpint(news->late_by_ms, <, 1000);
}

static void an_emergency_is_heard_all_the_same_and_a_tone_is_not(void)
{
    g_autoptr(Pole) pole = pole_new();
    mute(pole, 1, MORNING, eight);
    conductor_test(pole->desk->conductor, "0123456789abcdef0123456789abcdee", 0);
    g_autoptr(Receipt) tone = desk_receipt(pole->desk, 1);
    g_assert_cmpint(tone->outcome, ==, OUTCOME_MISSED);
    g_assert_cmpint(tone->reason, ==, REASON_MUTED);
    HappeningClip clip = {
        .sha256 = pole->desk->good_sha256, .version = "siren", .frames = 10 * INT64_C(48000)};
    conductor_alert(pole->desk->conductor,
                    &(HappeningAlert){.id = "storm", .clips = &clip, .n_clips = 1});
    desk_run_until(pole->desk, MORNING + MINUTE);
    assert_receipt(pole, 2, "storm", OUTCOME_PLAYED, REASON_NONE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    desk_quiet();
#define TEST(name) g_test_add_func("/standing/" #name, name)
    TEST(the_latest_volume_holds_through_a_restart);
    TEST(a_card_that_cannot_be_set_is_told);
    TEST(plan_and_command_say_the_same);
    TEST(a_muted_station_is_silent_and_says_why);
    TEST(what_sounds_ends_at_once);
    TEST(it_is_lifted_by_a_later_word);
    TEST(an_emergency_is_heard_all_the_same_and_a_tone_is_not);
    return g_test_run();
}
