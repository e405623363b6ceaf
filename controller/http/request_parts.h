/* Inside of a request, for the files of this room and for tests. */
#pragma once

#include "http/router.h"

struct Idempotency;

struct Request {
    unsigned references;
    char id[17];
    char *method;
    char *path;
    char *raw_query;     /* with '?', or "?" */
    GHashTable *headers; /* lower-case name -> value; repeats joined by ", " */
    GHashTable *query;   /* decoded */
    GHashTable *places;
    char *remote;
    bool tls;
    Language language;
    int64_t now_us;
    GBytes *body;
    Json *json;
    void *caller;
    GDestroyNotify free_caller;
    const Route *route;
    bool held;
    Reply *reply; /* finished, not yet taken by the server */
    void (*finished)(void *exchange);
    void *exchange; /* NULL once the peer is gone */
    struct Idempotency *idempotency;
    char *idempotency_row; /* to be filled with the answer, be the peer gone or not; NULL = none */
};

/* `uri` as sent, with its query. */
Request *request_new(const char *method, const char *uri);
Request *request_ref(Request *self);
void request_unref(Request *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Request, request_unref)
void request_add_header(Request *self, const char *name, const char *value);
/* Once all headers are there: language, address, TLS. False when the query cannot be decoded. */
bool request_settle(Request *self, const char *peer, bool trust_forwarded);
