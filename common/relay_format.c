/* The table, and what a source's address may look like. HLS means MPEG-TS with AAC, which is what
 * Vietnamese stations serve. */
#include "relay_format.h"

#include <glib.h>
#include <string.h>

static const char *const of_mp3[] = {"audioparsers", "mpg123", NULL};
static const char *const of_aac[] = {"audioparsers", "faad", NULL};
static const char *const of_opus[] = {"ogg", "opus", NULL};
static const char *const of_vorbis[] = {"ogg", "vorbis", NULL};
static const char *const of_hls[] = {
    "hls", "typefindfunctions", "mpegtsdemux", "audioparsers", "faad", NULL};

static const RelayFormat formats[] = {
    {"mp3", "audio/mpeg", "mpegaudioparse name=counted ! mpg123audiodec", of_mp3},
    {"aac", "audio/aac", "aacparse name=counted ! faad", of_aac},
    {"aac", "audio/aacp", "aacparse name=counted ! faad", of_aac},
    {"ogg-opus", "audio/ogg", "oggdemux name=counted ! opusdec", of_opus},
    {"ogg-opus", "application/ogg", "oggdemux name=counted ! opusdec", of_opus},
    {"ogg-vorbis", "audio/ogg", "oggdemux name=counted ! vorbisdec", of_vorbis},
    {"hls", "application/vnd.apple.mpegurl",
     "hlsdemux connection-speed=256 ! tsdemux name=counted ! aacparse ! faad", of_hls},
    {"hls", "application/x-mpegurl",
     "hlsdemux connection-speed=256 ! tsdemux name=counted ! aacparse ! faad", of_hls},
    {0},
};

const RelayFormat *relay_format_all(void)
{
    return formats;
}

const RelayFormat *relay_format_named(const char *name)
{
    for (const RelayFormat *format = formats; name && format->name; format++)
        if (g_str_equal(format->name, name))
            return format;
    return NULL;
}

const char *const *relay_format_plugins(void)
{
    static const char *const common[] = {"coreelements",  "soup", "audioconvert",
                                         "audioresample", "app",  NULL};
    return common;
}

bool relay_format_url_is_good(const char *url)
{
    g_autoptr(GUri) uri = NULL;
    if (!url || strlen(url) > RELAY_MAX_URL)
        return false;
    for (const char *byte = url; *byte; byte++)
        if (*byte <= ' ' || *byte >= 0x7f)
            return false;
    uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
    if (!uri || g_uri_get_userinfo(uri))
        return false;
    const char *scheme = g_uri_get_scheme(uri), *host = g_uri_get_host(uri);
    bool web = g_str_equal(scheme, "http") || g_str_equal(scheme, "https");
    return web && host && *host;
}
