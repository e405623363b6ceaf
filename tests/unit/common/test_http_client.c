/* The client against a server that answers, streams, stalls, lies and hangs up; and against callers
 * that cancel, send and free from inside its callbacks. Limits in milliseconds are only there to be
 * reached: nothing asserts how long anything took. */
#include "http_client.h"
#include "http_socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "http_test_server.h"

typedef struct Fixture {
    HttpTestServer *server;
    HttpClient *client;
    /* what the callbacks saw */
    GString *data;
    unsigned done;
    unsigned status;
    HttpCall *call;
    HttpCall *second;
    bool refuse;
} Fixture;

static void set_up(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    f->server = http_test_server_new();
    f->client = http_client_new("loa-test/1", NULL);
    f->data = g_string_new(NULL);
}

static void tear_down(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    http_client_free(f->client);
    http_test_server_free(f->server);
    g_string_free(f->data, TRUE);
}

static bool collect(const void *bytes, size_t length, void *user)
{
    Fixture *f = user;
    g_string_append_len(f->data, bytes, (gssize)length);
    return !f->refuse;
}

static void note_done(const HttpAnswer *answer, void *user)
{
    Fixture *f = user;
    f->status = answer->status;
    f->done++;
}

static HttpAnswer *ask(Fixture *f, const char *path, HttpRequest request)
{
    g_autofree char *url = http_test_server_url(f->server, path);
    request.method = request.method ? request.method : "GET";
    request.url = url;
    request.user = f;
    return http_client_send_wait(f->client, &request);
}

static HttpCall *start(Fixture *f, const char *path, HttpRequest request)
{
    g_autofree char *url = http_test_server_url(f->server, path);
    request.method = "GET";
    request.url = url;
    request.user = f;
    request.on_done = request.on_done ? request.on_done : note_done;
    return http_client_send(f->client, &request);
}

static void assert_body(const HttpAnswer *answer, const char *expected)
{
    gsize length;
    const char *bytes = g_bytes_get_data(answer->body, &length);
    g_autofree char *text = g_strndup(length ? bytes : "", length);
    g_assert_cmpstr(text, ==, expected);
}

static void assert_failed(const HttpAnswer *answer, GIOErrorEnum code)
{
    g_assert_cmpuint(answer->status, ==, 0);
    g_assert_error(answer->error, G_IO_ERROR, (int)code);
    g_assert_nonnull(answer->body);
}

static void a_get_sends_what_it_was_told_and_nothing_else(Fixture *f,
                                                          G_GNUC_UNUSED gconstpointer data)
{
    const char *headers[] = {"X-Nonce: 7", NULL};
    g_autoptr(HttpAnswer) answer =
        ask(f, "/a/../b/./c%20d?x=1", (HttpRequest){.headers = headers, .max_answer = 10000});
    g_assert_no_error(answer->error);
    g_assert_cmpuint(answer->status, ==, 200);
    gsize length;
    const char *bytes = g_bytes_get_data(answer->body, &length);
    g_autofree char *request = g_strndup(bytes, length);
    g_assert_true(g_str_has_prefix(request, "GET /a/../b/./c%20d?x=1 HTTP/1.1\r\n"));
    g_assert_nonnull(strstr(request, "\r\nX-Nonce: 7\r\n"));
    g_assert_nonnull(strstr(request, "\r\nUser-Agent: loa-test/1\r\n"));
    g_assert_null(strstr(request, "Content-Type"));
    g_assert_cmpstr(g_hash_table_lookup(answer->headers, "x-twice"), ==, "b");
    g_assert_nonnull(g_hash_table_lookup(answer->headers, "content-length"));
}

