/* The server over real sockets: limits, repeats, streams. */
#include "server_room.h"

#include <gio/gio.h>
#include <string.h>

#include "crypto.h"
#include "http/reply_parts.h"
#include "http_peer.h"

static void test_json_reaches_the_handler_and_comes_back(ServerRoom *self, const void *data)
{
    (void)data;
    g_autofree char *answer =
        http_peer_post(self->port, "/api/things/a%20b?q=x%2By+z", NULL, "{\"name\":\"Xã\"}");
    g_assert_cmpuint(http_peer_status(answer), ==, 201);
    g_assert_cmpstr(http_peer_body(answer), ==,
                    "{\"calls\":1,\"id\":\"a b\",\"q\":\"x+y z\",\"name\":\"Xã\"}");
    g_assert_nonnull(strstr(answer, "Content-Security-Policy: default-src 'none'"));
    g_assert_nonnull(strstr(answer, "Cache-Control: no-store"));
}

static void test_bad_bodies_get_problem_documents(ServerRoom *self, const void *data)
{
    (void)data;
    g_autofree char *deep = g_strnfill(4000, '[');
    const struct {
        const char *headers, *body;
        unsigned status;
        const char *slug;
    } cases[] = {
        {NULL, "{\"name\":", 400, "json"},
        {NULL, "{\"name\":1,\"name\":2}", 400, "json"},
        {NULL, "[1]", 400, "json"},
        {NULL, deep, 400, "json"},
        {"Content-Type: text/plain\r\n", "{}", 415, "unsupported-media-type"},
        {"Content-Type: application/json\r\nContent-Encoding: gzip\r\n", "{}", 415,
         "unsupported-media-type"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *answer =
            http_peer_post(self->port, "/api/things/1", cases[i].headers, cases[i].body);
        server_room_assert_problem(answer, cases[i].status, cases[i].slug);
    }
    g_assert_cmpuint(self->room.calls, ==, 0);
}

static void test_oversized_bodies_are_refused_with_and_without_a_length(ServerRoom *self,
                                                                        const void *data)
{
    (void)data;
    g_autofree char *big = g_strnfill(BODY_MAX + 1, ' ');
    g_autofree char *answer = http_peer_post(self->port, "/api/things/1", NULL, big);
    server_room_assert_problem(answer, 413, "too-large");

    g_autoptr(GString) chunked =
        g_string_new("POST /api/things/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                     "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
    g_string_append_printf(chunked, "%x\r\n%s\r\n0\r\n\r\n", BODY_MAX + 1, big);
    g_autofree char *second = http_peer_ask(&(HttpPeer){.port = self->port, .send = chunked});
    server_room_assert_problem(second, 413, "too-large");
    g_assert_cmpuint(self->room.calls, ==, 0);
}

static void test_endless_body_is_cut_with_an_answer(ServerRoom *self, const void *data)
{
    (void)data;
    g_autoptr(GString) endless =
        g_string_new("POST /api/things/1 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                     "Content-Length: 99999999999\r\n\r\n");
    for (int i = 0; i < 1400; i++)
        g_string_append_printf(endless, "%1024d", i);
    g_autofree char *answer = http_peer_ask(&(HttpPeer){.port = self->port, .send = endless});
    server_room_assert_problem(answer, 413, "too-large");
}

static void test_unknown_paths_and_methods_say_so(ServerRoom *self, const void *data)
{
    (void)data;
    g_autofree char *missing = http_peer_get(self->port, "/api/nothing", NULL);
    server_room_assert_problem(missing, 404, "not-found");
    g_autofree char *method = http_peer_post(self->port, "/text", NULL, "{}");
    server_room_assert_problem(method, 405, "method-not-allowed");
    g_assert_nonnull(strstr(method, "Allow: GET, HEAD\r\n"));
    g_autofree char *other = http_peer_get(self->port, "/station", NULL);
    server_room_assert_problem(other, 404, "not-found");
    g_autofree char *gate = http_peer_get(self->port, "/private", NULL);
    server_room_assert_problem(gate, 401, "not-logged-in");
    g_autofree char *query = http_peer_get(self->port, "/text?q=%ff", NULL);
    server_room_assert_problem(query, 400, "bad-request");
    g_autofree char *english = http_peer_get(self->port, "/x", "Accept-Language: en, vi;q=0.5\r\n");
    g_assert_nonnull(strstr(english, "This cannot be found."));
}

static void test_answer_may_come_later(ServerRoom *self, const void *data)
{
    (void)data;
    g_autofree char *answer = http_peer_get(self->port, "/late", NULL);
    g_assert_cmpuint(http_peer_status(answer), ==, 204);
}

static void test_repeat_with_a_key_answers_as_the_first(ServerRoom *self, const void *data)
{
    (void)data;
    const char *key = "Content-Type: application/json\r\nX-Who: u\r\nIdempotency-Key: k\r\n";
    g_autofree char *first = http_peer_post(self->port, "/api/things/1", key, "{\"name\":\"a\"}");
    g_autofree char *again = http_peer_post(self->port, "/api/things/1", key, "{\"name\":\"a\"}");
    g_assert_cmpuint(http_peer_status(again), ==, 201);
    g_assert_cmpstr(http_peer_body(again), ==, http_peer_body(first));
    g_assert_cmpuint(self->room.calls, ==, 1);
    g_autofree char *other = http_peer_post(self->port, "/api/things/1", key, "{\"name\":\"b\"}");
    server_room_assert_problem(other, 422, "idempotency-key-reused");
    g_autofree char *somebody = http_peer_post(
        self->port, "/api/things/1",
        "Content-Type: application/json\r\nX-Who: v\r\nIdempotency-Key: k\r\n", "{}");
    g_assert_cmpuint(http_peer_status(somebody), ==, 201);
    g_assert_cmpuint(self->room.calls, ==, 2);
}

#define ORDER                                                                                      \
    "POST /api/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Type: application/json"  \
    "\r\nX-Who: u\r\nIdempotency-Key: k\r\n\r\n{}"

/* The line breaks while the order is being judged; whoever asks again must not order it again. */
static void test_who_leaves_before_a_late_answer_gets_it_by_asking_again(ServerRoom *self,
                                                                         const void *data)
{
    (void)data;
    g_autoptr(GString) order = g_string_new(ORDER);
    g_autofree char *nothing =
        http_peer_ask(&(HttpPeer){.port = self->port, .send = order, .wait_ms = 5});
    g_assert_cmpstr(nothing, ==, "");
    while (self->room.calls == 0)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpuint(self->room.kept, ==, 1);
    g_autofree char *again =
        http_peer_ask(&(HttpPeer){.port = self->port, .send = order, .wait_ms = 300});
    g_assert_cmpuint(http_peer_status(again), ==, 201);
    g_assert_nonnull(strstr(again, "Idempotency-Replayed: true"));
    g_assert_cmpuint(self->room.calls, ==, 1);
}

static void test_a_late_act_that_fails_may_be_tried_again(ServerRoom *self, const void *data)
{
    (void)data;
    g_autoptr(GString) order = g_string_new(ORDER);
    self->room.fails = true;
    g_autofree char *failed =
        http_peer_ask(&(HttpPeer){.port = self->port, .send = order, .wait_ms = 300});
    g_assert_cmpuint(http_peer_status(failed), ==, 500);
    self->room.fails = false;
    g_autofree char *again =
        http_peer_ask(&(HttpPeer){.port = self->port, .send = order, .wait_ms = 300});
    g_assert_cmpuint(http_peer_status(again), ==, 201);
    g_assert_null(strstr(again, "Idempotency-Replayed"));
}

static void test_events_reach_their_topic_only(ServerRoom *self, const void *data)
{
    (void)data;
    g_autoptr(GString) get = g_string_new("GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
    g_autofree char *answer =
        http_peer_ask(&(HttpPeer){.port = self->port, .send = get, .wait_ms = 300});
    g_assert_nonnull(strstr(answer, "text/event-stream"));
    g_assert_nonnull(strstr(answer, "id: 7\nevent: changed\ndata: {\"n\":1}\n\n"));
    g_assert_nonnull(strstr(answer, "{\"n\":2}"));
    g_assert_null(strstr(answer, "{\"n\":3}"));
    while (
        event_hub_count(self->room.hub, NULL)) { /* it notices when it next has to say something */
        event_hub_send(self->room.hub, "topic", "changed", NULL, "{}");
        g_main_context_iteration(NULL, TRUE);
    }
    g_assert_cmpuint(self->room.gone, ==, 1);
}

static void test_stream_that_is_too_far_behind_is_closed(ServerRoom *self, const void *data)
{
    (void)data;
    Reply *reply = event_hub_open(self->room.hub, NULL, "topic", server_room_on_gone, &self->room);
    char buffer[100];
    g_autofree char *line = g_strnfill(1000, 'x');
    for (int i = 0; i < EVENT_BACKLOG_MAX / 1000 + 1; i++)
        event_hub_send(self->room.hub, "topic", "changed", NULL, line);
    g_assert_cmpint(reply->source_ops->read(reply->source, buffer, sizeof(buffer)), ==, -1);
    reply_free(reply);
    g_assert_cmpuint(event_hub_count(self->room.hub, "topic"), ==, 0);
}

#define ONE_PIECE    "5\r\npiece\r\n"
#define THREE_PIECES ONE_PIECE ONE_PIECE ONE_PIECE
#define LAST_CHUNK   "0\r\n\r\n"

static void test_a_body_that_breaks_off_is_not_taken_for_whole(ServerRoom *self, const void *data)
{
    (void)data;
    g_autofree char *whole = http_peer_get(self->port, "/pieces", NULL);
    g_assert_nonnull(strstr(whole, THREE_PIECES));
    g_assert_true(g_str_has_suffix(whole, LAST_CHUNK));
    g_autofree char *broken = http_peer_get(self->port, "/pieces?broken=1", NULL);
    g_assert_nonnull(strstr(broken, THREE_PIECES));
    g_assert_false(g_str_has_suffix(broken, LAST_CHUNK));
}

static void test_a_body_that_the_servers_end_cuts_is_not_taken_for_whole(ServerRoom *self,
                                                                         const void *data)
{
    (void)data;
    g_autofree char *cut = http_peer_get(self->port, "/pieces?waits=1", NULL);
    g_assert_nonnull(strstr(cut, THREE_PIECES));
    g_assert_false(g_str_has_suffix(cut, LAST_CHUNK));
}

static void test_streams_are_limited(ServerRoom *self, const void *data)
{
    (void)data;
    Reply *first = event_hub_open(self->room.hub, NULL, "topic", NULL, NULL);
    Reply *second = event_hub_open(self->room.hub, NULL, "topic", NULL, NULL);
    Reply *third = event_hub_open(self->room.hub, NULL, "topic", NULL, NULL);
    g_assert_cmpuint(reply_status(third), ==, 503);
    reply_free(first);
    reply_free(second);
    reply_free(third);
}

static void test_streamed_body_arrives_piece_by_piece(ServerRoom *self, const void *data)
{
    (void)data;
    g_autoptr(GString) text = g_string_new("PATCH /stream HTTP/1.1\r\nHost: x\r\n"
                                           "Connection: close\r\nContent-Length: 200000\r\n\r\n");
    for (int i = 0; i < 2000; i++)
        g_string_append_printf(text, "%100d", i);
    g_autofree char *answer =
        http_peer_ask(&(HttpPeer){.port = self->port, .send = text, .pieces = 20});
    g_assert_cmpuint(http_peer_status(answer), ==, 204);
    g_assert_cmpuint(self->room.streamed->len, ==, 200000);
    g_assert_true(g_str_has_suffix(self->room.streamed->str, "1999"));

    g_string_truncate(text, 1000);
    g_autofree char *broken =
        http_peer_ask(&(HttpPeer){.port = self->port, .send = text, .half_close = true});
    g_assert_cmpstr(broken, ==, "");
    for (int tries = 0; tries < 1000 && self->room.abandoned == 0; tries++) {
        g_main_context_iteration(NULL, FALSE); /* the server may learn of it a moment later */
        g_usleep(5000);
    }
    g_assert_cmpuint(self->room.abandoned, ==, 1);
    g_assert_cmpuint(self->room.streamed->len, >, 500);
}

static void test_listens_again_after_the_limit_was_reached(ServerRoom *self, const void *data)
{
    (void)data;
    g_autoptr(GPtrArray) crowd = g_ptr_array_new_with_free_func(g_object_unref);
    g_autoptr(GSocketClient) client = g_socket_client_new();
    g_socket_client_set_enable_proxy(client, FALSE);
    for (unsigned i = 0; i < CONNECTIONS + 10; i++) /* the kernel takes them in before we do */
        g_ptr_array_add(crowd, g_socket_client_connect_to_host(client, "127.0.0.1",
                                                               (guint16)self->port, NULL, NULL));
    for (unsigned i = 0; i < 3 * CONNECTIONS; i++)
        g_main_context_iteration(NULL, FALSE);
    g_ptr_array_set_size(crowd, 0);
    g_autofree char *answer = http_peer_get(self->port, "/text", NULL);
    g_assert_cmpuint(http_peer_status(answer), ==, 200);
}

static void test_peer_that_left_with_its_last_bytes_is_noticed(ServerRoom *self, const void *data)
{
    (void)data;
    g_autoptr(GSocketClient) client = g_socket_client_new();
    g_socket_client_set_enable_proxy(client, FALSE);
    g_autoptr(GSocketConnection) peer =
        g_socket_client_connect_to_host(client, "127.0.0.1", (guint16)self->port, NULL, NULL);
    const char *half = "PATCH /stream HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf";
    GSocket *socket = g_socket_connection_get_socket(peer);
    g_assert_cmpint(g_socket_send(socket, half, strlen(half), NULL, NULL), >, 0);
    g_assert_true(g_socket_close(socket, NULL)); /* before the server has even looked */
    gint64 end_us = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
    while (self->room.abandoned == 0 && g_get_monotonic_time() < end_us)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpuint(self->room.abandoned, ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(crypto_init());
#define ADD(name)                                                                                  \
    g_test_add("/server/" #name, ServerRoom, NULL, server_room_set_up, test_##name,                \
               server_room_tear_down)
    ADD(json_reaches_the_handler_and_comes_back);
    ADD(bad_bodies_get_problem_documents);
    ADD(oversized_bodies_are_refused_with_and_without_a_length);
    ADD(endless_body_is_cut_with_an_answer);
    ADD(unknown_paths_and_methods_say_so);
    ADD(answer_may_come_later);
    ADD(peer_that_left_with_its_last_bytes_is_noticed);
    ADD(repeat_with_a_key_answers_as_the_first);
    ADD(who_leaves_before_a_late_answer_gets_it_by_asking_again);
    ADD(a_late_act_that_fails_may_be_tried_again);
    ADD(events_reach_their_topic_only);
    ADD(stream_that_is_too_far_behind_is_closed);
    ADD(a_body_that_breaks_off_is_not_taken_for_whole);
    ADD(a_body_that_the_servers_end_cuts_is_not_taken_for_whole);
    ADD(streams_are_limited);
    ADD(streamed_body_arrives_piece_by_piece);
    ADD(listens_again_after_the_limit_was_reached);
    return g_test_run();
}
