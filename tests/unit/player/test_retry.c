/* A wait is cut short when another conversation gets through, but not one that the controller asked
 * for, nor twice: in real time, with a back-off so long that it does not end by itself. */
#include "link/retry.h"

#define FIRST_MS 50
#define MAX_MS   (60 * 60 * 1000)
#define FAILURES 40
#define WATCH_MS 500 /* ten times the shortest wait, 1 in 7,000 of the longest */
#define AGAIN_MS 20  /* how often somebody else gets through */

typedef struct World {
    GMainLoop *loop;
    Retry retry;
    unsigned tries;
} World;

void connection_refused(Connection *self, const HttpAnswer *answer)
{
    (void)self, (void)answer;
}

static void count(void *user)
{
    ((World *)user)->tries++;
}

static gboolean hasten(gpointer user)
{
    retry_hasten(&((World *)user)->retry);
    return G_SOURCE_CONTINUE;
}

static gboolean stop(gpointer user)
{
    g_main_loop_quit(((World *)user)->loop);
    return G_SOURCE_REMOVE;
}

/* How often it was tried again within WATCH_MS after `answer` to the last of many failures. */
static unsigned tries_after(const HttpAnswer *answer, bool others_get_through)
{
    World world = {.loop = g_main_loop_new(NULL, FALSE)};
    retry_init(&world.retry, NULL, FIRST_MS, MAX_MS, count, &world);
    world.retry.backoff.failures = FAILURES;
    retry_later(&world.retry, answer);
    guint others = others_get_through ? g_timeout_add(AGAIN_MS, hasten, &world) : 0;
    g_timeout_add(WATCH_MS, stop, &world);
    g_main_loop_run(world.loop);
    if (others)
        g_source_remove(others);
    retry_clear(&world.retry);
    g_main_loop_unref(world.loop);
    return world.tries;
}

static void test_it_waits_where_nobody_gets_through(void)
{
    g_assert_cmpuint(tries_after(&(HttpAnswer){.status = 0}, false), ==, 0);
}

static void test_it_comes_once_when_others_get_through(void)
{
    g_assert_cmpuint(tries_after(&(HttpAnswer){.status = 0}, true), ==, 1);
}

static void test_a_wait_that_was_asked_for_is_kept(void)
{
    g_autoptr(GHashTable) headers = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_insert(headers, (char *)"retry-after", (char *)"600");
    g_assert_cmpuint(tries_after(&(HttpAnswer){.status = 503, .headers = headers}, true), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/retry/waits", test_it_waits_where_nobody_gets_through);
    g_test_add_func("/retry/others_get_through", test_it_comes_once_when_others_get_through);
    g_test_add_func("/retry/asked", test_a_wait_that_was_asked_for_is_kept);
    return g_test_run();
}
