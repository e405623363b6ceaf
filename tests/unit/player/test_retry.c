/* A wait is cut short when another conversation gets through, but not below what the controller
 * asked for, nor twice, nor after a refusal: in real time, with a back-off so long that it does not
 * end by itself. */
#include "link/retry.h"

#define FIRST_MS 50
#define MAX_MS   (60 * 60 * 1000)
#define FAILURES 40
#define WATCH_MS 500 /* ten times the shortest wait, 1 in 7,000 of the longest */
#define AGAIN_MS 20  /* how often somebody else gets through */
#define FAIL_MS  30000

typedef struct World {
    GMainLoop *loop;
    Retry retry;
    bool refused_too;
    bool first_ends;
    unsigned tries;
} World;

void connection_refused(Connection *self, const HttpAnswer *answer)
{
    (void)self, (void)answer;
}

static void count(void *user)
{
    World *world = user;
    world->tries++;
    if (world->first_ends)
        g_main_loop_quit(world->loop);
}

static gboolean hasten(gpointer user)
{
    retry_hasten(&((World *)user)->retry, ((World *)user)->refused_too);
    return G_SOURCE_CONTINUE;
}

static gboolean stop(gpointer user)
{
    g_main_loop_quit(((World *)user)->loop);
    return G_SOURCE_REMOVE;
}

/* `answer` to the last of many failures. */
static void lose(World *world, const HttpAnswer *answer)
{
    retry_init(&world->retry, NULL, FIRST_MS, MAX_MS, count, world);
    world->retry.backoff.failures = FAILURES;
    retry_later(&world->retry, answer);
}

static unsigned run(World *world, unsigned ms, bool others_get_through)
{
    guint others = others_get_through ? g_timeout_add(AGAIN_MS, hasten, world) : 0;
    guint end = g_timeout_add(ms, stop, world);
    g_main_loop_run(world->loop);
    if (others)
        g_source_remove(others);
    if (g_main_context_find_source_by_id(NULL, end))
        g_source_remove(end);
    retry_clear(&world->retry);
    g_main_loop_unref(world->loop);
    return world->tries;
}

/* How often it was tried again within WATCH_MS. */
static unsigned tries_after(const HttpAnswer *answer, bool others_get_through)
{
    World world = {.loop = g_main_loop_new(NULL, FALSE)};
    lose(&world, answer);
    return run(&world, WATCH_MS, others_get_through);
}

static const GError cut = {.message = (char *)"cut"};

static void test_it_waits_where_nobody_gets_through(void)
{
    g_assert_cmpuint(tries_after(&(HttpAnswer){.error = &cut}, false), ==, 0);
}

static void test_it_comes_once_when_others_get_through(void)
{
    g_assert_cmpuint(tries_after(&(HttpAnswer){.error = &cut}, true), ==, 1);
    g_assert_cmpuint(tries_after(&(HttpAnswer){.status = 502}, true), ==, 1);
}

static void test_what_was_refused_is_not_asked_again_at_once(void)
{
    g_assert_cmpuint(tries_after(&(HttpAnswer){.status = 404}, true), ==, 0);
    World world = {.loop = g_main_loop_new(NULL, FALSE), .refused_too = true, .first_ends = true};
    lose(&world, &(HttpAnswer){.status = 404});
    g_assert_cmpuint(run(&world, FAIL_MS, true), ==, 1);
}

static void test_a_wait_that_was_asked_for_is_kept(void)
{
    g_autoptr(GHashTable) headers = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_insert(headers, (char *)"retry-after", (char *)"600");
    g_assert_cmpuint(tries_after(&(HttpAnswer){.status = 503, .headers = headers}, true), ==, 0);
}

/* What nginx says for a controller that is away: the wait is a few seconds, not the back-off. */
static void test_after_what_was_asked_for_it_comes(void)
{
    g_autoptr(GHashTable) headers = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_insert(headers, (char *)"retry-after", (char *)"1");
    World world = {.loop = g_main_loop_new(NULL, FALSE), .first_ends = true};
    int64_t began_us = g_get_monotonic_time();
    lose(&world, &(HttpAnswer){.status = 503, .headers = headers});
    g_assert_cmpuint(run(&world, FAIL_MS, true), ==, 1);
    g_assert_cmpint(g_get_monotonic_time() - began_us, >=, G_USEC_PER_SEC);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/retry/waits", test_it_waits_where_nobody_gets_through);
    g_test_add_func("/retry/others_get_through", test_it_comes_once_when_others_get_through);
    g_test_add_func("/retry/refused", test_what_was_refused_is_not_asked_again_at_once);
    g_test_add_func("/retry/asked", test_a_wait_that_was_asked_for_is_kept);
    g_test_add_func("/retry/after_asked", test_after_what_was_asked_for_it_comes);
    return g_test_run();
}
