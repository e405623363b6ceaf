/* What stands in for an item that cannot be heard, under virtual time with the real journal: when
 * it begins, when it gives way, and what the receipt says of each minute. */
#include "desk.h"

#include <glib/gstdio.h>

static const int64_t eight = EIGHT;

static PlanItem *file_of(const char *sha256, const char *version, int seconds)
{
    PlanItem *file = plan_item_new();
    file->bulletin = g_strdup("filler");
    file->bulletin_version = g_strdup(version);
    file->sha256 = g_strdup(sha256);
    file->frames = seconds * INT64_C(48000);
    return file;
}

/* Ten minutes of radio, with a filler of a minute behind it. */
static PlanAiring *relay(Desk *desk, const char *filler)
{
    PlanAiring *airing = desk_airing(desk, "relay", eight, 600);
    PlanItem *item = airing->items->pdata[0];
    airing->rank = RANK_RELAY;
    item->kind = ITEM_RELAY;
    g_clear_pointer(&item->sha256, g_free);
    plan_item_add_source(item, "http://radio.example/live", "mp3");
    if (filler)
        plan_item_add_fallback(item, file_of(filler, "filler-1", 60));
    return airing;
}

static const ReceiptItem *item_at(const Receipt *receipt, unsigned index)
{
    g_assert_cmpuint(index, <, receipt->items->len);
    return receipt->items->pdata[index];
}

static int64_t seconds_of(const ReceiptItem *item)
{
    int64_t frames = 0;
    for (unsigned i = 0; i < item->segments->len; i++)
        frames += ((ReceiptSegment *)item->segments->pdata[i])->frames;
    return (frames + 24000) / 48000;
}

static const ReceiptSegment *segment_at(const ReceiptItem *item, unsigned index)
{
    g_assert_cmpuint(index, <, item->segments->len);
    return item->segments->pdata[index];
}

static void the_filler_sounds_while_the_radio_is_away(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, relay(desk, desk->good_sha256));
    desk_run_until(desk, eight + 120 * SECOND);
    audio_fake_set_dry(desk->audio, true);
    desk_run_until(desk, eight + 150 * SECOND);
    audio_fake_set_dry(desk->audio, false);
    desk_run_until(desk, eight + 11 * MINUTE);

    desk_assert_only(desk, OUTCOME_PARTIAL, REASON_NO_MEDIA);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    const ReceiptItem *radio = item_at(receipt, 0), *filler = item_at(receipt, 1);
    g_assert_cmpint(radio->stands_for, ==, -1);
    g_assert_cmpint(filler->stands_for, ==, 0);
    g_assert_cmpstr(filler->bulletin_version, ==, "filler-1");
    g_assert_cmpint(seconds_of(radio), ==, 570);
    const ReceiptSegment *only = segment_at(filler, 0);
    g_assert_cmpuint(filler->segments->len, ==, 1);
    g_assert_cmpint(only->first_us - eight - 120 * SECOND, <, 3 * SECOND);
    g_assert_cmpint(only->last_us - eight - 150 * SECOND, <, SECOND);
    g_assert_cmpint(receipt->evidence_grade, ==, 2);
}

/* The second time it goes on where it was, and at its end it begins again. */
static void the_filler_goes_on_and_round(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, relay(desk, desk->good_sha256));
    desk_run_until(desk, eight + 60 * SECOND);
    audio_fake_set_dry(desk->audio, true);
    desk_run_until(desk, eight + 80 * SECOND);
    audio_fake_set_dry(desk->audio, false);
    desk_run_until(desk, eight + 90 * SECOND);
    audio_fake_set_dry(desk->audio, true);
    desk_run_until(desk, eight + 11 * MINUTE);

    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    const ReceiptItem *filler = item_at(receipt, 1);
    int64_t first = segment_at(filler, 0)->frames;
    g_assert_cmpint(segment_at(filler, 1)->offset_frames, ==, first);
    g_assert_cmpint(segment_at(filler, 2)->offset_frames, ==, 0);
    g_assert_cmpint(seconds_of(item_at(receipt, 0)) + seconds_of(filler), >=, 595);
    const ReceiptSegment *last = segment_at(filler, filler->segments->len - 1);
    g_assert_cmpint(last->last_us, <=, eight + 600 * SECOND);
}

