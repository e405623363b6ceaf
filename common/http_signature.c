/* RFC 9421 in one fixed form: label "loa", a fixed list of components, four parameters.
 *
 * The signature base (section 2.5) is one line per component and "@signature-params" last, joined
 * by single newlines with none at the end. Its last line repeats the parameters as serialised by
 * RFC 8941; because only that serialisation is accepted on the way in (no optional spaces, no
 * leading zeros), the raw text can be used for it. The order of the parameters is the signer's own,
 * as in the RFC. Whether the digest fits the body, the nonce is fresh and the time is near is the
 * caller's to judge. */
#include "http_signature.h"

#include <string.h>

#include "base/base64.h"
#include "digest.h"

#define LABEL             "loa="
#define COMPONENTS        "(\"@method\" \"@path\" \"@query\")"
#define COMPONENTS_DIGEST "(\"@method\" \"@path\" \"@query\" \"content-digest\")"
#define MAX_CHARS         512 /* characters of Signature-Input */
#define MAX_DIGITS        15  /* of an RFC 8941 integer */
#define NONCE_CHARS       32
#define HEX_DIGITS        "0123456789abcdef"

G_DEFINE_QUARK(http - signature - error - quark, http_signature_error)

/* A newline inside a value would let it pretend to be the next line of the base. */
static bool is_plain(const char *value)
{
    if (!value || *value == '\0')
        return false;
    for (; *value; value++)
        if (*value < 0x20 || *value > 0x7e)
            return false;
    return true;
}

static char *signature_base(const HttpSignatureInput *input, const char *params)
{
    bool digest = input->content_digest != NULL;
    if (!is_plain(input->method) || !is_plain(input->path) || !is_plain(input->query) ||
        input->path[0] != '/' || input->query[0] != '?')
        return NULL;
    if (digest && !is_plain(input->content_digest))
        return NULL;
    return g_strdup_printf("\"@method\": %s\n\"@path\": %s\n\"@query\": %s\n%s%s%s"
                           "\"@signature-params\": %s",
                           input->method, input->path, input->query,
                           digest ? "\"content-digest\": " : "",
                           digest ? input->content_digest : "", digest ? "\n" : "", params);
}

static bool fail(GError **error, const char *what)
{
    g_set_error(error, HTTP_SIGNATURE_ERROR, HTTP_SIGNATURE_ERROR_FORMAT, "Signature-Input: %s",
                what);
    return false;
}

static bool take_literal(const char **cursor, const char *literal)
{
    if (!g_str_has_prefix(*cursor, literal))
        return false;
    *cursor += strlen(literal);
    return true;
}

/* Exactly `length` lower-case hexadecimal digits in quotes. */
static bool take_hex(const char **cursor, size_t length, char *ret_text)
{
    const char *text = *cursor + 1;
    if (**cursor != '"' || strspn(text, HEX_DIGITS) != length || text[length] != '"')
        return false;
    memcpy(ret_text, text, length);
    ret_text[length] = '\0';
    *cursor = text + length + 1;
    return true;
}

static bool take_seconds(const char **cursor, int64_t *ret_seconds)
{
    size_t digits = strspn(*cursor, "0123456789");
    if (digits == 0 || digits > MAX_DIGITS || (**cursor == '0' && digits > 1))
        return false;
    *ret_seconds = g_ascii_strtoll(*cursor, NULL, 10);
    *cursor += digits;
    return true;
}

enum { CREATED = 1, NONCE = 2, KEYID = 4, ALG = 8, ALL = 15 };

/* One ";name=value"; 0 when it is not one of the four. */
static int take_parameter(const char **cursor, HttpSignatureParams *params)
{
    if (take_literal(cursor, ";created="))
        return take_seconds(cursor, &params->created) ? CREATED : 0;
    if (take_literal(cursor, ";nonce="))
        return take_hex(cursor, NONCE_CHARS, params->nonce) ? NONCE : 0;
    if (take_literal(cursor, ";keyid="))
        return take_hex(cursor, DIGEST_HEX, params->keyid) ? KEYID : 0;
    return take_literal(cursor, ";alg=\"ed25519\"") ? ALG : 0;
}

