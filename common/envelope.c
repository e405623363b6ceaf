/* DSSE envelopes: several signatures over PAE(type, payload).
 *
 * PAE (pre-authentication encoding, DSSE protocol.md) puts a length before each part, so that no
 * payload can pretend to be another type. The payload stays bytes from the signature to the parser:
 * nobody re-prints JSON and hopes for the same text.
 * Base64 and key ids are read strictly; members that are not known here are ignored, as DSSE says.
 */
#include "envelope.h"

#include <string.h>

#include "base/base64.h"
#include "digest.h"

#define MAX_TYPE 128

G_DEFINE_QUARK(envelope - error - quark, envelope_error)

static GByteArray *pre_authentication_encoding(const char *type, GBytes *payload)
{
    gsize length;
    const void *bytes = g_bytes_get_data(payload, &length);
    g_autofree char *head = g_strdup_printf("DSSEv1 %zu %s %zu ", strlen(type), type, length);
    GByteArray *pae = g_byte_array_sized_new((guint)(strlen(head) + length));
    g_byte_array_append(pae, (const guint8 *)head, (guint)strlen(head));
    if (length > 0)
        g_byte_array_append(pae, bytes, (guint)length);
    return pae;
}

static bool holds(const EnvelopeSignature *signature, const GByteArray *pae, const Key *key)
{
    return strcmp(signature->keyid, key->id) == 0 &&
           crypto_verify(key->public_key, pae->data, pae->len, signature->signature);
}

static bool any_holds(const Envelope *self, const GByteArray *pae, const Key *key)
{
    for (unsigned i = 0; i < self->n_signatures; i++)
        if (holds(&self->signatures[i], pae, key))
            return true;
    return false;
}

static bool read_signature(JsonForm *form, EnvelopeSignature *signature)
{
    const char *keyid = json_form_hex(form, "keyid", true, DIGEST_HEX);
    GBytes *sig = json_form_base64(form, "sig", true, CRYPTO_SIGNATURE_BYTES);
    if (sig && g_bytes_get_size(sig) != CRYPTO_SIGNATURE_BYTES)
        json_form_fault(form, "sig", FORM_TOO_SHORT, "64");
    if (!sig || g_bytes_get_size(sig) != CRYPTO_SIGNATURE_BYTES)
        return false;
    g_strlcpy(signature->keyid, keyid, sizeof signature->keyid);
    memcpy(signature->signature, g_bytes_get_data(sig, NULL), CRYPTO_SIGNATURE_BYTES);
    return true;
}

static bool was_there_before(const GPtrArray *keys, unsigned index)
{
    const Key *key = g_ptr_array_index(keys, index);
    for (unsigned i = 0; i < index; i++)
        if (strcmp(((const Key *)g_ptr_array_index(keys, i))->id, key->id) == 0)
            return true;
    return false;
}

Envelope *envelope_sign(const char *type, GBytes *payload, const Key *key)
{
    Envelope *self = g_new0(Envelope, 1);
    self->type = g_strdup(type);
    self->payload = g_bytes_ref(payload);
    envelope_add_signature(self, key);
    return self;
}

bool envelope_add_signature(Envelope *self, const Key *key)
{
    g_return_val_if_fail(key->has_secret, false);
    if (self->n_signatures >= ENVELOPE_MAX_SIGNATURES)
        return false;
    g_autoptr(GByteArray) pae = pre_authentication_encoding(self->type, self->payload);
    EnvelopeSignature *signature = &self->signatures[self->n_signatures++];
    g_strlcpy(signature->keyid, key->id, sizeof signature->keyid);
    crypto_sign_message(key->secret, pae->data, pae->len, signature->signature);
    return true;
}

Envelope *envelope_parse(const char *text, size_t length, size_t max, GError **error)
{
    g_autoptr(GError) problem = NULL;
    if (length > max) {
        g_set_error(error, ENVELOPE_ERROR, ENVELOPE_ERROR_FORMAT,
                    "envelope of %zu bytes, at most %zu are taken", length, max);
        return NULL;
    }
    g_autoptr(Json) value = json_parse(text, length, &problem);
    if (!value) {
        g_set_error(error, ENVELOPE_ERROR, ENVELOPE_ERROR_FORMAT, "envelope: %s", problem->message);
        return NULL;
    }
    return envelope_from_json(value, error);
}

Envelope *envelope_from_json(const Json *value, GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autoptr(Envelope) self = g_new0(Envelope, 1);
    g_autoptr(JsonForm) form = json_form_new(value, "");
    const char *type = json_form_text(form, "payloadType", true, 1, MAX_TYPE);
    GBytes *payload = json_form_base64(form, "payload", true, G_MAXINT32);
    const Json *list = json_form_array(form, "signatures", true, ENVELOPE_MAX_SIGNATURES);
    size_t n = list ? json_length(list) : 0;
    if (list && n == 0)
        json_form_fault(form, "signatures", FORM_TOO_SHORT, "1");
    for (size_t i = 0; i < n; i++)
        if (read_signature(json_form_element(form, "signatures", i), &self->signatures[i]))
            self->n_signatures++;
    if (!json_form_finish(form, false, &problem) || !payload) {
        g_set_error(error, ENVELOPE_ERROR, ENVELOPE_ERROR_FORMAT, "envelope: %s",
                    problem ? problem->message : "no payload");
        return NULL;
    }
    self->type = g_strdup(type);
    self->payload = g_bytes_ref(payload);
    return g_steal_pointer(&self);
}

char *envelope_print(const Envelope *self, size_t *ret_length)
{
    g_autoptr(Json) value = envelope_to_json(self);
    return json_print(value, ret_length);
}

Json *envelope_to_json(const Envelope *self)
{
    gsize length;
    const void *bytes = g_bytes_get_data(self->payload, &length);
    g_autofree char *payload = base64_encode(bytes, length);
    Json *value = json_new_object();
    json_set_text(value, "payloadType", self->type);
    json_set_text(value, "payload", payload);
    Json *list = json_new_array();
    for (unsigned i = 0; i < self->n_signatures; i++) {
        g_autofree char *sig =
            base64_encode(self->signatures[i].signature, sizeof self->signatures[i].signature);
        Json *one = json_new_object();
        json_set_text(one, "keyid", self->signatures[i].keyid);
        json_set_text(one, "sig", sig);
        json_append_take(list, one);
    }
    json_set_take(value, "signatures", list);
    return value;
}

void envelope_free(Envelope *self)
{
    if (!self)
        return;
    g_free(self->type);
    g_clear_pointer(&self->payload, g_bytes_unref);
    g_free(self);
}

unsigned envelope_count_valid(const Envelope *self, const GPtrArray *keys)
{
    unsigned count = 0;
    g_autoptr(GByteArray) pae = pre_authentication_encoding(self->type, self->payload);
    for (unsigned i = 0; i < keys->len; i++)
        if (!was_there_before(keys, i) && any_holds(self, pae, g_ptr_array_index(keys, i)))
            count++;
    return count;
}

bool envelope_verify(const Envelope *self, const char *type, const Key *key, GError **error)
{
    if (strcmp(self->type, type) != 0) {
        g_set_error(error, ENVELOPE_ERROR, ENVELOPE_ERROR_TYPE, "envelope is of type %s, not %s",
                    self->type, type);
        return false;
    }
    g_autoptr(GByteArray) pae = pre_authentication_encoding(self->type, self->payload);
    if (!any_holds(self, pae, key)) {
        g_set_error(error, ENVELOPE_ERROR, ENVELOPE_ERROR_SIGNATURE,
                    "no signature by key %.16s holds", key->id);
        return false;
    }
    return true;
}
