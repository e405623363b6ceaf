/* The controller, as this station reaches it: base URL, key, and every request signed. */
#pragma once

#include "base/clock.h"
#include "http_client.h"
#include "keys.h"

#define CONNECTION_BASE "/station/v1"

typedef struct Connection Connection;

typedef struct ConnectionCall {
    const char *method;
    const char *path;   /* below CONNECTION_BASE, without a query */
    GBytes *body;       /* JSON; may be NULL */
    const char *header; /* one more "Name: value", or NULL */
    bool bare;          /* not signed */
    size_t max_answer;
    unsigned timeout_ms;
    unsigned stall_ms;
    bool (*on_data)(const void *bytes, size_t length, void *user);
    void (*on_done)(const HttpAnswer *answer, void *user);
    void *user;
} ConnectionCall;

/* `url` is "http://host:port" or https, with an optional path before CONNECTION_BASE. `key` must
 * outlive the connection. */
Connection *connection_new(const char *url, const char *ca_file, const Key *key, const Clock *clock,
                           GError **error);
void connection_free(Connection *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Connection, connection_free)

HttpCall *connection_send(Connection *self, const ConnectionCall *call);

/* To be told of every refusal: a 401 because our clock is off makes the next requests carry the
 * controller's time. That time goes into signatures only, never into what sounds when. */
void connection_refused(Connection *self, const HttpAnswer *answer);
