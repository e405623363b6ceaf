/* Plans put together from pieces. What follows the airings (contents, policies, clips, media) is
 * one piece with the last of them.
 *
 * The payload is cut before and behind each id. Spaces between two airings bring every cut to a
 * multiple of three bytes, so that base64 of the whole is base64 of the pieces in a row. Deflate
 * refers back by distance: an id has one length at every station, so the distances hold, and the
 * compressor is shown NUL bytes in an id's place, which no text of ours can match. Each piece ends
 * in an empty stored block; its length field is overwritten to make it hold the id that follows.
 *
 * A plan of 35 days with 500 airings costs some ms to print and compress, once for a commune; the
 * copy for a station then costs little more than its signature. */
#include "fleet/publisher_sheet.h"

#include <string.h>
#include <zlib.h>

#include "base/base64.h"
#include "digest.h"

#define ENVELOPE_ROOM 4096 /* type, signatures and the plan's head */
#define PAYLOAD_MAX   (PLAN_MAX_BYTES / 4 * 3 - ENVELOPE_ROOM)
#define ID_TEXT       (AIRING_ID_HEX + 1) /* with its closing quotation mark: 33 = 11 * 3 */
#define ID_BASE64     (ID_TEXT / 3 * 4)
#define BEFORE_ID     "{\"id\":\""
#define LIST_BEGIN    "\"airings\":["
#define LEVEL         4
#define FLUSH_MARK    4 /* LEN and NLEN of an empty stored block */

typedef struct Cut {
    size_t text, base64, deflated; /* where the piece ends */
} Cut;

struct PublisherSheet {
    int refs;
    Plan *model;
    GMutex lock;
    bool printed;
    char hash[DIGEST_HEX + 1];
    GString *text, *base64;
    GByteArray *deflated;
    GArray *cuts; /* one more than airings */
};

PublisherSheet *publisher_sheet_new(Plan *take_model)
{
    PublisherSheet *self = g_new0(PublisherSheet, 1);
    self->refs = 1;
    self->model = take_model;
    g_mutex_init(&self->lock);
    self->text = g_string_new(NULL);
    self->base64 = g_string_new(NULL);
    self->deflated = g_byte_array_new();
    self->cuts = g_array_new(FALSE, FALSE, sizeof(Cut));
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
    g_string_free(self->base64, TRUE);
    g_byte_array_unref(self->deflated);
    g_array_unref(self->cuts);
    g_free(self);
}

const Plan *publisher_sheet_model(const PublisherSheet *self)
{
    return self->model;
}

void publisher_paper_clear(PublisherPaper *paper)
{
    g_free(paper->ids);
    if (paper->gzip)
        g_bytes_unref(paper->gzip);
    *paper = (PublisherPaper){0};
}

static void pad(GString *text, size_t begin, size_t more)
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
        pad(self->text, begin, strlen(BEFORE_ID));
        g_string_append(self->text, BEFORE_ID);
    } else {
        g_string_append(self->text, tail);
        pad(self->text, begin, 0);
    }
    Cut cut = {.text = self->text->len};
    g_array_append_val(self->cuts, cut);
}

