/* libcurl's multi interface on a GMainContext: one GSource per socket, one for curl's timer, one
 * per call for the stall limit. Everything happens on the loop's thread.
 *
 * curl must not be called back from inside its own callbacks, but on_data runs there and may
 * cancel, send, or free the whole client. So while `busy` counts such frames, a cancel is only
 * noted, a new call waits in the list, and the client itself is torn down by the outermost frame on
 * its way out. Redirects are never followed: signed requests go where they were meant to go or
 * nowhere. */
#include "http_client.h"
#include "http_socket.h"
#include "http_traffic.h"

#include <curl/curl.h>
#include <glib-unix.h>
#include <string.h>

#define MAX_HEADER_BYTES   (64 * 1024)
#define CONNECT_TIMEOUT_MS 30000L

struct HttpClient {
    CURLM *multi;
    GMainContext *context;
    GSource *timer;
    GHashTable *sockets; /* fd -> GSource */
    GPtrArray *calls;    /* HttpCall*, in the order sent */
    char *user_agent;
    char *ca_file;
    unsigned busy; /* frames that still need the client */
    bool closing;
};

struct HttpCall {
    HttpClient *client;
    CURL *easy;
    struct curl_slist *headers;
    HttpRequest request; /* url, method and headers have been copied by curl */
    GBytes *body;
    GByteArray *kept;
    GHashTable *answer_headers;
    size_t header_bytes;
    GError *error; /* our own reason to give up; goes before curl's */
    GSource *stall;
    int64_t last_byte_us; /* monotonic */
    int64_t told;         /* bytes of on_traffic so far */
    bool added;
    bool cancelled;
};

static void client_enter(HttpClient *self);
static void client_leave(HttpClient *self);

/* ---- the answer ---- */

static GError *error_of_curl(CURLcode code, const char *url_error)
{
    GIOErrorEnum mapped = G_IO_ERROR_FAILED;
    if (code == CURLE_OPERATION_TIMEDOUT)
        mapped = G_IO_ERROR_TIMED_OUT;
    else if (code == CURLE_COULDNT_RESOLVE_HOST)
        mapped = G_IO_ERROR_HOST_NOT_FOUND;
    else if (code == CURLE_COULDNT_CONNECT)
        mapped = G_IO_ERROR_CONNECTION_REFUSED;
    else if (code == CURLE_PARTIAL_FILE || code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR)
        mapped = G_IO_ERROR_CONNECTION_CLOSED;
    else if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
        mapped = G_IO_ERROR_INVALID_ARGUMENT;
    return g_error_new_literal(G_IO_ERROR, (int)mapped,
                               url_error ? url_error : curl_easy_strerror(code));
}

static unsigned status_of(const HttpCall *call)
{
    long status = 0;
    curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
    return (unsigned)status;
}

static bool streams(const HttpCall *call)
{
    return call->request.on_data && status_of(call) / 100 == 2;
}

/* ---- what it costs ---- */

static void tell_traffic(HttpCall *call)
{
    if (!call->request.on_traffic || !call->easy)
        return;
    int64_t bytes = http_traffic_of(call->easy);
    if (bytes > call->told)
        call->request.on_traffic(bytes - call->told, call->request.traffic_user);
    call->told = MAX(bytes, call->told);
}

static void stop_stall(HttpCall *call)
{
    if (!call->stall)
        return;
    g_source_destroy(call->stall);
    g_clear_pointer(&call->stall, g_source_unref);
}

static void call_free(HttpCall *call)
{
    stop_stall(call);
    tell_traffic(call);
    if (call->easy)
        curl_easy_cleanup(call->easy);
    curl_slist_free_all(call->headers);
    g_clear_pointer(&call->body, g_bytes_unref);
    g_clear_pointer(&call->kept, g_byte_array_unref);
    g_clear_pointer(&call->answer_headers, g_hash_table_unref);
    g_clear_error(&call->error);
    g_free(call);
}

/* Not while curl is on the stack. */
static void call_detach(HttpCall *call)
{
    stop_stall(call);
    if (call->added)
        curl_multi_remove_handle(call->client->multi, call->easy);
    call->added = false;
    g_ptr_array_remove(call->client->calls, call);
}

