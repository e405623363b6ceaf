/* The way of one request, the same for every route: route -> gate -> size and type of the body ->
 * body -> parse -> repeat? -> handler -> reply. A refusal found early waits until a short body has
 * been read and dropped, since a peer that is still sending would never see it.
 *
 * People pass their gate before the body is read, so that nobody uploads without a session;
 * stations after it, since their signature covers the body's digest. */
#include "http/exchange.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/conditional.h"
#include "http/idempotency.h"
#include "http/static_files.h"

static const ProblemKind problem_method = {"method-not-allowed", 405,
                                           "Địa chỉ này không nhận thao tác đó.",
                                           "This address does not take that method."};
static const ProblemKind problem_type = {"unsupported-media-type", 415, "Nội dung phải là {type}.",
                                         "The content must be {type}."};
static const ProblemKind problem_slow = {
    "too-slow", 408, "Yêu cầu gửi quá chậm nên đã bị dừng. Hãy kiểm tra mạng rồi thử lại.",
    "The request came too slowly and was stopped. Check the network and try again."};
static const ProblemKind problem_json = {"json", 400, "Nội dung không phải JSON hợp lệ ({why}).",
                                         "The content is not valid JSON ({why})."};

static const ProblemKind problem_headers = {
    "headers-too-large", 431, "Phần đầu của yêu cầu quá dài. Hãy xóa cookie của trang này.",
    "The headers of the request are too long. Delete this site's cookies."};

struct Exchange {
    const ExchangeRoom *room;
    Request *request;
    size_t header_bytes;
    GByteArray *body;
    size_t received;
    size_t dropped;
    Reply *refusal;
    void *stream;
    bool has_stream;
    bool is_handled;
    void (*wake)(void *user);
    void *user;
};

Exchange *exchange_new(const ExchangeRoom *room, const char *uri, void (*wake)(void *user),
                       void *user)
{
    Exchange *self = g_new0(Exchange, 1);
    self->room = room;
    self->request = request_new("", uri);
    self->wake = wake;
    self->user = user;
    return self;
}

static void abandon_stream(Exchange *self)
{
    const Route *route = self->request->route;
    if (!self->has_stream)
        return;
    self->has_stream = false;
    route->stream->abandon(router_room(self->room->router, route), self->stream);
}

void exchange_free(Exchange *self)
{
    if (!self)
        return;
    abandon_stream(self);
    self->request->exchange = NULL; /* a handler may still hold the request */
    request_unref(self->request);
    reply_free(self->refusal);
    if (self->body)
        g_byte_array_unref(self->body);
    g_free(self);
}

void exchange_header(Exchange *self, const char *name, const char *value)
{
    self->header_bytes += strlen(name) + strlen(value);
    if (self->header_bytes <= SERVER_MAX_HEADER_BYTES)
        request_add_header(self->request, name, value);
}

bool exchange_is_stream(const Exchange *self)
{
    return self->request->route && self->request->route->body == BODY_STREAM;
}

static void *room_of(const Exchange *self)
{
    return router_room(self->room->router, self->request->route);
}

static Reply *bad_request(const char *why)
{
    Problem *problem = problem_new(&problem_bad_request);
    problem_set(problem, "why", why);
    return reply_problem_take(problem);
}

static bool is_read(const Request *request)
{
    return strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0;
}

static Reply *no_route(const Exchange *self, const char *allowed)
{
    if (allowed) {
        Reply *reply = reply_problem(&problem_method);
        reply_header(reply, "Allow", allowed);
        return reply;
    }
    Reply *file = self->room->static_dir && is_read(self->request)
                      ? static_files_reply(self->room->static_dir, self->request)
                      : NULL;
    return file ? file : reply_problem(&problem_not_found);
}

static Reply *find_route(Exchange *self)
{
    Request *request = self->request;
    g_autofree char *allowed = NULL;
    if (request->path[0] != '/')
        return bad_request("path");
    request->route = router_find(self->room->router, self->room->listener, request->method,
                                 request->path, &request->places, &allowed);
    return request->route ? NULL : no_route(self, allowed);
}

static Reply *ask_gate(Exchange *self)
{
    const ServerGates *gates = self->room->gates;
    Request *request = self->request;
    switch (request->route->gate) {
    case GATE_USER:
        return gates->people ? gates->people(gates->people_user, request, request->route)
                             : reply_problem(&problem_not_logged_in);
    case GATE_STATION:
        return gates->stations ? gates->stations(gates->stations_user, request, request->route)
                               : reply_problem(&problem_not_logged_in);
    case GATE_OPEN:
    default: return gates->open ? gates->open(gates->people_user, request, request->route) : NULL;
    }
}

