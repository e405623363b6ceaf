/* What one call has cost on the line. */
#pragma once

#include <stdint.h>

/* What http and bodies need around them: 40 bytes of TCP/IP in a packet of 1,400, 29 of TLS in a
 * record. A handshake, with the certificates of both sides of a public authority, counts beside. */
#define HTTP_TRAFFIC_PERMILLE  1040
#define HTTP_TRAFFIC_HANDSHAKE 6144

/* `curl_easy` is libcurl's handle of a call that has begun; both ways, up to now. */
int64_t http_traffic_of(void *curl_easy);