static void a_radio_that_never_comes_is_partial_and_in_time(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, relay(desk, desk->good_sha256));
    audio_fake_set_dry(desk->audio, true);
    desk_run_until(desk, eight + 11 * MINUTE);
    desk_assert_only(desk, OUTCOME_PARTIAL, REASON_NO_MEDIA);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    g_assert_cmpuint(item_at(receipt, 0)->segments->len, ==, 0);
    g_assert_cmpint(seconds_of(item_at(receipt, 1)), >=, 595);
    g_assert_cmpint(receipt->late_by_ms, <, 3000);
    g_assert_cmpint(receipt->late_by_ms, >, 1000);
}

static void without_a_fallback_it_is_missed_for_its_own_reason(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, relay(desk, NULL));
    audio_fake_set_dry(desk->audio, true);
    desk_run_until(desk, eight + 11 * MINUTE);
    desk_assert_only(desk, OUTCOME_MISSED, REASON_NO_MEDIA);
}

/* The first file is not there, the second cannot be decoded, the third sounds. */
static void the_links_are_tried_in_order(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autofree char *bad = desk_add_media(desk, "not a sound");
    PlanAiring *airing =
        relay(desk, "00000000000000000000000000000000000000000000000000000000000000aa");
    PlanItem *item = airing->items->pdata[0];
    plan_item_add_fallback(item, file_of(bad, "filler-2", 60));
    plan_item_add_fallback(item, file_of(desk->good_sha256, "filler-3", 60));
    desk_give_airing(desk, airing);
    audio_fake_set_dry(desk->audio, true);
    desk_run_until(desk, eight + SECOND);
    audio_fake_fail_next(desk->audio, AUDIO_END_MEDIA, 0);
    desk_run_until(desk, eight + 11 * MINUTE);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    g_assert_cmpuint(receipt->items->len, ==, 3);
    g_assert_cmpint(seconds_of(item_at(receipt, 1)), ==, 0);
    g_assert_cmpstr(item_at(receipt, 2)->bulletin_version, ==, "filler-3");
    g_assert_cmpint(seconds_of(item_at(receipt, 2)), >=, 590);
}

static void it_gives_way_to_an_emergency_with_its_relay(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, relay(desk, desk->good_sha256));
    audio_fake_set_dry(desk->audio, true);
    desk_run_until(desk, eight + 20 * SECOND);
    HappeningClip clip = {
        .sha256 = desk->good_sha256, .version = "siren", .frames = 10 * INT64_C(48000)};
    conductor_alert(desk->conductor,
                    &(HappeningAlert){.id = "storm", .clips = &clip, .n_clips = 1});
    desk_run_until(desk, eight + 11 * MINUTE);
    g_assert_cmpuint(desk_receipts(desk), ==, 2);
    g_autoptr(Receipt) storm = desk_receipt(desk, 0);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 1);
    g_assert_cmpint(storm->outcome, ==, OUTCOME_PLAYED);
    const ReceiptItem *filler = item_at(receipt, 1);
    const ReceiptSegment *siren = segment_at(item_at(storm, 0), 0);
    g_assert_cmpint(segment_at(filler, 0)->last_us, <=, siren->first_us + SECOND);
    g_assert_cmpint(segment_at(filler, 1)->first_us, >=, siren->last_us);
    g_assert_cmpint(segment_at(filler, 1)->offset_frames, ==, segment_at(filler, 0)->frames);
}

static void a_file_that_is_not_there_is_stood_in_for_on_time(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanAiring *airing = desk_airing(desk, "news", eight, 90);
    PlanItem *item = airing->items->pdata[0];
    g_free(item->sha256);
    item->sha256 = g_strdup("00000000000000000000000000000000000000000000000000000000000000bb");
    plan_item_add_fallback(item, file_of(desk->good_sha256, "filler-1", 60));
    desk_give_airing(desk, airing);
    desk_run_until(desk, eight + 12 * MINUTE);
    desk_assert_only(desk, OUTCOME_PARTIAL, REASON_NO_MEDIA);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    const ReceiptItem *filler = item_at(receipt, 1);
    g_assert_cmpint(segment_at(filler, 0)->first_us, <, eight + SECOND);
    g_assert_cmpint(seconds_of(filler), >=, 87);
    g_assert_cmpint(segment_at(filler, filler->segments->len - 1)->last_us, <=,
                    eight + 90 * SECOND);
    g_assert_cmpuint(desk->missing, >, 0); /* it was asked for all the same */
}

