/* A burst of a second, then real time, a thread each. 64 kbit/s are 8,000 bytes a second. */
#include "radio.h"

#include <gio/gio.h>
#include <stdbool.h>
#include <string.h>

#define BYTES_A_SECOND 8000
#define TICK_MS        100
#define HUSHED         (-2)

struct Radio {
    GSocketService *service;
    guint16 port;
    char *folder;
    gint closing, awake;
};

static void make(const Radio *self, const char *name, const char *volume)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(self->folder, name, NULL);
    g_autofree char *filter = g_strdup_printf("volume=%s", volume);
    g_autoptr(GSubprocess) child =
        g_subprocess_new(G_SUBPROCESS_FLAGS_NONE, &error, "ffmpeg", "-v", "error", "-y", "-f",
                         "lavfi", "-i", "aevalsrc=sin(2*PI*500*t):s=44100:d=20", "-af", filter,
                         "-b:a", "64k", "-f", "mp3", path, NULL);
    g_assert_no_error(error);
    g_subprocess_wait_check(child, NULL, &error);
    g_assert_no_error(error);
}

static bool say(GSocketConnection *connection, const char *bytes, gsize length)
{
    GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(connection));
    return g_output_stream_write_all(out, bytes, length, NULL, NULL, NULL);
}

static void stay(Radio *self)
{
    while (!g_atomic_int_get(&self->closing))
        g_usleep(20000);
}

/* `seconds`: how much of it; -1 = for ever. */
static void stream(Radio *self, GSocketConnection *connection, const char *name, int seconds)
{
    static const char head[] = "HTTP/1.0 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n";
    g_autofree char *path = g_build_filename(self->folder, name, NULL);
    g_autofree char *awake = g_build_filename(self->folder, "loud", NULL);
    g_autofree char *bytes = NULL;
    gsize length = 0, at = 0, sent = 0;
    bool hushed = g_str_equal(name, "silent") && seconds == HUSHED;
    g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    bool good = say(connection, head, strlen(head));
    gsize chunk = BYTES_A_SECOND;
    while (good && !g_atomic_int_get(&self->closing)) {
        if (hushed && g_atomic_int_get(&self->awake)) {
            hushed = false;
            g_free(bytes);
            g_assert_true(g_file_get_contents(awake, &bytes, &length, NULL));
            at %= length;
        }
        if (seconds >= 0 && sent >= (gsize)seconds * BYTES_A_SECOND)
            return;
        gsize now = MIN(chunk, length - at);
        good = say(connection, bytes + at, now);
        sent += now;
        at = (at + now) % length;
        chunk = BYTES_A_SECOND * TICK_MS / 1000;
        g_usleep(TICK_MS * 1000);
    }
}

static gboolean on_listener(G_GNUC_UNUSED GThreadedSocketService *service,
                            GSocketConnection *connection, G_GNUC_UNUSED GObject *source,
                            gpointer data)
{
    Radio *self = data;
    char request[1024] = {0};
    GInputStream *in = g_io_stream_get_input_stream(G_IO_STREAM(connection));
    g_input_stream_read(in, request, sizeof request - 1, NULL, NULL);
    g_auto(GStrv) words = g_strsplit(request, " ", 3);
    const char *path = words[0] && words[1] ? words[1] : "";
    if (g_str_equal(path, "/loud"))
        stream(self, connection, "loud", -1);
    else if (g_str_equal(path, "/soft"))
        stream(self, connection, "soft", -1);
    else if (g_str_equal(path, "/silent"))
        stream(self, connection, "silent", -1);
    else if (g_str_equal(path, "/hushed"))
        stream(self, connection, "silent", HUSHED);
    else if (g_str_equal(path, "/ends"))
        stream(self, connection, "loud", 2);
    else if (g_str_equal(path, "/stops")) {
        stream(self, connection, "loud", 2);
        stay(self);
    } else if (g_str_equal(path, "/nothing"))
        stay(self);
    else
        say(connection, "HTTP/1.0 404 Not Found\r\n\r\n", 26);
    return TRUE;
}

Radio *radio_new(const char *folder)
{
    g_autoptr(GError) error = NULL;
    Radio *self = g_new0(Radio, 1);
    self->folder = g_strdup(folder);
    make(self, "loud", "0.5");
    make(self, "soft", "0.25");
    make(self, "silent", "0");
    self->service = g_threaded_socket_service_new(16);
    self->port =
        g_socket_listener_add_any_inet_port(G_SOCKET_LISTENER(self->service), NULL, &error);
    g_assert_no_error(error);
    g_signal_connect(self->service, "run", G_CALLBACK(on_listener), self);
    return self;
}

/* Its threads may run on for a moment: what they look at is kept to the end of the process. */
void radio_free(Radio *self)
{
    static GSList *left;
    g_atomic_int_set(&self->closing, 1);
    g_socket_service_stop(self->service);
    g_socket_listener_close(G_SOCKET_LISTENER(self->service));
    left = g_slist_prepend(left, self);
}

void radio_wake(Radio *self)
{
    g_atomic_int_set(&self->awake, 1);
}

char *radio_url(const Radio *self, const char *path)
{
    return g_strdup_printf("http://127.0.0.1:%u%s", self->port, path);
}
