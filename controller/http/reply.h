/* What a handler gives back: status, headers and a body. A reply belongs to whoever holds it until
 * it is returned from the handler or handed to request_finish(). */
#pragma once

#include "http/problem.h"

typedef struct Reply Reply;

Reply *reply_json_take(unsigned status, Json *body); /* the reply owns `body` */
Reply *reply_problem_take(Problem *problem);
Reply *reply_problem(const ProblemKind *kind); /* for the plain ones */
Reply *reply_error(const GError *error);       /* problem_from_error() */
Reply *reply_empty(unsigned status);
Reply *reply_bytes(unsigned status, const char *type, GBytes *body);
/* A file, with Range (one range, RFC 9110), ETag and If-None-Match answered by the server.
 * `etag` without quotes; `immutable` adds Cache-Control: public, max-age=31536000, immutable. */
Reply *reply_file(const char *path, const char *type, const char *etag, bool immutable);
/* A body already compressed or not, with ETag: 304 when the caller has it. `gzip` may be NULL;
 * it is sent where the caller accepts it. */
Reply *reply_cached(const char *type, const char *etag, GBytes *body, GBytes *gzip);
void reply_header(Reply *self, const char *name, const char *value);
unsigned reply_status(const Reply *self);
void reply_free(Reply *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reply, reply_free)
