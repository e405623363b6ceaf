/* From the reply a handler meant to the one that is sent (RFC 9110, sections 12 to 14): the entity
 * tag decides on 304, one byte range of a file gives 206 or 416, several are answered with the
 * whole file, and a compressed form goes where it is accepted: of a plan the one that is kept, of
 * any other JSON one made on the spot. */
#include "http/conditional.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/stat.h>

#define JSON_GZIP_MIN   1024      /* less fits one packet anyhow */
#define JSON_GZIP_MAX   (4 << 20) /* 10 ms of the loop */
#define JSON_GZIP_LEVEL 2         /* 6 takes three times as long to save another sixth */

typedef struct FixedHeader {
    const char *name;
    const char *value;
} FixedHeader;

/* For browsers; a station pays for every byte of its SIM card and runs no scripts. */
static const FixedHeader browser_headers[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
     "font-src 'self'; connect-src 'self'; media-src 'self' blob:; worker-src 'self'; "
     "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "microphone=(self), camera=(self), geolocation=(self)"},
};

static const FixedHeader station_headers[] = {{"X-Content-Type-Options", "nosniff"}};

static const ProblemKind problem_range = {"range", 416, "Phần được yêu cầu nằm ngoài tệp.",
                                          "The part that was asked for lies outside the file."};

bool conditional_accepts(const Request *request, const char *coding)
{
    const char *accepted = request_header(request, "Accept-Encoding");
    if (!accepted)
        return false;
    g_auto(GStrv) codings = g_strsplit(accepted, ",", 16);
    for (unsigned i = 0; codings[i]; i++) {
        char *name = g_strstrip(codings[i]);
        size_t length = strcspn(name, "; ");
        if (length != strlen(coding) || g_ascii_strncasecmp(name, coding, length) != 0)
            continue;
        const char *quality = strstr(name + length, "q=");
        return !quality || g_ascii_strtod(quality + 2, NULL) > 0;
    }
    return false;
}

/* If-None-Match compares weakly: a W/ in front makes no difference. */
static bool has_etag(const char *list, const char *etag)
{
    if (strcmp(list, "*") == 0)
        return true;
    g_autofree char *quoted = g_strdup_printf("\"%s\"", etag);
    g_auto(GStrv) tags = g_strsplit(list, ",", 64);
    for (unsigned i = 0; tags[i]; i++) {
        const char *tag = g_strstrip(tags[i]);
        if (g_str_has_prefix(tag, "W/"))
            tag += 2;
        if (strcmp(tag, quoted) == 0)
            return true;
    }
    return false;
}

static bool is_not_modified(const Reply *reply, const Request *request)
{
    const char *known = request_header(request, "If-None-Match");
    return known && reply->etag && has_etag(known, reply->etag);
}

static bool is_read(const Request *request)
{
    return strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0;
}

static void make_not_modified(Reply *reply)
{
    reply->kind = REPLY_BYTES;
    reply->status = 304;
    g_clear_pointer(&reply->body, g_bytes_unref);
    g_clear_pointer(&reply->gzip, g_bytes_unref);
}

static void set_etag(Reply *reply)
{
    if (!reply->etag)
        return;
    g_autofree char *quoted = g_strdup_printf("\"%s\"", reply->etag);
    reply_header(reply, "ETag", quoted);
}

static bool is_worth_gzip(const Reply *reply)
{
    const char *type = reply_peek_header(reply, "Content-Type");
    size_t length = g_bytes_get_size(reply->body);
    return !reply->gzip && length >= JSON_GZIP_MIN && length <= JSON_GZIP_MAX && type &&
           strcmp(type, "application/json") == 0;
}

/* NULL when it would not be smaller. */
static GBytes *make_gzip(GBytes *body)
{
    size_t length = 0, read = 0, written = 0;
    const void *bytes = g_bytes_get_data(body, &length);
    g_autofree void *room = g_malloc(length);
    g_autoptr(GZlibCompressor) smaller =
        g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, JSON_GZIP_LEVEL);
    if (g_converter_convert(G_CONVERTER(smaller), bytes, length, room, length,
                            G_CONVERTER_INPUT_AT_END, &read, &written,
                            NULL) != G_CONVERTER_FINISHED)
        return NULL;
    return g_bytes_new(room, written);
}

static void settle_bytes(Reply *reply, const Request *request)
{
    set_etag(reply);
    bool is_made_here = is_worth_gzip(reply);
    if (is_made_here && conditional_accepts(request, "gzip"))
        reply->gzip = make_gzip(reply->body);
    if (reply->gzip || is_made_here)
        reply_header(reply, "Vary", "Accept-Encoding");
    if (is_read(request) && is_not_modified(reply, request)) {
        make_not_modified(reply);
        return;
    }
    if (!reply->gzip || !conditional_accepts(request, "gzip"))
        return;
    g_bytes_unref(reply->body);
    reply->body = g_steal_pointer(&reply->gzip);
    reply_header(reply, "Content-Encoding", "gzip");
}

typedef enum { RANGE_NONE, RANGE_GOOD, RANGE_OUTSIDE } RangeAnswer;

