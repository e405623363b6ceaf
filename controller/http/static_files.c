/* Serves the built panel. A path is taken apart and every piece judged before the disk is asked:
 * no empty or dotted piece, no backslash, only plain characters. What lies in assets/ carries its
 * hash in the name and never changes; everything else is asked for again each time. */
#include "http/static_files.h"

#include <string.h>
#include <sys/stat.h>

#include "http/conditional.h"

static const struct {
    const char *suffix;
    const char *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".webp", "image/webp"},
    {".jpg", "image/jpeg"},
    {".woff2", "font/woff2"},
    {".json", "application/json"},
    {".geojson", "application/geo+json"},
    {".webmanifest", "application/manifest+json"},
    {".txt", "text/plain; charset=utf-8"},
    {".wasm", "application/wasm"},
    {".opus", "audio/ogg"},
    {".ogg", "audio/ogg"},
    {".wav", "audio/wav"},
};

static const char *type_of(const char *path)
{
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        if (g_str_has_suffix(path, types[i].suffix))
            return types[i].type;
    }
    return NULL; /* not a file of the panel: .map, .br, anything unexpected */
}

static bool is_plain_piece(const char *piece)
{
    if (!*piece || *piece == '.')
        return false;
    for (const char *c = piece; *c; c++) {
        if (!g_ascii_isalnum(*c) && !strchr("-_.@~+", *c))
            return false;
    }
    return true;
}

/* "/" is index.html; NULL when the path cannot be one of ours. */
static char *file_of(const char *folder, const char *path)
{
    if (strcmp(path, "/") == 0)
        return g_build_filename(folder, "index.html", NULL);
    g_auto(GStrv) pieces = g_strsplit(path + 1, "/", 16);
    for (unsigned i = 0; pieces[i]; i++) {
        if (!is_plain_piece(pieces[i]))
            return NULL;
    }
    return g_build_filename(folder, path + 1, NULL);
}

static bool is_file(const char *path, struct stat *ret_status)
{
    return stat(path, ret_status) == 0 && S_ISREG(ret_status->st_mode);
}

/* The compressed neighbour when it is there and accepted. */
static char *compressed(const char *file, const Request *request, const char *coding,
                        const char *suffix, struct stat *ret_status)
{
    if (!conditional_accepts(request, coding))
        return NULL;
    g_autofree char *path = g_strconcat(file, suffix, NULL);
    return is_file(path, ret_status) ? g_steal_pointer(&path) : NULL;
}

Reply *static_files_reply(const char *folder, const Request *request)
{
    struct stat status, smaller;
    g_autofree char *file = file_of(folder, request_path(request));
    const char *type = file ? type_of(file) : NULL;
    if (!type || !is_file(file, &status))
        return NULL;
    const char *coding = "br";
    g_autofree char *sent = compressed(file, request, "br", ".br", &smaller);
    if (!sent) {
        coding = "gzip";
        sent = compressed(file, request, "gzip", ".gz", &smaller);
    }
    g_autofree char *etag = g_strdup_printf(
        "%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x-%c", (int64_t)status.st_mtime,
        (int64_t)(sent ? smaller.st_size : status.st_size), sent ? coding[0] : 'p');
    bool immutable = g_str_has_prefix(request_path(request), "/assets/");
    Reply *reply = reply_file(sent ? sent : file, type, etag, immutable);
    if (!immutable)
        reply_header(reply, "Cache-Control", "no-cache");
    if (sent)
        reply_header(reply, "Content-Encoding", coding);
    reply_header(reply, "Vary", "Accept-Encoding");
    return reply;
}
