/* Several items in one airing, one of which is not as it should be: the others come on time, and
 * the receipt says what was wrong. */
#include "desk.h"

static const int64_t eight = EIGHT;
static const char nowhere[] = "00000000000000000000000000000000000000000000000000000000000000cc";

static PlanItem *file_of(const char *sha256, const char *version, int seconds)
{
    PlanItem *file = plan_item_new();
    file->bulletin = g_strdup(version);
    file->bulletin_version = g_strdup(version);
    file->sha256 = g_strdup(sha256);
    file->frames = seconds * INT64_C(48000);
    return file;
}

static PlanItem *radio(int seconds)
{
    PlanItem *item = file_of(NULL, "radio", seconds);
    item->kind = ITEM_RELAY;
    plan_item_add_source(item, "http://radio.example/live", "mp3");
    return item;
}

/* A minute of tune, then the item, then a minute of news. */
static PlanAiring *around(Desk *desk, PlanItem *middle)
{
    PlanAiring *airing = desk_airing(desk, "programme", eight, 60);
    g_ptr_array_add(airing->items, middle);
    g_ptr_array_add(airing->items, file_of(desk->good_sha256, "news", 60));
    return airing;
}

static const ReceiptItem *item_at(const Receipt *receipt, unsigned index)
{
    g_assert_cmpuint(index, <, receipt->items->len);
    return receipt->items->pdata[index];
}

static int64_t begins(const Receipt *receipt, unsigned index)
{
    const ReceiptItem *item = item_at(receipt, index);
    g_assert_cmpuint(item->segments->len, >, 0);
    return (((ReceiptSegment *)item->segments->pdata[0])->first_us - eight) / SECOND;
}

static int64_t seconds_of(const Receipt *receipt, unsigned index)
{
    const ReceiptItem *item = item_at(receipt, index);
    int64_t frames = 0;
    for (unsigned i = 0; i < item->segments->len; i++)
        frames += ((ReceiptSegment *)item->segments->pdata[i])->frames;
    return (frames + 24000) / 48000;
}

/* Its decoder gives up after so many seconds: it is prepared when the tune begins to sound. */
static void when_the_second_breaks_off(Desk *desk, int after_s)
{
    desk_run_until(desk, eight - SECOND / 2);
    audio_fake_fail_next(desk->audio, AUDIO_END_MEDIA, after_s * INT64_C(48000));
    desk_run_until(desk, eight + 20 * MINUTE);
}

static Receipt *only_receipt(Desk *desk, Outcome outcome, Reason reason)
{
    desk_assert_only(desk, outcome, reason);
    return desk_receipt(desk, 0);
}

static void a_file_that_breaks_off_is_followed_by_the_next_at_once(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, around(desk, file_of(desk->good_sha256, "broken", 60)));
    when_the_second_breaks_off(desk, 20);
    g_autoptr(Receipt) receipt = only_receipt(desk, OUTCOME_PARTIAL, REASON_BAD_MEDIA);
    g_assert_cmpint(seconds_of(receipt, 1), ==, 20);
    g_assert_cmpint(begins(receipt, 2), ==, 80);
    g_assert_cmpint(seconds_of(receipt, 2), ==, 60);
    const ReceiptSegment *torn = item_at(receipt, 1)->segments->pdata[0];
    g_assert_cmpstr(torn->ended, ==, "media");
}

static void a_file_that_does_not_decode_at_all_is_no_silence(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, around(desk, file_of(desk->good_sha256, "broken", 60)));
    when_the_second_breaks_off(desk, 0);
    g_autoptr(Receipt) receipt = only_receipt(desk, OUTCOME_PARTIAL, REASON_BAD_MEDIA);
    g_assert_cmpint(seconds_of(receipt, 1), ==, 0);
    g_assert_cmpint(begins(receipt, 2), ==, 60);
}

static void what_stands_in_for_it_keeps_its_time(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanItem *item = file_of(desk->good_sha256, "broken", 60);
    plan_item_add_fallback(item, file_of(desk->good_sha256, "filler", 30));
    desk_give_airing(desk, around(desk, item));
    when_the_second_breaks_off(desk, 20);
    g_autoptr(Receipt) receipt = only_receipt(desk, OUTCOME_PARTIAL, REASON_BAD_MEDIA);
    g_assert_cmpint(seconds_of(receipt, 1), ==, 20);
    g_assert_cmpint(item_at(receipt, 3)->stands_for, ==, 1);
    g_assert_cmpstr(item_at(receipt, 3)->bulletin_version, ==, "filler");
    g_assert_cmpint(seconds_of(receipt, 3), >=, 38);
    g_assert_cmpint(begins(receipt, 2), ==, 120); /* as planned */
    g_assert_cmpint(seconds_of(receipt, 2), ==, 60);
}