static void print_text(PublisherSheet *self)
{
    g_autofree unsigned *contents = g_new(unsigned, self->model->airings->len + 1);
    g_autoptr(Json) frame = plan_frame_to_json(self->model, contents);
    g_autofree char *text = json_print(frame, NULL);
    const char *tail = strstr(text, LIST_BEGIN) + strlen(LIST_BEGIN);
    g_string_truncate(self->text, 0);
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
        size_t length = self->text->len + (size_t)airings->len * ID_TEXT;
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

static void put_length(uint8_t *at, size_t length)
{
    at[0] = (uint8_t)length;
    at[1] = (uint8_t)(length >> 8);
    at[2] = (uint8_t)~at[0];
    at[3] = (uint8_t)~at[1];
}

static void compress_piece(PublisherSheet *self, z_stream *stream, unsigned index)
{
    static const uint8_t unmatched[ID_BASE64];
    Cut *cut = &g_array_index(self->cuts, Cut, index);
    size_t from = index ? g_array_index(self->cuts, Cut, index - 1).text : 0;
    size_t before = self->base64->len;
    g_autofree char *base64 = base64_encode(self->text->str + from, cut->text - from);
    g_string_append(self->base64, base64);
    cut->base64 = self->base64->len;
    deflate_bytes(stream, self->base64->str + before, cut->base64 - before, self->deflated);
    if (index + 1 < self->cuts->len) {
        put_length(self->deflated->data + self->deflated->len - FLUSH_MARK, ID_BASE64);
        deflate_bytes(stream, unmatched, sizeof unmatched, NULL);
    }
    cut->deflated = self->deflated->len;
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

static void prepare(PublisherSheet *self)
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

/* Up to and including the bracket that opens the airings; a multiple of three bytes. */
static GString *head_of(const PublisherSheet *self, const PublisherCopy *copy)
{
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    g_autoptr(GArray) no_offsets = g_array_new(FALSE, FALSE, sizeof(TimelineOffset));
    unsigned unused;
    Plan plan = *self->model;
    plan.station = (char *)copy->station;
    g_strlcpy(plan.keyid, copy->keyid, sizeof plan.keyid);
    plan.volume_mdb = copy->volume_mdb;
    plan.data_day_bytes = copy->data_day_bytes;
    plan.data_month_bytes = copy->data_month_bytes;
    plan.epoch = copy->epoch;
    plan.version = copy->version;
    plan.issued_us = copy->issued_us;
    plan.airings = plan.media = plan.clips = plan.policies = none;
    plan.offsets = no_offsets;
    g_autoptr(Json) json = plan_frame_to_json(&plan, &unused);
    g_autofree char *text = json_print(json, NULL);
    const char *list = strstr(text, LIST_BEGIN);
    GString *head = g_string_new_len(text, list + strlen(LIST_BEGIN) - text);
    pad(head, 0, 0);
    return head;
}

char *publisher_sheet_fingerprint(PublisherSheet *self, const PublisherCopy *copy)
{
    prepare(self);
    PublisherCopy plain = {.station = copy->station,
                           .keyid = copy->keyid,
                           .volume_mdb = copy->volume_mdb,
                           .data_day_bytes = copy->data_day_bytes,
                           .data_month_bytes = copy->data_month_bytes};
    g_autoptr(GString) head = head_of(self, &plain);
    g_string_append(head, self->hash);
    return digest_hex_of(head->str, head->len);
}

static AiringId *ids_of(const PublisherSheet *self, const char *station)
{
    const GPtrArray *airings = self->model->airings;
    AiringId *ids = g_new(AiringId, airings->len + 1);
    for (unsigned i = 0; i < airings->len; i++) {
        const PlanAiring *airing = g_ptr_array_index(airings, i);
        g_autofree char *id =
            plan_airing_id(airing->broadcast, airing->recurrence_us, airing->repeat, station);
        g_strlcpy(ids[i], id, sizeof ids[i]);
    }
    return ids;
}

static GBytes *payload_of(const PublisherSheet *self, const GString *head, const AiringId *ids)
{
    unsigned count = self->model->airings->len;
    size_t length = head->len + self->text->len + (size_t)count * ID_TEXT, from = 0;
    char *payload = g_malloc(length);
    char *at = (char *)memcpy(payload, head->str, head->len) + head->len;
    for (unsigned i = 0; i <= count; i++) {
        size_t until = g_array_index(self->cuts, Cut, i).text;
        at = (char *)memcpy(at, self->text->str + from, until - from) + (until - from);
        from = until;
        if (i == count)
            break;
        at = (char *)memcpy(at, ids[i], AIRING_ID_HEX) + AIRING_ID_HEX;
        *at++ = '"';
    }
    return g_bytes_new_take(payload, length);
}

/* A gzip file under way. */
typedef struct Packet {
    GByteArray *bytes;
    uLong crc;
    uint32_t length; /* of what it expands to */
} Packet;

static void count(Packet *packet, const void *plain, size_t length)
{
    packet->crc = crc32(packet->crc, plain, (uInt)length);
    packet->length += (uint32_t)length;
}

static void add_stored(Packet *packet, const GString *plain, bool last)
{
    uint8_t header[1 + FLUSH_MARK] = {last};
    put_length(header + 1, plain->len);
    g_byte_array_append(packet->bytes, header, sizeof header);
    g_byte_array_append(packet->bytes, (const guint8 *)plain->str, (guint)plain->len);
    count(packet, plain->str, plain->len);
}

static void add_id(Packet *packet, const char *id)
{
    char text[ID_TEXT + 1];
    g_snprintf(text, sizeof text, "%s\"", id);
    g_autofree char *base64 = base64_encode(text, ID_TEXT);
    g_byte_array_append(packet->bytes, (const guint8 *)base64, ID_BASE64);
    count(packet, base64, ID_BASE64);
}

static void add_pieces(Packet *packet, const PublisherSheet *self, const AiringId *ids)
{
    Cut from = {0};
    for (unsigned i = 0; i < self->cuts->len; i++) {
        Cut until = g_array_index(self->cuts, Cut, i);
        g_byte_array_append(packet->bytes, self->deflated->data + from.deflated,
                            (guint)(until.deflated - from.deflated));
        count(packet, self->base64->str + from.base64, until.base64 - from.base64);
        from = until;
        if (i + 1 < self->cuts->len)
            add_id(packet, ids[i]);
    }
}

static void add_number(GByteArray *bytes, uint32_t number)
{
    uint8_t little[4] = {(uint8_t)number, (uint8_t)(number >> 8), (uint8_t)(number >> 16),
                         (uint8_t)(number >> 24)};
    g_byte_array_append(bytes, little, sizeof little);
}

static GString *envelope_begin(const char *type, const GString *head)
{
    g_autofree char *base64 = base64_encode(head->str, head->len);
    GString *text = g_string_new(NULL);
    g_string_printf(text, "{\"payloadType\":\"%s\",\"payload\":\"%s", type, base64);
    return text;
}

static GString *envelope_end(const Envelope *envelope)
{
    GString *text = g_string_new("\",\"signatures\":[");
    for (unsigned i = 0; i < envelope->n_signatures; i++) {
        const EnvelopeSignature *one = &envelope->signatures[i];
        g_autofree char *signature = base64_encode(one->signature, sizeof one->signature);
        g_string_append_printf(text, "%s{\"keyid\":\"%s\",\"sig\":\"%s\"}", i ? "," : "",
                               one->keyid, signature);
    }
    return g_string_append(text, "]}");
}

static GBytes *pack(const PublisherSheet *self, const GString *head, const AiringId *ids,
                    const Envelope *envelope)
{
    static const uint8_t header[10] = {0x1f, 0x8b, Z_DEFLATED, 0, 0, 0, 0, 0, 0, 255};
    g_autoptr(GString) begin = envelope_begin(envelope->type, head);
    g_autoptr(GString) end = envelope_end(envelope);
    guint room = self->deflated->len + self->model->airings->len * ID_BASE64 + ENVELOPE_ROOM;
    Packet packet = {.bytes = g_byte_array_sized_new(room), .crc = crc32(0, NULL, 0)};
    g_byte_array_append(packet.bytes, header, sizeof header);
    add_stored(&packet, begin, false);
    add_pieces(&packet, self, ids);
    add_stored(&packet, end, true);
    add_number(packet.bytes, (uint32_t)packet.crc);
    add_number(packet.bytes, packet.length);
    return g_byte_array_free_to_bytes(packet.bytes);
}

bool publisher_sheet_sign(PublisherSheet *self, const PublisherCopy *copy, const Signer *signer,
                          PublisherPaper *ret_paper, GError **error)
{
    prepare(self);
    g_autoptr(GString) head = head_of(self, copy);
    g_autofree AiringId *ids = ids_of(self, copy->station);
    g_autoptr(GBytes) payload = payload_of(self, head, ids);
    g_autoptr(Envelope) envelope = signer_sign(signer, ENVELOPE_TYPE_PLAN, payload, error);
    if (!envelope)
        return false;
    size_t length;
    const void *bytes = g_bytes_get_data(payload, &length);
    g_autofree char *sha256 = digest_hex_of(bytes, length);
    g_strlcpy(ret_paper->sha256, sha256, sizeof ret_paper->sha256);
    ret_paper->gzip = pack(self, head, ids, envelope);
    ret_paper->ids = g_steal_pointer(&ids);
    return true;
}
