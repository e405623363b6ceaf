/* A thread for each listener. What is sent follows the clock, not the naps between two pieces:
 * those grow on a machine with much to do, and a radio slower than real time runs every listener
 * dry. */
#include "radio.h"

#include <gio/gio.h>
#include <stdbool.h>
#include <string.h>

#define BURST  (3 * RADIO_BYTES_A_SECOND)
#define NAP_US 20000

typedef struct Programme {
    const char *path;
    const char *volume;
    unsigned seconds; /* how much of it; 0 = for ever */
    bool stays;       /* open, when that is over */
    bool wakes;       /* is loud as soon as the radio is awake */
    bool asleep;      /* is not there before that */
} Programme;

static const Programme programmes[] = {
    {"/loud", "0.5", 0, false, false, false},  {"/soft", "0.25", 0, false, false, false},
    {"/silent", "0", 0, false, false, false},  {"/hushed", "0", 0, false, true, false},
    {"/asleep", "0.5", 0, false, false, true}, {"/ends", "0.5", 2, false, false, false},
    {"/stops", "0.5", 1, true, false, false},
};

struct Radio {
    GSocketService *service;
    guint16 port;
    gint closing, awake, listeners;
    gint visits[G_N_ELEMENTS(programmes)];
};

/* 20 s of a tone, made once. */
static GBytes *tone(const char *volume)
{
    static GHashTable *made;
    g_autoptr(GError) error = NULL;
    if (!made)
        made = g_hash_table_new(g_str_hash, g_str_equal);
    GBytes *bytes = g_hash_table_lookup(made, volume);
    if (bytes)
        return bytes;
    g_autofree char *filter = g_strdup_printf("volume=%s", volume);
    g_autoptr(GSubprocess) child =
        g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "ffmpeg", "-v", "error", "-f",
                         "lavfi", "-i", "aevalsrc=sin(2*PI*500*t):s=44100:d=20", "-af", filter,
                         "-b:a", "64k", "-f", "mp3", "-", NULL);
    g_assert_no_error(error);
    g_subprocess_communicate(child, NULL, NULL, &bytes, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(g_bytes_get_size(bytes), >, 19 * RADIO_BYTES_A_SECOND);
    g_hash_table_insert(made, (gpointer)volume, bytes);
    return bytes;
}

static bool say(GSocketConnection *connection, const char *bytes, gsize length)
{
    GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(connection));
    return g_output_stream_write_all(out, bytes, length, NULL, NULL, NULL);
}

static bool is_open(const Radio *self)
{
    return !g_atomic_int_get(&self->closing);
}

static void stay(const Radio *self)
{
    while (is_open(self))
        g_usleep(NAP_US);
}

/* Bytes that a listener since `began_us` may have had by now. */
static gsize due(const Programme *programme, int64_t began_us)
{
    int64_t gone_us = g_get_monotonic_time() - began_us;
    gsize bytes = BURST + (gsize)(gone_us * RADIO_BYTES_A_SECOND / G_USEC_PER_SEC);
    return programme->seconds ? MIN(bytes, (gsize)programme->seconds * RADIO_BYTES_A_SECOND)
                              : bytes;
}

static void stream(Radio *self, GSocketConnection *connection, const Programme *programme)
{
    static const char head[] = "HTTP/1.0 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n";
    int64_t began_us = g_get_monotonic_time();
    gsize sent = 0, length;
    bool good = say(connection, head, strlen(head));
    while (good && is_open(self)) {
        bool awake = programme->wakes && g_atomic_int_get(&self->awake);
        const char *bytes = g_bytes_get_data(tone(awake ? "0.5" : programme->volume), &length);
        gsize now = MIN(due(programme, began_us) - sent, length - sent % length);
        good = say(connection, bytes + sent % length, now);
        sent += now;
        if (programme->seconds && sent >= (gsize)programme->seconds * RADIO_BYTES_A_SECOND)
            break;
        if (now == 0)
            g_usleep(NAP_US);
    }
    if (good && programme->stays)
        stay(self);
}

static const Programme *find(const Radio *self, const char *path)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(programmes); i++)
        if (g_str_equal(programmes[i].path, path))
            return !programmes[i].asleep || g_atomic_int_get(&self->awake) ? &programmes[i] : NULL;
    return NULL;
}

static gboolean on_listener(G_GNUC_UNUSED GThreadedSocketService *service,
                            GSocketConnection *connection, G_GNUC_UNUSED GObject *source,
                            gpointer data)
{
    Radio *self = data;
    char request[1024] = {0};
    g_atomic_int_inc(&self->listeners);
    GInputStream *in = g_io_stream_get_input_stream(G_IO_STREAM(connection));
    g_input_stream_read(in, request, sizeof request - 1, NULL, NULL);
    g_auto(GStrv) words = g_strsplit(request, " ", 3);
    const char *path = words[0] && words[1] ? words[1] : "";
    const Programme *programme = find(self, path);
    if (programme) {
        g_atomic_int_inc(&self->visits[programme - programmes]);
        stream(self, connection, programme);
    } else if (g_str_equal(path, "/nothing"))
        stay(self);
    else
        say(connection, "HTTP/1.0 404 Not Found\r\n\r\n", 26);
    g_atomic_int_add(&self->listeners, -1);
    return TRUE;
}

Radio *radio_new(void)
{
    g_autoptr(GError) error = NULL;
    Radio *self = g_new0(Radio, 1);
    for (unsigned i = 0; i < G_N_ELEMENTS(programmes); i++)
        tone(programmes[i].volume); /* before there are threads */
    self->service = g_threaded_socket_service_new(16);
    self->port =
        g_socket_listener_add_any_inet_port(G_SOCKET_LISTENER(self->service), NULL, &error);
    g_assert_no_error(error);
    g_signal_connect(self->service, "run", G_CALLBACK(on_listener), self);
    return self;
}

/* A thread that has not begun yet may still look at it: it is kept to the end of the process. */
void radio_free(Radio *self)
{
    static GSList *left;
    g_atomic_int_set(&self->closing, 1);
    g_socket_service_stop(self->service);
    g_socket_listener_close(G_SOCKET_LISTENER(self->service));
    while (g_atomic_int_get(&self->listeners) > 0)
        g_usleep(NAP_US);
    left = g_slist_prepend(left, self);
}

void radio_wake(Radio *self)
{
    g_atomic_int_set(&self->awake, 1);
}

unsigned radio_visits(Radio *self, const char *path)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(programmes); i++)
        if (g_str_equal(programmes[i].path, path))
            return (unsigned)g_atomic_int_get(&self->visits[i]);
    g_assert_not_reached();
}

char *radio_url(const Radio *self, const char *path)
{
    return g_strdup_printf("http://127.0.0.1:%u%s", self->port, path);
}
