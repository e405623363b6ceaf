/* One connection as the server sees it: where it stands, how long it may stay there, and how it is
 * shown the door. Knows sockets, not the library. */
#pragma once

#include <sys/socket.h>

#include "http/exchange.h"

#define PEER_SLOWEST_BYTES_PER_S 1024 /* of an upload or download that is let live */

typedef enum {
    PEER_NEW,     /* connected, no request line yet */
    PEER_IDLE,    /* between two requests */
    PEER_HEADERS, /* request line seen */
    PEER_BODY,
    PEER_WORKING, /* the handler has it */
    PEER_SENDING,
    PEER_STREAMING, /* server-sent events: goes on until one side ends it */
    PEER_CUT,       /* answered outside the library, about to be closed */
} PeerState;

struct MHD_Connection;

typedef struct Peer {
    const ExchangeRoom *room;
    struct MHD_Connection *connection;
    void *lane; /* of the server */
    int fd;
    char *address;
    PeerState state;
    Exchange *exchange;
    int64_t deadline_us; /* CLOCK_MONOTONIC; 0 = none */
    bool is_suspended;
    bool has_left; /* its half of the connection is closed */
    GList link;
} Peer;

/* Puts the peer at the end of `peers`; the address is copied. */
Peer *peer_new(GQueue *peers, int fd, const struct sockaddr *address, const ExchangeRoom *room);
void peer_free(GQueue *peers, Peer *peer);

void peer_begin(Peer *self, const char *uri, void (*wake)(void *peer)); /* request line */
void peer_end(Peer *self); /* answered or given up; the next request may come */
void peer_allow_sending(Peer *self, uint64_t bytes);
/* Says why and hangs up, in the middle of a body, where the library cannot answer. */
void peer_cut(Peer *self);

/* What is due on one connection, four times a second: deadlines, and peers that are gone. `gone` is
 * told of a streaming one, which only the library can close. */
void peer_tick_all(GQueue *peers, unsigned tick, void (*gone)(Peer *peer));
#define PEER_TICK_MS 250
