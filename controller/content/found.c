/* A table of what people upload by mistake, and of what Loa takes. The worker says it in English,
 * the controller shows it in the reader's language. */
#include "content/found.h"

#include <string.h>

static const struct {
    const char *type, *english, *vietnamese;
} things[] = {
    {"audio/mpeg", "MP3 audio", "âm thanh MP3"},
    {"audio/x-wav", "WAV audio", "âm thanh WAV"},
    {"audio/x-m4a", "MP4 audio", "âm thanh MP4"},
    {"video/quicktime", "an MP4 file", "tệp MP4"},
    {"audio/webm", "WebM audio", "âm thanh WebM"},
    {"video/webm", "a WebM file", "tệp WebM"},
    {"video/x-matroska", "a Matroska file", "tệp Matroska"},
    {"audio/x-matroska", "Matroska audio", "âm thanh Matroska"},
    {"audio/ogg", "Ogg audio", "âm thanh Ogg"},
    {"application/ogg", "an Ogg file", "tệp Ogg"},
    {"video/ogg", "an Ogg video", "video Ogg"},
    {"audio/x-flac", "FLAC audio", "âm thanh FLAC"},
    {"audio/x-ape", "Monkey's Audio", "âm thanh APE"},
    {"audio/x-wma", "Windows Media audio", "âm thanh WMA"},
    {"audio/x-ms-asf", "Windows Media audio", "âm thanh WMA"},
    {"video/x-ms-asf", "Windows Media", "tệp Windows Media"},
    {"audio/AMR", "AMR audio", "âm thanh AMR"},
    {"audio/x-amr-nb-sh", "AMR audio", "âm thanh AMR"},
    {"audio/x-aiff", "AIFF audio", "âm thanh AIFF"},
    {"audio/midi", "MIDI notes", "tệp nhạc MIDI"},
    {"video/x-msvideo", "an AVI video", "video AVI"},
    {"video/mpeg", "an MPEG video", "video MPEG"},
    {"video/x-flv", "a Flash video", "video Flash"},
    {"image/png", "a PNG image", "ảnh PNG"},
    {"image/jpeg", "a JPEG image", "ảnh JPEG"},
    {"image/gif", "a GIF image", "ảnh GIF"},
    {"image/bmp", "a BMP image", "ảnh BMP"},
    {"image/webp", "a WebP image", "ảnh WebP"},
    {"image/heif", "a HEIF image", "ảnh HEIF"},
    {"image/svg+xml", "an SVG drawing", "hình vẽ SVG"},
    {"application/pdf", "a PDF document", "tài liệu PDF"},
    {"application/msword", "a Word document", "tài liệu Word"},
    {"application/zip", "a ZIP archive or Office document", "tệp nén ZIP hoặc tài liệu Office"},
    {"application/x-rar", "a RAR archive", "tệp nén RAR"},
    {"application/x-gzip", "a gzip archive", "tệp nén gzip"},
    {"application/x-executable", "a program", "tệp chương trình"},
    {"application/x-ms-dos-executable", "a program", "tệp chương trình"},
    {"text/plain", "text", "văn bản"},
    {"text/html", "a web page", "trang web"},
    {"application/xml", "an XML document", "tài liệu XML"},
    {"", "an empty file", "tệp rỗng"},
};

#define UNKNOWN            "unknown data"
#define UNKNOWN_VIETNAMESE "dữ liệu không rõ loại"

const char *found_words(const char *media_type)
{
    if (media_type == NULL)
        return UNKNOWN;
    for (size_t i = 0; i < G_N_ELEMENTS(things); i++)
        if (g_ascii_strcasecmp(things[i].type, media_type) == 0)
            return things[i].english;
    return media_type;
}

const char *found_in_vietnamese(const char *words)
{
    if (g_strcmp0(words, UNKNOWN) == 0)
        return UNKNOWN_VIETNAMESE;
    for (size_t i = 0; i < G_N_ELEMENTS(things); i++)
        if (g_strcmp0(things[i].english, words) == 0)
            return things[i].vietnamese;
    return words;
}

bool found_is_text(const void *head, size_t length)
{
    const char *end = NULL;
    if (length == 0 || memchr(head, '\0', length) != NULL)
        return false;
    g_utf8_validate(head, (gssize)length, &end);
    return length - (size_t)(end - (const char *)head) < 4; /* the last character may be cut */
}