static void every_method_sends_its_body(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const methods[] = {"POST", "PUT", "PATCH", "DELETE"};
    const char *headers[] = {"Content-Type: application/json", NULL};
    g_autofree char *large = g_strnfill(1100000, 'x'); /* curl says "Expect" above 1 MiB */
    g_autoptr(GBytes) body = g_bytes_new(large, 1100000);
    for (unsigned i = 0; i < G_N_ELEMENTS(methods); i++) {
        g_autoptr(HttpAnswer) answer =
            ask(f, "/echo",
                (HttpRequest){
                    .method = methods[i], .headers = headers, .body = body, .max_answer = 1200000});
        g_assert_cmpuint(answer->status, ==, 200);
        gsize length;
        const char *bytes = g_bytes_get_data(answer->body, &length);
        g_autofree char *request = g_strndup(bytes, length);
        g_assert_true(g_str_has_prefix(request, methods[i]));
        g_assert_true(g_str_has_suffix(request, large));
        g_assert_nonnull(strstr(request, "\r\nContent-Type: application/json\r\n"));
        g_assert_null(strstr(request, "Expect"));
    }
}

static void a_post_without_a_body_says_so_and_head_gets_none(Fixture *f,
                                                             G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(HttpAnswer) post =
        ask(f, "/echo", (HttpRequest){.method = "POST", .max_answer = 9999});
    g_autofree char *request =
        g_strndup(g_bytes_get_data(post->body, NULL), g_bytes_get_size(post->body));
    g_assert_nonnull(strstr(request, "\r\nContent-Length: 0\r\n"));
    g_assert_null(strstr(request, "Content-Type"));
    g_autoptr(HttpAnswer) head = ask(f, "/echo", (HttpRequest){.method = "HEAD"});
    g_assert_cmpuint(head->status, ==, 200);
    g_assert_cmpuint(g_bytes_get_size(head->body), ==, 0);
}

static void a_refusal_and_a_redirection_are_answers(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(HttpAnswer) missing = ask(f, "/missing", (HttpRequest){.max_answer = 100});
    g_assert_no_error(missing->error);
    g_assert_cmpuint(missing->status, ==, 404);
    assert_body(missing, "no such thing");
    g_autoptr(HttpAnswer) moved = ask(f, "/moved", (HttpRequest){.max_answer = 100});
    g_assert_cmpuint(moved->status, ==, 302);
    g_assert_cmpstr(g_hash_table_lookup(moved->headers, "location"), ==, "/echo");
    g_autoptr(HttpAnswer) interim = ask(f, "/interim", (HttpRequest){.max_answer = 100});
    g_assert_cmpuint(interim->status, ==, 200);
    g_assert_null(g_hash_table_lookup(interim->headers, "x-early"));
}

static void a_stream_comes_in_pieces_and_is_not_kept(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GString) expected = g_string_new(NULL);
    for (int i = 0; i < 20; i++)
        g_string_append_printf(expected, "piece-%d;", i);
    g_autoptr(HttpAnswer) answer = ask(f, "/pieces", (HttpRequest){.on_data = collect});
    g_assert_cmpuint(answer->status, ==, 200);
    g_assert_cmpstr(f->data->str, ==, expected->str);
    assert_body(answer, "");
}

static void a_refusal_is_never_streamed(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(HttpAnswer) answer =
        ask(f, "/missing", (HttpRequest){.on_data = collect, .max_answer = 7});
    g_assert_no_error(answer->error);
    g_assert_cmpuint(answer->status, ==, 404);
    g_assert_cmpuint(f->data->len, ==, 0);
    assert_body(answer, "no such");
}

static void a_receiver_that_wants_no_more_ends_the_call(Fixture *f,
                                                        G_GNUC_UNUSED gconstpointer data)
{
    f->refuse = true;
    g_autoptr(HttpAnswer) answer = ask(f, "/stall", (HttpRequest){.on_data = collect});
    assert_failed(answer, G_IO_ERROR_FAILED);
    g_assert_cmpstr(f->data->str, ==, "half");
}

static void too_large_an_answer_is_an_error_packed_or_not(Fixture *f,
                                                          G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(HttpAnswer) fits = ask(f, "/big", (HttpRequest){.max_answer = 100000});
    g_assert_cmpuint(fits->status, ==, 200);
    g_assert_cmpuint(g_bytes_get_size(fits->body), ==, 100000);
    g_autoptr(HttpAnswer) big = ask(f, "/big", (HttpRequest){.max_answer = 99999});
    assert_failed(big, G_IO_ERROR_MESSAGE_TOO_LARGE);
    g_assert_cmpuint(g_bytes_get_size(big->body), <=, 99999);
    g_autoptr(HttpAnswer) packed = ask(f, "/gzip", (HttpRequest){.max_answer = 1000000});
    g_assert_cmpuint(g_bytes_get_size(packed->body), ==, 1000000);
    g_autoptr(HttpAnswer) bomb = ask(f, "/gzip", (HttpRequest){.max_answer = 999999});
    assert_failed(bomb, G_IO_ERROR_MESSAGE_TOO_LARGE);
    g_autoptr(HttpAnswer) headers = ask(f, "/headers", (HttpRequest){.max_answer = 100});
    assert_failed(headers, G_IO_ERROR_MESSAGE_TOO_LARGE);
}

