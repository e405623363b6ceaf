/* What conditions of a request make of a file: unchanged, a part of it, a smaller form. */
#include "server_room.h"

#include <gio/gio.h>
#include <string.h>

#include "crypto.h"
#include "http/reply_parts.h"
#include "http_peer.h"

static void test_known_version_is_not_sent_again(ServerRoom *self, const void *data)
{
    (void)data;
    g_autofree char *first = http_peer_get(self->port, "/text", NULL);
    g_assert_nonnull(strstr(first, "ETag: \"1.7\"\r\n"));
    g_assert_cmpstr(http_peer_body(first), ==, "plain text");
    g_autofree char *again =
        http_peer_get(self->port, "/text", "If-None-Match: \"0\", W/\"1.7\"\r\n");
    g_assert_cmpuint(http_peer_status(again), ==, 304);
    g_assert_cmpstr(http_peer_body(again), ==, "");
    g_autofree char *small =
        http_peer_get(self->port, "/text", "Accept-Encoding: br;q=1, gzip;q=0.5\r\n");
    g_assert_nonnull(strstr(small, "Content-Encoding: gzip\r\n"));
    g_assert_cmpstr(http_peer_body(small), ==, "gzipped");
    g_autofree char *refused = http_peer_get(self->port, "/text", "Accept-Encoding: gzip;q=0\r\n");
    g_assert_cmpstr(http_peer_body(refused), ==, "plain text");
}

/* An answer of `letters` letters and a little. */
static char *ask_long(unsigned port, size_t letters, const char *headers)
{
    g_autofree char *name = g_strnfill(letters, 'x');
    g_autofree char *body = g_strdup_printf("{\"name\":\"%s\"}", name);
    return http_peer_post(port, "/api/things/7", headers, body);
}

static size_t length_of(const char *answer)
{
    return (size_t)g_ascii_strtoull(strstr(answer, "Content-Length: ") + 16, NULL, 10);
}

static void test_long_json_is_sent_compressed(ServerRoom *self, const void *data)
{
    (void)data;
    char opened[8192];
    size_t read = 0, written = 0;
    g_autofree char *plain = ask_long(self->port, 3000, NULL);
    g_assert_null(strstr(plain, "Content-Encoding"));
    g_assert_nonnull(strstr(plain, "Vary: Accept-Encoding\r\n"));
    g_autofree char *small =
        ask_long(self->port, 3000, "Content-Type: application/json\r\nAccept-Encoding: gzip\r\n");
    g_assert_nonnull(strstr(small, "Content-Encoding: gzip\r\n"));
    g_assert_nonnull(strstr(small, "Vary: Accept-Encoding\r\n"));
    g_assert_cmpuint(length_of(small), <, 200);
    g_autoptr(GZlibDecompressor) open = g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP);
    g_assert_cmpint(g_converter_convert(G_CONVERTER(open), http_peer_body(small), length_of(small),
                                        opened, sizeof opened, G_CONVERTER_INPUT_AT_END, &read,
                                        &written, NULL),
                    ==, G_CONVERTER_FINISHED);
    opened[written] = '\0';
    g_assert_cmpuint(written, ==, length_of(plain));
    g_assert_nonnull(strstr(opened, "\"calls\":2"));
    g_autofree char *brief =
        ask_long(self->port, 100, "Content-Type: application/json\r\nAccept-Encoding: gzip\r\n");
    g_assert_null(strstr(brief, "Content-Encoding"));
    g_assert_null(strstr(brief, "Vary"));
}

