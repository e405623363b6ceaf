/* RFC 3533 and RFC 7845: every page tells how many samples there are up to its end, and the head
 * how many of them are dropped at the beginning. The decoder judges the file later; this only gives
 * the timeline a length where no plan states one. */
#include "playout/ogg_length.h"

#include <string.h>

#define PAGE_HEAD   27
#define GRANULE     6  /* of a page */
#define PRE_SKIP    10 /* of OpusHead */
#define OPUS_HEAD   19
#define MOST_FRAMES (INT64_C(48000) * 3600)

static uint64_t little_endian(const uint8_t *bytes, unsigned count)
{
    uint64_t value = 0;
    while (count-- > 0)
        value = value << 8 | bytes[count];
    return value;
}

static int64_t pre_skip(const uint8_t *bytes, size_t length)
{
    size_t head = PAGE_HEAD + 1; /* the head is alone on its page, one segment long */
    if (length < head + OPUS_HEAD || memcmp(bytes, "OggS", 4) != 0 ||
        memcmp(bytes + head, "OpusHead", 8) != 0)
        return -1;
    return (int64_t)little_endian(bytes + head + PRE_SKIP, 2);
}

int64_t ogg_length_frames(GBytes *file)
{
    size_t length;
    const uint8_t *bytes = g_bytes_get_data(file, &length);
    int64_t skip = bytes ? pre_skip(bytes, length) : -1;
    if (skip < 0)
        return 0;
    for (size_t at = length - PAGE_HEAD; at > 0; at--) {
        if (memcmp(bytes + at, "OggS", 4) != 0)
            continue;
        uint64_t granule = little_endian(bytes + at + GRANULE, 8);
        if (granule > (uint64_t)MOST_FRAMES)
            return 0; /* too long, or a page on which no packet ends */
        return MAX((int64_t)granule - skip, 0);
    }
    return 0;
}
