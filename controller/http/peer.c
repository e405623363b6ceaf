/* Deadlines and farewells. The library's own timeout only sees silence; here a peer that drips its
 * request, or reads its answer byte by byte, has an end as well, and one that is cut off in the
 * middle of a body is told why.
 *
 * The library reads until a short read and trusts epoll to report what comes after. A peer whose
 * end of the connection arrived together with its last bytes is never reported again, so leaving is
 * looked for here, with poll(2): cheap, and it also finds browsers that closed an event stream. */
#include "http/peer.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include "http/listen.h"

#define SEND_GRACE_MS   60000
#define CUT_LINGER_MS   2000  /* time for a cut peer to read why */
#define DEAD_PEER_MS    60000 /* unacknowledged data, then the kernel drops the peer */
#define STREAMING_TICKS 20    /* event streams are looked at every so many ticks */

static int64_t in_ms(int64_t ms)
{
    return g_get_monotonic_time() + ms * 1000;
}

Peer *peer_new(GQueue *peers, int fd, const struct sockaddr *address, const ExchangeRoom *room)
{
    Peer *self = g_new0(Peer, 1);
    int keepalive = 1, dead_peer_ms = DEAD_PEER_MS;
    self->room = room;
    self->fd = fd;
    self->address = listen_address_text(address);
    self->deadline_us = in_ms(SERVER_REQUEST_DEADLINE_MS);
    self->link.data = self;
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &keepalive, sizeof(keepalive));
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &dead_peer_ms, sizeof(dead_peer_ms));
    g_queue_push_tail_link(peers, &self->link);
    return self;
}

void peer_free(GQueue *peers, Peer *peer)
{
    g_queue_unlink(peers, &peer->link);
    exchange_free(peer->exchange);
    g_free(peer->address);
    g_free(peer);
}

void peer_begin(Peer *self, const char *uri, void (*wake)(void *peer))
{
    self->exchange = exchange_new(self->room, uri, wake, self);
    if (self->state == PEER_IDLE)
        self->deadline_us = in_ms(SERVER_REQUEST_DEADLINE_MS);
    self->state = PEER_HEADERS;
}

void peer_end(Peer *self)
{
    g_clear_pointer(&self->exchange, exchange_free);
    self->state = PEER_IDLE;
    self->has_left = false;
    self->deadline_us = in_ms(SERVER_IDLE_SECONDS * 1000 + SERVER_REQUEST_DEADLINE_MS);
}

void peer_allow_sending(Peer *self, uint64_t bytes)
{
    self->state = PEER_SENDING;
    self->deadline_us = in_ms(SEND_GRACE_MS + (int64_t)(bytes * 1000 / PEER_SLOWEST_BYTES_PER_S));
}

static const char *reason_of(unsigned status)
{
    return status == 408 ? "Request Timeout" : "Refused";
}

/* Nothing of the library's waits to be sent while a request is being read, so this goes straight
 * to the socket. */
void peer_cut(Peer *self)
{
    g_autoptr(Reply) reply = exchange_cut_reply(self->exchange);
    size_t length = 0;
    const char *body = reply->body ? g_bytes_get_data(reply->body, &length) : "";
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_printf(text, "HTTP/1.1 %u %s\r\nConnection: close\r\nContent-Length: %zu\r\n",
                    reply->status, reason_of(reply->status), length);
    for (unsigned i = 0; i < reply->headers->len; i++) {
        const ReplyHeader *header = &g_array_index(reply->headers, ReplyHeader, i);
        g_string_append_printf(text, "%s: %s\r\n", header->name, header->value);
    }
    g_string_append(text, "\r\n");
    g_string_append_len(text, body, (gssize)length);
    if (send(self->fd, text->str, text->len, MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
        shutdown(self->fd, SHUT_WR);
    self->state = PEER_CUT;
    self->deadline_us = in_ms(CUT_LINGER_MS);
}

/* The library reads the end and closes. */
static void hang_up(Peer *self)
{
    self->deadline_us = 0;
    shutdown(self->fd, SHUT_RDWR);
}

static void end_late(Peer *self)
{
    bool is_reading = self->state == PEER_HEADERS || self->state == PEER_BODY;
    if (self->state == PEER_NEW)
        self->exchange = exchange_new(self->room, "/", NULL, NULL);
    if (is_reading || self->state == PEER_NEW)
        peer_cut(self);
    if (!is_reading)
        hang_up(self);
}

static bool is_watched(const Peer *self, unsigned tick)
{
    switch (self->state) {
    case PEER_NEW:
    case PEER_IDLE:
    case PEER_HEADERS:
    case PEER_BODY: return true;
    case PEER_STREAMING: return tick % STREAMING_TICKS == 0;
    case PEER_WORKING:
    case PEER_SENDING:
    case PEER_CUT:
    default: return false;
    }
}

/* What lies unread is read first: a peer counts as gone when it was so at two ticks. */
static void note_left(Peer *self, void (*gone)(Peer *peer))
{
    if (!self->has_left && self->state != PEER_STREAMING) {
        self->has_left = true;
        return;
    }
    self->has_left = true;
    if (self->state == PEER_STREAMING)
        gone(self);
    else
        hang_up(self);
}

static void look_for_left(GQueue *peers, unsigned tick, void (*gone)(Peer *peer))
{
    g_autoptr(GArray) fds = g_array_sized_new(FALSE, FALSE, sizeof(struct pollfd), peers->length);
    g_autoptr(GPtrArray) watched = g_ptr_array_sized_new(peers->length);
    for (GList *link = peers->head; link; link = link->next) {
        const Peer *peer = link->data;
        if (!is_watched(peer, tick))
            continue;
        struct pollfd fd = {.fd = peer->fd, .events = POLLRDHUP};
        g_array_append_val(fds, fd);
        g_ptr_array_add(watched, link->data);
    }
    if (fds->len == 0 || poll((struct pollfd *)(void *)fds->data, fds->len, 0) <= 0)
        return;
    for (unsigned i = 0; i < fds->len; i++) {
        if (g_array_index(fds, struct pollfd, i).revents)
            note_left(watched->pdata[i], gone);
    }
}

void peer_tick_all(GQueue *peers, unsigned tick, void (*gone)(Peer *peer))
{
    int64_t now_us = g_get_monotonic_time();
    for (GList *link = peers->head; link; link = link->next) {
        Peer *peer = link->data;
        if (peer->deadline_us && now_us > peer->deadline_us)
            end_late(peer);
    }
    look_for_left(peers, tick, gone);
}
