/* A full disk: what may still have to sound is not given up for a file of the plan, whatever that
 * plan names; what can sound no more is. */
#include "cache/fetcher.h"
#include "digest.h"
#include "pole.h"

#define TOO_MUCH (INT64_C(1) << 60) /* bytes; no disk has them */

typedef struct Full {
    Pole *pole;
    Connection *connection;
    Fetcher *fetcher;
} Full;

static void add_needed(GHashTable *files, void *user)
{
    alerts_add_needed(((Full *)user)->pole->alerts, files);
}

static void open_fetcher(Full *self)
{
    self->fetcher = fetcher_new(self->connection, self->pole->desk->media,
                                &(FetcherEvents){.add_needed = add_needed, .user = self});
}

static Full *full_new(void)
{
    Full *self = g_new0(Full, 1);
    self->pole = pole_new();
    Desk *desk = self->pole->desk;
    /* Nothing is ever sent: there is no room for it. */
    self->connection =
        connection_new("http://127.0.0.1:9", NULL, &desk->key, &desk->clock.clock, NULL);
    open_fetcher(self);
    return self;
}

static void restart(Full *self)
{
    fetcher_free(self->fetcher);
    pole_restart(self->pole, "ffffffffffffffffffffffffffffffff");
    open_fetcher(self);
}

static void full_free(Full *self)
{
    fetcher_free(self->fetcher);
    connection_free(self->connection);
    pole_free(self->pole);
    g_free(self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Full, full_free)

/* The next plan: from now on, without an airing or a message, and with a file beyond the disk. */
static void give_plan(Full *self, PlanAiring *take_airing)
{
    Desk *desk = self->pole->desk;
    g_autoptr(Plan) plan = plan_new();
    plan->station = g_strdup(POLE_STATION);
    plan->epoch = 1;
    plan->version = desk->version++;
    plan->from_us = desk->clock.wall;
    plan->until_us = plan->from_us + 24 * HOUR;
    g_ptr_array_add(plan->area_path, g_strdup("commune"));
    if (take_airing)
        g_ptr_array_add(plan->airings, take_airing);
    g_autofree char *song = digest_hex_of("song", 4);
    g_ptr_array_add(plan->media, plan_media_new(song, TOO_MUCH, plan->until_us));
    conductor_set_plan(desk->conductor, plan);
    alerts_set_plan(self->pole->alerts, plan);
    fetcher_set_wanted(self->fetcher, plan);
    g_assert_true(fetcher_lacks_space(self->fetcher));
}

static bool is_there(const Full *self, const char *sha256)
{
    return media_cache_has(self->pole->desk->media, sha256);
}

static void assert_plays(const Full *self, unsigned index, Outcome outcome)
{
    g_autoptr(Receipt) receipt = desk_receipt(self->pole->desk, index);
    g_assert_cmpstr(outcome_words[receipt->outcome], ==, outcome_words[outcome]);
}

static void a_loop_keeps_its_sound_until_it_is_cancelled(void)
{
    g_autoptr(Full) full = full_new();
    Pole *pole = full->pole;
    g_autofree char *flood = desk_add_media(pole->desk, "flood!");
    pole_take(pole, pole_alert(pole, flood, 2));
    pole_run_until(pole, MORNING + MINUTE);
    give_plan(full, NULL);
    g_assert_true(is_there(full, flood));
    g_assert_false(is_there(full, pole->desk->good_sha256)); /* nothing needs that one */
    pole_run_until(pole, MORNING + 2 * MINUTE + 30 * SECOND);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 2);
    assert_plays(full, 1, OUTCOME_PLAYED);
    pole_take(pole, pole_cancel(pole));
    pole_run_until(pole, MORNING + 3 * MINUTE);
    give_plan(full, NULL);
    g_assert_false(is_there(full, flood));
}

