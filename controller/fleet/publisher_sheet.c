/* Plans put together from pieces. What follows the airings (contents, policies, clips, media) is
 * one piece with the last of them.
 *
 * The payload is cut before and behind each id. Spaces between two airings bring every cut to a
 * multiple of three bytes, so that base64 of the whole is base64 of the pieces in a row. Deflate
 * refers back by distance: an id has one length at every station, so the distances hold, and the
 * compressor is shown NUL bytes in an id's place, which no text of ours can match. Each piece ends
 * in an empty stored block; its length field is overwritten to make it hold the id that follows.
 *
 * A plan of 35 days with 500 airings costs some ms to print and compress, once for a commune; what
 * a copy for a station costs is publisher_copy.c's. */
#include "fleet/publisher_sheet_private.h"

#include <string.h>
#include <zlib.h>

#include "base/base64.h"

#define PAYLOAD_MAX (PLAN_MAX_BYTES / 4 * 3 - SHEET_ENVELOPE_ROOM)
#define BEFORE_ID   "{\"id\":\""
#define LEVEL       4

PublisherSheet *publisher_sheet_new(Plan *take_model)
{
    PublisherSheet *self = g_new0(PublisherSheet, 1);
    self->refs = 1;
    self->model = take_model;
    g_mutex_init(&self->lock);
    self->text = g_string_new(NULL);
    self->stems = g_string_new(NULL);
    self->base64 = g_string_new(NULL);
    self->deflated = g_byte_array_new();
    self->cuts = g_array_new(FALSE, FALSE, sizeof(SheetCut));
    return self;
}

PublisherSheet *publisher_sheet_ref(PublisherSheet *self)
{
    g_atomic_int_inc(&self->refs);
    return self;
}

void publisher_sheet_unref(PublisherSheet *self)
{
    if (!self || !g_atomic_int_dec_and_test(&self->refs))
        return;
    plan_free(self->model);
    g_mutex_clear(&self->lock);
    g_string_free(self->text, TRUE);
    g_string_free(self->stems, TRUE);
    g_string_free(self->base64, TRUE);
    g_byte_array_unref(self->deflated);
    g_array_unref(self->cuts);
    g_free(self);
}

const Plan *publisher_sheet_model(const PublisherSheet *self)
{
    return self->model;
}

void publisher_sheet_pad(GString *text, size_t begin, size_t more)
{
    while ((text->len - begin + more) % 3 != 0)
        g_string_append_c(text, ' ');
}

/* The text between id `index` - 1 and id `index`, or after the last. */
static void print_piece(PublisherSheet *self, const unsigned *contents, const char *tail,
                        unsigned index)
{
    const GPtrArray *airings = self->model->airings;
    size_t begin = self->text->len;
    if (index > 0)
        plan_airing_print_tail(airings->pdata[index - 1], contents[index - 1], self->text);
    if (index < airings->len) {
        g_string_append(self->text, index > 0 ? "," : "");
        publisher_sheet_pad(self->text, begin, strlen(BEFORE_ID));
        g_string_append(self->text, BEFORE_ID);
        const PlanAiring *next = airings->pdata[index];
        airing_id_stem(self->stems, next->broadcast, next->recurrence_us, next->repeat);
    } else {
        g_string_append(self->text, tail);
        publisher_sheet_pad(self->text, begin, 0);
    }
    SheetCut cut = {.text = self->text->len, .stem = self->stems->len};
    g_array_append_val(self->cuts, cut);
}

static void print_text(PublisherSheet *self)
{
    g_autofree unsigned *contents = g_new(unsigned, self->model->airings->len + 1);
    g_autoptr(Json) frame = plan_frame_to_json(self->model, contents);
    g_autofree char *text = json_print(frame, NULL);
    const char *tail = strstr(text, SHEET_LIST_BEGIN) + strlen(SHEET_LIST_BEGIN);
    g_string_truncate(self->text, 0);
    g_string_truncate(self->stems, 0);
    g_array_set_size(self->cuts, 0);
    for (unsigned i = 0; i <= self->model->airings->len; i++)
        print_piece(self, contents, tail, i);
}

