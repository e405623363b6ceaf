/* A name server that does not answer holds up the one who asked, and nobody else: getaddrinfo() is
 * this test's own, and it answers only once the call behind it has been given up. GIVE_UP_S is
 * there to fail instead of hanging. */
#include "http_client.h"

#include <netdb.h>

#define GIVE_UP_S 20

static GMutex mutex;
static GCond changed;
static unsigned asked, answered;
static bool let_go, waited_in_vain;

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                struct addrinfo **ret_list)
{
    (void)name, (void)service, (void)hints, (void)ret_list;
    int64_t until_us = g_get_monotonic_time() + GIVE_UP_S * G_USEC_PER_SEC;
    g_mutex_lock(&mutex);
    asked++;
    g_cond_broadcast(&changed);
    while (!let_go && !waited_in_vain)
        waited_in_vain = !g_cond_wait_until(&changed, &mutex, until_us);
    answered++;
    g_cond_broadcast(&changed);
    g_mutex_unlock(&mutex);
    return EAI_AGAIN;
}

static void wait_asked(void)
{
    g_mutex_lock(&mutex);
    while (asked == 0)
        g_cond_wait(&changed, &mutex);
    g_mutex_unlock(&mutex);
}

/* Whether it was still asking; from here on it answers. */
static bool was_asking(void)
{
    g_mutex_lock(&mutex);
    bool asking = answered == 0 && !waited_in_vain;
    let_go = true;
    g_cond_broadcast(&changed);
    while (answered < asked)
        g_cond_wait(&changed, &mutex);
    asked = answered = 0;
    let_go = waited_in_vain = false;
    g_mutex_unlock(&mutex);
    return asking;
}

static void note_done(const HttpAnswer *answer, void *user)
{
    g_assert_cmpuint(answer->status, ==, 0);
    *(bool *)user = true;
}

static HttpCall *ask(HttpClient *client, unsigned timeout_ms, bool *done)
{
    return http_client_send(client, &(HttpRequest){.method = "GET",
                                                   .url = "http://controller.invalid/",
                                                   .timeout_ms = timeout_ms,
                                                   .on_done = note_done,
                                                   .user = done});
}

static void test_a_call_that_is_late_does_not_wait_for_the_resolver(void)
{
    bool done = false;
    g_autoptr(HttpClient) client = http_client_new("loa-test/1", NULL);
    ask(client, 50, &done);
    while (!done)
        g_main_context_iteration(NULL, TRUE);
    g_assert_true(was_asking());
}

static void test_a_cancelled_call_does_not_wait_for_the_resolver(void)
{
    bool done = false;
    g_autoptr(HttpClient) client = http_client_new("loa-test/1", NULL);
    HttpCall *call = ask(client, 0, &done);
    g_main_context_iteration(NULL, TRUE);
    wait_asked();
    http_call_cancel(call);
    g_assert_true(was_asking());
    g_assert_false(done);
}

static void test_an_end_does_not_wait_for_the_resolver(void)
{
    bool done = false;
    HttpClient *client = http_client_new("loa-test/1", NULL);
    ask(client, 0, &done);
    g_main_context_iteration(NULL, TRUE);
    wait_asked();
    http_client_free(client);
    g_assert_true(was_asking());
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http-resolver/late", test_a_call_that_is_late_does_not_wait_for_the_resolver);
    g_test_add_func("/http-resolver/cancelled",
                    test_a_cancelled_call_does_not_wait_for_the_resolver);
    g_test_add_func("/http-resolver/end", test_an_end_does_not_wait_for_the_resolver);
    return g_test_run();
}
