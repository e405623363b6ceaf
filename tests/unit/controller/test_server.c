/* The server over real sockets: limits, conditions, repeats, streams. */
#include "http/server.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto.h"
#include "http/event_stream.h"
#include "http/idempotency.h"
#include "http/reply_parts.h"
#include "http_peer.h"

#define BODY_MAX    4096
#define CONNECTIONS 50

typedef struct Room {
    Database *database;
    EventHub *hub;
    GBytes *text;
    GBytes *gzip;
    char *folder;
    char *file;
    Request *waiting;
    unsigned calls;
    unsigned abandoned;
    unsigned gone;
    GString *streamed;
} Room;

typedef struct FakeApp {
    Room *room;
} FakeApp;

typedef struct Fixture {
    Room room;
    FakeApp app;
    Router *router;
    Server *server;
    Idempotency *idempotency;
    unsigned port;
} Fixture;

static Reply *echo(void *data, Request *request)
{
    Room *room = data;
    Json *answer = json_new_object();
    room->calls++;
    json_set_int(answer, "calls", room->calls);
    json_set_text(answer, "id", request_place(request, "id"));
    json_set_text(answer, "q", request_query(request, "q"));
    json_set_text(answer, "name", json_peek_text(request_json(request), "name"));
    return reply_json_take(201, answer);
}

static Reply *text(void *data, Request *request)
{
    (void)request;
    Room *room = data;
    return reply_cached("text/plain", "1.7", room->text, room->gzip);
}

static Reply *file(void *data, Request *request)
{
    (void)request;
    Room *room = data;
    return reply_file(room->file, "audio/ogg", "abc", true);
}

static gboolean finish_later(void *data)
{
    Room *room = data;
    request_finish(g_steal_pointer(&room->waiting), reply_empty(204));
    return G_SOURCE_REMOVE;
}

static Reply *late(void *data, Request *request)
{
    Room *room = data;
    room->waiting = request_hold(request);
    g_timeout_add(20, finish_later, room);
    return NULL;
}

static void on_gone(const char *topic, void *data)
{
    g_assert_cmpstr(topic, ==, "topic");
    ((Room *)data)->gone++;
}

static gboolean send_events(void *data)
{
    Room *room = data;
    event_hub_send(room->hub, "topic", "changed", "7", "{\"n\":1}");
    event_hub_send(room->hub, NULL, "changed", NULL, "{\"n\":2}");
    event_hub_send(room->hub, "another", "changed", NULL, "{\"n\":3}");
    return G_SOURCE_REMOVE;
}

static Reply *events(void *data, Request *request)
{
    Room *room = data;
    g_timeout_add(20, send_events, room);
    return event_hub_open(room->hub, request, "topic", on_gone, room);
}

static Reply *stream_begin(void *data, Request *request, uint64_t length, void **ret_stream)
{
    (void)request, (void)length;
    Room *room = data;
    g_string_truncate(room->streamed, 0);
    *ret_stream = room->streamed;
    return NULL;
}

static Reply *stream_chunk(void *data, Request *request, void *stream, const void *bytes,
                           size_t length)
{
    (void)data, (void)request;
    g_string_append_len(stream, bytes, (gssize)length);
    return NULL;
}

static Reply *stream_end(void *data, Request *request, void *stream)
{
    (void)data, (void)request, (void)stream;
    return reply_empty(204);
}

static void stream_abandon(void *data, void *stream)
{
    (void)stream;
    ((Room *)data)->abandoned++;
}

static const StreamOps stream_ops = {
    .begin = stream_begin, .chunk = stream_chunk, .end = stream_end, .abandon = stream_abandon};

#define ROUTE(m, p, ...)                                                                           \
    {                                                                                              \
        .method = m, .path = p, .listeners = LISTENER_PEOPLE,                                      \
        .room = G_STRUCT_OFFSET(FakeApp, room), __VA_ARGS__                                        \
    }

