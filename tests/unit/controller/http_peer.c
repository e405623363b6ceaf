#include "http_peer.h"

#include <gio/gio.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef struct Job {
    const HttpPeer *peer;
    GString *answer;
    int done;
} Job;

static void send_pieces(GSocket *socket, const HttpPeer *peer)
{
    size_t pieces = MAX(peer->pieces, 1), sent = 0;
    size_t piece = (peer->send->len + pieces - 1) / pieces;
    while (sent < peer->send->len) {
        size_t part = MIN(piece, peer->send->len - sent);
        gssize done = g_socket_send(socket, peer->send->str + sent, part, NULL, NULL);
        if (done <= 0)
            return;
        sent += (size_t)done;
        if (peer->piece_gap_ms)
            g_usleep(peer->piece_gap_ms * 1000);
    }
}

static void *run(void *data)
{
    Job *job = data;
    g_autoptr(GSocketClient) client = g_socket_client_new();
    g_socket_client_set_enable_proxy(client, FALSE);
    g_autoptr(GSocketConnection) connection =
        g_socket_client_connect_to_host(client, "127.0.0.1", (guint16)job->peer->port, NULL, NULL);
    GSocket *socket = connection ? g_socket_connection_get_socket(connection) : NULL;
    if (socket) {
        char buffer[16384];
        gssize length;
        send_pieces(socket, job->peer);
        if (job->peer->half_close)
            g_socket_shutdown(socket, FALSE, TRUE, NULL);
        gint64 wait_us = job->peer->wait_ms ? job->peer->wait_ms * 1000 : 20 * G_USEC_PER_SEC;
        while (g_socket_condition_timed_wait(socket, G_IO_IN, wait_us, NULL, NULL) &&
               (length = g_socket_receive(socket, buffer, sizeof(buffer), NULL, NULL)) > 0)
            g_string_append_len(job->answer, buffer, length);
    }
    g_atomic_int_set(&job->done, 1);
    g_main_context_wakeup(NULL);
    return NULL;
}

char *http_peer_ask(const HttpPeer *peer)
{
    Job job = {.peer = peer, .answer = g_string_new(NULL)};
    GThread *thread = g_thread_new("peer", run, &job);
    while (!g_atomic_int_get(&job.done))
        g_main_context_iteration(NULL, TRUE);
    g_thread_join(thread);
    return g_string_free(job.answer, FALSE);
}

char *http_peer_get(unsigned port, const char *path, const char *headers)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_printf(text, "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n", path,
                    headers ? headers : "");
    return http_peer_ask(&(HttpPeer){.port = port, .send = text});
}

char *http_peer_post(unsigned port, const char *path, const char *headers, const char *body)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_printf(text,
                    "POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %zu\r\n"
                    "%s\r\n%s",
                    path, strlen(body), headers ? headers : "Content-Type: application/json\r\n",
                    body);
    return http_peer_ask(&(HttpPeer){.port = port, .send = text});
}

const char *http_peer_body(const char *answer)
{
    const char *end = strstr(answer, "\r\n\r\n");
    return end ? end + 4 : "";
}

unsigned http_peer_status(const char *answer)
{
    const char *space = strchr(answer, ' ');
    return space ? (unsigned)atoi(space + 1) : 0;
}
