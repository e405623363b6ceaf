/* The copy of a sheet for one station: its head, its ids, its signature.
 *
 * The signature goes over every byte, so it is the one thing whose cost grows with the plan. The
 * rest is put together: ids from stems, base64 and deflated pieces as the sheet has them, and the
 * checksum of gzip by CRC arithmetic from those of the pieces, none of which is read again. */
#include "fleet/publisher_copy.h"

#include <string.h>

#include "base/base64.h"
#include "fleet/publisher_sheet_private.h"

void publisher_paper_clear(PublisherPaper *paper)
{
    g_free(paper->ids);
    if (paper->gzip)
        g_bytes_unref(paper->gzip);
    *paper = (PublisherPaper){0};
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
    plan.standing = copy->standing;
    plan.data_day_bytes = copy->data_day_bytes;
    plan.data_month_bytes = copy->data_month_bytes;
    plan.epoch = copy->epoch;
    plan.version = copy->version;
    plan.issued_us = copy->issued_us;
    plan.airings = plan.media = plan.clips = plan.policies = none;
    plan.offsets = no_offsets;
    g_autoptr(Json) json = plan_frame_to_json(&plan, &unused);
    g_autofree char *text = json_print(json, NULL);
    const char *list = strstr(text, SHEET_LIST_BEGIN);
    GString *head = g_string_new_len(text, list + strlen(SHEET_LIST_BEGIN) - text);
    publisher_sheet_pad(head, 0, 0);
    return head;
}

char *publisher_copy_fingerprint(PublisherSheet *self, const PublisherCopy *copy)
{
    publisher_sheet_prepare(self);
    PublisherCopy plain = {.station = copy->station,
                           .keyid = copy->keyid,
                           .volume_mdb = copy->volume_mdb,
                           .standing = copy->standing,
                           .data_day_bytes = copy->data_day_bytes,
                           .data_month_bytes = copy->data_month_bytes};
    g_autoptr(GString) head = head_of(self, &plain);
    g_string_append(head, self->hash);
    return digest_hex_of(head->str, head->len);
}

static AiringId *ids_of(const PublisherSheet *self, const char *station)
{
    unsigned count = self->model->airings->len;
    AiringId *ids = g_new(AiringId, count + 1);
    g_autoptr(Digest) digest = digest_new();
    size_t from = 0;
    for (unsigned i = 0; i < count; i++) {
        size_t until = g_array_index(self->cuts, SheetCut, i).stem;
        airing_id_make(digest, self->stems->str + from, until - from, station, ids[i]);
        from = until;
    }
    return ids;
}

static GBytes *payload_of(const PublisherSheet *self, const GString *head, const AiringId *ids)
{
    unsigned count = self->model->airings->len;
    size_t length = head->len + self->text->len + (size_t)count * SHEET_ID_TEXT, from = 0;
    char *payload = g_malloc(length);
    char *at = (char *)memcpy(payload, head->str, head->len) + head->len;
    for (unsigned i = 0; i <= count; i++) {
        size_t until = g_array_index(self->cuts, SheetCut, i).text;
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
    uint32_t crc;
    uint32_t length; /* of what it expands to */
} Packet;

static void count(Packet *packet, const void *plain, size_t length)
{
    packet->crc = publisher_sheet_crc(packet->crc, plain, length);
    packet->length += (uint32_t)length;
}

static void add_stored(Packet *packet, const GString *plain, bool last)
{
    uint8_t header[1 + SHEET_FLUSH_MARK] = {last};
    publisher_sheet_put_length(header + 1, plain->len);
    g_byte_array_append(packet->bytes, header, sizeof header);
    g_byte_array_append(packet->bytes, (const guint8 *)plain->str, (guint)plain->len);
    count(packet, plain->str, plain->len);
}

/* Writes the id's base64 and returns its checksum. */
static uint32_t write_id(const char *id, uint8_t *at)
{
    char text[SHEET_ID_TEXT];
    memcpy(text, id, AIRING_ID_HEX);
    text[AIRING_ID_HEX] = '"';
    base64_write(text, sizeof text, (char *)at);
    return publisher_sheet_crc(0, at, SHEET_ID_BASE64);
}

static void add_pieces(Packet *packet, const PublisherSheet *self, const AiringId *ids)
{
    unsigned count = self->model->airings->len, begin = packet->bytes->len;
    g_byte_array_set_size(packet->bytes, begin + self->deflated->len + count * SHEET_ID_BASE64);
    uint8_t *at = packet->bytes->data + begin;
    size_t from = 0;
    for (unsigned i = 0; i <= count; i++) {
        const SheetCut *cut = &g_array_index(self->cuts, SheetCut, i);
        uint32_t id_crc = 0;
        at = (uint8_t *)memcpy(at, self->deflated->data + from, cut->deflated - from) +
             (cut->deflated - from);
        if (i < count) {
            id_crc = write_id(ids[i], at);
            at += SHEET_ID_BASE64;
        }
        packet->crc = publisher_sheet_crc_over(packet->crc, cut, id_crc);
        from = cut->deflated;
    }
    packet->length += (uint32_t)(self->base64->len + count * SHEET_ID_BASE64);
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
    /* RFC 1952: the magic, deflate, no flags, no time, no hints, unknown system. */
    static const uint8_t header[10] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255};
    g_autoptr(GString) begin = envelope_begin(envelope->type, head);
    g_autoptr(GString) end = envelope_end(envelope);
    guint room =
        self->deflated->len + self->model->airings->len * SHEET_ID_BASE64 + SHEET_ENVELOPE_ROOM;
    Packet packet = {.bytes = g_byte_array_sized_new(room)};
    g_byte_array_append(packet.bytes, header, sizeof header);
    add_stored(&packet, begin, false);
    add_pieces(&packet, self, ids);
    add_stored(&packet, end, true);
    add_number(packet.bytes, packet.crc);
    add_number(packet.bytes, packet.length);
    return g_byte_array_free_to_bytes(packet.bytes);
}

bool publisher_copy_sign(PublisherSheet *self, const PublisherCopy *copy, const Signer *signer,
                         PublisherPaper *ret_paper, GError **error)
{
    publisher_sheet_prepare(self);
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
