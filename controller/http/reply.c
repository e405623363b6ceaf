/* A reply is a status, headers and one of four bodies: bytes, a problem (printed when the caller's
 * language is known), a part of a file, or a source that goes on for hours. What conditional
 * requests make of it is settled in conditional.c. */
#include "http/reply_parts.h"

#include <string.h>
#include <unistd.h>

static void clear_header(void *data)
{
    ReplyHeader *header = data;
    g_free(header->name);
    g_free(header->value);
}

Reply *reply_new(ReplyKind kind, unsigned status)
{
    Reply *self = g_new0(Reply, 1);
    self->kind = kind;
    self->status = status;
    self->fd = -1;
    self->headers = g_array_new(FALSE, FALSE, sizeof(ReplyHeader));
    g_array_set_clear_func(self->headers, clear_header);
    return self;
}

Reply *reply_json_take(unsigned status, Json *body)
{
    Reply *self = reply_new(REPLY_BYTES, status);
    self->body = json_print_bytes(body);
    reply_header(self, "Content-Type", "application/json");
    json_drop(body);
    return self;
}

Reply *reply_problem_take(Problem *problem)
{
    Reply *self = reply_new(REPLY_PROBLEM, problem_status(problem));
    self->problem = problem;
    reply_header(self, "Content-Type", "application/problem+json");
    return self;
}

Reply *reply_problem(const ProblemKind *kind)
{
    return reply_problem_take(problem_new(kind));
}

Reply *reply_error(const GError *error)
{
    return reply_problem_take(problem_from_error(error));
}

Reply *reply_empty(unsigned status)
{
    return reply_new(REPLY_BYTES, status);
}

Reply *reply_bytes(unsigned status, const char *type, GBytes *body)
{
    Reply *self = reply_new(REPLY_BYTES, status);
    self->body = g_bytes_ref(body);
    reply_header(self, "Content-Type", type);
    return self;
}

Reply *reply_file(const char *path, const char *type, const char *etag, bool immutable)
{
    Reply *self = reply_new(REPLY_FILE, 200);
    self->path = g_strdup(path);
    self->etag = g_strdup(etag);
    reply_header(self, "Content-Type", type);
    if (immutable)
        reply_header(self, "Cache-Control", "public, max-age=31536000, immutable");
    return self;
}

Reply *reply_cached(const char *type, const char *etag, GBytes *body, GBytes *gzip)
{
    Reply *self = reply_bytes(200, type, body);
    self->etag = g_strdup(etag);
    self->gzip = gzip ? g_bytes_ref(gzip) : NULL;
    reply_header(self, "Cache-Control", "no-cache");
    return self;
}

Reply *reply_source(const char *type, const ReplySource *ops, void *source)
{
    Reply *self = reply_new(REPLY_SOURCE, 200);
    self->source_ops = ops;
    self->source = source;
    reply_header(self, "Content-Type", type);
    reply_header(self, "Cache-Control", "no-store");
    return self;
}

/* A later value of the same name replaces the earlier one, except for cookies. */
void reply_header(Reply *self, const char *name, const char *value)
{
    for (unsigned i = 0; i < self->headers->len; i++) {
        ReplyHeader *header = &g_array_index(self->headers, ReplyHeader, i);
        if (g_ascii_strcasecmp(header->name, name) != 0 ||
            g_ascii_strcasecmp(name, "Set-Cookie") == 0)
            continue;
        g_free(header->value);
        header->value = g_strdup(value);
        return;
    }
    ReplyHeader header = {.name = g_strdup(name), .value = g_strdup(value)};
    g_array_append_val(self->headers, header);
}

const char *reply_peek_header(const Reply *self, const char *name)
{
    for (unsigned i = 0; i < self->headers->len; i++) {
        const ReplyHeader *header = &g_array_index(self->headers, ReplyHeader, i);
        if (g_ascii_strcasecmp(header->name, name) == 0)
            return header->value;
    }
    return NULL;
}

unsigned reply_status(const Reply *self)
{
    return self->status;
}

void reply_free(Reply *self)
{
    if (!self)
        return;
    if (self->source)
        self->source_ops->close(self->source);
    if (self->fd >= 0)
        close(self->fd);
    problem_free(self->problem);
    g_clear_pointer(&self->body, g_bytes_unref);
    g_clear_pointer(&self->gzip, g_bytes_unref);
    g_array_unref(self->headers);
    g_free(self->etag);
    g_free(self->path);
    g_free(self);
}

char *reply_refusal_text(const Reply *self, Language language)
{
    if (!self->problem)
        return NULL;
    size_t length;
    g_autofree char *text = problem_print(self->problem, language, "", &length);
    g_autoptr(Json) document = json_parse(text, length, NULL);
    const char *first = json_peek_text(json_at(json_peek(document, "errors"), 0), "detail");
    return g_strdup(first ? first : json_peek_text(document, "detail"));
}
