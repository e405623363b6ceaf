/* Opens listening sockets with plain words for what goes wrong, so that "address in use" reaches
 * whoever starts the controller. */
#include "http/listen.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <unistd.h>

#define BACKLOG 1024 /* a fleet that comes back at once after a power cut */

static GSocketAddress *parse_address(const char *text, GError **error)
{
    g_autoptr(GSocketConnectable) connectable = g_network_address_parse(text, 0, error);
    if (!connectable)
        return NULL;
    GNetworkAddress *parsed = G_NETWORK_ADDRESS(connectable);
    GSocketAddress *address = g_inet_socket_address_new_from_string(
        g_network_address_get_hostname(parsed), g_network_address_get_port(parsed));
    if (!address)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "%s is not an address of the form 127.0.0.1:8080", text);
    return address;
}

static GSocket *bind_socket(GSocketAddress *address, GError **error)
{
    g_autoptr(GSocket) socket = g_socket_new(g_socket_address_get_family(address),
                                             G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
    if (!socket)
        return NULL;
    g_socket_set_blocking(socket, FALSE);
    g_socket_set_listen_backlog(socket, BACKLOG);
    if (!g_socket_bind(socket, address, TRUE, error) || !g_socket_listen(socket, error))
        return NULL;
    return g_steal_pointer(&socket);
}

int listen_open(const char *address, unsigned *ret_port, GError **error)
{
    g_autoptr(GSocketAddress) wanted = parse_address(address, error);
    if (!wanted)
        return -1;
    g_autoptr(GSocket) socket = bind_socket(wanted, error);
    if (!socket) {
        g_prefix_error(error, "cannot listen on %s: ", address);
        return -1;
    }
    g_autoptr(GSocketAddress) bound = g_socket_get_local_address(socket, error);
    if (!bound)
        return -1;
    *ret_port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound));
    return fcntl(g_socket_get_fd(socket), F_DUPFD_CLOEXEC, 0); /* GSocket closes its own */
}

char *listen_address_text(const struct sockaddr *address)
{
    size_t length =
        address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    g_autoptr(GSocketAddress) parsed = g_socket_address_new_from_native((void *)address, length);
    if (!parsed)
        return g_strdup("unknown");
    return g_inet_address_to_string(
        g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(parsed)));
}
