/* Which file is asked for next when the way breaks and comes back: with a fake connection that
 * notes what was asked for and answers what the test says. Waits are real, of at most a second. */
#include "cache/fetcher.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#define CLIP "1111111111111111111111111111111111111111111111111111111111111111"
#define BULK "2222222222222222222222222222222222222222222222222222222222222222"

static const GError cut = {.message = (char *)"cut"};

typedef struct World {
    char *dir;
    MediaCache *cache;
    Fetcher *fetcher;
    GString *asked; /* a letter for each request: c(lip), b(ulk) */
    bool under_way;
    bool (*on_data)(const void *bytes, size_t length, void *user);
    void (*on_done)(const HttpAnswer *answer, void *user);
    void *user;
} World;

static World world;

/* ---- what stands beside the fetcher ---- */

HttpCall *connection_send(Connection *self, const ConnectionCall *call)
{
    (void)self;
    g_assert_false(world.under_way);
    g_string_append_c(world.asked, g_str_has_suffix(call->path, CLIP) ? 'c' : 'b');
    world.under_way = true;
    world.on_data = call->on_data;
    world.on_done = call->on_done;
    world.user = call->user;
    return (HttpCall *)&world;
}

void connection_refused(Connection *self, const HttpAnswer *answer)
{
    (void)self, (void)answer;
}

void http_call_cancel(HttpCall *call)
{
    g_assert_true(call == (HttpCall *)&world && world.under_way);
    world.under_way = false;
}

/* ---- the test ---- */

static void set_up(void)
{
    world = (World){.dir = g_dir_make_tmp("loa-fetch-XXXXXX", NULL), .asked = g_string_new(NULL)};
    world.cache = media_cache_open(world.dir, NULL);
    world.fetcher = fetcher_new((Connection *)&world, world.cache, &(FetcherEvents){0});
    g_autoptr(Plan) plan = plan_new();
    g_ptr_array_add(plan->media, plan_media_new(BULK, 2000, 5));
    g_ptr_array_add(plan->media, plan_media_new(CLIP, 1000, 0));
    fetcher_set_wanted(world.fetcher, plan);
    g_assert_cmpstr(world.asked->str, ==, "c");
}

static void tear_down(void)
{
    g_autoptr(GHashTable) none = g_hash_table_new(g_str_hash, g_str_equal);
    fetcher_free(world.fetcher);
    media_cache_drop_unused(world.cache, none);
    media_cache_free(world.cache);
    g_rmdir(world.dir);
    g_free(world.dir);
    g_string_free(world.asked, TRUE);
}

static void answer(const HttpAnswer *said)
{
    world.under_way = false;
    world.on_done(said, world.user);
}

static void wait_asked(void)
{
    while (!world.under_way)
        g_main_context_iteration(NULL, TRUE);
}

static void test_what_failed_waits_behind_the_others(void)
{
    set_up();
    answer(&(HttpAnswer){.status = 404});
    wait_asked();
    g_assert_cmpstr(world.asked->str, ==, "cb");
    tear_down();
}

static void test_after_an_outage_the_first_goes_first_again(void)
{
    set_up();
    answer(&(HttpAnswer){.error = &cut});
    fetcher_hasten(world.fetcher);
    wait_asked();
    g_assert_cmpstr(world.asked->str, ==, "cc");
    answer(&(HttpAnswer){.status = 404}); /* no fault of the way */
    fetcher_hasten(world.fetcher);
    wait_asked();
    g_assert_cmpstr(world.asked->str, ==, "ccb");
    tear_down();
}

/* Each report that arrives would fetch it again over 4G, and in vain. */
static void test_what_cannot_be_written_is_no_outage(void)
{
    set_up();
    struct rlimit before;
    getrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){.rlim_cur = 0, .rlim_max = before.rlim_max});
    bool written = world.on_data("OggS", 4, world.user);
    setrlimit(RLIMIT_FSIZE, &before);
    g_assert_false(written);
    answer(&(HttpAnswer){.error = &cut});
    fetcher_hasten(world.fetcher);
    wait_asked();
    g_assert_cmpstr(world.asked->str, ==, "cb");
    tear_down();
}

static void test_a_page_on_the_way_is_no_beginning_of_the_file(void)
{
    set_up();
    g_autofree char *part = media_cache_part_path(world.cache, CLIP);
    g_assert_true(world.on_data("<html>", 6, world.user));
    answer(&(HttpAnswer){.error = &cut}); /* a file that broke off goes on from there */
    g_assert_true(g_file_test(part, G_FILE_TEST_EXISTS));
    fetcher_hasten(world.fetcher);
    wait_asked();
    g_assert_cmpstr(world.asked->str, ==, "cc");
    answer(&(HttpAnswer){.status = 206});
    g_assert_false(g_file_test(part, G_FILE_TEST_EXISTS));
    tear_down();
}

static void test_the_sound_of_an_alert_goes_before_the_file_under_way(void)
{
    set_up();
    answer(&(HttpAnswer){.error = &cut});
    wait_asked();
    g_assert_cmpstr(world.asked->str, ==, "cb");
    fetcher_hurry(world.fetcher);
    g_assert_cmpstr(world.asked->str, ==, "cbc");
    fetcher_hurry(world.fetcher); /* it is under way */
    g_assert_cmpstr(world.asked->str, ==, "cbc");
    tear_down();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fetcher/failed", test_what_failed_waits_behind_the_others);
    g_test_add_func("/fetcher/outage", test_after_an_outage_the_first_goes_first_again);
    g_test_add_func("/fetcher/not_written", test_what_cannot_be_written_is_no_outage);
    g_test_add_func("/fetcher/page", test_a_page_on_the_way_is_no_beginning_of_the_file);
    g_test_add_func("/fetcher/alert", test_the_sound_of_an_alert_goes_before_the_file_under_way);
    return g_test_run();
}
