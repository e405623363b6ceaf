/* Server-sent events (WHATWG HTML, "parsing an event stream"), from pieces of any size. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#define SSE_MAX_LINE (192 * 1024) /* a command with its sound */
#define SSE_MAX_DATA (256 * 1024)

typedef struct Sse Sse;

/* `type` is "message" where the stream names none. */
typedef void (*SseFunc)(const char *type, const char *data, void *user);

Sse *sse_new(SseFunc on_event, void *user);
void sse_free(Sse *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sse, sse_free)
/* False when a line or an event is larger than the limits: the stream is to be given up. */
bool sse_feed(Sse *self, const char *bytes, size_t length) G_GNUC_WARN_UNUSED_RESULT;
