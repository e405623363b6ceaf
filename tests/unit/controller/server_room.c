#include "server_room.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "http_peer.h"

typedef struct Pieces {
    unsigned left;
    ssize_t end; /* 0 = never */
} Pieces;

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

/* What a repeat is answered must be there as soon as the act is. */
static void note_act(void *data)
{
    Room *room = data;
    g_autoptr(Query) query =
        database_query(room->database, "SELECT count(*) FROM idempotency WHERE status = 201");
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    room->kept += row_int(query, 0) == 1;
}

static Reply *act(void *data)
{
    Room *room = data;
    g_autoptr(GError) error = NULL;
    Json *answer = json_new_object();
    room->calls++;
    if (!database_begin(room->database, &error))
        return reply_error(error);
    database_after_commit(room->database, room->acted, room);
    if (room->fails) {
        database_rollback(room->database);
        json_drop(answer);
        return reply_problem(&problem_internal);
    }
    g_assert_true(database_commit(room->database, NULL));
    json_set_int(answer, "calls", room->calls);
    return reply_json_take(201, answer);
}

static gboolean act_later(void *data)
{
    Room *room = data;
    request_finish_by(g_steal_pointer(&room->waiting), act, room);
    return G_SOURCE_REMOVE;
}

static Reply *late_order(void *data, Request *request)
{
    Room *room = data;
    room->waiting = request_hold(request);
    g_timeout_add(60, act_later, room);
    return NULL;
}

void server_room_on_gone(const char *topic, void *data)
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
    return event_hub_open(room->hub, request, "topic", server_room_on_gone, room);
}

static ssize_t piece_read(void *data, char *buffer, size_t size)
{
    Pieces *self = data;
    g_assert_cmpuint(size, >=, 5);
    if (self->left == 0)
        return self->end;
    self->left--;
    memcpy(buffer, "piece", 5);
    return 5;
}

static void piece_attach(void *data, void (*wake)(void *connection), void *connection)
{
    (void)data, (void)wake, (void)connection;
}

static const ReplySource piece_source = {
    .read = piece_read, .attach = piece_attach, .close = g_free, .has_end = true};

static gboolean stop_server(void *data)
{
    g_clear_pointer((Server **)data, server_stop);
    return G_SOURCE_REMOVE;
}

static Reply *pieces(void *data, Request *request)
{
    Room *room = data;
    Pieces *source = g_new0(Pieces, 1);
    source->left = 3;
    source->end = REPLY_END;
    if (request_query(request, "broken"))
        source->end = REPLY_BROKEN;
    if (request_query(request, "waits"))
        source->end = 0;
    if (request_query(request, "waits"))
        g_timeout_add(20, stop_server, room->server);
    return reply_source("text/csv", &piece_source, source);
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
    ROUTE("POST", "/api/orders", .body = BODY_JSON, .max_body = BODY_MAX, .handler = late_order,
          .idempotent = true),
    ROUTE("GET", "/events", .handler = events),
    ROUTE("GET", "/pieces", .handler = pieces),
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

void server_room_set_up(ServerRoom *self, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    self->room.folder = g_dir_make_tmp("loa-server-XXXXXX", NULL);
    self->room.file = g_build_filename(self->room.folder, "sound", NULL);
    write_file(&self->room, "sound", "0123456789");
    write_file(&self->room, "panel/index.html", "<p>panel");
    write_file(&self->room, "secret.json", "{}");
    write_file(&self->room, "panel/.hidden.html", "hidden");
    write_file(&self->room, "panel/assets/a.js", "plain");
    write_file(&self->room, "panel/assets/a.js.br", "brotli");
    write_file(&self->room, "panel/sw.js", "worker");
    write_file(&self->room, "panel/sw.js.br", "small worker");
    write_file(&self->room, "panel/loa.webmanifest", "{}");
    write_file(&self->room, "panel/icon-192.png", "picture");
    self->room.database = database_open(":memory:", &error);
    g_assert_no_error(error);
    self->room.hub = event_hub_new(25000, 2);
    self->room.acted = note_act;
    self->room.text = g_bytes_new_static("plain text", 10);
    self->room.gzip = g_bytes_new_static("gzipped", 7);
    self->room.streamed = g_string_new(NULL);
    self->app.room = &self->room;
    self->room.server = &self->server;
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

void server_room_tear_down(ServerRoom *self, const void *data)
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

void server_room_assert_problem(const char *answer, unsigned status, const char *slug)
{
    g_autofree char *type = g_strdup_printf("\"type\":\"/problems/%s\"", slug);
    g_assert_cmpuint(http_peer_status(answer), ==, status);
    g_assert_nonnull(strstr(answer, "application/problem+json"));
    g_assert_nonnull(strstr(answer, type));
}
