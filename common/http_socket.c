/* A 4G line that is cut says nothing: an open stream stands, and a request on a connection that was
 * kept goes into nowhere until its own limit. So the kernel is told to give up sooner. After an
 * outage shorter than that a connection goes on.
 *
 * The idle time is longer than what passes between two words on this link (a comment every 25 s, a
 * report every 30 s), so as long as the way is open no packet is sent for it. Where the other side
 * has another address for us by now, it answers the question with a reset at once. */
#include "http_socket.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

static int on_open(void *user, curl_socket_t fd, curlsocktype purpose)
{
    unsigned unheard_ms = HTTP_SOCKET_UNHEARD_S * 1000;
    (void)user, (void)purpose;
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unheard_ms, sizeof unheard_ms);
    return CURL_SOCKOPT_OK; /* without it a call ends at its own limit */
}

void http_socket_tune(void *easy)
{
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, (long)HTTP_SOCKET_IDLE_S);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPINTVL, (long)HTTP_SOCKET_SIGN_S);
    curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, on_open);
}