static void a_loop_from_before_a_restart_keeps_its_sound_until_it_expires(void)
{
    g_autoptr(Full) full = full_new();
    Pole *pole = full->pole;
    g_autofree char *flood = desk_add_media(pole->desk, "flood!");
    pole_take(pole, pole_alert(pole, flood, 20));
    pole_run_until(pole, MORNING + MINUTE);
    pole->desk->probe = (TrustProbe){.error_us = -1}; /* and nobody knows the time */
    restart(full);
    give_plan(full, NULL);
    g_assert_true(is_there(full, flood));
    pole->desk->probe = (TrustProbe){.synchronised = true, .error_us = 5000};
    pole_run_until(pole, MORNING + 21 * MINUTE);
    g_assert_cmpuint(desk_receipts(pole->desk), ==, 2);
    assert_plays(full, 1, OUTCOME_PLAYED);
    pole_run_until(pole, MORNING + HOUR + MINUTE);
    give_plan(full, NULL);
    g_assert_false(is_there(full, flood));
}

static PlanItem *add_item(PlanAiring *airing, const char *sha256)
{
    PlanItem *item = plan_item_copy(airing->items->pdata[0]);
    g_free(item->sha256);
    item->sha256 = g_strdup(sha256);
    g_ptr_array_add(airing->items, item);
    return item;
}

static void what_sounds_keeps_its_later_files_and_those_that_stand_in(void)
{
    g_autoptr(Full) full = full_new();
    Desk *desk = full->pole->desk;
    g_autofree char *second = desk_add_media(desk, "the second half");
    g_autofree char *spare = desk_add_media(desk, "what stands in");
    PlanAiring *airing = desk_airing(desk, "news", EIGHT, 60);
    PlanItem *stand_in = plan_item_copy(airing->items->pdata[0]);
    g_free(stand_in->sha256);
    stand_in->sha256 = g_strdup(spare);
    plan_item_add_fallback(add_item(airing, second), stand_in);
    give_plan(full, airing);
    pole_run_until(full->pole, EIGHT + 20 * SECOND);
    give_plan(full, NULL); /* of from now on: the airing is in none */
    g_assert_true(is_there(full, second));
    g_assert_true(is_there(full, spare));
    pole_run_until(full->pole, EIGHT + 3 * MINUTE);
    g_assert_cmpuint(desk_receipts(desk), ==, 1);
    assert_plays(full, 0, OUTCOME_PLAYED);
    give_plan(full, NULL);
    g_assert_false(is_there(full, second));
    g_assert_false(is_there(full, spare));
}

static void a_button_keeps_its_message(void)
{
    g_autoptr(Full) full = full_new();
    Pole *pole = full->pole;
    g_autoptr(Plan) plan = plan_new();
    PlanClip *clip = plan_clip_new();
    clip->id = g_strdup("flood");
    clip->title = g_strdup("Lũ");
    clip->button = 1;
    clip->item->bulletin_version = g_strdup("flood-1");
    clip->item->sha256 = g_strdup(pole->desk->good_sha256);
    clip->item->frames = POLE_CLIP_S * INT64_C(48000);
    g_ptr_array_add(plan->clips, clip);
    alerts_set_plan(pole->alerts, plan);
    alerts_button(pole->alerts, 1);
    g_autoptr(GHashTable) files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    alerts_add_needed(pole->alerts, files);
    g_assert_true(g_hash_table_contains(files, pole->desk->good_sha256));
    pole_run_until(pole, MORNING + 3 * SECOND);
    give_plan(full, NULL); /* the message was deleted while it sounds */
    g_assert_true(is_there(full, pole->desk->good_sha256));
    pole_run_until(pole, MORNING + MINUTE);
    assert_plays(full, 0, OUTCOME_PLAYED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    desk_quiet();
#define TEST(name) g_test_add_func("/needed/" #name, name)
    TEST(a_loop_keeps_its_sound_until_it_is_cancelled);
    TEST(a_loop_from_before_a_restart_keeps_its_sound_until_it_expires);
    TEST(what_sounds_keeps_its_later_files_and_those_that_stand_in);
    TEST(a_button_keeps_its_message);
    return g_test_run();
}
