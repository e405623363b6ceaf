/* Inside of a reply, for the files of this room only. */
#pragma once

#include "http/reply.h"

typedef struct ReplyHeader {
    char *name;
    char *value;
} ReplyHeader;

typedef enum { REPLY_BYTES, REPLY_PROBLEM, REPLY_FILE, REPLY_SOURCE } ReplyKind;

struct Reply {
    ReplyKind kind;
    unsigned status;
    GArray *headers; /* ReplyHeader */
    GBytes *body;    /* BYTES; may be NULL */
    GBytes *gzip;    /* the same, compressed; may be NULL */
    char *etag;      /* without quotes; FILE and cached bytes */
    char *path;      /* FILE */
    int fd;          /* FILE, once settled; -1 = none */
    uint64_t offset; /* FILE: the part to send */
    uint64_t length;
    Problem *problem;
    const ReplySource *source_ops;
    void *source;
};

Reply *reply_new(ReplyKind kind, unsigned status);
const char *reply_peek_header(const Reply *self, const char *name);
