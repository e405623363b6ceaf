/* loa station export ID DIR [--controller URL] --token-file FILE
 *
 * Writes DIR/loa-carry with all that the station would fetch: roots, media, and last of all the
 * plan, so that a stick that was pulled out too early is passed over by the station. Files that are
 * there already and right are kept: a second run brings only what is new. */
#include "station_export.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "base/atomic_file.h"
#include "digest.h"
#include "http_client.h"
#include "json.h"
#include "token_file.h"

#define DEFAULT_URL "http://127.0.0.1:8080"
#define PAPERS_MAX  (16 * 1024 * 1024)
#define MEDIA_MAX   (256 * 1024 * 1024)
#define TIMEOUT_MS  (10 * 60 * 1000)

typedef struct Export {
    HttpClient *client;
    const char *url, *station;
    char *authorization;
    char *folder;
    unsigned brought, kept;
} Export;

static GBytes *ask(const Export *self, const char *rest, size_t max, GError **error)
{
    g_autofree char *url =
        g_strdup_printf("%s/api/stations/%s/carry%s", self->url, self->station, rest);
    const char *headers[] = {self->authorization, NULL};
    HttpRequest request = {.method = "GET",
                           .url = url,
                           .headers = headers,
                           .max_answer = max,
                           .timeout_ms = TIMEOUT_MS};
    g_autoptr(HttpAnswer) answer = http_client_send_wait(self->client, &request);
    if (answer->status == 200)
        return g_bytes_ref(answer->body);
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s%u", url,
                answer->error ? answer->error->message : "HTTP ", answer->status);
    return NULL;
}

static bool put(const Export *self, const char *folder, const char *name, GBytes *bytes,
                GError **error)
{
    g_autofree char *path = g_build_filename(self->folder, folder, name, NULL);
    g_autofree char *above = g_path_get_dirname(path);
    return atomic_file_make_folders(above, 0755, error) &&
           atomic_file_write(path, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), 0644,
                             error);
}

static bool put_roots(const Export *self, const Json *roots, GError **error)
{
    for (size_t i = 0; i < json_length(roots); i++) {
        g_autofree char *name = g_strdup_printf("%zu.json", i + 1);
        g_autoptr(GBytes) bytes = json_print_bytes(json_at(roots, i));
        if (!put(self, "roots", name, bytes, error))
            return false;
    }
    return true;
}

static bool put_one(Export *self, const char *sha256, GError **error)
{
    g_autofree char *path = g_build_filename(self->folder, "media", sha256, NULL);
    g_autofree char *there = digest_hex_of_file(path, NULL);
    if (there && g_str_equal(there, sha256)) {
        self->kept++;
        return true;
    }
    g_autofree char *rest = g_strconcat("/", sha256, NULL);
    g_autoptr(GBytes) bytes = ask(self, rest, MEDIA_MAX, error);
    self->brought++;
    return bytes && put(self, "media", sha256, bytes, error);
}

static bool put_media(Export *self, const Json *media, GError **error)
{
    for (size_t i = 0; i < json_length(media); i++) {
        const char *sha256 = json_peek_text(json_at(media, i), "sha256");
        if (sha256 && digest_is_sha256_hex(sha256) && !put_one(self, sha256, error))
            return false;
    }
    return true;
}

static bool export(Export *self, GError **error)
{
    g_autoptr(GBytes) body = ask(self, "", PAPERS_MAX, error);
    if (!body)
        return false;
    size_t length;
    const char *text = g_bytes_get_data(body, &length);
    g_autoptr(Json) papers = json_parse(text, length, error);
    if (!papers)
        return false;
    g_autofree char *plan = g_build_filename(self->folder, "plan.json", NULL);
    g_autoptr(GBytes) bytes = json_print_bytes(json_peek(papers, "plan"));
    return atomic_file_remove(plan, error) && put_roots(self, json_peek(papers, "roots"), error) &&
           put_media(self, json_peek(papers, "media"), error) &&
           put(self, "", "plan.json", bytes, error);
}

static int run(Export *self, const char *token_file)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *token = token_file_read(token_file, &error);
    g_autoptr(HttpClient) client = http_client_new("loa/" LOA_VERSION, NULL);
    g_autofree char *authorization = g_strdup_printf("Authorization: Bearer %s", token);
    self->client = client;
    self->authorization = authorization;
    if (!token || !export(self, &error)) {
        fprintf(stderr, "loa station export: %s\n", error->message);
        return 1;
    }
    printf("%s: plan and %u file(s), %u new. Carry it to the station.\n", self->folder,
           self->brought + self->kept, self->brought);
    return 0;
}

int station_export_main(int argc, char **argv)
{
    const char *url = DEFAULT_URL, *token = NULL;
    bool good = argc >= 2 && argc % 2 == 0;
    for (int i = 2; good && i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--controller") == 0)
            url = argv[i + 1];
        else if (strcmp(argv[i], "--token-file") == 0)
            token = argv[i + 1];
        else
            good = false;
    }
    if (!good || !token) {
        fputs("usage: loa station export ID DIR [--controller URL] --token-file FILE\n", stderr);
        return 2;
    }
    g_autofree char *folder = g_build_filename(argv[1], "loa-carry", NULL);
    Export self = {.url = url, .station = argv[0], .folder = folder};
    return run(&self, token);
}
