/* DSSE envelopes: what is signed is PAE(type, exact bytes), and the bytes that were verified are
 * the bytes that get parsed. (github.com/secure-systems-lab/dsse, protocol.md v1.)
 *
 * JSON form: {"payloadType": t, "payload": base64, "signatures": [{"keyid": hex, "sig": base64}]}
 */
#pragma once

#include "json.h"
#include "keys.h"

#define ENVELOPE_MAX_SIGNATURES 8

#define ENVELOPE_TYPE_ROOT       "application/vnd.loa.root+json;v=1"
#define ENVELOPE_TYPE_PLAN       "application/vnd.loa.plan+json;v=1"
#define ENVELOPE_TYPE_RECEIPT    "application/vnd.loa.receipt+json;v=1"
#define ENVELOPE_TYPE_UNREPORTED "application/vnd.loa.unreported+json;v=1"
#define ENVELOPE_TYPE_COMMAND    "application/vnd.loa.command+json;v=1"

typedef enum {
    ENVELOPE_ERROR_FORMAT,    /* not an envelope, or too many signatures, or too large */
    ENVELOPE_ERROR_TYPE,      /* another payload type than asked for */
    ENVELOPE_ERROR_SIGNATURE, /* no signature by an acceptable key holds */
} EnvelopeError;
#define ENVELOPE_ERROR (envelope_error_quark())
GQuark envelope_error_quark(void);

typedef struct EnvelopeSignature {
    char keyid[65];
    uint8_t signature[CRYPTO_SIGNATURE_BYTES];
} EnvelopeSignature;

typedef struct Envelope {
    char *type;
    GBytes *payload; /* the exact bytes */
    EnvelopeSignature signatures[ENVELOPE_MAX_SIGNATURES];
    unsigned n_signatures;
} Envelope;

/* Signs `payload` with one key. */
Envelope *envelope_sign(const char *type, GBytes *payload, const Key *key);
bool envelope_add_signature(Envelope *self, const Key *key); /* false when full */
/* Size is judged before parsing. */
Envelope *envelope_parse(const char *text, size_t length, size_t max, GError **error);
Envelope *envelope_from_json(const Json *value, GError **error);
char *envelope_print(const Envelope *self, size_t *ret_length);
Json *envelope_to_json(const Envelope *self);
void envelope_free(Envelope *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Envelope, envelope_free)

/* Number of distinct keys of `keys` (Key*) with a valid signature over this type and payload. */
unsigned envelope_count_valid(const Envelope *self, const GPtrArray *keys);
/* One valid signature by exactly this key, and the type is `type`. */
bool envelope_verify(const Envelope *self, const char *type, const Key *key,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