static void a_file_that_comes_in_time_needs_nothing(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanAiring *airing = desk_airing(desk, "news", eight, 30);
    PlanItem *item = airing->items->pdata[0];
    g_autofree char *late = desk_add_media(desk, "late news");
    g_autofree char *path = media_cache_path(desk->media, late);
    g_assert_cmpint(g_remove(path), ==, 0);
    g_free(item->sha256);
    item->sha256 = g_strdup(late);
    plan_item_add_fallback(item, file_of(desk->good_sha256, "filler-1", 60));
    desk_give_airing(desk, airing);
    desk_run_until(desk, eight - 4 * SECOND);
    G_GNUC_UNUSED g_autofree char *again = desk_add_media(desk, "late news");
    desk_run_until(desk, eight + 2 * MINUTE);
    desk_assert_only(desk, OUTCOME_PLAYED, REASON_NONE);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    g_assert_cmpuint(receipt->items->len, ==, 1);
}

static void a_file_that_breaks_off_is_stood_in_for(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanAiring *airing = desk_airing(desk, "news", eight, 60);
    plan_item_add_fallback(airing->items->pdata[0], file_of(desk->good_sha256, "filler-1", 60));
    desk_give_airing(desk, airing);
    audio_fake_fail_next(desk->audio, AUDIO_END_MEDIA, 20 * 48000);
    desk_run_until(desk, eight + 3 * MINUTE);
    desk_assert_only(desk, OUTCOME_PARTIAL, REASON_BAD_MEDIA);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    g_assert_cmpint(seconds_of(item_at(receipt, 0)), ==, 20);
    g_assert_cmpint(seconds_of(item_at(receipt, 1)), >=, 38);
    const ReceiptSegment *filler = segment_at(item_at(receipt, 1), 0);
    g_assert_cmpint(filler->last_us, <=, eight + 60 * SECOND);
}

/* A crash under the filler: the relay is joined again, and all of it stands in one receipt. */
static void a_crash_under_the_filler_keeps_its_account(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, relay(desk, desk->good_sha256));
    audio_fake_set_dry(desk->audio, true);
    desk_run_until(desk, eight + 30 * SECOND);
    g_autoptr(Plan) plan = plan_hold(desk->plan);
    desk_crash(desk);
    fake_clock_advance(&desk->clock, 60 * SECOND);
    desk_boot(desk, "ffffffffffffffffffffffffffffffff");
    conductor_set_plan(desk->conductor, plan);
    desk_run_until(desk, eight + 11 * MINUTE);
    desk_assert_only(desk, OUTCOME_PARTIAL, REASON_NO_POWER);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    const ReceiptItem *filler = item_at(receipt, 1);
    g_assert_cmpuint(receipt->items->len, ==, 2);
    g_assert_cmpstr(segment_at(filler, 0)->ended, ==, "crash");
    g_assert_cmpint(segment_at(filler, 0)->frames / 48000, >=, 25);
    g_assert_cmpint(seconds_of(item_at(receipt, 0)), >=, 500);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    desk_quiet();
    static const struct {
        const char *name;
        void (*run)(void);
    } tests[] = {
        {"filler", the_filler_sounds_while_the_radio_is_away},
        {"goes on", the_filler_goes_on_and_round},
        {"never comes", a_radio_that_never_comes_is_partial_and_in_time},
        {"no fallback", without_a_fallback_it_is_missed_for_its_own_reason},
        {"order", the_links_are_tried_in_order},
        {"emergency", it_gives_way_to_an_emergency_with_its_relay},
        {"missing file", a_file_that_is_not_there_is_stood_in_for_on_time},
        {"file in time", a_file_that_comes_in_time_needs_nothing},
        {"broken file", a_file_that_breaks_off_is_stood_in_for},
        {"crash", a_crash_under_the_filler_keeps_its_account},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *path = g_strconcat("/standin/", tests[i].name, NULL);
        g_test_add_func(path, tests[i].run);
    }
    return g_test_run();
}
