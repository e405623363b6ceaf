/* Server-sent events for thousands of streams at once.
 *
 * A sent event is one shared GBytes in the queue of each stream. Waking a stream makes
 * libmicrohttpd walk its list of suspended connections, so streams are never woken one by one: the
 * first event arms one idle callback, and that wakes all that have something, before the server
 * runs once. A stream too far behind is closed; the browser or station comes again and asks anew,
 * since events only say that something changed. */
#include "http/event_stream.h"

#include <string.h>

#include "http/reply_parts.h"

#define HEARTBEAT_TICK_MS 1000
#define RETRY_AFTER       "30"

static const ProblemKind problem_streams = {
    "too-many-streams", 503,
    "Máy chủ đang giữ quá nhiều kết nối theo dõi. Hãy thử lại sau ít phút.",
    "The server holds too many event streams. Try again in a few minutes."};

struct EventHub {
    unsigned heartbeat_ms;
    unsigned max_streams;
    unsigned count;
    GHashTable *topics; /* topic -> GPtrArray of EventStream */
    GPtrArray *due;     /* streams to wake in the next idle tick; NULL = gone meanwhile */
    unsigned idle_id;
    unsigned heartbeat_id;
    GBytes *comment;
};

struct EventStream {
    EventHub *hub; /* NULL after the hub is gone */
    char *topic;
    GQueue queue;  /* GBytes */
    size_t offset; /* into the first one */
    size_t backlog;
    int64_t sent_us; /* CLOCK_MONOTONIC of the last byte queued */
    bool is_due;
    bool is_closing;
    void (*wake)(void *connection);
    void *connection;
    void (*on_gone)(const char *topic, void *user);
    void *user;
};

static gboolean wake_due(void *user)
{
    EventHub *self = user;
    g_autoptr(GPtrArray) due = self->due;
    self->due = g_ptr_array_new();
    self->idle_id = 0;
    for (unsigned i = 0; i < due->len; i++) {
        EventStream *stream = due->pdata[i];
        stream->is_due = false;
        if (stream->wake)
            stream->wake(stream->connection);
    }
    return G_SOURCE_REMOVE;
}

static void mark_due(EventStream *stream)
{
    EventHub *hub = stream->hub;
    if (stream->is_due)
        return;
    stream->is_due = true;
    g_ptr_array_add(hub->due, stream);
    if (!hub->idle_id)
        hub->idle_id = g_idle_add_full(G_PRIORITY_DEFAULT, wake_due, hub, NULL);
}

static void drop_queue(EventStream *stream)
{
    g_queue_clear_full(&stream->queue, (GDestroyNotify)g_bytes_unref);
    stream->backlog = 0;
    stream->offset = 0;
}

static void stream_push(EventStream *stream, GBytes *bytes)
{
    if (stream->is_closing)
        return;
    stream->backlog += g_bytes_get_size(bytes);
    if (stream->backlog > EVENT_BACKLOG_MAX) {
        drop_queue(stream);
        stream->is_closing = true;
    } else {
        g_queue_push_tail(&stream->queue, g_bytes_ref(bytes));
        stream->sent_us = g_get_monotonic_time();
    }
    mark_due(stream);
}

static ssize_t stream_read(void *data, char *buffer, size_t size)
{
    EventStream *self = data;
    size_t done = 0;
    while (done < size && self->queue.length) {
        size_t length = 0;
        const char *bytes = g_bytes_get_data(g_queue_peek_head(&self->queue), &length);
        size_t part = MIN(size - done, length - self->offset);
        memcpy(buffer + done, bytes + self->offset, part);
        done += part;
        self->offset += part;
        self->backlog -= part;
        if (self->offset < length)
            break;
        g_bytes_unref(g_queue_pop_head(&self->queue));
        self->offset = 0;
    }
    if (done)
        return (ssize_t)done;
    return self->is_closing ? -1 : 0;
}

static void stream_attach(void *data, void (*wake)(void *connection), void *connection)
{
    EventStream *self = data;
    self->wake = wake;
    self->connection = connection;
}

static void leave_topic(EventStream *stream)
{
    EventHub *hub = stream->hub;
    GPtrArray *streams = g_hash_table_lookup(hub->topics, stream->topic);
    g_ptr_array_remove_fast(streams, stream);
    if (streams->len == 0)
        g_hash_table_remove(hub->topics, stream->topic);
    if (stream->is_due)
        g_ptr_array_remove_fast(hub->due, stream);
    hub->count--;
}

static void stream_close(void *data)
{
    EventStream *self = data;
    if (self->hub) {
        leave_topic(self);
        if (self->on_gone)
            self->on_gone(self->topic, self->user);
    }
    drop_queue(self);
    g_free(self->topic);
    g_free(self);
}