static const Route routes[] = {
    ROUTE("POST", "/api/things/{id}", .body = BODY_JSON, .max_body = BODY_MAX, .handler = echo,
          .idempotent = true),
    ROUTE("GET", "/api/things/{id}", .handler = echo),
    ROUTE("GET", "/text", .handler = text),
    ROUTE("GET", "/file", .handler = file),
    ROUTE("GET", "/late", .handler = late),
    ROUTE("GET", "/events", .handler = events),
    ROUTE("GET", "/private", .handler = echo, .gate = GATE_USER),
    ROUTE("PATCH", "/stream", .body = BODY_STREAM, .max_body = 1 << 20, .stream = &stream_ops),
    {.method = "GET",
     .path = "/station",
     .listeners = LISTENER_STATIONS,
     .room = G_STRUCT_OFFSET(FakeApp, room),
     .handler = echo},
};

static const char *who(const Request *request)
{
    return request_header(request, "X-Who");
}

static void write_file(Room *room, const char *name, const char *content)
{
    g_autofree char *path = g_build_filename(room->folder, name, NULL);
    g_autofree char *parent = g_path_get_dirname(path);
    g_mkdir_with_parents(parent, 0700);
    g_assert_true(g_file_set_contents(path, content, -1, NULL));
}

static void set_up(Fixture *self, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    self->room.folder = g_dir_make_tmp("loa-server-XXXXXX", NULL);
    self->room.file = g_build_filename(self->room.folder, "sound", NULL);
    write_file(&self->room, "sound", "0123456789");
    write_file(&self->room, "panel/index.html", "<p>panel");
    write_file(&self->room, "panel/assets/a.js", "plain");
    write_file(&self->room, "panel/assets/a.js.br", "brotli");
    self->room.database = database_open(":memory:", &error);
    g_assert_no_error(error);
    self->room.hub = event_hub_new(25000, 2);
    self->room.text = g_bytes_new_static("plain text", 10);
    self->room.gzip = g_bytes_new_static("gzipped", 7);
    self->room.streamed = g_string_new(NULL);
    self->app.room = &self->room;
    self->idempotency = idempotency_new(self->room.database, who);
    self->router = router_new(routes, G_N_ELEMENTS(routes), &self->app);
    ServerGates gates = {.idempotency = self->idempotency};
    g_autofree char *panel = g_build_filename(self->room.folder, "panel", NULL);
    ServerSettings settings = {.people_address = "127.0.0.1:0",
                               .stations_address = "127.0.0.1:0",
                               .people_connections = CONNECTIONS,
                               .stations_connections = 50,
                               .static_dir = panel};
    self->server = server_start(&settings, self->router, &gates, &error);
    g_assert_no_error(error);
    self->port = server_port(self->server, LISTENER_PEOPLE);
}

static void tear_down(Fixture *self, const void *data)
{
    (void)data;
    server_stop(self->server);
    event_hub_free(self->room.hub);
    idempotency_free(self->idempotency);
    router_free(self->router);
    database_close(self->room.database);
    g_bytes_unref(self->room.text);
    g_bytes_unref(self->room.gzip);
    g_string_free(self->room.streamed, TRUE);
    g_autofree char *command = g_strdup_printf("rm -rf '%s'", self->room.folder);
    g_assert_cmpint(system(command), ==, 0);
    g_free(self->room.folder);
    g_free(self->room.file);
}

static void assert_problem(const char *answer, unsigned status, const char *slug)
{
    g_autofree char *type = g_strdup_printf("\"type\":\"/problems/%s\"", slug);
    g_assert_cmpuint(http_peer_status(answer), ==, status);
    g_assert_nonnull(strstr(answer, "application/problem+json"));
    g_assert_nonnull(strstr(answer, type));
}

static void test_json_reaches_the_handler_and_comes_back(Fixture *self, const void *data)
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

static void test_bad_bodies_get_problem_documents(Fixture *self, const void *data)
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
        assert_problem(answer, cases[i].status, cases[i].slug);
    }
    g_assert_cmpuint(self->room.calls, ==, 0);
}

