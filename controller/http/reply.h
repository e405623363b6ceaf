/* What a handler gives back: status, headers and a body. A reply belongs to whoever holds it until
 * it is returned from the handler or handed to request_finish(). */
#pragma once

#include "http/problem.h"

#include <sys/types.h>

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

#define REPLY_END    (-1)
#define REPLY_BROKEN (-2)

/* A body that comes bit by bit and may pause: server-sent events, a long export. */
typedef struct ReplySource {
    /* Bytes put into `buffer`; 0 = nothing now, wake() will be called; REPLY_END; REPLY_BROKEN =
     * the rest cannot be had: the connection is cut, so that nobody takes what came for all. */
    ssize_t (*read)(void *self, char *buffer, size_t size);
    void (*attach)(void *self, void (*wake)(void *connection), void *connection);
    void (*close)(void *self); /* the peer went away, or the reply was never sent; frees */
    bool has_end;              /* broken, too, where the server stops before it */
} ReplySource;

Reply *reply_source(const char *type, const ReplySource *ops, void *source);

void reply_header(Reply *self, const char *name, const char *value);
unsigned reply_status(const Reply *self);
/* What a refusal says, in a sentence or two: its first entry of `errors`, or else its detail. NULL
 * for an answer that is none. g_free(). */
char *reply_refusal_text(const Reply *self, Language language);
void reply_free(Reply *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reply, reply_free)
