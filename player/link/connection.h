/* The controller, as this station reaches it: base URL, key, and every request signed. */
#pragma once

#include "base/clock.h"
#include "http_client.h"
#include "keys.h"
#include "link/data_meter.h"
#include "wire/signed_time.h"

#define CONNECTION_BASE "/station/v1"

typedef struct Connection Connection;

typedef struct ConnectionCall {
    const char *method;
    const char *path;   /* below CONNECTION_BASE; a query only where `bare` */
    GBytes *body;       /* JSON; may be NULL */
    const char *header; /* one more "Name: value", or NULL */
    bool bare;          /* not signed */
    bool plain;         /* by http even where the controller is reached by https */
    DataKind kind;      /* under which its bytes are counted */
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

/* Counts all that goes over the line from here on; `meter` must outlive the connection. */
void connection_set_meter(Connection *self, DataMeter *meter);
HttpCall *connection_send(Connection *self, const ConnectionCall *call);

/* Signs with a ticket of the controller's (wire/signed_time.h) while it lasts; NULL = with our own
 * time alone. */
void connection_set_ticket(Connection *self, const char *ticket);
/* Whether `plain` is another way than the usual one. */
bool connection_has_plain(const Connection *self);

/* Every refusal is told here; `tell` is called for each 401. */
void connection_refused(Connection *self, const HttpAnswer *answer);
void connection_on_unauthorised(Connection *self, void (*tell)(void *user), void *user);
