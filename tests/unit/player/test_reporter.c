/* The report about a station's health is brought forward by what happens there, and never put off:
 * with a fake connection, in real time. */
#include "health/reporter.h"

#include "base/clock.h"

#define HURRIED_EVERY_MS 100
#define LASTS_MS         4500

typedef struct World {
    GMainLoop *loop;
    Reporter *reporter;
    HttpAnswer answer;
    void (*on_done)(const HttpAnswer *answer, void *user);
    void *user;
    unsigned reports;
    unsigned heard;
} World;

static World world;

/* ---- what stands beside the reporter ---- */

static gboolean answer_now(gpointer user)
{
    (void)user;
    world.on_done(&world.answer, world.user);
    return G_SOURCE_REMOVE;
}

HttpCall *connection_send(Connection *self, const ConnectionCall *call)
{
    (void)self;
    world.reports++;
    world.on_done = call->on_done;
    world.user = call->user;
    g_idle_add(answer_now, NULL);
    return (HttpCall *)&world;
}

void connection_refused(Connection *self, const HttpAnswer *answer)
{
    (void)self, (void)answer;
}

void http_call_cancel(HttpCall *call)
{
    (void)call;
}

Json *facts_gather(const FactsParts *parts, Faults *faults, bool full)
{
    (void)parts, (void)faults, (void)full;
    return json_new_object();
}

/* ---- the test ---- */

static gboolean hurry(gpointer user)
{
    (void)user;
    reporter_hurry(world.reporter);
    return G_SOURCE_CONTINUE;
}

static void on_heard(void *user)
{
    ((World *)user)->heard++;
}

static gboolean stop(gpointer user)
{
    (void)user;
    g_main_loop_quit(world.loop);
    return G_SOURCE_REMOVE;
}

/* A world whose controller answers `status` to all that comes within LASTS_MS. */
static void hurry_all_the_time(unsigned status)
{
    FakeClock clock;
    fake_clock_init(&clock, G_USEC_PER_SEC);
    world = (World){.loop = g_main_loop_new(NULL, FALSE), .answer = {.status = status}};
    world.reporter = reporter_new(NULL, &(FactsParts){.clock = &clock.clock}, on_heard, &world);
    reporter_start(world.reporter);
    guint hurried = g_timeout_add(HURRIED_EVERY_MS, hurry, NULL);
    g_timeout_add(LASTS_MS, stop, NULL);
    g_main_loop_run(world.loop);
    g_source_remove(hurried);
    reporter_free(world.reporter);
    g_main_loop_unref(world.loop);
}

static void test_who_is_hurried_all_the_time_still_reports(void)
{
    hurry_all_the_time(204);
    /* one at the start, then one a second, not one each time; fewer on a busy machine */
    g_assert_cmpuint(world.reports, >=, 3);
    g_assert_cmpuint(world.reports, <=, 6);
    g_assert_cmpuint(world.heard, ==, world.reports);
}

static void test_a_report_that_was_refused_was_not_heard(void)
{
    hurry_all_the_time(503);
    g_assert_cmpuint(world.reports, >=, 1);
    g_assert_cmpuint(world.heard, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reporter/hurried", test_who_is_hurried_all_the_time_still_reports);
    g_test_add_func("/reporter/refused", test_a_report_that_was_refused_was_not_heard);
    return g_test_run();
}
