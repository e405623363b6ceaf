/* The only file that knows libmicrohttpd (0.9.75), which runs inside the GMainLoop: its epoll
 * descriptor is polled by a GSource of ours, MHD_run() does the work.
 *
 * What the library does not do: a deadline for slow peers (peer.c), waking its loop after a resume,
 * and TLS, which with epoll would spin while a handshake is unfinished, so nginx stands in front.
 *
 * A connection is suspended while its handler works or its event stream has nothing to say; such
 * a connection costs nothing, but also does not notice a dead peer: TCP_USER_TIMEOUT does. */
#include "http/server.h"

#include <malloc.h>
#include <microhttpd.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "http/listen.h"
#include "http/peer.h"

#define PEOPLE_POOL_BYTES                                                                          \
    (36 * 1024) /* per connection; above 32 KiB it is mapped, and gone with it */
#define STATIONS_POOL_BYTES (4 * 1024) /* ten thousand of them: 40 MB */
#define SOURCE_BLOCK_BYTES  1024
#define CROWD               50

typedef struct Lane Lane;

typedef struct LaneSource {
    GSource source;
    Lane *lane;
    void *fd_tag;
    int64_t due_us; /* CLOCK_MONOTONIC; when the library wants to run; 0 = not */
} LaneSource;

struct Lane {
    struct MHD_Daemon *daemon;
    LaneSource *source;
    ExchangeRoom room;
    GQueue peers;
    uint64_t answers[SERVER_CLASSES];
    unsigned port;
    bool is_stopping;
};

struct Server {
    Lane lanes[2]; /* people, stations */
    unsigned tick_id;
    unsigned ticks;
    unsigned crowd; /* most peers at once since the heap was last trimmed */
    char *static_dir;
    ServerGates gates;
};

static void kick(Lane *lane)
{
    if (lane->source)
        g_source_set_ready_time(&lane->source->source, 0);
}

static void wake_peer(void *user)
{
    Peer *peer = user;
    if (!peer->is_suspended)
        return;
    peer->is_suspended = false;
    MHD_resume_connection(peer->connection);
    kick(peer->lane);
}

static void suspend_peer(Peer *peer)
{
    peer->is_suspended = true;
    MHD_suspend_connection(peer->connection);
}

/* Answers */

typedef struct Sending {
    Reply *reply;
    Peer *peer;
} Sending;

static ssize_t read_source(void *user, uint64_t position, char *buffer, size_t size)
{
    (void)position;
    Sending *sending = user;
    Lane *lane = sending->peer->lane;
    const ReplySource *ops = sending->reply->source_ops;
    bool goes = lane->is_stopping || sending->peer->has_left;
    ssize_t length = goes ? (ops->has_end ? REPLY_BROKEN : REPLY_END)
                          : ops->read(sending->reply->source, buffer, size);
    if (length == 0)
        suspend_peer(sending->peer);
    if (length >= 0)
        return length;
    return length == REPLY_BROKEN ? MHD_CONTENT_READER_END_WITH_ERROR
                                  : MHD_CONTENT_READER_END_OF_STREAM;
}

static void free_sending(void *user)
{
    Sending *sending = user;
    reply_free(sending->reply);
    g_free(sending);
}

static struct MHD_Response *source_response(Peer *peer, Reply *take_reply)
{
    Sending *sending = g_new0(Sending, 1);
    sending->reply = take_reply;
    sending->peer = peer;
    take_reply->source_ops->attach(take_reply->source, wake_peer, peer);
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, SOURCE_BLOCK_BYTES, read_source,
                                             sending, free_sending);
}

static void unref_bytes(void *bytes)
{
    g_bytes_unref(bytes);
}

static struct MHD_Response *bytes_response(const Reply *reply)
{
    size_t length = 0;
    const void *bytes = reply->body ? g_bytes_get_data(reply->body, &length) : NULL;
    if (length == 0)
        return MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
    return MHD_create_response_from_buffer_with_free_callback_cls(
        length, (void *)bytes, unref_bytes, g_bytes_ref(reply->body));
}

static struct MHD_Response *file_response(Reply *reply)
{
    int fd = reply->fd;
    reply->fd = -1; /* the response closes it */
    return MHD_create_response_from_fd_at_offset64(reply->length, fd, reply->offset);
}

static uint64_t length_of(const Reply *reply)
{
    if (reply->kind == REPLY_FILE)
        return reply->length;
    return reply->body ? g_bytes_get_size(reply->body) : 0;
}

static void count_answer(Lane *lane, unsigned status)
{
    lane->answers[CLAMP(status / 100, 1, SERVER_CLASSES) - 1]++;
}