static Reply *too_large(size_t max)
{
    Problem *problem = problem_new(&problem_too_large);
    g_autofree char *text = g_strdup_printf("%zu", max);
    problem_set(problem, "max", text);
    return reply_problem_take(problem);
}

/* Bytes announced: 0 without a body, UINT64_MAX when only the end will tell (chunked). */
static uint64_t announced_length(const Request *request)
{
    const char *length = request_header(request, "Content-Length");
    uint64_t value = 0;
    if (request_header(request, "Transfer-Encoding"))
        return UINT64_MAX;
    if (length && !g_ascii_string_to_unsigned(length, 10, 0, UINT64_MAX, &value, NULL))
        return UINT64_MAX;
    return value;
}

static bool is_json_type(const char *type)
{
    size_t length = strcspn(type, "; ");
    return length == strlen("application/json") &&
           g_ascii_strncasecmp(type, "application/json", length) == 0;
}

static Reply *judge_type(const Request *request)
{
    const char *type = request_header(request, "Content-Type");
    const char *coding = request_header(request, "Content-Encoding");
    bool wants_json = request->route->body == BODY_JSON;
    bool is_plain = !coding || g_ascii_strcasecmp(coding, "identity") == 0;
    if (is_plain && (!wants_json || (type && is_json_type(type))))
        return NULL;
    Problem *problem = problem_new(&problem_type);
    problem_set(problem, "type", wants_json ? "application/json" : "identity");
    return reply_problem_take(problem);
}

static Reply *judge_body(const Exchange *self)
{
    const Route *route = self->request->route;
    uint64_t length = announced_length(self->request);
    if (length == 0)
        return NULL;
    if (route->body == BODY_NONE)
        return bad_request("body");
    if (length != UINT64_MAX && length > route->max_body)
        return too_large(route->max_body);
    return judge_type(self->request);
}

static Reply *begin_stream(Exchange *self)
{
    const Route *route = self->request->route;
    if (route->body != BODY_STREAM)
        return NULL;
    Reply *refusal = route->stream->begin(room_of(self), self->request,
                                          announced_length(self->request), &self->stream);
    self->has_stream = refusal == NULL;
    return refusal;
}

static Reply *judge_start(Exchange *self, bool is_readable)
{
    if (self->header_bytes > SERVER_MAX_HEADER_BYTES)
        return reply_problem(&problem_headers);
    Reply *refusal = is_readable ? find_route(self) : bad_request("query");
    if (refusal)
        return refusal;
    if (self->request->route->gate != GATE_STATION)
        refusal = ask_gate(self);
    if (!refusal)
        refusal = judge_body(self);
    return refusal ? refusal : begin_stream(self);
}

bool exchange_start(Exchange *self, const char *method, const char *peer)
{
    Request *request = self->request;
    g_free(request->method);
    request->method = g_strdup(method);
    request->now_us = clock_wall_us(clock_system());
    bool is_readable = request_settle(request, peer, self->room->trust_forwarded);
    self->refusal = judge_start(self, is_readable);
    const char *expect = request_header(request, "Expect");
    return self->refusal && expect && g_ascii_strcasecmp(expect, "100-continue") == 0;
}

static void refuse(Exchange *self, Reply *reply)
{
    abandon_stream(self);
    g_clear_pointer(&self->body, g_byte_array_unref);
    self->refusal = reply;
}

static void keep_bytes(Exchange *self, const void *bytes, size_t length)
{
    if (!self->body) {
        uint64_t announced = announced_length(self->request);
        size_t size = announced == UINT64_MAX ? length : (size_t)announced;
        self->body = g_byte_array_sized_new((guint)MIN(size, self->request->route->max_body));
    }
    g_byte_array_append(self->body, bytes, (guint)length);
}

bool exchange_body(Exchange *self, const void *bytes, size_t length)
{
    if (self->refusal) {
        self->dropped += length;
        return self->dropped <= EXCHANGE_DRAIN_MAX;
    }
    const Route *route = self->request->route;
    self->received += length;
    if (route->body == BODY_NONE)
        refuse(self, bad_request("body"));
    else if (self->received > route->max_body)
        refuse(self, too_large(route->max_body));
    else if (route->body != BODY_STREAM)
        keep_bytes(self, bytes, length);
    else {
        Reply *refusal =
            route->stream->chunk(room_of(self), self->request, self->stream, bytes, length);
        if (refusal)
            refuse(self, refusal);
    }
    return true;
}