static void silence_and_lateness_are_errors(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(HttpAnswer) stalled =
        ask(f, "/stall", (HttpRequest){.max_answer = 1000, .stall_ms = 50});
    assert_failed(stalled, G_IO_ERROR_TIMED_OUT);
    g_autoptr(HttpAnswer) streamed =
        ask(f, "/stall", (HttpRequest){.on_data = collect, .stall_ms = 50});
    assert_failed(streamed, G_IO_ERROR_TIMED_OUT);
    g_assert_cmpstr(f->data->str, ==, "half");
    g_autoptr(HttpAnswer) mute = ask(f, "/mute", (HttpRequest){.max_answer = 1000, .stall_ms = 50});
    assert_failed(mute, G_IO_ERROR_TIMED_OUT);
    g_autoptr(HttpAnswer) late =
        ask(f, "/stall", (HttpRequest){.max_answer = 1000, .timeout_ms = 50});
    assert_failed(late, G_IO_ERROR_TIMED_OUT);
}

static void half_an_answer_is_no_answer(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(HttpAnswer) cut = ask(f, "/cut", (HttpRequest){.max_answer = 1000});
    assert_failed(cut, G_IO_ERROR_CONNECTION_CLOSED);
}

static void
what_cannot_be_reached_is_an_error_and_no_file_is_opened(Fixture *f,
                                                         G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *url;
        GIOErrorEnum code;
    } rows[] = {
        {"http://127.0.0.1:1/", G_IO_ERROR_CONNECTION_REFUSED},
        {"file:///etc/hostname", G_IO_ERROR_INVALID_ARGUMENT},
        {"ftp://127.0.0.1/", G_IO_ERROR_INVALID_ARGUMENT},
        {"http://", G_IO_ERROR_INVALID_ARGUMENT},
        {"", G_IO_ERROR_INVALID_ARGUMENT},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        HttpRequest request = {.method = "GET", .url = rows[i].url, .max_answer = 1000};
        g_autoptr(HttpAnswer) answer = http_client_send_wait(f->client, &request);
        g_test_message("%s", rows[i].url);
        assert_failed(answer, rows[i].code);
    }
}

/* After a cancel: other calls go on, and the cancelled one has said nothing. */
static void assert_client_still_works(Fixture *f)
{
    g_autoptr(HttpAnswer) answer = ask(f, "/echo", (HttpRequest){.max_answer = 10000});
    g_assert_cmpuint(answer->status, ==, 200);
}

static bool cancel_myself(const void *bytes, size_t length, void *user)
{
    Fixture *f = user;
    collect(bytes, length, user);
    http_call_cancel(f->call);
    f->call = NULL;
    return true;
}

static bool cancel_the_other(G_GNUC_UNUSED const void *bytes, G_GNUC_UNUSED size_t length,
                             void *user)
{
    Fixture *f = user;
    http_call_cancel(f->second);
    f->second = NULL;
    return true;
}

static bool send_another(const void *bytes, size_t length, void *user)
{
    Fixture *f = user;
    if (f->data->len == 0)
        start(f, "/missing", (HttpRequest){.max_answer = 100});
    return collect(bytes, length, user);
}

static bool free_the_client(const void *bytes, size_t length, void *user)
{
    Fixture *f = user;
    collect(bytes, length, user);
    http_client_free(f->client);
    f->client = NULL;
    return true;
}

static void note_and_free_the_client(const HttpAnswer *answer, void *user)
{
    Fixture *f = user;
    note_done(answer, user);
    http_client_free(f->client);
    f->client = NULL;
}

