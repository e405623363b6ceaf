/* libmicrohttpd inside the GMainLoop. Two listeners, people and stations, each with connection
 * limits of its own, so that a crowd on one never shuts the other. */
#pragma once

#include "http/router.h"

#define SERVER_MAX_HEADER_BYTES    (16 * 1024) /* of people; stations send less */
#define SERVER_REQUEST_DEADLINE_MS 30000       /* a JSON request must be complete by then */
#define SERVER_IDLE_SECONDS        75

struct Idempotency;

/* Each fills request_set_caller() and returns NULL, or returns a reply (401, 403). `people` runs
 * before the body is read; `stations` after it, when request_body() is there to be compared with
 * its digest; `open` (may be NULL) before it, for GATE_OPEN: the CSRF check of log-in and set-up.
 */
typedef struct ServerGates {
    Reply *(*people)(void *user, Request *request, const Route *route);
    Reply *(*open)(void *user, Request *request, const Route *route);
    Reply *(*stations)(void *user, Request *request, const Route *route);
    void *people_user; /* also of `open` */
    void *stations_user;
    struct Idempotency *idempotency; /* NULL = Idempotency-Key is ignored */
} ServerGates;

typedef struct ServerSettings {
    const char *people_address; /* "127.0.0.1:8080" */
    const char *stations_address;
    unsigned people_connections;
    unsigned stations_connections;
    unsigned per_address_connections; /* 0 = no limit (stations share a carrier's NAT) */
    const char *static_dir;           /* built panel; NULL = none */
    bool trust_forwarded;             /* a proxy on loopback sets X-Forwarded-For/-Proto */
} ServerSettings;

#define SERVER_CLASSES 5 /* of status: 1xx to 5xx */

typedef struct Server Server;

Server *server_start(const ServerSettings *settings, Router *router, const ServerGates *gates,
                     GError **error);
/* The port really bound (for ":0" in tests). */
unsigned server_port(const Server *self, Listener listener);
/* How many answers of a class (2 = 2xx) went out since the start. */
uint64_t server_answers(const Server *self, Listener listener, unsigned class);
void server_stop(Server *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Server, server_stop)
