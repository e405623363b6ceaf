/* One request as a handler sees it. Valid until the handler's reply has been handed over. */
#pragma once

#include <gio/gio.h>

#include "http/reply.h"

typedef struct Request Request;

const char *request_method(const Request *self);
const char *request_path(const Request *self);      /* as sent, without the query */
const char *request_raw_query(const Request *self); /* with '?', or "?" */
const char *request_id(const Request *self); /* 16 hexadecimal digits, in the log and in problems */
const char *request_header(const Request *self, const char *name); /* NULL when absent */
const char *request_query(const Request *self, const char *name);  /* decoded; NULL when absent */
const char *request_place(const Request *self, const char *name);  /* {id} of the path */
const char *
request_remote(const Request *self);      /* address; behind a trusted proxy its X-Forwarded-For */
bool request_is_tls(const Request *self); /* TLS in front; decides on the cookie */
Language request_language(const Request *self); /* Accept-Language; Vietnamese when in doubt */
int64_t request_now_us(const Request *self);    /* wall time when the request was complete */

GBytes *request_body(const Request *self);     /* BODY_BYTES and BODY_JSON; borrowed */
const Json *request_json(const Request *self); /* BODY_JSON: an object; borrowed */

/* Paging of lists: ?limit (1..max, default 50) and ?after (opaque). A wrong value is a problem. */
bool request_page(Request *self, unsigned max_limit, unsigned *ret_limit, const char **ret_after,
                  Problem **ret_problem) G_GNUC_WARN_UNUSED_RESULT;

/* Who asks: set by access (people) or fleet/station_auth (stations) before the handler runs. */
void request_set_caller(Request *self, void *caller, GDestroyNotify free_caller);
void *request_caller(const Request *self);

/* Answering later: the handler calls request_hold() and returns NULL; request_finish() takes the
 * reply, from the loop only. The request stays valid until then, even when the peer is gone.
 * Holding twice is holding once. */
Request *request_hold(Request *self);
void request_finish(Request *self, Reply *take_reply);
/* The same for what writes: the act, which makes the reply, and what a repeat with the same
 * Idempotency-Key is answered become durable together, also when the peer is gone. */
void request_finish_by(Request *self, Reply *(*act)(void *user), void *user);