static void note_and_cancel_myself(const HttpAnswer *answer, void *user)
{
    Fixture *f = user;
    note_done(answer, user);
    http_call_cancel(f->call);
}

static void run_until(const unsigned *counter, unsigned value)
{
    while (*counter < value)
        g_main_context_iteration(NULL, TRUE);
}

static void a_cancelled_call_never_speaks_again(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    http_call_cancel(start(f, "/echo", (HttpRequest){.max_answer = 10000}));
    f->call = start(f, "/stall", (HttpRequest){.on_data = cancel_myself, .stall_ms = 60000});
    while (f->call)
        g_main_context_iteration(NULL, TRUE);
    assert_client_still_works(f);
    g_assert_cmpstr(f->data->str, ==, "half");
    g_assert_cmpuint(f->done, ==, 0);
}

static void a_call_may_cancel_another_from_inside(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    f->second = start(f, "/mute", (HttpRequest){.max_answer = 100, .stall_ms = 60000});
    f->call = start(f, "/pieces", (HttpRequest){.on_data = cancel_the_other});
    run_until(&f->done, 1);
    assert_client_still_works(f);
    g_assert_null(f->second);
    g_assert_cmpuint(f->done, ==, 1);
    g_assert_cmpuint(f->status, ==, 200);
}

static void a_call_may_start_another_from_inside(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    f->call = start(f, "/pieces", (HttpRequest){.on_data = send_another});
    run_until(&f->done, 2);
    g_assert_true(g_str_has_suffix(f->data->str, "piece-19;"));
}

static void cancelling_a_call_that_is_done_changes_nothing(Fixture *f,
                                                           G_GNUC_UNUSED gconstpointer data)
{
    f->call =
        start(f, "/echo", (HttpRequest){.max_answer = 10000, .on_done = note_and_cancel_myself});
    run_until(&f->done, 1);
    assert_client_still_works(f);
    http_call_cancel(NULL);
}

static void freeing_the_client_ends_everything_silently(Fixture *f,
                                                        G_GNUC_UNUSED gconstpointer data)
{
    start(f, "/mute", (HttpRequest){.max_answer = 100, .stall_ms = 1});
    start(f, "/stall", (HttpRequest){.on_data = free_the_client});
    start(f, "/mute", (HttpRequest){.max_answer = 100});
    f->done = 0;
    while (f->client)
        g_main_context_iteration(NULL, TRUE);
    unsigned before = f->done; /* the first may have stalled meanwhile */
    while (g_main_context_iteration(NULL, FALSE))
        continue;
    g_assert_cmpuint(f->done, ==, before);
    g_assert_cmpstr(f->data->str, ==, "half");
}

static void the_client_may_be_freed_by_an_answer(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    start(f, "/mute", (HttpRequest){.max_answer = 100});
    start(f, "/echo", (HttpRequest){.max_answer = 10000, .on_done = note_and_free_the_client});
    run_until(&f->done, 1);
    g_assert_null(f->client);
    f->client = http_client_new("loa-test/1", NULL);
    start(f, "/mute",
          (HttpRequest){.max_answer = 100, .stall_ms = 20, .on_done = note_and_free_the_client});
    run_until(&f->done, 2);
    g_assert_null(f->client);
    g_assert_cmpuint(f->status, ==, 0);
}

static void many_calls_run_beside_each_other(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    for (unsigned i = 0; i < 20; i++)
        start(f, "/big", (HttpRequest){.max_answer = 100000});
    run_until(&f->done, 20);
    g_assert_cmpuint(f->done, ==, 20);
}

static void add_up(int64_t bytes, void *user)
{
    g_assert_cmpint(bytes, >, 0);
    *(int64_t *)user += bytes;
}