/* A status beside an error would invite someone to take half a body for the whole: it stays 0. */
static void call_finish(HttpCall *call, CURLcode code)
{
    HttpClient *client = call->client;
    unsigned status = status_of(call);
    if (code != CURLE_OK && !call->error)
        call->error = error_of_curl(code, NULL);
    call_detach(call); /* from here on a cancel finds nothing left to do */
    client_enter(client);
    if (!call->cancelled) {
        g_autoptr(GBytes) body = g_byte_array_free_to_bytes(g_steal_pointer(&call->kept));
        HttpAnswer answer = {.status = call->error ? 0 : status,
                             .error = call->error,
                             .body = body,
                             .headers = call->answer_headers};
        call->request.on_done(&answer, call->request.user);
    }
    call_free(call);
    client_leave(client);
}

static bool give_up(HttpCall *call, GIOErrorEnum code, const char *why)
{
    if (!call->error)
        call->error = g_error_new_literal(G_IO_ERROR, (int)code, why);
    return false;
}

/* ---- what curl calls ---- */

static bool keep(HttpCall *call, const char *bytes, size_t length)
{
    size_t room = call->request.max_answer - call->kept->len;
    if (length > room && !call->request.on_data)
        return give_up(call, G_IO_ERROR_MESSAGE_TOO_LARGE, "the answer is larger than allowed");
    /* Beside a stream the body of a refusal is only for reading: the rest of it may go. */
    g_byte_array_append(call->kept, (const guint8 *)bytes, (guint)MIN(length, room));
    return true;
}

static bool deliver(HttpCall *call, const char *bytes, size_t length)
{
    if (call->request.on_data(bytes, length, call->request.user))
        return !call->cancelled;
    return give_up(call, G_IO_ERROR_FAILED, "the receiver did not want more");
}

static size_t on_body(char *bytes, size_t size, size_t count, void *data)
{
    HttpCall *call = data;
    size_t length = size * count;
    if (call->cancelled)
        return 0;
    call->last_byte_us = g_get_monotonic_time();
    tell_traffic(call);
    bool taken = streams(call) ? deliver(call, bytes, length) : keep(call, bytes, length);
    return taken ? length : length + 1; /* anything but `length` ends the transfer */
}

static void note_header(HttpCall *call, const char *line, size_t length)
{
    const char *colon = memchr(line, ':', length);
    if (!colon)
        return;
    g_autofree char *raw = g_strndup(line, (size_t)(colon - line));
    char *value = g_strstrip(g_strndup(colon + 1, length - (size_t)(colon + 1 - line)));
    g_hash_table_replace(call->answer_headers, g_ascii_strdown(raw, -1), value);
}

static size_t on_header(char *line, size_t size, size_t count, void *data)
{
    HttpCall *call = data;
    size_t length = size * count;
    call->last_byte_us = g_get_monotonic_time();
    call->header_bytes += length;
    if (call->cancelled)
        return 0;
    if (call->header_bytes > MAX_HEADER_BYTES) {
        give_up(call, G_IO_ERROR_MESSAGE_TOO_LARGE, "the headers are larger than allowed");
        return 0;
    }
    if (length >= 5 && memcmp(line, "HTTP/", 5) == 0)
        g_hash_table_remove_all(call->answer_headers); /* those before were of a 1xx answer */
    else
        note_header(call, line, length);
    return length;
}

static void reap(HttpClient *self)
{
    CURLMsg *message;
    int left;
    while (!self->closing && (message = curl_multi_info_read(self->multi, &left))) {
        HttpCall *call = NULL;
        if (message->msg != CURLMSG_DONE)
            continue;
        CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&call);
        call_finish(call, code);
    }
}

/* Calls that were sent or cancelled while curl was busy. */
static void settle(HttpClient *self)
{
    for (unsigned i = 0; i < self->calls->len;) {
        HttpCall *call = g_ptr_array_index(self->calls, i);
        if (call->cancelled) {
            call_detach(call);
            call_free(call);
            continue;
        }
        if (!call->added)
            call->added = curl_multi_add_handle(self->multi, call->easy) == CURLM_OK;
        i++;
    }
}