static void test_ranges_of_a_file(ServerRoom *self, const void *data)
{
    (void)data;
    const struct {
        const char *headers;
        unsigned status;
        const char *body, *range;
    } cases[] = {
        {"Range: bytes=2-4\r\n", 206, "234", "bytes 2-4/10"},
        {"Range: bytes=7-\r\n", 206, "789", "bytes 7-9/10"},
        {"Range: bytes=-3\r\n", 206, "789", "bytes 7-9/10"},
        {"Range: bytes=-99\r\n", 206, "0123456789", "bytes 0-9/10"},
        {"Range: bytes=0-99\r\n", 206, "0123456789", "bytes 0-9/10"},
        {"Range: bytes=10-\r\n", 416, NULL, "bytes */10"},
        {"Range: bytes=-0\r\n", 416, NULL, "bytes */10"},
        {"Range: bytes=4-2\r\n", 200, "0123456789", NULL},
        {"Range: bytes=1-2,4-5\r\n", 200, "0123456789", NULL},
        {"Range: lines=1-2\r\n", 200, "0123456789", NULL},
        {"Range: bytes=2-4\r\nIf-Range: \"abc\"\r\n", 206, "234", "bytes 2-4/10"},
        {"Range: bytes=2-4\r\nIf-Range: \"old\"\r\n", 200, "0123456789", NULL},
        {"If-None-Match: \"abc\"\r\n", 304, "", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *answer = http_peer_get(self->port, "/file", cases[i].headers);
        g_assert_cmpuint(http_peer_status(answer), ==, cases[i].status);
        if (cases[i].body)
            g_assert_cmpstr(http_peer_body(answer), ==, cases[i].body);
        if (cases[i].range)
            g_assert_nonnull(strstr(answer, cases[i].range));
    }
    g_autofree char *whole = http_peer_get(self->port, "/file", NULL);
    g_assert_nonnull(strstr(whole, "immutable"));
}

static void test_head_is_get_without_a_body(ServerRoom *self, const void *data)
{
    (void)data;
    g_autoptr(GString) head =
        g_string_new("HEAD /file HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    g_autofree char *answer = http_peer_ask(&(HttpPeer){.port = self->port, .send = head});
    g_assert_cmpuint(http_peer_status(answer), ==, 200);
    g_assert_nonnull(strstr(answer, "Content-Length: 10\r\n"));
    g_assert_cmpstr(http_peer_body(answer), ==, "");
}

static void test_panel_is_served_and_never_left(ServerRoom *self, const void *data)
{
    (void)data;
    g_autofree char *index = http_peer_get(self->port, "/", NULL);
    g_assert_cmpstr(http_peer_body(index), ==, "<p>panel");
    g_assert_nonnull(strstr(index, "Cache-Control: no-cache"));
    g_autofree char *script = http_peer_get(self->port, "/assets/a.js", "Accept-Encoding: br\r\n");
    g_assert_cmpstr(http_peer_body(script), ==, "brotli");
    g_assert_nonnull(strstr(script, "immutable"));
    g_autofree char *plain = http_peer_get(self->port, "/assets/a.js", NULL);
    g_assert_cmpstr(http_peer_body(plain), ==, "plain");
    const char *outside[] = {"/../secret.json",     "/assets/../../secret.json",
                             "/%2e%2e/secret.json", "/..%2fsecret.json",
                             "//secret.json",       "/assets",
                             "/.hidden.html",       "/a\\..\\secret.json",
                             "/assets/a.js.br",     "/assets//a.js",
                             "/./index.html"};
    for (size_t i = 0; i < G_N_ELEMENTS(outside); i++) {
        g_autofree char *answer = http_peer_get(self->port, outside[i], NULL);
        g_assert_cmpuint(http_peer_status(answer), ==, 404);
    }
}

/* The worker that keeps the panel on a phone is asked for again at each visit, or no upgrade would
 * ever arrive. */
static void test_worker_and_home_screen_are_asked_for_each_time(ServerRoom *self, const void *data)
{
    (void)data;
    const char *files[][2] = {{"/sw.js", "text/javascript; charset=utf-8"},
                              {"/loa.webmanifest", "application/manifest+json"},
                              {"/icon-192.png", "image/png"}};
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *answer = http_peer_get(self->port, files[i][0], NULL);
        g_autofree char *type = g_strdup_printf("Content-Type: %s\r\n", files[i][1]);
        g_assert_nonnull(strstr(answer, type));
        g_assert_nonnull(strstr(answer, "Cache-Control: no-cache\r\n"));
        g_assert_null(strstr(answer, "immutable"));
        g_assert_nonnull(strstr(answer, "worker-src 'self'; manifest-src 'self';"));
    }
    g_autofree char *small = http_peer_get(self->port, "/sw.js", "Accept-Encoding: br\r\n");
    g_assert_nonnull(strstr(small, "Content-Encoding: br\r\n"));
    g_assert_cmpstr(http_peer_body(small), ==, "small worker");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(crypto_init());
#define ADD(name)                                                                                  \
    g_test_add("/conditional/" #name, ServerRoom, NULL, server_room_set_up, test_##name,           \
               server_room_tear_down)
    ADD(known_version_is_not_sent_again);
    ADD(long_json_is_sent_compressed);
    ADD(ranges_of_a_file);
    ADD(head_is_get_without_a_body);
    ADD(panel_is_served_and_never_left);
    ADD(worker_and_home_screen_are_asked_for_each_time);
    return g_test_run();
}
