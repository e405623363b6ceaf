/* A table of what people upload by mistake, and of what Loa takes. The worker says it in English,
 * the controller shows it in the reader's language. */
#include "content/found.h"

#include <string.h>

#define UNKNOWN "unknown data"

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
    {"audio/AMR-WB", "AMR audio", "âm thanh AMR"},
    {"audio/x-amr-wb-sh", "AMR audio", "âm thanh AMR"},
    {"audio/x-ac3", "Dolby Digital audio", "âm thanh Dolby Digital"},
    {"audio/x-eac3", "Dolby Digital audio", "âm thanh Dolby Digital"},
    {"audio/x-alac", "Apple Lossless audio", "âm thanh Apple Lossless"},
    {"application/x-3gp", "a 3GP file", "tệp 3GP"},
    {"audio/x-3gp", "3GP audio", "âm thanh 3GP"},
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
    /* Not types, but words that the worker and the intake use. */
    {"-", UNKNOWN, "dữ liệu không rõ loại"},
    {"-", "a file that cannot be decoded", "tệp không giải mã được"},
    {"-", "the disk is full", "đĩa đã đầy"},
    {"-", "a fault of the server", "lỗi của máy chủ"},
    {"-", "a file", "tệp"},
    {"-", "a text", "văn bản"},
    {"-", "a text without any word", "không có chữ nào để đọc"},
    {"-", "a text that is too long", "văn bản quá dài"},
    {"-", "a text that the voice cannot read", "máy không đọc được"},
    {"-", "the voice stopped", "bộ đọc bị dừng"},
};

const char *found_words(const char *media_type)
{
    if (media_type == NULL)
        return UNKNOWN;
    for (size_t i = 0; i < G_N_ELEMENTS(things); i++)
        if (g_ascii_strcasecmp(things[i].type, media_type) == 0)
            return things[i].english;
    return media_type;
}

/* What may follow the thing, longest first where one begins like another. */
static const struct {
    const char *english, *vietnamese;
} turns[] = {
    {", cut off: its header promises more", ", bị cắt cụt so với độ dài ghi ở đầu tệp"},
    {", cut off: ", ", bị cắt cụt: "},
    {", damaged after ", ", hỏng sau "},
    {" without any sound", " không có âm thanh"},
    {" without sound", " không có tiếng"},
    {" of more than ", " dài hơn "},
    {" s of ", " giây trên "},
    {" of ", " dài "},
    {" with ", " chứa "},
    {" minutes", " phút"},
    {" s", " giây"},
};

static const char *translate_thing(const char *finding, size_t *ret_length)
{
    const char *best = NULL;
    *ret_length = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(things); i++) {
        const size_t length = strlen(things[i].english);
        if (length > *ret_length && g_str_has_prefix(finding, things[i].english)) {
            best = things[i].vietnamese;
            *ret_length = length;
        }
    }
    return best;
}

char *found_in_vietnamese(const char *finding)
{
    size_t length = 0;
    const char *thing = translate_thing(finding, &length);
    if (thing == NULL)
        return g_strdup(finding);
    g_autoptr(GString) text = g_string_new(finding + length);
    for (size_t i = 0; i < G_N_ELEMENTS(turns); i++)
        g_string_replace(text, turns[i].english, turns[i].vietnamese, 1);
    return g_strconcat(thing, text->str, NULL);
}

bool found_is_text(const void *head, size_t length)
{
    const char *end = NULL;
    if (length == 0 || memchr(head, '\0', length) != NULL)
        return false;
    g_utf8_validate(head, (gssize)length, &end);
    return length - (size_t)(end - (const char *)head) < 4; /* the last character may be cut */
}