/* "bytes=first-last", "bytes=first-" or "bytes=-count"; anything else is as if it were not there.
 */
static RangeAnswer parse_range(const char *text, uint64_t size, uint64_t *ret_first,
                               uint64_t *ret_last)
{
    if (!g_str_has_prefix(text, "bytes=") || strchr(text, ','))
        return RANGE_NONE;
    g_auto(GStrv) ends = g_strsplit(text + strlen("bytes="), "-", 2);
    if (g_strv_length(ends) != 2)
        return RANGE_NONE;
    bool has_first = *ends[0], has_last = *ends[1];
    uint64_t first = 0, last = UINT64_MAX;
    if ((!has_first && !has_last) ||
        (has_first && !g_ascii_string_to_unsigned(ends[0], 10, 0, UINT64_MAX, &first, NULL)) ||
        (has_last && !g_ascii_string_to_unsigned(ends[1], 10, 0, UINT64_MAX, &last, NULL)))
        return RANGE_NONE;
    if (has_first && first > last)
        return RANGE_NONE;
    if (!has_first) {
        if (last == 0 || size == 0)
            return RANGE_OUTSIDE;
        first = last >= size ? 0 : size - last;
        last = UINT64_MAX;
    }
    if (first >= size)
        return RANGE_OUTSIDE;
    *ret_first = first;
    *ret_last = MIN(last, size - 1);
    return RANGE_GOOD;
}

/* If-Range wants the part only of the very file it knows (strong comparison). */
static bool range_wanted(const Reply *reply, const Request *request)
{
    const char *condition = request_header(request, "If-Range");
    if (strcmp(request->method, "GET") != 0 || !request_header(request, "Range"))
        return false;
    if (!condition)
        return true;
    g_autofree char *quoted = g_strdup_printf("\"%s\"", reply->etag ? reply->etag : "");
    return reply->etag && strcmp(condition, quoted) == 0;
}

static Reply *answer_range(Reply *take_reply, const Request *request, uint64_t size)
{
    uint64_t first = 0, last = 0;
    switch (parse_range(request_header(request, "Range"), size, &first, &last)) {
    case RANGE_OUTSIDE: {
        reply_free(take_reply);
        Reply *outside = reply_problem(&problem_range);
        g_autofree char *total = g_strdup_printf("bytes */%" G_GUINT64_FORMAT, size);
        reply_header(outside, "Content-Range", total);
        return outside;
    }
    case RANGE_GOOD: {
        g_autofree char *part =
            g_strdup_printf("bytes %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT,
                            first, last, size);
        reply_header(take_reply, "Content-Range", part);
        take_reply->status = 206;
        take_reply->offset = first;
        take_reply->length = last - first + 1;
        return take_reply;
    }
    case RANGE_NONE:
    default: return take_reply;
    }
}

static Reply *settle_file(Reply *take_reply, const Request *request)
{
    struct stat status;
    take_reply->fd = open(take_reply->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (take_reply->fd < 0 || fstat(take_reply->fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        reply_free(take_reply);
        return reply_problem(&problem_not_found);
    }
    set_etag(take_reply);
    if (is_read(request) && is_not_modified(take_reply, request)) {
        make_not_modified(take_reply);
        return take_reply;
    }
    reply_header(take_reply, "Accept-Ranges", "bytes");
    take_reply->length = (uint64_t)status.st_size;
    return range_wanted(take_reply, request)
               ? answer_range(take_reply, request, (uint64_t)status.st_size)
               : take_reply;
}

static void print_problem(Reply *reply, const Request *request)
{
    size_t length = 0;
    char *text = problem_print(reply->problem, request->language, request->id, &length);
    reply->body = g_bytes_new_take(text, length);
    reply->kind = REPLY_BYTES;
    reply_header(reply, "Content-Language", request->language == LANGUAGE_EN ? "en" : "vi");
}

static void add_common_headers(Reply *reply, const Request *request, Listener listener)
{
    const FixedHeader *headers = listener == LISTENER_PEOPLE ? browser_headers : station_headers;
    size_t count =
        listener == LISTENER_PEOPLE ? G_N_ELEMENTS(browser_headers) : G_N_ELEMENTS(station_headers);
    for (size_t i = 0; i < count; i++)
        reply_header(reply, headers[i].name, headers[i].value);
    if (request->tls && listener == LISTENER_PEOPLE)
        reply_header(reply, "Strict-Transport-Security", "max-age=31536000");
    if (!reply_peek_header(reply, "Cache-Control"))
        reply_header(reply, "Cache-Control", "no-store");
    reply_header(reply, "X-Request-Id", request->id);
}

Reply *conditional_settle(Reply *take_reply, const Request *request, Listener listener)
{
    Reply *reply = take_reply;
    if (reply->kind == REPLY_FILE)
        reply = settle_file(reply, request);
    else if (reply->kind == REPLY_BYTES && reply->body)
        settle_bytes(reply, request);
    if (reply->kind == REPLY_PROBLEM)
        print_problem(reply, request);
    add_common_headers(reply, request, listener);
    return reply;
}