static void what_goes_over_the_line_is_counted_whatever_the_end(Fixture *f,
                                                                G_GNUC_UNUSED gconstpointer data)
{
    int64_t whole = 0, packed = 0, sent = 0, given_up = 0;
    const HttpRequest counted = {.max_answer = 1000000, .on_traffic = add_up};
    HttpRequest one = counted;
    one.traffic_user = &whole;
    http_answer_free(ask(f, "/big", one));
    g_assert_cmpint(whole, >, 100000 + 100);
    g_assert_cmpint(whole, <, 100000 * 11 / 10);

    one.traffic_user = &packed; /* as it came, not as it is read */
    http_answer_free(ask(f, "/gzip", one));
    g_assert_cmpint(packed, >, 1000);
    g_assert_cmpint(packed, <, 10000);

    g_autofree char *much = g_strnfill(50000, 'x');
    g_autoptr(GBytes) body = g_bytes_new_static(much, 50000);
    one = (HttpRequest){.method = "POST",
                        .body = body,
                        .max_answer = 1000000,
                        .on_traffic = add_up,
                        .traffic_user = &sent};
    http_answer_free(ask(f, "/missing", one));
    g_assert_cmpint(sent, >, 50000);

    one = (HttpRequest){.on_data = cancel_myself,
                        .stall_ms = 60000,
                        .on_traffic = add_up,
                        .traffic_user = &given_up};
    f->call = start(f, "/stall", one);
    while (f->data->len == 0)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpint(given_up, >, (int64_t)f->data->len);
}

/* The socket of ours that speaks with `port`. */
static int find_socket(unsigned port)
{
    for (int fd = 3; fd < 256; fd++) {
        struct sockaddr_in peer = {0};
        socklen_t length = sizeof peer;
        if (getpeername(fd, (struct sockaddr *)&peer, &length) == 0 && peer.sin_family == AF_INET &&
            ntohs(peer.sin_port) == port)
            return fd;
    }
    return -1;
}

static int option_of(int fd, int name)
{
    int value = 0;
    socklen_t length = sizeof value;
    g_assert_cmpint(getsockopt(fd, IPPROTO_TCP, name, &value, &length), ==, 0);
    return value;
}

static void a_way_that_is_cut_is_noticed(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *url = http_test_server_url(f->server, "");
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
    start(f, "/stall", (HttpRequest){.on_data = collect, .stall_ms = 60000});
    while (f->data->len == 0)
        g_main_context_iteration(NULL, TRUE);
    int fd = find_socket((unsigned)g_uri_get_port(uri));
    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(option_of(fd, TCP_USER_TIMEOUT), ==, HTTP_SOCKET_UNHEARD_S * 1000);
    g_assert_cmpint(option_of(fd, TCP_KEEPIDLE), ==, HTTP_SOCKET_IDLE_S);
    g_assert_cmpint(option_of(fd, TCP_KEEPINTVL), ==, HTTP_SOCKET_SIGN_S);
}

#define ADD(name, func) g_test_add("/http-client/" name, Fixture, NULL, set_up, func, tear_down)

int main(int argc, char **argv)
{
    g_setenv("http_proxy", "http://127.0.0.1:1", TRUE); /* must not matter */
    g_test_init(&argc, &argv, NULL);
    ADD("get", a_get_sends_what_it_was_told_and_nothing_else);
    ADD("bodies", every_method_sends_its_body);
    ADD("no-body", a_post_without_a_body_says_so_and_head_gets_none);
    ADD("refusal", a_refusal_and_a_redirection_are_answers);
    ADD("stream", a_stream_comes_in_pieces_and_is_not_kept);
    ADD("stream-refusal", a_refusal_is_never_streamed);
    ADD("stream-enough", a_receiver_that_wants_no_more_ends_the_call);
    ADD("too-large", too_large_an_answer_is_an_error_packed_or_not);
    ADD("silence", silence_and_lateness_are_errors);
    ADD("traffic", what_goes_over_the_line_is_counted_whatever_the_end);
    ADD("cut", half_an_answer_is_no_answer);
    ADD("unreachable", what_cannot_be_reached_is_an_error_and_no_file_is_opened);
    ADD("cancel", a_cancelled_call_never_speaks_again);
    ADD("cancel-other", a_call_may_cancel_another_from_inside);
    ADD("send-inside", a_call_may_start_another_from_inside);
    ADD("cancel-done", cancelling_a_call_that_is_done_changes_nothing);
    ADD("free-inside", freeing_the_client_ends_everything_silently);
    ADD("free-by-answer", the_client_may_be_freed_by_an_answer);
    ADD("way", a_way_that_is_cut_is_noticed);
    ADD("many", many_calls_run_beside_each_other);
    return g_test_run();
}
