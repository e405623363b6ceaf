/* Requests to the controller, signed by RFC 9421.
 *
 * `created` must be within 300 s of the controller's clock. A station whose clock is not trusted
 * signs with a ticket of the controller's in the nonce instead; time_sync.c fetches it, and is told
 * here of every 401. */
#include "link/connection.h"

#include "http_signature.h"
#include "json.h"

#include <gio/gio.h>
#include <string.h>

#define TICKET_LIFE_US (INT64_C(240) * G_USEC_PER_SEC) /* the controller's limit is 300 s */

struct Connection {
    HttpClient *http;
    char *origin; /* scheme://host:port */
    char *plain;  /* http://host, where the controller is reached by https; else as `origin` */
    char *prefix; /* path before CONNECTION_BASE, "" or "/..." */
    const Key *key;
    const Clock *clock;
    char ticket[SIGNED_TIME_TICKET_HEX + 1]; /* "" = sign with our own time alone */
    int64_t ticket_us;                       /* boottime */
    void (*on_unauthorised)(void *user);
    void *user;
    DataTap taps[DATA_KINDS];
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
    self->plain = g_str_equal(scheme, "https") ? g_strconcat("http", origin->str + 5, NULL) : NULL;
    if (g_uri_get_port(uri) > 0)
        g_string_append_printf(origin, ":%d", g_uri_get_port(uri));
    self->origin = g_strdup(origin->str);
    if (!self->plain)
        self->plain = g_strdup(origin->str);
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
    g_free(self->plain);
    g_free(self->prefix);
    g_free(self);
}

void connection_set_meter(Connection *self, DataMeter *meter)
{
    for (DataKind kind = DATA_OTHER; kind < DATA_KINDS; kind++)
        self->taps[kind] = (DataTap){.meter = meter, .kind = kind};
}

static char *make_nonce(const Connection *self)
{
    int64_t age_us = clock_boottime_us(self->clock) - self->ticket_us;
    g_autofree char *random = crypto_random_hex(SIGNED_TIME_NONCE_HEX / 2);
    if (!*self->ticket || age_us > TICKET_LIFE_US)
        return g_steal_pointer(&random);
    return g_strconcat(self->ticket, random + SIGNED_TIME_TICKET_HEX, NULL);
}

static void add_signature(Connection *self, const ConnectionCall *call, const char *path,
                          const char *digest, GPtrArray *headers)
{
    g_autofree char *nonce = make_nonce(self);
    HttpSignatureInput input = {
        .method = call->method,
        .path = path,
        .query = "?", /* what is signed never has one */
        .content_digest = digest,
        .created = clock_wall_us(self->clock) / G_USEC_PER_SEC,
        .nonce = nonce,
    };
    g_autoptr(HttpSignatureHeaders) made = http_signature_make(&input, self->key);
    g_ptr_array_add(headers, g_strdup_printf("Signature-Input: %s", made->signature_input));
    g_ptr_array_add(headers, g_strdup_printf("Signature: %s", made->signature));
}

HttpCall *connection_send(Connection *self, const ConnectionCall *call)
{
    g_autofree char *path = g_strconcat(self->prefix, CONNECTION_BASE, call->path, NULL);
    g_autofree char *url = g_strconcat(call->plain ? self->plain : self->origin, path, NULL);
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
        .on_traffic = self->taps[call->kind].meter ? data_tap_count : NULL,
        .traffic_user = &self->taps[call->kind],
    };
    return http_client_send(self->http, &request);
}

void connection_set_ticket(Connection *self, const char *ticket)
{
    g_strlcpy(self->ticket, ticket ? ticket : "", sizeof self->ticket);
    self->ticket_us = clock_boottime_us(self->clock);
}

void connection_on_unauthorised(Connection *self, void (*tell)(void *user), void *user)
{
    self->on_unauthorised = tell;
    self->user = user;
}

bool connection_has_plain(const Connection *self)
{
    return !g_str_equal(self->plain, self->origin);
}

void connection_refused(Connection *self, const HttpAnswer *answer)
{
    if (answer->status == 401 && self->on_unauthorised)
        self->on_unauthorised(self->user);
}
