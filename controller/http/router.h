/* From method and path to a handler. The whole HTTP interface is one table of these (routes.c). */
#pragma once

#include "http/request.h"

typedef enum {
    BODY_NONE,   /* a body is a 400 */
    BODY_JSON,   /* at most `max_body` bytes, parsed strictly, must be an object */
    BODY_BYTES,  /* at most `max_body` bytes, kept */
    BODY_STREAM, /* handed on piece by piece, see StreamOps */
} BodyKind;

/* Who may come in at all; the finer question (this verb in this area) is the handler's, through
 * access. */
typedef enum {
    GATE_OPEN,    /* anybody */
    GATE_USER,    /* a session or a bearer token; a browser's writes pass the CSRF check */
    GATE_STATION, /* a station's request signature */
} Gate;

typedef enum { LISTENER_PEOPLE = 1, LISTENER_STATIONS = 2 } Listener; /* a bit set */

/* Returns the reply, or NULL after request_hold(). `room` is the object the route was given. */
typedef Reply *(*Handler)(void *room, Request *request);

/* For BODY_STREAM: begin() comes before the first byte and may refuse with a reply at once; chunk()
 * may refuse too (the rest is read and thrown away, up to a limit); the handler comes last. */
typedef struct StreamOps {
    Reply *(*begin)(void *room, Request *request, uint64_t content_length, void **ret_stream);
    Reply *(*chunk)(void *room, Request *request, void *stream, const void *bytes, size_t length);
    Reply *(*end)(void *room, Request *request, void *stream); /* owns `stream` now */
    void (*abandon)(void *room, void *stream); /* the peer went away: keep what is durable */
} StreamOps;

typedef struct Route {
    const char *method;
    const char *path; /* "/api/bulletins/{id}/submit" */
    Gate gate;
    unsigned listeners;
    BodyKind body;
    size_t max_body;
    size_t room; /* offset of the room's pointer in the App */
    Handler handler;
    const StreamOps *stream; /* BODY_STREAM only; then `handler` is NULL */
    bool idempotent;         /* an Idempotency-Key makes a repeat answer as the first did */
} Route;

typedef struct Router Router;

/* `routes` is a constant table; `app` the base of the room offsets. */
Router *router_new(const Route *routes, size_t n_routes, void *app);
void router_free(Router *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Router, router_free)

/* The route for a path, with its places filled in; `ret_allowed` (free with g_free) lists the
 * methods of that path when only the method does not fit. */
const Route *router_find(const Router *self, Listener listener, const char *method,
                         const char *path, GHashTable **ret_places, char **ret_allowed);
void *router_room(const Router *self, const Route *route);