static bool take_parameters(const char *cursor, HttpSignatureParams *params, GError **error)
{
    int seen = 0;
    while (*cursor) {
        int one = take_parameter(&cursor, params);
        if (one == 0)
            return fail(error, "a parameter is unknown or malformed");
        if (seen & one)
            return fail(error, "a parameter is given twice");
        seen |= one;
    }
    return seen == ALL || fail(error, "created, nonce, keyid or alg is missing");
}

char *http_signature_digest(const void *body, size_t length)
{
    uint8_t sha256[DIGEST_BYTES];
    digest_bytes(body, length, sha256);
    g_autofree char *encoded = base64_encode(sha256, sizeof sha256);
    return g_strconcat("sha-256=:", encoded, ":", NULL);
}

HttpSignatureHeaders *http_signature_make(const HttpSignatureInput *input, const Key *key)
{
    g_return_val_if_fail(key->has_secret, NULL);
    g_autofree char *params =
        g_strdup_printf("%s;created=%" G_GINT64_FORMAT ";nonce=\"%s\";keyid=\"%s\";alg=\"ed25519\"",
                        input->content_digest ? COMPONENTS_DIGEST : COMPONENTS, input->created,
                        input->nonce, key->id);
    g_autofree char *base = signature_base(input, params);
    if (!base)
        return NULL;
    uint8_t signature[CRYPTO_SIGNATURE_BYTES];
    crypto_sign_message(key->secret, base, strlen(base), signature);
    g_autofree char *encoded = base64_encode(signature, sizeof signature);
    HttpSignatureHeaders *headers = g_new0(HttpSignatureHeaders, 1);
    headers->signature_input = g_strconcat(LABEL, params, NULL);
    headers->signature = g_strconcat(LABEL ":", encoded, ":", NULL);
    return headers;
}

void http_signature_headers_free(HttpSignatureHeaders *headers)
{
    if (!headers)
        return;
    g_free(headers->signature_input);
    g_free(headers->signature);
    g_free(headers);
}

bool http_signature_parse(const char *signature_input, HttpSignatureParams *ret_params,
                          GError **error)
{
    HttpSignatureParams params = {0};
    const char *cursor = signature_input;
    if (!cursor || strlen(cursor) > MAX_CHARS)
        return fail(error, "absent or too long");
    if (!take_literal(&cursor, LABEL))
        return fail(error, "the label is not \"loa\"");
    const char *raw = cursor;
    params.covers_digest = take_literal(&cursor, COMPONENTS_DIGEST);
    if (!params.covers_digest && !take_literal(&cursor, COMPONENTS))
        return fail(error, "another list of components");
    if (!take_parameters(cursor, &params, error))
        return false;
    params.params = g_strdup(raw);
    *ret_params = params;
    return true;
}

void http_signature_params_clear(HttpSignatureParams *params)
{
    g_free(params->params);
    *params = (HttpSignatureParams){0};
}

static GBytes *decode_signature(const char *signature)
{
    const char *cursor = signature ? signature : "";
    if (!take_literal(&cursor, LABEL ":") || !g_str_has_suffix(cursor, ":"))
        return NULL;
    g_autofree char *encoded = g_strndup(cursor, strlen(cursor) - 1);
    return base64_decode(encoded, CRYPTO_SIGNATURE_BYTES);
}

bool http_signature_verify(const HttpSignatureInput *input, const HttpSignatureParams *params,
                           const char *signature, const Key *key)
{
    if (params->covers_digest != (input->content_digest != NULL))
        return false;
    if (strcmp(params->keyid, key->id) != 0)
        return false;
    g_autoptr(GBytes) bytes = decode_signature(signature);
    g_autofree char *base = signature_base(input, params->params);
    if (!bytes || !base || g_bytes_get_size(bytes) != CRYPTO_SIGNATURE_BYTES)
        return false;
    return crypto_verify(key->public_key, base, strlen(base), g_bytes_get_data(bytes, NULL));
}
