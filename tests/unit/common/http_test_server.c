/* One thread per connection, one request per connection. Paths:
 *   /echo     the request itself, as text        /pieces  twenty chunks "piece-N;"
 *   /stall    half an answer, then silence       /mute    no answer at all
 *   /cut      less than Content-Length says      /big     100,000 bytes
 *   /gzip     a million zeros in a small gzip    /headers endless headers
 *   /missing  404 with a body                    /moved   302 to /echo
 *   /interim  103 first, then 200
 * "Silence" lasts until the client hangs up, so that no test depends on how fast the machine is. */
#include "http_test_server.h"

#include <string.h>

struct HttpTestServer {
    GSocketService *service;
    guint16 port;
};

static void say(GOutputStream *out, const char *text)
{
    g_output_stream_write_all(out, text, strlen(text), NULL, NULL, NULL);
}

static void wait_for_hang_up(GInputStream *in)
{
    char byte;
    while (g_input_stream_read(in, &byte, 1, NULL, NULL) > 0)
        continue;
}

/* Head and body as one text. */
static char *read_request(GInputStream *in)
{
    g_autoptr(GString) text = g_string_new(NULL);
    const char *end = NULL;
    char byte;
    while (!(end = strstr(text->str, "\r\n\r\n")))
        if (g_input_stream_read(in, &byte, 1, NULL, NULL) != 1)
            return NULL;
        else
            g_string_append_c(text, byte);
    const char *length = strstr(text->str, "Content-Length: ");
    gsize body = length ? (gsize)g_ascii_strtoull(length + 16, NULL, 10) : 0;
    g_autofree char *bytes = g_malloc0(body + 1);
    g_input_stream_read_all(in, bytes, body, NULL, NULL, NULL);
    return g_strconcat(text->str, bytes, NULL);
}

static void answer_bytes(GOutputStream *out, const char *head, const void *bytes, gsize length)
{
    g_autofree char *full = g_strdup_printf(
        "HTTP/1.1 %sContent-Length: %zu\r\nConnection: close\r\n\r\n", head, length);
    say(out, full);
    g_output_stream_write_all(out, bytes, length, NULL, NULL, NULL);
}

static void answer_pieces(GOutputStream *out)
{
    say(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
    for (int i = 0; i < 20; i++) {
        g_autofree char *piece = g_strdup_printf("piece-%d;", i);
        g_autofree char *chunk = g_strdup_printf("%zx\r\n%s\r\n", strlen(piece), piece);
        say(out, chunk);
    }
    say(out, "0\r\n\r\n");
}

static void answer_gzip(GOutputStream *out)
{
    g_autofree char *zeros = g_malloc0(1000000);
    g_autoptr(GConverter) gzip =
        G_CONVERTER(g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
    g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable();
    g_autoptr(GOutputStream) packer = g_converter_output_stream_new(memory, gzip);
    g_output_stream_write_all(packer, zeros, 1000000, NULL, NULL, NULL);
    g_output_stream_close(packer, NULL, NULL);
    GMemoryOutputStream *packed = G_MEMORY_OUTPUT_STREAM(memory);
    answer_bytes(out, "200 OK\r\nContent-Encoding: gzip\r\n",
                 g_memory_output_stream_get_data(packed),
                 g_memory_output_stream_get_data_size(packed));
}

static void answer_headers(GOutputStream *out)
{
    g_autofree char *value = g_strnfill(1000, 'x');
    say(out, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 200; i++) {
        g_autofree char *header = g_strdup_printf("X-%d: %s\r\n", i, value);
        say(out, header);
    }
    say(out, "\r\n");
}

static void answer(const char *request, GInputStream *in, GOutputStream *out)
{
    g_autofree char *big = g_strnfill(100000, 'b');
    g_auto(GStrv) words = g_strsplit(request, " ", 3);
    const char *path = words[1];
    if (strcmp(path, "/pieces") == 0)
        answer_pieces(out);
    else if (strcmp(path, "/stall") == 0)
        say(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"), wait_for_hang_up(in);
    else if (strcmp(path, "/mute") == 0)
        wait_for_hang_up(in);
    else if (strcmp(path, "/cut") == 0)
        say(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    else if (strcmp(path, "/big") == 0)
        answer_bytes(out, "200 OK\r\n", big, 100000);
    else if (strcmp(path, "/gzip") == 0)
        answer_gzip(out);
    else if (strcmp(path, "/headers") == 0)
        answer_headers(out);
    else if (strcmp(path, "/missing") == 0)
        answer_bytes(out, "404 Not Found\r\n", "no such thing", 13);
    else if (strcmp(path, "/moved") == 0)
        answer_bytes(out, "302 Found\r\nLocation: /echo\r\n", "", 0);
    else if (strcmp(path, "/interim") == 0)
        say(out, "HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n"),
            answer_bytes(out, "200 OK\r\n", "x", 1);
    else
        answer_bytes(out, "200 OK\r\nX-Twice: a\r\nx-twice:  b \r\n", request, strlen(request));
}

static gboolean serve(G_GNUC_UNUSED GThreadedSocketService *service, GSocketConnection *connection,
                      G_GNUC_UNUSED GObject *source, G_GNUC_UNUSED gpointer data)
{
    GInputStream *in = g_io_stream_get_input_stream(G_IO_STREAM(connection));
    GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(connection));
    g_autofree char *request = read_request(in);
    if (request)
        answer(request, in, out);
    g_io_stream_close(G_IO_STREAM(connection), NULL, NULL);
    return TRUE;
}

HttpTestServer *http_test_server_new(void)
{
    HttpTestServer *self = g_new0(HttpTestServer, 1);
    g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
    g_autoptr(GSocketAddress) any = g_inet_socket_address_new(loopback, 0);
    g_autoptr(GSocketAddress) bound = NULL;
    self->service = g_threaded_socket_service_new(32);
    g_socket_listener_set_backlog(G_SOCKET_LISTENER(self->service), 64);
    g_assert_true(g_socket_listener_add_address(G_SOCKET_LISTENER(self->service), any,
                                                G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                                &bound, NULL));
    self->port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound));
    g_signal_connect(self->service, "run", G_CALLBACK(serve), NULL);
    g_socket_service_start(self->service);
    return self;
}

void http_test_server_free(HttpTestServer *self)
{
    if (!self)
        return;
    g_socket_service_stop(self->service);
    g_socket_listener_close(G_SOCKET_LISTENER(self->service));
    g_object_unref(self->service);
    g_free(self);
}

char *http_test_server_url(const HttpTestServer *self, const char *path)
{
    return g_strdup_printf("http://127.0.0.1:%u%s", self->port, path);
}
