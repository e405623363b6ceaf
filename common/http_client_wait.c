/* Waiting for an answer, for tools and tests: the loop runs until it is there. Nothing here knows
 * about curl; it is a client of http_client.h like any other. */
#include "http_client.h"

typedef struct Wait {
    const HttpRequest *request;
    HttpAnswer *answer;
} Wait;

static bool wait_data(const void *bytes, size_t length, void *user)
{
    const HttpRequest *request = ((Wait *)user)->request;
    return request->on_data(bytes, length, request->user);
}

static void wait_done(const HttpAnswer *answer, void *user)
{
    Wait *wait = user;
    wait->answer = g_new0(HttpAnswer, 1);
    *wait->answer = (HttpAnswer){.status = answer->status,
                                 .error = answer->error ? g_error_copy(answer->error) : NULL,
                                 .body = g_bytes_ref(answer->body),
                                 .headers = g_hash_table_ref(answer->headers)};
}

HttpAnswer *http_client_send_wait(HttpClient *self, const HttpRequest *request)
{
    Wait wait = {.request = request};
    HttpRequest waiting = *request;
    waiting.on_data = request->on_data ? wait_data : NULL;
    waiting.on_done = wait_done;
    waiting.user = &wait;
    g_autoptr(GMainContext) context = g_main_context_ref_thread_default();
    http_client_send(self, &waiting);
    while (!wait.answer)
        g_main_context_iteration(context, TRUE);
    return wait.answer;
}

void http_answer_free(HttpAnswer *answer)
{
    if (!answer)
        return;
    if (answer->error)
        g_error_free((GError *)answer->error);
    g_bytes_unref(answer->body);
    g_hash_table_unref(answer->headers);
    g_free(answer);
}
