/* Listening sockets and addresses as text. */
#pragma once

#include <glib.h>
#include <sys/socket.h>

/* "127.0.0.1:8080" or "[::1]:8080", port 0 for any; the descriptor, or -1 with an error. */
int listen_open(const char *address, unsigned *ret_port, GError **error);
/* The address without its port. */
char *listen_address_text(const struct sockaddr *address);