static const char *json_fault(const GError *error, Language language)
{
    bool is_en = language == LANGUAGE_EN;
    if (g_error_matches(error, JSON_ERROR, JSON_ERROR_DEPTH))
        return is_en ? "nested too deep" : "lồng nhau quá sâu";
    if (g_error_matches(error, JSON_ERROR, JSON_ERROR_DUPLICATE))
        return is_en ? "a member is there twice" : "một mục bị lặp lại";
    return is_en ? "syntax error" : "sai cú pháp";
}

static Reply *bad_json(const Request *request, const char *why)
{
    Problem *problem = problem_new(&problem_json);
    (void)request;
    problem_set(problem, "why", why);
    return reply_problem_take(problem);
}

/* No body at all reads as {}, for the orders that carry nothing. */
static Reply *parse_json(Request *request)
{
    g_autoptr(GError) error = NULL;
    size_t length = 0;
    const char *text = g_bytes_get_data(request->body, &length);
    request->json = length ? json_parse(text, length, &error) : json_new_object();
    if (!request->json)
        return bad_json(request, json_fault(error, request->language));
    if (json_is_object(request->json))
        return NULL;
    return bad_json(request, request->language == LANGUAGE_EN ? "not an object"
                                                              : "không phải một đối tượng");
}

/* All that stands between a complete body and the handler. */
static Reply *prepare(Exchange *self)
{
    Request *request = self->request;
    const Route *route = request->route;
    request->now_us = clock_wall_us(clock_system());
    if (route->body == BODY_JSON || route->body == BODY_BYTES)
        request->body = self->body ? g_byte_array_free_to_bytes(g_steal_pointer(&self->body))
                                   : g_bytes_new(NULL, 0);
    Reply *refusal = route->gate == GATE_STATION ? ask_gate(self) : NULL;
    if (!refusal && route->body == BODY_JSON)
        refusal = parse_json(request);
    request->idempotency = self->room->gates->idempotency;
    if (!refusal && route->idempotent && request->idempotency)
        refusal = idempotency_begin(request->idempotency, request, &request->idempotency_row);
    return refusal;
}

static void on_finished(void *data)
{
    Exchange *self = data;
    self->wake(self->user);
}

static Reply *call_handler(Exchange *self)
{
    Request *request = self->request;
    const Route *route = request->route;
    request->finished = on_finished;
    request->exchange = self;
    if (route->body != BODY_STREAM)
        return route->handler(room_of(self), request);
    self->has_stream = false;
    return route->stream->end(room_of(self), request, self->stream);
}

static Reply *run_handler(Exchange *self)
{
    Request *request = self->request;
    bool has_key = request->idempotency_row != NULL; /* one that is finished at once drops it */
    g_autoptr(GError) error = NULL;
    Reply *reply = call_handler(self);
    if (!reply && !request->held) {
        log_warning("the handler of %s %s gave no reply", request->method, request->path);
        reply = reply_problem(&problem_internal);
    }
    if (!has_key)
        return reply;
    if (!reply) {
        if (!idempotency_hold(request->idempotency, &error))
            log_warning("an Idempotency-Key could not be noted (%s), going on", error->message);
        return NULL;
    }
    reply =
        idempotency_answer(request->idempotency, request->idempotency_row, reply, request->now_us);
    g_clear_pointer(&request->idempotency_row, g_free);
    return reply;
}

/* What request_finish() left, as it is to be sent. */
static Reply *late_reply(Exchange *self)
{
    return g_steal_pointer(&self->request->reply);
}

static Reply *make_reply(Exchange *self)
{
    if (self->refusal)
        return g_steal_pointer(&self->refusal);
    if (self->is_handled)
        return late_reply(self);
    Reply *refusal = prepare(self);
    if (refusal)
        return refusal;
    self->is_handled = true;
    Reply *reply = run_handler(self);
    return reply ? reply : late_reply(self);
}

Reply *exchange_answer(Exchange *self)
{
    Reply *reply = make_reply(self);
    return reply ? conditional_settle(reply, self->request, self->room->listener) : NULL;
}

Reply *exchange_cut_reply(Exchange *self)
{
    Reply *reply = self->refusal ? g_steal_pointer(&self->refusal) : reply_problem(&problem_slow);
    return conditional_settle(reply, self->request, self->room->listener);
}
