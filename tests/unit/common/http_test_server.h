/* A tiny HTTP server with bad manners on demand, in threads of its own. The path says how it
 * behaves. */
#pragma once

#include <gio/gio.h>

typedef struct HttpTestServer HttpTestServer;

HttpTestServer *http_test_server_new(void);
void http_test_server_free(HttpTestServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpTestServer, http_test_server_free)
/* "http://127.0.0.1:port" + path */
char *http_test_server_url(const HttpTestServer *self, const char *path);
