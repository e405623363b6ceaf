/* A relay and the data that is left for it. */
#include "desk.h"

#define eight EIGHT

static PlanAiring *relay_at(Desk *desk, const char *name, int64_t start_us, AiringClass class)
{
    PlanAiring *airing = desk_airing(desk, name, start_us, 600);
    PlanItem *item = airing->items->pdata[0];
    airing->rank = RANK_RELAY;
    airing->class = class;
    item->kind = ITEM_RELAY;
    g_clear_pointer(&item->sha256, g_free);
    plan_item_add_source(item, "http://radio.example/live", "mp3");
    return airing;
}

static void a_relay_stops_where_the_data_ends(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, relay_at(desk, "relay", eight, CLASS_NORMAL));
    desk_run_until(desk, eight + 60 * SECOND);
    desk->no_data = true;
    desk_run_until(desk, eight + 65 * SECOND);
    desk_assert_only(desk, OUTCOME_PARTIAL, REASON_DATA_BUDGET);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    const ReceiptItem *item = receipt->items->pdata[0];
    const ReceiptSegment *segment = item->segments->pdata[0];
    g_assert_cmpint(segment->last_us, <=, eight + 62 * SECOND);
    g_assert_cmpint(segment->frames / 48000, >=, 59);
    g_assert_cmpint(audio_fake_phase(desk->audio), ==, AUDIO_FAKE_IDLE);
}

static void its_fallback_sounds_from_there_on(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanAiring *relay = relay_at(desk, "relay", eight, CLASS_NORMAL);
    PlanItem *filler = plan_item_new();
    filler->bulletin = g_strdup("filler");
    filler->bulletin_version = g_strdup("filler-1");
    filler->sha256 = g_strdup(desk->good_sha256);
    filler->frames = 60 * INT64_C(48000);
    plan_item_add_fallback(relay->items->pdata[0], filler);
    desk_give_airing(desk, relay);
    desk_run_until(desk, eight + 60 * SECOND);
    desk->no_data = true;
    desk_run_until(desk, eight + 11 * MINUTE);
    desk_assert_only(desk, OUTCOME_PARTIAL, REASON_DATA_BUDGET);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    g_assert_cmpuint(receipt->items->len, ==, 2);
    const ReceiptItem *item = receipt->items->pdata[1];
    const ReceiptSegment *first = item->segments->pdata[0];
    g_assert_cmpstr(item->bulletin_version, ==, "filler-1");
    g_assert_cmpint(first->first_us, <=, eight + 70 * SECOND);
}

/* At midnight, say. Neither the filler nor the relay hides the other in the receipt. */
static void it_goes_on_when_there_is_data_again(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanAiring *relay = relay_at(desk, "relay", eight, CLASS_NORMAL);
    PlanItem *filler = plan_item_new();
    filler->bulletin = g_strdup("filler");
    filler->bulletin_version = g_strdup("filler-1");
    filler->sha256 = g_strdup(desk->good_sha256);
    filler->frames = 60 * INT64_C(48000);
    plan_item_add_fallback(relay->items->pdata[0], filler);
    desk_give_airing(desk, relay);
    desk_run_until(desk, eight + 60 * SECOND);
    desk->no_data = true;
    desk_run_until(desk, eight + 200 * SECOND);
    desk->no_data = false;
    desk_run_until(desk, eight + 11 * MINUTE);
    desk_assert_only(desk, OUTCOME_PARTIAL, REASON_DATA_BUDGET);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    const ReceiptItem *radio = receipt->items->pdata[0];
    g_assert_cmpuint(radio->segments->len, ==, 2);
    const ReceiptSegment *again = radio->segments->pdata[1];
    g_assert_cmpint(again->first_us, >=, eight + 200 * SECOND);
    g_assert_cmpint(again->first_us, <, eight + 203 * SECOND);
    g_assert_cmpint(ABS(again->last_us - eight - 600 * SECOND), <, SECOND);
    const ReceiptItem *stood_in = receipt->items->pdata[1];
    const ReceiptSegment *last = stood_in->segments->pdata[stood_in->segments->len - 1];
    g_assert_cmpint(last->last_us, <=, again->first_us + SECOND);
}

static void without_data_it_never_begins(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk->no_data = true;
    desk_give_airing(desk, relay_at(desk, "relay", eight, CLASS_NORMAL));
    desk_run_until(desk, eight + 11 * MINUTE);
    desk_assert_only(desk, OUTCOME_MISSED, REASON_DATA_BUDGET);
    g_assert_cmpuint(audio_fake_prepared(desk->audio), ==, 0);
}

static void it_joins_when_a_new_day_brings_data(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk->no_data = true;
    desk_give_airing(desk, relay_at(desk, "relay", eight, CLASS_NORMAL));
    desk_run_until(desk, eight + 5 * MINUTE);
    g_assert_cmpuint(desk_receipts(desk), ==, 0);
    desk->no_data = false;
    desk_run_until(desk, eight + 11 * MINUTE);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    const ReceiptItem *item = receipt->items->pdata[0];
    const ReceiptSegment *segment = item->segments->pdata[0];
    g_assert_cmpint(segment->offset_frames / 48000, >=, 299);
    g_assert_cmpint(segment->offset_frames / 48000, <=, 310);
}

static void what_is_ordered_from_above_is_never_held(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk->no_data = true;
    desk_give_airing(desk, relay_at(desk, "order", eight, CLASS_PRIORITY));
    desk_run_until(desk, eight + 11 * MINUTE);
    desk_assert_only(desk, OUTCOME_PLAYED, REASON_NONE);
}

static void files_need_no_data(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk->no_data = true;
    desk_give_airing(desk, desk_airing(desk, "news", eight, 60));
    desk_run_until(desk, eight + 2 * MINUTE);
    desk_assert_only(desk, OUTCOME_PLAYED, REASON_NONE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    desk_quiet();
#define TEST(name) g_test_add_func("/conductor_budget/" #name, name)
    TEST(a_relay_stops_where_the_data_ends);
    TEST(its_fallback_sounds_from_there_on);
    TEST(it_goes_on_when_there_is_data_again);
    TEST(without_data_it_never_begins);
    TEST(it_joins_when_a_new_day_brings_data);
    TEST(what_is_ordered_from_above_is_never_held);
    TEST(files_need_no_data);
    return g_test_run();
}