static void test_oversized_bodies_are_refused_with_and_without_a_length(Fixture *self,
                                                                        const void *data)
{
    (void)data;
    g_autofree char *big = g_strnfill(BODY_MAX + 1, ' ');
    g_autofree char *answer = http_peer_post(self->port, "/api/things/1", NULL, big);
    assert_problem(answer, 413, "too-large");

    g_autoptr(GString) chunked =
        g_string_new("POST /api/things/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                     "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
    g_string_append_printf(chunked, "%x\r\n%s\r\n0\r\n\r\n", BODY_MAX + 1, big);
    g_autofree char *second = http_peer_ask(&(HttpPeer){.port = self->port, .send = chunked});
    assert_problem(second, 413, "too-large");
    g_assert_cmpuint(self->room.calls, ==, 0);
}

static void test_endless_body_is_cut_with_an_answer(Fixture *self, const void *data)
{
    (void)data;
    g_autoptr(GString) endless =
        g_string_new("POST /api/things/1 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                     "Content-Length: 99999999999\r\n\r\n");
    for (int i = 0; i < 1400; i++)
        g_string_append_printf(endless, "%1024d", i);
    g_autofree char *answer = http_peer_ask(&(HttpPeer){.port = self->port, .send = endless});
    assert_problem(answer, 413, "too-large");
}

static void test_unknown_paths_and_methods_say_so(Fixture *self, const void *data)
{
    (void)data;
    g_autofree char *missing = http_peer_get(self->port, "/api/nothing", NULL);
    assert_problem(missing, 404, "not-found");
    g_autofree char *method = http_peer_post(self->port, "/text", NULL, "{}");
    assert_problem(method, 405, "method-not-allowed");
    g_assert_nonnull(strstr(method, "Allow: GET, HEAD\r\n"));
    g_autofree char *other = http_peer_get(self->port, "/station", NULL);
    assert_problem(other, 404, "not-found");
    g_autofree char *gate = http_peer_get(self->port, "/private", NULL);
    assert_problem(gate, 401, "not-logged-in");
    g_autofree char *query = http_peer_get(self->port, "/text?q=%ff", NULL);
    assert_problem(query, 400, "bad-request");
    g_autofree char *english = http_peer_get(self->port, "/x", "Accept-Language: en, vi;q=0.5\r\n");
    g_assert_nonnull(strstr(english, "There is no such thing here."));
}

static void test_known_version_is_not_sent_again(Fixture *self, const void *data)
{
    (void)data;
    g_autofree char *first = http_peer_get(self->port, "/text", NULL);
    g_assert_nonnull(strstr(first, "ETag: \"1.7\"\r\n"));
    g_assert_cmpstr(http_peer_body(first), ==, "plain text");
    g_autofree char *again =
        http_peer_get(self->port, "/text", "If-None-Match: \"0\", W/\"1.7\"\r\n");
    g_assert_cmpuint(http_peer_status(again), ==, 304);
    g_assert_cmpstr(http_peer_body(again), ==, "");
    g_autofree char *small =
        http_peer_get(self->port, "/text", "Accept-Encoding: br;q=1, gzip;q=0.5\r\n");
    g_assert_nonnull(strstr(small, "Content-Encoding: gzip\r\n"));
    g_assert_cmpstr(http_peer_body(small), ==, "gzipped");
    g_autofree char *refused = http_peer_get(self->port, "/text", "Accept-Encoding: gzip;q=0\r\n");
    g_assert_cmpstr(http_peer_body(refused), ==, "plain text");
}

static void test_ranges_of_a_file(Fixture *self, const void *data)
{
    (void)data;
    const struct {
        const char *headers;
        unsigned status;
        const char *body, *range;
    } cases[] = {
        {"Range: bytes=2-4\r\n", 206, "234", "bytes 2-4/10"},
        {"Range: bytes=7-\r\n", 206, "789", "bytes 7-9/10"},
        {"Range: bytes=-3\r\n", 206, "789", "bytes 7-9/10"},
        {"Range: bytes=-99\r\n", 206, "0123456789", "bytes 0-9/10"},
        {"Range: bytes=0-99\r\n", 206, "0123456789", "bytes 0-9/10"},
        {"Range: bytes=10-\r\n", 416, NULL, "bytes */10"},
        {"Range: bytes=-0\r\n", 416, NULL, "bytes */10"},
        {"Range: bytes=4-2\r\n", 200, "0123456789", NULL},
        {"Range: bytes=1-2,4-5\r\n", 200, "0123456789", NULL},
        {"Range: lines=1-2\r\n", 200, "0123456789", NULL},
        {"Range: bytes=2-4\r\nIf-Range: \"abc\"\r\n", 206, "234", "bytes 2-4/10"},
        {"Range: bytes=2-4\r\nIf-Range: \"old\"\r\n", 200, "0123456789", NULL},
        {"If-None-Match: \"abc\"\r\n", 304, "", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *answer = http_peer_get(self->port, "/file", cases[i].headers);
        g_assert_cmpuint(http_peer_status(answer), ==, cases[i].status);
        if (cases[i].body)
            g_assert_cmpstr(http_peer_body(answer), ==, cases[i].body);
        if (cases[i].range)
            g_assert_nonnull(strstr(answer, cases[i].range));
    }
    g_autofree char *whole = http_peer_get(self->port, "/file", NULL);
    g_assert_nonnull(strstr(whole, "immutable"));
}

static void test_head_is_get_without_a_body(Fixture *self, const void *data)
{
    (void)data;
    g_autoptr(GString) head =
        g_string_new("HEAD /file HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    g_autofree char *answer = http_peer_ask(&(HttpPeer){.port = self->port, .send = head});
    g_assert_cmpuint(http_peer_status(answer), ==, 200);
    g_assert_nonnull(strstr(answer, "Content-Length: 10\r\n"));
    g_assert_cmpstr(http_peer_body(answer), ==, "");
}

static void test_panel_is_served_and_never_left(Fixture *self, const void *data)
{
    (void)data;
    g_autofree char *index = http_peer_get(self->port, "/", NULL);
    g_assert_cmpstr(http_peer_body(index), ==, "<p>panel");
    g_assert_nonnull(strstr(index, "Cache-Control: no-cache"));
    g_autofree char *script = http_peer_get(self->port, "/assets/a.js", "Accept-Encoding: br\r\n");
    g_assert_cmpstr(http_peer_body(script), ==, "brotli");
    g_assert_nonnull(strstr(script, "immutable"));
    g_autofree char *plain = http_peer_get(self->port, "/assets/a.js", NULL);
    g_assert_cmpstr(http_peer_body(plain), ==, "plain");
    const char *outside[] = {
        "/../sound", "/assets/../../sound", "/%2e%2e/sound", "/..%2fsound",    "//sound",
        "/assets",   "/.hidden.html",       "/a\\..\\sound", "/assets/a.js.br"};
    for (size_t i = 0; i < G_N_ELEMENTS(outside); i++) {
        g_autofree char *answer = http_peer_get(self->port, outside[i], NULL);
        g_assert_cmpuint(http_peer_status(answer), ==, 404);
    }
}

static void test_answer_may_come_later(Fixture *self, const void *data)
{
    (void)data;
    g_autofree char *answer = http_peer_get(self->port, "/late", NULL);
    g_assert_cmpuint(http_peer_status(answer), ==, 204);
}

static void test_repeat_with_a_key_answers_as_the_first(Fixture *self, const void *data)
{
    (void)data;
    const char *key = "Content-Type: application/json\r\nX-Who: u\r\nIdempotency-Key: k\r\n";
    g_autofree char *first = http_peer_post(self->port, "/api/things/1", key, "{\"name\":\"a\"}");
    g_autofree char *again = http_peer_post(self->port, "/api/things/1", key, "{\"name\":\"a\"}");
    g_assert_cmpuint(http_peer_status(again), ==, 201);
    g_assert_cmpstr(http_peer_body(again), ==, http_peer_body(first));
    g_assert_cmpuint(self->room.calls, ==, 1);
    g_autofree char *other = http_peer_post(self->port, "/api/things/1", key, "{\"name\":\"b\"}");
    assert_problem(other, 422, "idempotency-key-reused");
    g_autofree char *somebody = http_peer_post(
        self->port, "/api/things/1",
        "Content-Type: application/json\r\nX-Who: v\r\nIdempotency-Key: k\r\n", "{}");
    g_assert_cmpuint(http_peer_status(somebody), ==, 201);
    g_assert_cmpuint(self->room.calls, ==, 2);
}

static void test_events_reach_their_topic_only(Fixture *self, const void *data)
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

static void test_stream_that_is_too_far_behind_is_closed(Fixture *self, const void *data)
{
    (void)data;
    Reply *reply = event_hub_open(self->room.hub, NULL, "topic", on_gone, &self->room);
    char buffer[100];
    g_autofree char *line = g_strnfill(1000, 'x');
    for (int i = 0; i < EVENT_BACKLOG_MAX / 1000 + 1; i++)
        event_hub_send(self->room.hub, "topic", "changed", NULL, line);
    g_assert_cmpint(reply->source_ops->read(reply->source, buffer, sizeof(buffer)), ==, -1);
    reply_free(reply);
    g_assert_cmpuint(event_hub_count(self->room.hub, "topic"), ==, 0);
}

static void test_streams_are_limited(Fixture *self, const void *data)
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

static void test_streamed_body_arrives_piece_by_piece(Fixture *self, const void *data)
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
    g_autofree char *broken = http_peer_ask(
        &(HttpPeer){.port = self->port, .send = text, .piece_gap_ms = 50, .half_close = true});
    g_assert_cmpuint(self->room.abandoned, ==, 1);
    g_assert_cmpuint(self->room.streamed->len, >, 500);
}

static void test_listens_again_after_the_limit_was_reached(Fixture *self, const void *data)
{
    (void)data;
    g_autoptr(GPtrArray) crowd = g_ptr_array_new_with_free_func(g_object_unref);
    g_autoptr(GSocketClient) client = g_socket_client_new();
    for (unsigned i = 0; i < CONNECTIONS + 10; i++) /* the kernel takes them in before we do */
        g_ptr_array_add(crowd, g_socket_client_connect_to_host(client, "127.0.0.1",
                                                               (guint16)self->port, NULL, NULL));
    for (unsigned i = 0; i < 3 * CONNECTIONS; i++)
        g_main_context_iteration(NULL, FALSE);
    g_ptr_array_set_size(crowd, 0);
    g_autofree char *answer = http_peer_get(self->port, "/text", NULL);
    g_assert_cmpuint(http_peer_status(answer), ==, 200);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(crypto_init());
#define ADD(name) g_test_add("/server/" #name, Fixture, NULL, set_up, test_##name, tear_down)
    ADD(json_reaches_the_handler_and_comes_back);
    ADD(bad_bodies_get_problem_documents);
    ADD(oversized_bodies_are_refused_with_and_without_a_length);
    ADD(endless_body_is_cut_with_an_answer);
    ADD(unknown_paths_and_methods_say_so);
    ADD(known_version_is_not_sent_again);
    ADD(ranges_of_a_file);
    ADD(head_is_get_without_a_body);
    ADD(panel_is_served_and_never_left);
    ADD(listens_again_after_the_limit_was_reached);
    ADD(answer_may_come_later);
    ADD(repeat_with_a_key_answers_as_the_first);
    ADD(events_reach_their_topic_only);
    ADD(stream_that_is_too_far_behind_is_closed);
    ADD(streams_are_limited);
    ADD(streamed_body_arrives_piece_by_piece);
    return g_test_run();
}
