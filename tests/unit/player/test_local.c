/* The buttons of a station that nobody has accepted: what sounds, what is refused, and what the
 * station says of it once it has a name. */
#include "local.h"

#include "desk.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define CLIP_S  10
#define STATION "station-1"

typedef struct Pole {
    Desk *desk;
    char *folder, *clip, *journal;
    Local *local;
} Pole;

static void put(GString *file, const char *text, size_t length, uint64_t granule)
{
    char head[28] = "OggS";
    for (unsigned i = 0; i < 8; i++)
        head[6 + i] = (char)(granule >> (8 * i));
    head[26] = 1;
    head[27] = (char)length;
    g_string_append_len(file, head, sizeof head);
    g_string_append_len(file, text, (gssize)length);
}

static void write_clip(const char *path)
{
    g_autoptr(GString) file = g_string_new(NULL);
    static const char head[19] = "OpusHead\1\1\x38\1\x80\xbb"; /* pre-skip 312 */
    put(file, head, sizeof head, 0);
    put(file, "sound", 5, CLIP_S * 48000 + 312);
    g_assert_true(g_file_set_contents(path, file->str, (gssize)file->len, NULL));
    g_chmod(path, 0644);
}

static void open_local(Pole *self, unsigned owner)
{
    g_autoptr(GError) error = NULL;
    const Desk *desk = self->desk;
    self->local = local_new(&(LocalParts){.folder = self->folder,
                                          .owner = owner,
                                          .journal = self->journal,
                                          .key = &desk->key,
                                          .boot_id = desk->boot_id,
                                          .clock = &desk->clock.clock,
                                          .trust = desk->trust,
                                          .audio = desk->audio,
                                          .board = desk->board,
                                          .media = desk->media,
                                          .settle_ms = 500,
                                          .linger_ms = 1000},
                            &error);
    g_assert_no_error(error);
}

/* No time, and no controller anywhere. */
static Pole *pole_new(void)
{
    Pole *self = g_new0(Pole, 1);
    self->desk = desk_new();
    self->desk->probe = (TrustProbe){0};
    self->folder = g_build_filename(self->desk->dir, "clips", NULL);
    self->clip = g_build_filename(self->folder, "1.opus", NULL);
    self->journal = g_build_filename(self->desk->dir, "local.db", NULL);
    g_assert_cmpint(g_mkdir(self->folder, 0755), ==, 0);
    write_clip(self->clip);
    open_local(self, geteuid());
    return self;
}

static void pole_free(Pole *self)
{
    local_free(self->local);
    desk_free(self->desk);
    g_free(self->folder);
    g_free(self->clip);
    g_free(self->journal);
    g_free(self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pole, pole_free)

static void run(Pole *self, int64_t span_us)
{
    FakeClock *clock = &self->desk->clock;
    for (int64_t gone = 0; gone < span_us; gone += 100000) {
        conductor_tick(local_conductor(self->local));
        fake_clock_advance(clock, 100000);
        audio_fake_run_until(self->desk->audio, clock->wall);
    }
    conductor_tick(local_conductor(self->local));
}

static bool sounds(const Pole *self)
{
    return conductor_now_playing(local_conductor(self->local)) != NULL;
}

static void accept_it(Pole *self)
{
    g_autoptr(GError) error = NULL;
    g_clear_pointer(&self->local, local_free);
    g_assert_true(local_hand_over(self->journal, self->desk->journal, STATION, &error));
    g_assert_no_error(error);
    g_assert_false(g_file_test(self->journal, G_FILE_TEST_EXISTS));
}

static void a_button_sounds_without_controller_plan_and_time(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_assert_true(local_button(pole->local, BOARD_BUTTON_ALERT1));
    run(pole, 2 * SECOND);
    g_assert_true(sounds(pole));
    g_assert_true(local_is_busy(pole->local));
    g_assert_true(local_button(pole->local, BOARD_BUTTON_ALERT1)); /* a nervous hand */
    g_assert_cmpuint(audio_fake_prepared(pole->desk->audio), ==, 1);
    run(pole, (CLIP_S + 4) * SECOND);
    g_assert_false(sounds(pole));
    g_assert_false(local_is_busy(pole->local));
    g_assert_true(local_button(pole->local, BOARD_BUTTON_ALERT1)); /* and again */
    run(pole, 2 * SECOND);
    g_assert_true(sounds(pole));
}

static void the_stop_button_ends_it_and_else_means_nothing(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_assert_false(local_button(pole->local, BOARD_BUTTON_STOP));
    g_assert_true(local_button(pole->local, BOARD_BUTTON_ALERT1));
    run(pole, 3 * SECOND);
    g_assert_true(local_button(pole->local, BOARD_BUTTON_STOP));
    run(pole, 2 * SECOND);
    g_assert_false(sounds(pole));
    g_assert_true(local_button(pole->local, BOARD_BUTTON_ALERT1)); /* at once again */
    run(pole, (CLIP_S + 4) * SECOND);
    accept_it(pole);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 2);
    g_autoptr(Receipt) stopped = desk_receipt(pole->desk, 0);
    g_autoptr(Receipt) whole = desk_receipt(pole->desk, 1);
    g_assert_cmpint(stopped->outcome, ==, OUTCOME_PARTIAL);
    g_assert_cmpint(stopped->reason, ==, REASON_LOCAL_STOP);
    g_assert_cmpint(whole->outcome, ==, OUTCOME_PLAYED);
}

