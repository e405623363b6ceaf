/* The back-off of the stream starts over only for what the controller says: with a fake connection
 * whose answers the test gives. */
#include "link/events.h"

#include "link/retry.h"

#include <string.h>

#define HELLO "event: hello\ndata: {\"epoch\":1,\"version\":1}\n\n"
#define PAGE  "<html>\n\n<p>Your data is used up. Pay here.</p>\n\n</html>\n\n"

typedef struct World {
    bool (*on_data)(const void *bytes, size_t length, void *user);
    void (*on_done)(const HttpAnswer *answer, void *user);
    void *user;
    Retry *retry;
    unsigned hellos;
} World;

static World world;

/* ---- what stands beside the stream ---- */

HttpCall *connection_send(Connection *self, const ConnectionCall *call)
{
    (void)self;
    world.on_data = call->on_data;
    world.on_done = call->on_done;
    world.user = call->user;
    return (HttpCall *)&world;
}

void http_call_cancel(HttpCall *call)
{
    (void)call;
}

void retry_init(Retry *self, Connection *connection, uint32_t first_ms, uint32_t max_ms,
                void (*again)(void *user), void *user)
{
    (void)connection;
    *self =
        (Retry){.backoff = {.first_ms = first_ms, .max_ms = max_ms}, .again = again, .user = user};
    world.retry = self;
}

void retry_clear(Retry *self)
{
    (void)self;
}

void retry_later(Retry *self, const HttpAnswer *answer)
{
    (void)answer;
    backoff_next_ms(&self->backoff, 0);
}

bool retry_hasten(Retry *self, bool refused_too)
{
    (void)self, (void)refused_too;
    return false;
}

/* ---- the test ---- */

static void on_wake(void *user)
{
    ((World *)user)->hellos++;
}

/* A stream in which `text` comes, and which ends then. */
static void stream(const char *text)
{
    if (!world.on_data(text, strlen(text), world.user))
        return;
    world.on_done(&(HttpAnswer){.status = 200}, world.user);
    world.retry->again(world.retry->user);
}

static void test_only_the_controllers_words_begin_the_back_off_anew(void)
{
    world = (World){0};
    g_autoptr(Events) events = events_new(NULL, on_wake, &world);
    events_start(events);
    stream(PAGE);
    stream(PAGE);
    g_assert_cmpuint(world.retry->backoff.failures, ==, 2);
    stream(":\n\n" HELLO);
    g_assert_cmpuint(world.retry->backoff.failures, ==, 1);
    g_assert_cmpuint(world.hellos, ==, 1);
    stream("event: hello\ndata: {\"epo"); /* half an event is none */
    g_assert_cmpuint(world.retry->backoff.failures, ==, 2);
    stream(HELLO);
    g_assert_cmpuint(world.hellos, ==, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/events/anew", test_only_the_controllers_words_begin_the_back_off_anew);
    return g_test_run();
}
