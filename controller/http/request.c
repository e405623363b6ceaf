/* One request: everything is copied out of the connection, so that an answer that takes a while
 * does not care whether the peer is still there. Two hold it: the server's exchange, until the
 * connection is done with it, and a handler that answers later. */
#include "http/request_parts.h"

#include <stdlib.h>
#include <string.h>

#include "crypto.h"
#include "http/idempotency.h"
#include "http/reply_parts.h"

#define PAGE_DEFAULT 50

Request *request_new(const char *method, const char *uri)
{
    Request *self = g_new0(Request, 1);
    const char *query = strchr(uri, '?');
    g_autofree char *id = crypto_random_hex(8);
    self->references = 1;
    g_strlcpy(self->id, id, sizeof(self->id));
    self->method = g_strdup(method);
    self->path = query ? g_strndup(uri, (size_t)(query - uri)) : g_strdup(uri);
    self->raw_query = g_strdup(query ? query : "?");
    self->headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->query = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return self;
}

Request *request_ref(Request *self)
{
    self->references++;
    return self;
}

void request_unref(Request *self)
{
    if (!self || --self->references > 0)
        return;
    if (self->free_caller)
        self->free_caller(self->caller);
    reply_free(self->reply);
    g_clear_pointer(&self->body, g_bytes_unref);
    json_drop(self->json);
    g_clear_pointer(&self->places, g_hash_table_unref);
    g_hash_table_unref(self->headers);
    g_hash_table_unref(self->query);
    g_free(self->method);
    g_free(self->path);
    g_free(self->raw_query);
    g_free(self->remote);
    g_free(self->idempotency_row);
    g_free(self);
}

void request_add_header(Request *self, const char *name, const char *value)
{
    char *lower = g_ascii_strdown(name, -1);
    const char *before = g_hash_table_lookup(self->headers, lower);
    const char *joint = strcmp(lower, "cookie") == 0 ? "; " : ", ";
    g_hash_table_replace(self->headers, lower,
                         before ? g_strconcat(before, joint, value, NULL) : g_strdup(value));
}

/* One side of name=value; NULL when it is not UTF-8 or hides a NUL. */
static char *decode(const char *text, size_t length)
{
    g_autofree char *copy = g_strndup(text, length);
    g_strdelimit(copy, "+", ' ');
    g_autofree char *plain = g_uri_unescape_string(copy, NULL);
    if (!plain || !g_utf8_validate(plain, -1, NULL))
        return NULL;
    return g_utf8_normalize(plain, -1, G_NORMALIZE_NFC);
}

static bool decode_query(Request *self)
{
    g_auto(GStrv) pairs = g_strsplit(self->raw_query + 1, "&", -1);
    for (unsigned i = 0; pairs[i]; i++) {
        if (!*pairs[i])
            continue;
        const char *equals = strchr(pairs[i], '=');
        size_t name_length = equals ? (size_t)(equals - pairs[i]) : strlen(pairs[i]);
        g_autofree char *name = decode(pairs[i], name_length);
        g_autofree char *value = equals ? decode(equals + 1, strlen(equals + 1)) : g_strdup("");
        if (!name || !value)
            return false;
        g_hash_table_replace(self->query, g_steal_pointer(&name), g_steal_pointer(&value));
    }
    return true;
}

/* The quality of one language range of Accept-Language, 0 when it is not `word`. */
static double quality_of(const char *range, const char *word)
{
    while (*range == ' ')
        range++;
    size_t length = strlen(word);
    if (g_ascii_strncasecmp(range, word, length) != 0 || g_ascii_isalpha(range[length]))
        return 0;
    const char *quality = strstr(range, "q=");
    return quality ? g_ascii_strtod(quality + 2, NULL) : 1;
}

static Language find_language(const char *accepted)
{
    if (!accepted)
        return LANGUAGE_VI;
    double vi = 0, en = 0;
    g_auto(GStrv) ranges = g_strsplit(accepted, ",", 16);
    for (unsigned i = 0; ranges[i]; i++) {
        double order = 1e-6 * (double)(16 - MIN(i, 16)); /* the earlier of two equal ones */
        double found_vi = quality_of(ranges[i], "vi"), found_en = quality_of(ranges[i], "en");
        vi = found_vi > 0 ? MAX(vi, found_vi + order) : vi;
        en = found_en > 0 ? MAX(en, found_en + order) : en;
    }
    return en > vi ? LANGUAGE_EN : LANGUAGE_VI;
}

