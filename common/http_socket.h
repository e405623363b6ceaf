/* How soon a call notices that the way under it is gone. */
#pragma once

#define HTTP_SOCKET_IDLE_S    32 /* of silence, then the other side is asked for a sign of life */
#define HTTP_SOCKET_SIGN_S    10 /* that it has for it */
#define HTTP_SOCKET_UNHEARD_S 20 /* what is sent has to be acknowledged within this */

/* `curl_easy` is libcurl's handle of a call that has not begun. */
void http_socket_tune(void *curl_easy);