static void client_destroy(HttpClient *self)
{
    for (unsigned i = 0; i < self->calls->len; i++) {
        HttpCall *call = g_ptr_array_index(self->calls, i);
        if (call->added)
            curl_multi_remove_handle(self->multi, call->easy);
        call_free(call);
    }
    curl_multi_cleanup(self->multi); /* may still speak about pooled sockets: tables go after it */
    g_source_destroy(self->timer);
    g_source_unref(self->timer);
    g_hash_table_unref(self->sockets);
    g_ptr_array_unref(self->calls);
    g_main_context_unref(self->context);
    g_free(self->user_agent);
    g_free(self->ca_file);
    g_free(self);
}

static void client_enter(HttpClient *self)
{
    self->busy++;
}

static void client_leave(HttpClient *self)
{
    if (--self->busy > 0)
        return;
    if (self->closing)
        client_destroy(self);
    else
        settle(self);
}

static void drive(HttpClient *self, curl_socket_t fd, int what)
{
    int running;
    client_enter(self);
    curl_multi_socket_action(self->multi, fd, what, &running);
    reap(self);
    client_leave(self);
}

static gboolean on_socket(int fd, GIOCondition condition, gpointer data)
{
    int what = (condition & G_IO_IN ? CURL_CSELECT_IN : 0) |
               (condition & G_IO_OUT ? CURL_CSELECT_OUT : 0) |
               (condition & (G_IO_ERR | G_IO_HUP) ? CURL_CSELECT_ERR : 0);
    drive(data, fd, what);
    return G_SOURCE_CONTINUE;
}

static void drop_source(void *source)
{
    g_source_destroy(source);
    g_source_unref(source);
}

static int watch_socket(G_GNUC_UNUSED CURL *easy, curl_socket_t fd, int what, void *data,
                        G_GNUC_UNUSED void *socket)
{
    HttpClient *self = data;
    g_hash_table_remove(self->sockets, GINT_TO_POINTER(fd));
    if (what == CURL_POLL_REMOVE || self->closing)
        return 0;
    GIOCondition condition = (what & CURL_POLL_IN ? G_IO_IN : 0) |
                             (what & CURL_POLL_OUT ? G_IO_OUT : 0) | G_IO_ERR | G_IO_HUP;
    GSource *source = g_unix_fd_source_new(fd, condition);
    g_source_set_callback(source, G_SOURCE_FUNC(on_socket), self, NULL);
    g_source_attach(source, self->context);
    g_hash_table_insert(self->sockets, GINT_TO_POINTER(fd), source);
    return 0;
}

static int set_timer(G_GNUC_UNUSED CURLM *multi, long timeout_ms, void *data)
{
    HttpClient *self = data;
    int64_t ready = timeout_ms < 0 ? -1 : g_get_monotonic_time() + timeout_ms * INT64_C(1000);
    g_source_set_ready_time(self->timer, ready);
    return 0;
}

static gboolean on_timer(gpointer data)
{
    HttpClient *self = data;
    g_source_set_ready_time(self->timer, -1);
    drive(self, CURL_SOCKET_TIMEOUT, 0);
    return G_SOURCE_CONTINUE;
}

static gboolean dispatch_ready(G_GNUC_UNUSED GSource *source, GSourceFunc callback, gpointer data)
{
    return callback(data);
}

/* A source that fires at its ready time only. */
static GSource *new_alarm(GSourceFunc callback, void *data, GMainContext *context)
{
    static GSourceFuncs funcs = {.dispatch = dispatch_ready};
    GSource *source = g_source_new(&funcs, sizeof(GSource));
    g_source_set_callback(source, callback, data, NULL);
    g_source_attach(source, context);
    return source;
}

static gboolean on_stall(gpointer data)
{
    HttpCall *call = data;
    int64_t due = call->last_byte_us + call->request.stall_ms * INT64_C(1000);
    if (g_get_monotonic_time() < due) {
        g_source_set_ready_time(call->stall, due);
        return G_SOURCE_CONTINUE;
    }
    give_up(call, G_IO_ERROR_TIMED_OUT, "no byte came for too long");
    call_finish(call, CURLE_OPERATION_TIMEDOUT);
    return G_SOURCE_REMOVE;
}

/* ---- making a call ---- */

static void set_headers(HttpCall *call, const HttpRequest *request)
{
    bool has_type = false;
    for (const char *const *header = request->headers; header && *header; header++) {
        call->headers = curl_slist_append(call->headers, *header);
        has_type = has_type || g_ascii_strncasecmp(*header, "content-type:", 13) == 0;
    }
    if (!has_type) /* or curl would say that the body is a form */
        call->headers = curl_slist_append(call->headers, "Content-Type:");
    call->headers = curl_slist_append(call->headers, "Expect:");
    curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, call->headers);
}

