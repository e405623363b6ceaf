/* Envelopes: what is taken says the same after printing and parsing, and no signature of a key that
 * never signed holds. */
#include "fuzz.h"

#include "envelope.h"

#define ENVELOPE_BYTES (64 * 1024)

bool fuzz_accepted;
char *fuzz_why;

static void check_printed(const Envelope *envelope)
{
    size_t length;
    g_autofree char *text = envelope_print(envelope, &length);
    g_autoptr(Envelope) again = envelope_parse(text, length, 2 * ENVELOPE_BYTES, NULL);
    fuzz_assert(again && g_bytes_equal(again->payload, envelope->payload));
    fuzz_assert(g_str_equal(again->type, envelope->type));
    fuzz_assert(again->n_signatures == envelope->n_signatures);
    fuzz_assert(memcmp(again->signatures, envelope->signatures, sizeof again->signatures) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Key stranger;
    if (!stranger.has_secret) {
        fuzz_assert(crypto_init());
        key_generate(&stranger);
    }
    g_autofree char *text = g_memdup2(data, size);
    g_autoptr(GError) refused = NULL;
    g_autoptr(Envelope) envelope = envelope_parse(text, size, ENVELOPE_BYTES, &refused);
    fuzz_note(refused);
    fuzz_accepted = envelope != NULL;
    if (!envelope)
        return 0;
    fuzz_assert(envelope->n_signatures >= 1 && envelope->n_signatures <= ENVELOPE_MAX_SIGNATURES);
    check_printed(envelope);
    fuzz_assert(!envelope_verify(envelope, envelope->type, &stranger, NULL));
    memcpy(envelope->signatures[0].keyid, stranger.id, sizeof stranger.id);
    fuzz_assert(!envelope_verify(envelope, envelope->type, &stranger, NULL));
    return 0;
}
