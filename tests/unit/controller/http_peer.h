/* A raw HTTP client for tests: sends bytes from a thread while the main loop serves, and hands back
 * all that came until the server closed or `wait_ms` of silence passed. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct HttpPeer {
    unsigned port;
    GString *send;
    unsigned pieces;       /* send in so many pieces; 0 or 1 = at once */
    unsigned piece_gap_ms; /* pause between them */
    unsigned wait_ms;      /* of silence, then it is enough */
    bool half_close;
} HttpPeer;

/* Free with g_free(). "" when the server closed without a word. */
char *http_peer_ask(const HttpPeer *peer);
/* A GET with extra header lines ("Name: value\r\n..."), Connection: close. */
char *http_peer_get(unsigned port, const char *path, const char *headers);
char *http_peer_post(unsigned port, const char *path, const char *headers, const char *body);
/* The body behind the headers, and the status. */
const char *http_peer_body(const char *answer);
unsigned http_peer_status(const char *answer);
