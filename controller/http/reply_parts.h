/* Inside of a reply, for the files of this room only. */
#pragma once

#include "http/reply.h"

/* A body that comes bit by bit and may pause: server-sent events. */
typedef struct ReplySource {
    /* Bytes put into `buffer`; 0 = nothing now, wake() will be called; -1 = the end. */
    ssize_t (*read)(void *self, char *buffer, size_t size);
    void (*attach)(void *self, void (*wake)(void *connection), void *connection);
    void (*close)(void *self); /* the peer went away, or the reply was never sent; frees */
} ReplySource;

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
Reply *reply_source(const char *type, const ReplySource *ops, void *source);
const char *reply_peek_header(const Reply *self, const char *name);