static const ReplySource stream_source = {
    .read = stream_read, .attach = stream_attach, .close = stream_close};

static void each_stream(EventHub *self, void (*run)(EventStream *stream, void *user), void *user)
{
    GHashTableIter iter;
    void *streams;
    g_hash_table_iter_init(&iter, self->topics);
    while (g_hash_table_iter_next(&iter, NULL, &streams)) {
        GPtrArray *list = streams;
        for (unsigned i = 0; i < list->len; i++)
            run(list->pdata[i], user);
    }
}

static void beat(EventStream *stream, void *user)
{
    int64_t before_us = *(int64_t *)user;
    if (stream->sent_us <= before_us)
        stream_push(stream, stream->hub->comment);
}

static gboolean on_heartbeat(void *user)
{
    EventHub *self = user;
    int64_t before_us = g_get_monotonic_time() - (int64_t)self->heartbeat_ms * 1000;
    each_stream(self, beat, &before_us);
    return G_SOURCE_CONTINUE;
}

EventHub *event_hub_new(unsigned heartbeat_ms, unsigned max_streams)
{
    EventHub *self = g_new0(EventHub, 1);
    self->heartbeat_ms = heartbeat_ms;
    self->max_streams = max_streams;
    self->topics =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    self->due = g_ptr_array_new();
    self->comment = g_bytes_new_static(":\n\n", 3);
    self->heartbeat_id = g_timeout_add(MIN(heartbeat_ms, HEARTBEAT_TICK_MS), on_heartbeat, self);
    return self;
}

static void orphan(EventStream *stream, void *user)
{
    (void)user;
    stream->hub = NULL;
    stream->is_closing = true;
}

void event_hub_free(EventHub *self)
{
    if (!self)
        return;
    each_stream(self, orphan, NULL);
    if (self->idle_id)
        g_source_remove(self->idle_id);
    g_source_remove(self->heartbeat_id);
    g_hash_table_unref(self->topics);
    g_ptr_array_unref(self->due);
    g_bytes_unref(self->comment);
    g_free(self);
}

static void join_topic(EventHub *self, EventStream *stream)
{
    GPtrArray *streams = g_hash_table_lookup(self->topics, stream->topic);
    if (!streams) {
        streams = g_ptr_array_new();
        g_hash_table_insert(self->topics, g_strdup(stream->topic), streams);
    }
    g_ptr_array_add(streams, stream);
    self->count++;
}

Reply *event_hub_open(EventHub *self, Request *request, const char *topic,
                      void (*on_gone)(const char *topic, void *user), void *user)
{
    (void)request;
    if (self->count >= self->max_streams) {
        Reply *busy = reply_problem(&problem_streams);
        reply_header(busy, "Retry-After", RETRY_AFTER);
        return busy;
    }
    EventStream *stream = g_new0(EventStream, 1);
    stream->hub = self;
    stream->topic = g_strdup(topic);
    stream->on_gone = on_gone;
    stream->user = user;
    g_queue_init(&stream->queue);
    join_topic(self, stream);
    stream_push(stream, self->comment); /* headers leave at once, and proxies see a body */
    Reply *reply = reply_source("text/event-stream", &stream_source, stream);
    reply_header(reply, "X-Accel-Buffering", "no");
    return reply;
}

static void push_to(EventStream *stream, void *user)
{
    stream_push(stream, user);
}

GBytes *event_hub_event(const char *event, const char *id, const char *data)
{
    g_autoptr(GString) text = g_string_new(NULL);
    if (id)
        g_string_append_printf(text, "id: %s\n", id);
    g_string_append_printf(text, "event: %s\ndata: %s\n\n", event, data);
    return g_string_free_to_bytes(g_steal_pointer(&text));
}

void event_hub_push(EventHub *self, const char *topic, GBytes *event)
{
    GPtrArray *streams = g_hash_table_lookup(self->topics, topic);
    for (unsigned i = 0; streams && i < streams->len; i++)
        stream_push(streams->pdata[i], event);
}

void event_hub_send(EventHub *self, const char *topic, const char *event, const char *id,
                    const char *data)
{
    g_return_if_fail(!strpbrk(data, "\r\n"));
    g_autoptr(GBytes) bytes = event_hub_event(event, id, data);
    if (topic)
        event_hub_push(self, topic, bytes);
    else
        each_stream(self, push_to, bytes);
}

unsigned event_hub_count(const EventHub *self, const char *topic)
{
    if (!topic)
        return self->count;
    GPtrArray *streams = g_hash_table_lookup(self->topics, topic);
    return streams ? streams->len : 0;
}
