/* Requests to the controller, signed by RFC 9421.
 *
 * `created` must be within 300 s of the controller's clock. A station whose own clock is not right
 * yet asks for the time once it was refused and signs with the difference; the schedule never sees
 * that difference, because GET /time is not signed. */
#include "link/connection.h"

#include "http_signature.h"
#include "json.h"

#include <gio/gio.h>
#include <string.h>

#define TIME_EVERY_US   (INT64_C(60) * G_USEC_PER_SEC)
#define TIME_TIMEOUT_MS 10000
#define TIME_MAX_ANSWER 1024

struct Connection {
    HttpClient *http;
    char *origin; /* scheme://host:port */
    char *prefix; /* path before CONNECTION_BASE, "" or "/..." */
    const Key *key;
    const Clock *clock;
    int64_t offset_s;      /* controller's time minus ours, for `created` */
    int64_t time_asked_us; /* boottime; 0 = never */
};

static bool split_url(Connection *self, const char *url, GError **error)
{
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, error);
    if (!uri)
        return false;
    const char *scheme = g_uri_get_scheme(uri);
    const char *host = g_uri_get_host(uri);
    bool web = g_str_equal(scheme, "http") || g_str_equal(scheme, "https");
    if (!web || !host || !*host) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "controller: \"%s\" is no http or https address", url);
        return false;
    }
    bool v6 = strchr(host, ':') != NULL;
    g_autoptr(GString) origin = g_string_new(NULL);
    g_string_printf(origin, v6 ? "%s://[%s]" : "%s://%s", scheme, host);
    if (g_uri_get_port(uri) > 0)
        g_string_append_printf(origin, ":%d", g_uri_get_port(uri));
    self->origin = g_strdup(origin->str);
    self->prefix = g_strdup(g_uri_get_path(uri));
    if (g_str_has_suffix(self->prefix, "/"))
        self->prefix[strlen(self->prefix) - 1] = '\0';
    return true;
}

Connection *connection_new(const char *url, const char *ca_file, const Key *key, const Clock *clock,
                           GError **error)
{
    g_autoptr(Connection) self = g_new0(Connection, 1);
    if (!split_url(self, url, error))
        return NULL;
    self->http = http_client_new("loa-player/" LOA_VERSION, ca_file);
    self->key = key;
    self->clock = clock;
    return g_steal_pointer(&self);
}

void connection_free(Connection *self)
{
    if (!self)
        return;
    http_client_free(self->http);
    g_free(self->origin);
    g_free(self->prefix);
    g_free(self);
}

static void add_signature(Connection *self, const ConnectionCall *call, const char *path,
                          const char *digest, GPtrArray *headers)
{
    g_autofree char *nonce = crypto_random_hex(16);
    HttpSignatureInput input = {
        .method = call->method,
        .path = path,
        .query = "?",
        .content_digest = digest,
        .created = clock_wall_us(self->clock) / G_USEC_PER_SEC + self->offset_s,
        .nonce = nonce,
    };
    g_autoptr(HttpSignatureHeaders) made = http_signature_make(&input, self->key);
    g_ptr_array_add(headers, g_strdup_printf("Signature-Input: %s", made->signature_input));
    g_ptr_array_add(headers, g_strdup_printf("Signature: %s", made->signature));
}

HttpCall *connection_send(Connection *self, const ConnectionCall *call)
{
    g_autofree char *path = g_strconcat(self->prefix, CONNECTION_BASE, call->path, NULL);
    g_autofree char *url = g_strconcat(self->origin, path, NULL);
    g_autofree char *digest = NULL;
    g_autoptr(GPtrArray) headers = g_ptr_array_new_with_free_func(g_free);
    if (call->body) {
        digest =
            http_signature_digest(g_bytes_get_data(call->body, NULL), g_bytes_get_size(call->body));
        g_ptr_array_add(headers, g_strdup("Content-Type: application/json"));
        g_ptr_array_add(headers, g_strdup_printf("Content-Digest: %s", digest));
    }
    if (call->header)
        g_ptr_array_add(headers, g_strdup(call->header));
    if (!call->bare)
        add_signature(self, call, path, digest, headers);
    g_ptr_array_add(headers, NULL);

    HttpRequest request = {
        .method = call->method,
        .url = url,
        .headers = (const char *const *)headers->pdata,
        .body = call->body,
        .max_answer = call->max_answer,
        .timeout_ms = call->timeout_ms,
        .stall_ms = call->stall_ms,
        .on_data = call->on_data,
        .on_done = call->on_done,
        .user = call->user,
    };
    return http_client_send(self->http, &request);
}

static void on_time(const HttpAnswer *answer, void *user)
{
    Connection *self = user;
    if (answer->status != 200)
        return;
    size_t length;
    const char *text = g_bytes_get_data(answer->body, &length);
    g_autoptr(Json) json = json_parse(text, length, NULL);
    int64_t utc_us = json_peek_int(json, "utc_us", 0);
    if (utc_us > 0)
        self->offset_s = (utc_us - clock_wall_us(self->clock)) / G_USEC_PER_SEC;
}

void connection_refused(Connection *self, const HttpAnswer *answer)
{
    int64_t now_us = clock_boottime_us(self->clock);
    bool soon = self->time_asked_us && now_us - self->time_asked_us < TIME_EVERY_US;
    if (answer->status != 401 || soon)
        return;
    self->time_asked_us = now_us;
    g_autofree char *nonce = crypto_random_hex(16);
    g_autofree char *url =
        g_strconcat(self->origin, self->prefix, CONNECTION_BASE "/time?nonce=", nonce, NULL);
    HttpRequest request = {
        .method = "GET",
        .url = url,
        .max_answer = TIME_MAX_ANSWER,
        .timeout_ms = TIME_TIMEOUT_MS,
        .on_done = on_time,
        .user = self,
    };
    http_client_send(self->http, &request);
}
