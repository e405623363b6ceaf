/* Event streams, whole and in pieces. */
#include "link/sse.h"

#include <string.h>

typedef struct Row {
    const char *name;
    const char *stream;
    const char *events; /* "type=data;" of each */
} Row;

static const Row rows[] = {
    {"one event", "event: hello\ndata: {}\n\n", "hello={};"},
    {"no space after the colon", "event:hello\ndata:{}\n\n", "hello={};"},
    {"crlf", "event: hello\r\ndata: {}\r\n\r\n", "hello={};"},
    {"cr", "event: hello\rdata: {}\r\r", "hello={};"},
    {"no type", "data: x\n\n", "message=x;"},
    {"two lines of data", "data: a\ndata: b\n\n", "message=a\nb;"},
    {"empty data", "data\n\n", "message=;"},
    {"comment", ": still here\n\ndata: x\n\n", "message=x;"},
    {"type without data", "event: hello\n\ndata: x\n\n", "message=x;"},
    {"id and retry are passed over", "id: 7\nretry: 10\ndata: x\n\n", "message=x;"},
    {"unknown field", "colour: red\ndata: x\n\n", "message=x;"},
    {"cut off", "data: x\n", ""},
    {"two events", "data: 1\n\ndata: 2\n\n", "message=1;message=2;"},
    {"colon in data", "data: a:b: c\n\n", "message=a:b: c;"},
    {"only line ends", "\n\n\r\r\r\n\r\n", ""},
};

static void note(const char *type, const char *data, void *user)
{
    g_string_append_printf(user, "%s=%s;", type, data);
}

static void reads_the_stream_in_pieces_of_any_size(gconstpointer data)
{
    const Row *row = data;
    size_t length = strlen(row->stream);
    for (size_t piece = 1; piece <= length; piece++) {
        g_autoptr(GString) events = g_string_new(NULL);
        g_autoptr(Sse) sse = sse_new(note, events);
        for (size_t at = 0; at < length; at += piece)
            g_assert_true(sse_feed(sse, row->stream + at, MIN(piece, length - at)));
        g_assert_cmpstr(events->str, ==, row->events);
    }
}

static void a_line_without_end_is_given_up(void)
{
    g_autoptr(GString) events = g_string_new(NULL);
    g_autoptr(Sse) sse = sse_new(note, events);
    g_autofree char *line = g_strnfill(SSE_MAX_LINE + 1, 'x');
    g_assert_false(sse_feed(sse, line, SSE_MAX_LINE + 1));
}

static void an_event_without_end_is_given_up(void)
{
    g_autoptr(GString) events = g_string_new(NULL);
    g_autoptr(Sse) sse = sse_new(note, events);
    g_autofree char *line = g_strnfill(60 * 1024, 'x');
    memcpy(line, "data: ", 6);
    line[60 * 1024 - 1] = '\n';
    bool good = true;
    for (unsigned i = 0; i < 8 && good; i++)
        good = sse_feed(sse, line, 60 * 1024);
    g_assert_false(good);
}

static void noise_never_crashes(void)
{
    static const char alphabet[] = "data:event: \n\r\0\xff\xc3x";
    g_autoptr(GString) events = g_string_new(NULL);
    for (unsigned round = 0; round < 200; round++) {
        g_autoptr(Sse) sse = sse_new(note, events);
        char noise[512];
        for (size_t i = 0; i < sizeof noise; i++)
            noise[i] = alphabet[g_test_rand_int_range(0, sizeof alphabet)];
        g_assert_true(sse_feed(sse, noise, sizeof noise));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = g_strconcat("/sse/", rows[i].name, NULL);
        g_test_add_data_func(path, &rows[i], reads_the_stream_in_pieces_of_any_size);
    }
    g_test_add_func("/sse/endless line", a_line_without_end_is_given_up);
    g_test_add_func("/sse/endless event", an_event_without_end_is_given_up);
    g_test_add_func("/sse/noise", noise_never_crashes);
    return g_test_run();
}