static void assert_refused(Pole *pole, BoardButton button)
{
    g_assert_false(local_button(pole->local, button));
    run(pole, SECOND);
    g_assert_cmpuint(audio_fake_prepared(pole->desk->audio), ==, 0);
}

static void what_others_could_have_written_is_refused(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_autofree char *link = g_build_filename(pole->folder, "2.opus", NULL);
    g_assert_cmpint(symlink(pole->clip, link), ==, 0);
    assert_refused(pole, BOARD_BUTTON_ALERT2); /* a link */
    assert_refused(pole, BOARD_BUTTON_ALERT3); /* nothing there */
    static const int bad[] = {0664, 0646};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_chmod(pole->clip, bad[i]);
        assert_refused(pole, BOARD_BUTTON_ALERT1);
    }
    g_chmod(pole->clip, 0644);
    g_chmod(pole->folder, 0775);
    assert_refused(pole, BOARD_BUTTON_ALERT1);
    g_chmod(pole->folder, 0755);
    local_free(pole->local);
    open_local(pole, geteuid() + 1);
    assert_refused(pole, BOARD_BUTTON_ALERT1); /* somebody else's */
    local_free(pole->local);
    open_local(pole, geteuid());
    g_assert_true(local_button(pole->local, BOARD_BUTTON_ALERT1)); /* it was for those alone */
}

static void what_is_no_sound_is_refused(void)
{
    static const char *const texts[] = {"", "OggS",
                                        "not a sound, but longer than any head of one is"};
    g_autoptr(Pole) pole = pole_new();
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_assert_true(g_file_set_contents(pole->clip, texts[i], -1, NULL));
        g_chmod(pole->clip, 0644);
        assert_refused(pole, BOARD_BUTTON_ALERT1);
    }
}

static void its_receipt_comes_with_the_name(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_assert_true(local_button(pole->local, BOARD_BUTTON_ALERT1));
    run(pole, (CLIP_S + 4) * SECOND);
    accept_it(pole);
    desk_assert_only(pole->desk, OUTCOME_PLAYED, REASON_NONE);
    g_autoptr(Receipt) receipt = desk_receipt(pole->desk, 0); /* by the station's key */
    g_autofree char *airing = plan_airing_id(receipt->broadcast, 0, 0, STATION);
    g_assert_cmpint(receipt->kind, ==, RECEIPT_LOCAL);
    g_assert_cmpstr(receipt->station, ==, STATION);
    g_assert_cmpstr(receipt->airing, ==, airing);
    g_assert_cmpint(receipt->counter, ==, 1);
    const ReceiptItem *item = receipt->items->pdata[0];
    g_assert_cmpstr(item->bulletin_version, ==, "local-1");
    g_assert_cmpuint(item->segments->len, ==, 1);
    g_autoptr(GError) error = NULL;
    g_assert_true(local_hand_over(pole->journal, pole->desk->journal, STATION, &error));
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 1);
}

static void several_runs_are_kept_until_then(void)
{
    g_autoptr(Pole) pole = pole_new();
    for (unsigned i = 0; i < 3; i++) {
        g_assert_true(local_button(pole->local, BOARD_BUTTON_ALERT1));
        run(pole, (CLIP_S + 4) * SECOND);
        local_free(pole->local);
        open_local(pole, geteuid());
    }
    accept_it(pole);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 3);
    for (unsigned i = 0; i < 3; i++) {
        g_autoptr(Receipt) receipt = desk_receipt(pole->desk, i);
        g_assert_cmpint(receipt->outcome, ==, OUTCOME_PLAYED);
    }
}

/* Broken off after the first half: a copy of what was there before is handed over once more. */
static void handed_over_twice_it_counts_once(void)
{
    g_autoptr(Pole) pole = pole_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *copy = g_strconcat(pole->journal, ".copy", NULL), *bytes = NULL;
    gsize length;
    local_button(pole->local, BOARD_BUTTON_ALERT1);
    run(pole, (CLIP_S + 4) * SECOND);
    g_clear_pointer(&pole->local, local_free);
    g_assert_true(g_file_get_contents(pole->journal, &bytes, &length, NULL));
    g_assert_true(g_file_set_contents(copy, bytes, (gssize)length, NULL));
    accept_it(pole);
    g_assert_true(local_hand_over(copy, pole->desk->journal, STATION, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 1);
}

static void what_a_power_cut_ended_says_so(void)
{
    g_autoptr(Pole) pole = pole_new();
    local_button(pole->local, BOARD_BUTTON_ALERT1);
    run(pole, 7 * SECOND);
    g_assert_true(sounds(pole));
    accept_it(pole); /* freed without a word */
    g_assert_cmpint(pole->desk->amplifier_off_us, >, pole->desk->amplifier_on_us);
    desk_assert_only(pole->desk, OUTCOME_PARTIAL, REASON_RESTART);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    desk_quiet();
    g_test_add_func("/local/sounds", a_button_sounds_without_controller_plan_and_time);
    g_test_add_func("/local/stop", the_stop_button_ends_it_and_else_means_nothing);
    g_test_add_func("/local/refused", what_others_could_have_written_is_refused);
    g_test_add_func("/local/no sound", what_is_no_sound_is_refused);
    g_test_add_func("/local/receipt", its_receipt_comes_with_the_name);
    g_test_add_func("/local/several runs", several_runs_are_kept_until_then);
    g_test_add_func("/local/twice", handed_over_twice_it_counts_once);
    g_test_add_func("/local/power cut", what_a_power_cut_ended_says_so);
    return g_test_run();
}