static bool is_loopback(const char *address)
{
    g_autoptr(GInetAddress) inet = g_inet_address_new_from_string(address);
    return inet && g_inet_address_get_is_loopback(inet);
}

/* The proxy appends the address it saw, so the last one is the one to believe. */
static char *forwarded_address(const Request *self)
{
    const char *chain = request_header(self, "X-Forwarded-For");
    if (!chain)
        return NULL;
    const char *last = strrchr(chain, ',');
    g_autofree char *address = g_strstrip(g_strdup(last ? last + 1 : chain));
    return g_hostname_is_ip_address(address) ? g_steal_pointer(&address) : NULL;
}

bool request_settle(Request *self, const char *peer, bool trust_forwarded)
{
    bool proxied = trust_forwarded && is_loopback(peer);
    char *forwarded = proxied ? forwarded_address(self) : NULL;
    self->remote = forwarded ? forwarded : g_strdup(peer);
    self->tls = proxied && g_strcmp0(request_header(self, "X-Forwarded-Proto"), "https") == 0;
    self->language = find_language(request_header(self, "Accept-Language"));
    return decode_query(self);
}

const char *request_method(const Request *self)
{
    return self->method;
}

const char *request_path(const Request *self)
{
    return self->path;
}

const char *request_raw_query(const Request *self)
{
    return self->raw_query;
}

const char *request_id(const Request *self)
{
    return self->id;
}

const char *request_header(const Request *self, const char *name)
{
    char lower[64];
    size_t i = 0;
    for (; name[i] && i < sizeof(lower) - 1; i++)
        lower[i] = g_ascii_tolower(name[i]);
    lower[i] = '\0';
    return g_hash_table_lookup(self->headers, lower);
}

const char *request_query(const Request *self, const char *name)
{
    return g_hash_table_lookup(self->query, name);
}

const char *request_place(const Request *self, const char *name)
{
    return self->places ? g_hash_table_lookup(self->places, name) : NULL;
}

const char *request_remote(const Request *self)
{
    return self->remote;
}

bool request_is_tls(const Request *self)
{
    return self->tls;
}

Language request_language(const Request *self)
{
    return self->language;
}

int64_t request_now_us(const Request *self)
{
    return self->now_us;
}

GBytes *request_body(const Request *self)
{
    return self->body;
}

const Json *request_json(const Request *self)
{
    return self->json;
}

bool request_page(Request *self, unsigned max_limit, unsigned *ret_limit, const char **ret_after,
                  Problem **ret_problem)
{
    const char *text = request_query(self, "limit");
    uint64_t limit = MIN(PAGE_DEFAULT, max_limit);
    if (text && !g_ascii_string_to_unsigned(text, 10, 1, max_limit, &limit, NULL)) {
        g_autofree char *vi = g_strdup_printf("Phải là số từ 1 đến %u", max_limit);
        g_autofree char *en = g_strdup_printf("Must be a number from 1 to %u", max_limit);
        *ret_problem = problem_new(&problem_invalid);
        problem_add(*ret_problem, "?limit", vi, en);
        return false;
    }
    *ret_limit = (unsigned)limit;
    *ret_after = request_query(self, "after");
    return true;
}

void request_set_caller(Request *self, void *caller, GDestroyNotify free_caller)
{
    if (self->free_caller)
        self->free_caller(self->caller);
    self->caller = caller;
    self->free_caller = free_caller;
}

void *request_caller(const Request *self)
{
    return self->caller;
}

Request *request_hold(Request *self)
{
    if (self->held)
        return self;
    self->held = true;
    return request_ref(self);
}

void request_finish(Request *self, Reply *take_reply)
{
    g_return_if_fail(self->held && !self->reply);
    self->reply = take_reply;
    if (self->idempotency_row)
        self->reply =
            idempotency_late(self->idempotency, self->idempotency_row, take_reply, self->now_us);
    g_clear_pointer(&self->idempotency_row, g_free);
    if (self->exchange)
        self->finished(self->exchange);
    request_unref(self);
}

static Reply *act_once(Request *self, Reply *(*act)(void *user), void *user)
{
    g_autoptr(GError) error = NULL;
    if (!idempotency_resume(self->idempotency, &error))
        return reply_error(error);
    Reply *reply =
        idempotency_answer(self->idempotency, self->idempotency_row, act(user), self->now_us);
    if (reply->status < 400)
        g_clear_pointer(&self->idempotency_row, g_free);
    return reply;
}

void request_finish_by(Request *self, Reply *(*act)(void *user), void *user)
{
    request_finish(self, self->idempotency_row ? act_once(self, act, user) : act(user));
}
