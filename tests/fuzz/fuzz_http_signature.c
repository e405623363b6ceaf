/* The signature headers of a request: one line Signature-Input, one line Signature. */
#include "fuzz.h"

#include "http_signature.h"

bool fuzz_accepted;
char *fuzz_why;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Key stranger;
    if (!stranger.has_secret) {
        fuzz_assert(crypto_init());
        key_generate(&stranger);
    }
    g_autofree char *text = fuzz_text(data, size);
    char *signature = strchr(text, '\n');
    if (signature)
        *signature++ = '\0';
    HttpSignatureParams params = {0};
    g_autoptr(GError) refused = NULL;
    fuzz_accepted = http_signature_parse(text, &params, &refused);
    fuzz_note(refused);
    if (!fuzz_accepted)
        return 0;
    fuzz_assert(strlen(params.nonce) == 32 && strlen(params.keyid) == 64);
    fuzz_assert(params.created >= 0 && g_str_has_suffix(text, params.params));
    HttpSignatureInput input = {
        .method = "GET",
        .path = "/link/v1/plan",
        .query = "?",
        .content_digest = params.covers_digest ? "sha-256=:AAAA:" : NULL,
    };
    memcpy(params.keyid, stranger.id, sizeof params.keyid);
    fuzz_assert(!http_signature_verify(&input, &params, signature, &stranger));
    http_signature_params_clear(&params);
    return 0;
}