static enum MHD_Result queue_reply(Peer *peer, Reply *take_reply)
{
    unsigned status = take_reply->status;
    bool is_source = take_reply->kind == REPLY_SOURCE;
    struct MHD_Response *response = is_source ? source_response(peer, take_reply)
                                    : take_reply->kind == REPLY_FILE ? file_response(take_reply)
                                                                     : bytes_response(take_reply);
    for (unsigned i = 0; response && i < take_reply->headers->len; i++) {
        const ReplyHeader *header = &g_array_index(take_reply->headers, ReplyHeader, i);
        MHD_add_response_header(response, header->name, header->value);
    }
    if (is_source) {
        peer->state = PEER_STREAMING;
        peer->deadline_us = 0;
    } else {
        peer_allow_sending(peer, length_of(take_reply));
        reply_free(take_reply);
    }
    if (!response)
        return MHD_NO;
    count_answer(peer->lane, status);
    enum MHD_Result result = MHD_queue_response(peer->connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result answer(Peer *peer)
{
    if (((Lane *)peer->lane)->is_stopping)
        return MHD_NO;
    peer->state = PEER_WORKING;
    peer->deadline_us = 0;
    Reply *reply = exchange_answer(peer->exchange);
    if (reply)
        return queue_reply(peer, reply);
    suspend_peer(peer);
    return MHD_YES;
}

/* Requests */

static void *on_request_line(void *user, const char *uri, struct MHD_Connection *connection)
{
    (void)user;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    Peer *peer = info->socket_context;
    peer_begin(peer, uri, wake_peer);
    return peer;
}

static enum MHD_Result copy_header(void *user, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    (void)kind;
    exchange_header(user, name, value ? value : "");
    return MHD_YES;
}

static enum MHD_Result start(Peer *peer, const char *method)
{
    MHD_get_connection_values(peer->connection, MHD_HEADER_KIND, copy_header, peer->exchange);
    peer->state = PEER_BODY;
    if (exchange_start(peer->exchange, method, peer->address))
        return answer(peer);
    return MHD_YES;
}

static void take_body(Peer *peer, const char *bytes, size_t length)
{
    if (peer->state == PEER_CUT)
        return; /* read and forgotten until the peer stops */
    if (!exchange_body(peer->exchange, bytes, length))
        peer_cut(peer);
    else if (exchange_is_stream(peer->exchange))
        peer->deadline_us += (int64_t)(length * G_USEC_PER_SEC / PEER_SLOWEST_BYTES_PER_S);
}

static enum MHD_Result on_request(void *user, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_length, void **context)
{
    (void)user, (void)connection, (void)url, (void)version;
    Peer *peer = *context;
    if (peer->state == PEER_HEADERS)
        return start(peer, method);
    if (*upload_length) {
        take_body(peer, upload, *upload_length);
        *upload_length = 0;
        return MHD_YES;
    }
    return peer->state == PEER_CUT ? MHD_NO : answer(peer);
}

static void on_completed(void *user, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode code)
{
    (void)user, (void)connection, (void)code;
    Peer *peer = *context;
    if (!peer)
        return;
    peer_end(peer);
    *context = NULL;
}

static Peer *welcome(Lane *lane, struct MHD_Connection *connection)
{
    int fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    const struct sockaddr *address =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    Peer *peer = peer_new(&lane->peers, fd, address, &lane->room);
    peer->connection = connection;
    peer->lane = lane;
    return peer;
}

static void on_connection(void *user, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        *socket_context = welcome(user, connection);
    else if (*socket_context)
        peer_free(&((Lane *)user)->peers, *socket_context);
}

static size_t keep_escaped(void *user, struct MHD_Connection *connection, char *text)
{
    (void)user, (void)connection;
    return strlen(text); /* signatures cover the path as sent; request.c decodes the query */
}

/* The reader of a stream that has no more to say to anybody is asked once more, and ends. */
static void end_stream(Peer *peer)
{
    wake_peer(peer);
}

/* What a crowd left in the heap goes back to the system once it is gone. */
static void trim_after_crowd(Server *self)
{
    unsigned now = self->lanes[0].peers.length + self->lanes[1].peers.length;
    self->crowd = MAX(self->crowd, now);
    if (self->crowd < CROWD || now > self->crowd / 2)
        return;
    malloc_trim(0);
    self->crowd = now;
}

static gboolean on_tick(void *user)
{
    Server *self = user;
    self->ticks++;
    trim_after_crowd(self);
    for (size_t i = 0; i < G_N_ELEMENTS(self->lanes); i++)
        peer_tick_all(&self->lanes[i].peers, self->ticks, end_stream);
    return G_SOURCE_CONTINUE;
}

/* The loop */

static gboolean source_prepare(GSource *source, int *timeout)
{
    LaneSource *self = (LaneSource *)source;
    MHD_UNSIGNED_LONG_LONG wait_ms = 0;
    self->due_us = 0;
    *timeout = -1;
    if (MHD_get_timeout(self->lane->daemon, &wait_ms) != MHD_YES)
        return FALSE;
    *timeout = (int)MIN(wait_ms, 60000);
    self->due_us = g_get_monotonic_time() + (int64_t)*timeout * 1000;
    return wait_ms == 0;
}

static gboolean source_check(GSource *source)
{
    LaneSource *self = (LaneSource *)source;
    return g_source_query_unix_fd(source, self->fd_tag) != 0 ||
           (self->due_us && g_get_monotonic_time() >= self->due_us);
}

/* At its limit of connections the library stops to listen, and listens again only in a run after
 * the one that closed some: so when connections went, it runs once more. */
static gboolean source_dispatch(GSource *source, GSourceFunc callback, void *user)
{
    (void)callback, (void)user;
    Lane *lane = ((LaneSource *)source)->lane;
    unsigned before = lane->peers.length;
    g_source_set_ready_time(source, -1);
    MHD_run(lane->daemon);
    if (lane->peers.length < before)
        kick(lane);
    return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = {
    .prepare = source_prepare, .check = source_check, .dispatch = source_dispatch};

static void add_source(Lane *lane)
{
    int fd = MHD_get_daemon_info(lane->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    lane->source = (LaneSource *)g_source_new(&source_funcs, sizeof(LaneSource));
    lane->source->lane = lane;
    lane->source->fd_tag = g_source_add_unix_fd(&lane->source->source, fd, G_IO_IN);
    g_source_set_static_name(&lane->source->source, "http");
    g_source_attach(&lane->source->source, g_main_context_get_thread_default());
}

static bool lane_start(Lane *lane, const ServerSettings *settings, const char *address,
                       unsigned connections, size_t pool, GError **error)
{
    int fd = listen_open(address, &lane->port, error);
    if (fd < 0)
        return false;
    lane->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, lane,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, settings->per_address_connections,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, pool, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)SERVER_IDLE_SECONDS, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK,
        on_request_line, lane, MHD_OPTION_UNESCAPE_CALLBACK, keep_escaped, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, lane, MHD_OPTION_END);
    if (!lane->daemon) {
        close(fd);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot serve HTTP on %s", address);
        return false;
    }
    add_source(lane);
    return true;
}

Server *server_start(const ServerSettings *settings, Router *router, const ServerGates *gates,
                     GError **error)
{
    g_autoptr(Server) self = g_new0(Server, 1);
    self->static_dir = g_strdup(settings->static_dir);
    self->gates = *gates;
    for (size_t i = 0; i < G_N_ELEMENTS(self->lanes); i++) {
        self->lanes[i].room =
            (ExchangeRoom){.listener = i == 0 ? LISTENER_PEOPLE : LISTENER_STATIONS,
                           .router = router,
                           .gates = &self->gates,
                           .static_dir = i == 0 ? self->static_dir : NULL,
                           .trust_forwarded = settings->trust_forwarded};
    }
    if (!lane_start(&self->lanes[0], settings, settings->people_address,
                    settings->people_connections, PEOPLE_POOL_BYTES, error) ||
        !lane_start(&self->lanes[1], settings, settings->stations_address,
                    settings->stations_connections, STATIONS_POOL_BYTES, error))
        return NULL;
    self->tick_id = g_timeout_add(PEER_TICK_MS, on_tick, self);
    return g_steal_pointer(&self);
}

unsigned server_port(const Server *self, Listener listener)
{
    return self->lanes[listener == LISTENER_PEOPLE ? 0 : 1].port;
}

uint64_t server_answers(const Server *self, Listener listener, unsigned class)
{
    g_return_val_if_fail(class >= 1 && class <= SERVER_CLASSES, 0);
    return self->lanes[listener == LISTENER_PEOPLE ? 0 : 1].answers[class - 1];
}

/* The library insists that nothing is suspended when it stops. */
static void lane_stop(Lane *lane)
{
    if (!lane->daemon)
        return;
    lane->is_stopping = true;
    for (GList *link = lane->peers.head; link; link = link->next)
        wake_peer(link->data);
    g_source_destroy(&lane->source->source);
    g_source_unref(&lane->source->source);
    lane->source = NULL;
    MHD_run(lane->daemon);
    MHD_stop_daemon(lane->daemon);
}

void server_stop(Server *self)
{
    if (!self)
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(self->lanes); i++)
        lane_stop(&self->lanes[i]);
    if (self->tick_id)
        g_source_remove(self->tick_id);
    g_free(self->static_dir);
    g_free(self);
}
