/* A carrier bills packets, curl counts headers and bodies: the difference is put on as a share,
 * rather a little too much than too little. Bodies count as they were sent, before they are
 * expanded. */
#include "http_traffic.h"

#include <curl/curl.h>
#include <stdbool.h>

static int64_t size_of(CURL *easy, CURLINFO what)
{
    curl_off_t bytes = 0;
    return curl_easy_getinfo(easy, what, &bytes) == CURLE_OK ? (int64_t)bytes : 0;
}

static int64_t length_of(CURL *easy, CURLINFO what)
{
    long bytes = 0;
    return curl_easy_getinfo(easy, what, &bytes) == CURLE_OK ? bytes : 0;
}

int64_t http_traffic_of(void *easy)
{
    int64_t bytes = size_of(easy, CURLINFO_SIZE_DOWNLOAD_T) +
                    size_of(easy, CURLINFO_SIZE_UPLOAD_T) + length_of(easy, CURLINFO_HEADER_SIZE) +
                    length_of(easy, CURLINFO_REQUEST_SIZE);
    bool shook =
        length_of(easy, CURLINFO_NUM_CONNECTS) > 0 && size_of(easy, CURLINFO_APPCONNECT_TIME_T) > 0;
    return bytes * HTTP_TRAFFIC_PERMILLE / 1000 + (shook ? HTTP_TRAFFIC_HANDSHAKE : 0);
}
