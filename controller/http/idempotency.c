/* One row per key: made before the handler runs, filled with its answer afterwards, in the same
 * transaction as the act itself. So after a crash either both are there or neither, and a repeat
 * can never do the thing twice. Only successes are kept: after a failure nothing was done, and the
 * caller may correct the body and use the key again. */
#include "http/idempotency.h"

#include <string.h>

#include "digest.h"
#include "http/idempotency_store.h"
#include "http/reply_parts.h"

static const ProblemKind problem_key = {"idempotency-key", 400,
                                        "Idempotency-Key phải dài từ 1 đến 200 ký tự.",
                                        "Idempotency-Key must have 1 to 200 characters."};
static const ProblemKind problem_key_reused = {
    "idempotency-key-reused", 422,
    "Lần gửi trước, với nội dung khác, đã được nhận. Hãy xem lại trước khi gửi thêm lần nữa.",
    "What was sent before, with other content, has arrived. Look at it before sending again."};
static const ProblemKind problem_in_progress = {
    "idempotency-in-progress", 409,
    "Yêu cầu giống hệt đang được xử lý. Hãy chờ kết quả rồi thử lại.",
    "The same request is still being answered. Wait for it, then try again."};

static const char *const kept_headers[] = {"Content-Type", "Location", "ETag"};

struct Idempotency {
    Database *database;
    const char *(*who)(const Request *request);
};

Idempotency *idempotency_new(Database *database, const char *(*who)(const Request *request))
{
    Idempotency *self = g_new0(Idempotency, 1);
    self->database = database;
    self->who = who;
    return self;
}

void idempotency_free(Idempotency *self)
{
    g_free(self);
}

static char *row_of(const Request *request, const char *who, const char *key)
{
    g_autofree char *text =
        g_strjoin("\n", who, key, request_method(request), request_path(request), NULL);
    return digest_hex_of(text, strlen(text));
}

static char *body_hash(const Request *request)
{
    size_t length = 0;
    GBytes *body = request_body(request);
    const void *bytes = body ? g_bytes_get_data(body, &length) : NULL;
    return digest_hex_of(bytes ? bytes : "", length);
}

/* "Name: value" lines. */
static char *print_headers(const Reply *reply)
{
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(kept_headers); i++) {
        const char *value = reply_peek_header(reply, kept_headers[i]);
        if (value)
            g_string_append_printf(text, "%s: %s\n", kept_headers[i], value);
    }
    return g_string_free(text, FALSE);
}

static void read_headers(Reply *reply, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (unsigned i = 0; lines[i]; i++) {
        char *colon = strstr(lines[i], ": ");
        if (!colon)
            continue;
        *colon = '\0';
        reply_header(reply, lines[i], colon + 2);
    }
}

static Reply *replay(const KeptAnswer *kept, const char *hash)
{
    if (strcmp(kept->body, hash) != 0)
        return reply_problem(&problem_key_reused);
    if (kept->status == 0)
        return reply_problem(&problem_in_progress);
    Reply *reply = reply_new(REPLY_BYTES, kept->status);
    reply->body = kept->answer ? g_bytes_ref(kept->answer) : NULL;
    read_headers(reply, kept->headers);
    reply_header(reply, "Idempotency-Replayed", "true");
    return reply;
}

static Reply *open_row(Idempotency *self, const Request *request, const char *row)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *hash = body_hash(request);
    int64_t now_us = request_now_us(request);
    if (!database_begin(self->database, &error))
        return reply_error(error);
    g_autoptr(KeptAnswer) earlier = idempotency_store_get(self->database, row, now_us, &error);
    if (!earlier && !error &&
        idempotency_store_begin(self->database, row, hash, now_us + IDEMPOTENCY_PENDING_US, &error))
        return NULL;
    database_rollback(self->database);
    return earlier ? replay(earlier, hash) : reply_error(error);
}

Reply *idempotency_begin(Idempotency *self, const Request *request, char **ret_row)
{
    const char *key = request_header(request, "Idempotency-Key");
    const char *who = self->who(request);
    *ret_row = NULL;
    if (!key || !who)
        return NULL;
    if (!*key || strlen(key) > IDEMPOTENCY_KEY_MAX)
        return reply_problem(&problem_key);
    g_autofree char *row = row_of(request, who, key);
    Reply *reply = open_row(self, request, row);
    if (!reply)
        *ret_row = g_steal_pointer(&row);
    return reply;
}

static bool keep(Idempotency *self, const char *row, const Reply *reply, int64_t now_us,
                 GError **error)
{
    size_t length = reply->body ? g_bytes_get_size(reply->body) : 0;
    bool is_kept = reply->kind == REPLY_BYTES && reply->status >= 200 && reply->status < 300 &&
                   length <= IDEMPOTENCY_ANSWER_MAX;
    if (!is_kept)
        return idempotency_store_forget(self->database, row, error);
    g_autofree char *headers = print_headers(reply);
    KeptAnswer kept = {.status = reply->status, .headers = headers, .answer = reply->body};
    return idempotency_store_keep(self->database, row, &kept, now_us + IDEMPOTENCY_US, error);
}

static bool is_success(const Reply *reply)
{
    return reply->status < 400;
}

Reply *idempotency_answer(Idempotency *self, const char *row, Reply *take_reply, int64_t now_us)
{
    g_autoptr(Reply) reply = take_reply;
    g_autoptr(GError) error = NULL;
    bool kept = keep(self, row, reply, now_us, &error);
    if (kept && database_commit(self->database, &error))
        return g_steal_pointer(&reply);
    if (!kept)
        database_rollback(self->database);
    /* A handler that failed has rolled back itself: its own answer says more. */
    return is_success(reply) ? reply_error(error) : g_steal_pointer(&reply);
}

bool idempotency_hold(Idempotency *self, GError **error)
{
    return database_commit(self->database, error);
}

bool idempotency_resume(Idempotency *self, GError **error)
{
    return database_begin(self->database, error);
}

Reply *idempotency_late(Idempotency *self, const char *row, Reply *take_reply, int64_t now_us)
{
    g_autoptr(GError) error = NULL;
    if (keep(self, row, take_reply, now_us, &error))
        return take_reply;
    reply_free(take_reply);
    return reply_error(error);
}

bool idempotency_sweep(Idempotency *self, int64_t now_us, GError **error)
{
    return idempotency_store_sweep(self->database, now_us, error);
}