static void with_something_to_stand_in_a_whole_file_joins_the_next_all_the_same(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanItem *item = file_of(desk->good_sha256, "whole", 60);
    plan_item_add_fallback(item, file_of(desk->good_sha256, "filler", 30));
    desk_give_airing(desk, around(desk, item));
    desk_run_until(desk, eight + 4 * MINUTE);
    g_autoptr(Receipt) receipt = only_receipt(desk, OUTCOME_PLAYED, REASON_NONE);
    g_assert_cmpuint(receipt->items->len, ==, 3);
    const ReceiptSegment *whole = item_at(receipt, 1)->segments->pdata[0];
    const ReceiptSegment *news = item_at(receipt, 2)->segments->pdata[0];
    g_assert_cmpint(news->first_us - whole->last_us, <, 1000);
}

static void a_file_that_is_not_there_is_passed_over(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, around(desk, file_of(nowhere, "missing", 60)));
    desk_run_until(desk, eight + 20 * MINUTE);
    g_autoptr(Receipt) receipt = only_receipt(desk, OUTCOME_PARTIAL, REASON_NO_MEDIA);
    g_assert_cmpint(begins(receipt, 0), ==, 0);
    g_assert_cmpint(begins(receipt, 2), ==, 60);
    g_assert_cmpuint(desk->missing, >, 0);
}

static void where_the_first_is_not_there_the_second_begins(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanAiring *airing = around(desk, file_of(desk->good_sha256, "talk", 60));
    PlanItem *first = airing->items->pdata[0];
    g_free(first->sha256);
    first->sha256 = g_strdup(nowhere);
    desk_give_airing(desk, airing);
    desk_run_until(desk, eight + 20 * MINUTE);
    g_autoptr(Receipt) receipt = only_receipt(desk, OUTCOME_PARTIAL, REASON_NO_MEDIA);
    g_assert_cmpint(begins(receipt, 1), ==, 0);
    g_assert_cmpint(begins(receipt, 2), ==, 60);
    g_assert_cmpint(receipt->late_by_ms, <, 1000);
}

static void where_none_is_there_it_is_missed(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanAiring *airing = desk_airing(desk, "programme", eight, 60);
    g_ptr_array_set_size(airing->items, 0);
    g_ptr_array_add(airing->items, file_of(nowhere, "one", 60));
    g_ptr_array_add(airing->items, file_of(nowhere, "two", 60));
    desk_give_airing(desk, airing);
    desk_run_until(desk, eight + 20 * MINUTE);
    desk_assert_only(desk, OUTCOME_MISSED, REASON_NO_MEDIA);
}

static void a_relay_without_data_keeps_its_time(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk->no_data = true;
    desk_give_airing(desk, around(desk, radio(300)));
    desk_run_until(desk, eight + 20 * MINUTE);
    g_autoptr(Receipt) receipt = only_receipt(desk, OUTCOME_PARTIAL, REASON_DATA_BUDGET);
    g_assert_cmpint(seconds_of(receipt, 1), ==, 0);
    g_assert_cmpint(begins(receipt, 2), ==, 360);
}

static void what_follows_a_relay_whose_data_ends_comes_at_its_time(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, around(desk, radio(300)));
    desk_run_until(desk, eight + 200 * SECOND);
    desk->no_data = true;
    desk_run_until(desk, eight + 20 * MINUTE);
    g_autoptr(Receipt) receipt = only_receipt(desk, OUTCOME_PARTIAL, REASON_DATA_BUDGET);
    g_assert_cmpint(seconds_of(receipt, 1), ==, 140);
    g_assert_cmpint(begins(receipt, 2), ==, 360);
    g_assert_cmpint(seconds_of(receipt, 2), ==, 60);
}

/* What was not heard before the data ended is time that has passed, too. */
static void what_stands_in_ends_with_the_relay(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanItem *item = radio(300);
    plan_item_add_fallback(item, file_of(desk->good_sha256, "filler", 30));
    desk_give_airing(desk, around(desk, item));
    desk_run_until(desk, eight + 100 * SECOND);
    audio_fake_set_dry(desk->audio, true);
    desk_run_until(desk, eight + 160 * SECOND);
    audio_fake_set_dry(desk->audio, false);
    desk_run_until(desk, eight + 200 * SECOND);
    desk->no_data = true;
    desk_run_until(desk, eight + 20 * MINUTE);
    g_autoptr(Receipt) receipt = only_receipt(desk, OUTCOME_PARTIAL, REASON_DATA_BUDGET);
    g_assert_cmpint(begins(receipt, 2), ==, 360);
    g_assert_cmpint(seconds_of(receipt, 1), ==, 80);
    g_assert_cmpint(seconds_of(receipt, 3), >=, 212); /* 58 while it was away, 159 after the data */
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    desk_quiet();
#define TEST(name) g_test_add_func("/programme/" #name, name)
    TEST(a_file_that_breaks_off_is_followed_by_the_next_at_once);
    TEST(a_file_that_does_not_decode_at_all_is_no_silence);
    TEST(what_stands_in_for_it_keeps_its_time);
    TEST(with_something_to_stand_in_a_whole_file_joins_the_next_all_the_same);
    TEST(a_file_that_is_not_there_is_passed_over);
    TEST(where_the_first_is_not_there_the_second_begins);
    TEST(where_none_is_there_it_is_missed);
    TEST(a_relay_without_data_keeps_its_time);
    TEST(what_follows_a_relay_whose_data_ends_comes_at_its_time);
    TEST(what_stands_in_ends_with_the_relay);
    return g_test_run();
}
