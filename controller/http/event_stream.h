/* Server-sent events: a reply that stays open. One object fans out to many streams; writing to all
 * of them wakes the server once. (HTML standard, 9.2.) */
#pragma once

#include "http/request.h"

typedef struct EventHub EventHub;
typedef struct EventStream EventStream;

/* A comment goes out every `heartbeat_ms` of silence. At most `max_streams` at once. */
EventHub *event_hub_new(unsigned heartbeat_ms, unsigned max_streams);
void event_hub_free(EventHub *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EventHub, event_hub_free)

/* Turns a request into a stream under `topic` (a station id, a session id ...). The reply must be
 * returned from the handler. When there are too many streams it is a 503 with Retry-After.
 * `on_gone` (may be NULL) is told when the stream ended, for whatever reason. */
Reply *event_hub_open(EventHub *self, Request *request, const char *topic,
                      void (*on_gone)(const char *topic, void *user), void *user);

/* A stream that is more than so many bytes behind is closed: it will come again. */
#define EVENT_BACKLOG_MAX (256 * 1024)
/* An event to be given to many topics: it lies in memory once. `data` must be one line, `id` may be
 * NULL. */
GBytes *event_hub_event(const char *event, const char *id, const char *data);
void event_hub_push(EventHub *self, const char *topic, GBytes *event);
/* Sends one event to every stream of a topic, or of all topics when NULL. */
void event_hub_send(EventHub *self, const char *topic, const char *event, const char *id,
                    const char *data);
unsigned event_hub_count(const EventHub *self, const char *topic);