static void set_method(HttpCall *call, const HttpRequest *request)
{
    if (strcmp(request->method, "HEAD") == 0)
        curl_easy_setopt(call->easy, CURLOPT_NOBODY, 1L);
    else if (strcmp(request->method, "GET") != 0)
        curl_easy_setopt(call->easy, CURLOPT_CUSTOMREQUEST, request->method);
    if (!request->body && strcmp(request->method, "POST") != 0)
        return;
    gsize length = 0;
    call->body = request->body ? g_bytes_ref(request->body) : g_bytes_new(NULL, 0);
    const void *bytes = g_bytes_get_data(call->body, &length);
    curl_easy_setopt(call->easy, CURLOPT_POST, 1L);
    curl_easy_setopt(call->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
    curl_easy_setopt(call->easy, CURLOPT_POSTFIELDS, bytes ? bytes : "");
    curl_easy_setopt(call->easy, CURLOPT_CUSTOMREQUEST, request->method);
}

/* Paths go out as written (signatures cover them); no proxy comes in from the environment. */
static void set_manners(HttpCall *call)
{
    CURL *easy = call->easy;
    const HttpClient *client = call->client;
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    http_socket_tune(easy);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, client->user_agent);
    if (client->ca_file)
        curl_easy_setopt(easy, CURLOPT_CAINFO, client->ca_file);
}

static void set_callbacks(HttpCall *call)
{
    CURL *easy = call->easy;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, call);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, call);
}

HttpClient *http_client_new(const char *user_agent, const char *ca_file)
{
    static gsize once;
    if (g_once_init_enter(&once)) {
        curl_global_init(CURL_GLOBAL_DEFAULT);
        g_once_init_leave(&once, 1);
    }
    HttpClient *self = g_new0(HttpClient, 1);
    self->context = g_main_context_ref_thread_default();
    self->user_agent = g_strdup(user_agent);
    self->ca_file = g_strdup(ca_file);
    self->calls = g_ptr_array_new();
    self->sockets = g_hash_table_new_full(NULL, NULL, NULL, drop_source);
    self->timer = new_alarm(on_timer, self, self->context);
    self->multi = curl_multi_init();
    curl_multi_setopt(self->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
    curl_multi_setopt(self->multi, CURLMOPT_SOCKETDATA, self);
    curl_multi_setopt(self->multi, CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt(self->multi, CURLMOPT_TIMERDATA, self);
    return self;
}

void http_client_free(HttpClient *self)
{
    if (!self || self->closing)
        return;
    self->closing = true;
    for (unsigned i = 0; i < self->calls->len; i++)
        ((HttpCall *)g_ptr_array_index(self->calls, i))->cancelled = true;
    if (self->busy == 0)
        client_destroy(self);
}

HttpCall *http_client_send(HttpClient *self, const HttpRequest *request)
{
    g_return_val_if_fail(!self->closing && request->on_done, NULL);
    HttpCall *call = g_new0(HttpCall, 1);
    call->client = self;
    call->request = *request;
    call->request.method = call->request.url = NULL; /* the caller's, gone after this */
    call->request.headers = NULL;
    call->kept = g_byte_array_new();
    call->answer_headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    call->easy = curl_easy_init();
    set_manners(call);
    set_callbacks(call);
    set_method(call, request);
    set_headers(call, request);
    curl_easy_setopt(call->easy, CURLOPT_URL, request->url);
    curl_easy_setopt(call->easy, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
    if (!request->on_data) /* media and event streams come as they are */
        curl_easy_setopt(call->easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    call->last_byte_us = g_get_monotonic_time();
    if (request->stall_ms > 0) {
        call->stall = new_alarm(on_stall, call, self->context);
        g_source_set_ready_time(call->stall,
                                call->last_byte_us + request->stall_ms * INT64_C(1000));
    }
    g_ptr_array_add(self->calls, call);
    if (self->busy == 0)
        settle(self);
    return call;
}

void http_call_cancel(HttpCall *call)
{
    if (!call || call->cancelled)
        return;
    HttpClient *client = call->client;
    call->cancelled = true;
    stop_stall(call);
    if (client->busy == 0)
        settle(client);
}