/* A plan that would be too large for a station ends earlier, and says so in until_us. */
static void print_within_limit(PublisherSheet *self)
{
    for (;;) {
        print_text(self);
        GPtrArray *airings = self->model->airings;
        size_t length = self->text->len + (size_t)airings->len * SHEET_ID_TEXT;
        unsigned keep = (unsigned)((double)airings->len * PAYLOAD_MAX / (double)length * 0.95);
        if (length <= PAYLOAD_MAX || keep >= airings->len)
            return;
        self->model->until_us = ((PlanAiring *)g_ptr_array_index(airings, keep))->start_us;
        g_ptr_array_set_size(airings, (int)keep);
    }
}

static void deflate_bytes(z_stream *stream, const void *bytes, size_t length, GByteArray *out)
{
    uint8_t buffer[4096];
    stream->next_in = (Bytef *)bytes;
    stream->avail_in = (uInt)length;
    do {
        stream->next_out = buffer;
        stream->avail_out = sizeof buffer;
        deflate(stream, Z_SYNC_FLUSH);
        if (out)
            g_byte_array_append(out, buffer, (guint)(sizeof buffer - stream->avail_out));
    } while (stream->avail_out == 0);
}

void publisher_sheet_put_length(uint8_t *at, size_t length)
{
    at[0] = (uint8_t)length;
    at[1] = (uint8_t)(length >> 8);
    at[2] = (uint8_t)~at[0];
    at[3] = (uint8_t)~at[1];
}

uint32_t publisher_sheet_crc(uint32_t before, const void *bytes, size_t length)
{
    return (uint32_t)crc32(before, bytes, (uInt)length);
}

uint32_t publisher_sheet_crc_over(uint32_t before, const SheetCut *cut, uint32_t id_crc)
{
    return (uint32_t)crc32_combine_op(before, cut->crc ^ id_crc, cut->crc_step);
}

/* What the checksum of a copy needs of this piece and the id behind it. */
static void sum_piece(SheetCut *cut, const char *base64, size_t length, bool last)
{
    z_off_t behind = last ? 0 : SHEET_ID_BASE64;
    uint32_t crc = publisher_sheet_crc(0, base64, length);
    cut->crc = (uint32_t)crc32_combine(crc, 0, behind);
    cut->crc_step = (uint32_t)crc32_combine_gen((z_off_t)length + behind);
}

static void compress_piece(PublisherSheet *self, z_stream *stream, unsigned index)
{
    static const uint8_t unmatched[SHEET_ID_BASE64];
    SheetCut *cut = &g_array_index(self->cuts, SheetCut, index);
    size_t from = index ? g_array_index(self->cuts, SheetCut, index - 1).text : 0;
    size_t before = self->base64->len;
    g_autofree char *base64 = base64_encode(self->text->str + from, cut->text - from);
    g_string_append(self->base64, base64);
    cut->base64 = self->base64->len;
    deflate_bytes(stream, self->base64->str + before, cut->base64 - before, self->deflated);
    if (index + 1 < self->cuts->len) {
        publisher_sheet_put_length(self->deflated->data + self->deflated->len - SHEET_FLUSH_MARK,
                                   SHEET_ID_BASE64);
        deflate_bytes(stream, unmatched, sizeof unmatched, NULL);
    }
    cut->deflated = self->deflated->len;
    sum_piece(cut, self->base64->str + before, cut->base64 - before, index + 1 == self->cuts->len);
}

static void compress_text(PublisherSheet *self)
{
    z_stream stream = {0};
    g_assert(deflateInit2(&stream, LEVEL, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY) == Z_OK);
    for (unsigned i = 0; i < self->cuts->len; i++)
        compress_piece(self, &stream, i);
    deflateEnd(&stream);
}

static void hash_text(PublisherSheet *self)
{
    g_autofree char *hash = digest_hex_of(self->text->str, self->text->len);
    g_autoptr(GString) ids = g_string_new(hash);
    for (unsigned i = 0; i < self->model->airings->len; i++) {
        const PlanAiring *airing = g_ptr_array_index(self->model->airings, i);
        g_string_append_printf(ids, "\n%" G_GINT64_FORMAT " %u", airing->recurrence_us,
                               airing->repeat);
    }
    g_autofree char *all = digest_hex_of(ids->str, ids->len);
    g_strlcpy(self->hash, all, sizeof self->hash);
}

void publisher_sheet_prepare(PublisherSheet *self)
{
    g_mutex_lock(&self->lock);
    if (!self->printed) {
        print_within_limit(self);
        compress_text(self);
        hash_text(self);
        self->printed = true;
    }
    g_mutex_unlock(&self->lock);
}
