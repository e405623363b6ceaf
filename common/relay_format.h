/* What a radio stream may be, and the fixed GStreamer chain that decodes it. The controller tries a
 * source with the same chain that stations play it with, so what was heard in the panel can be
 * played at a pole. There is no auto-plugger: it would load whatever a stream asks for. */
#pragma once

#include <stdbool.h>

typedef struct RelayFormat {
    const char
        *name; /* on the wire and in the API: "mp3", "aac", "ogg-opus", "ogg-vorbis", "hls" */
    const char *type;           /* what its server calls it; the start of a Content-Type */
    const char *chain;          /* behind the source; its first element is named "counted" */
    const char *const *plugins; /* NULL-terminated; besides those that every chain needs */
} RelayFormat;

#define RELAY_MAX_URL 512

/* NULL when unknown. */
const RelayFormat *relay_format_named(const char *name);
/* All of them; the last one has no name. */
const RelayFormat *relay_format_all(void);
/* http or https, with a host, no user name, no blanks, at most RELAY_MAX_URL bytes. */
bool relay_format_url_is_good(const char *url);
/* Plugins of every chain: the source, the converters, the sink; NULL-terminated. */
const char *const *relay_format_plugins(void);
