/* HTTP Message Signatures (RFC 9421) in the one form the station link uses, and Content-Digest
 * (RFC 9530): components "@method" "@path" "@query", "content-digest" where there is a body, and
 * the parameters created, nonce, keyid, alg="ed25519"; label "loa". Pure: no I/O, no clock. */
#pragma once

#include "keys.h"

typedef struct HttpSignatureInput {
    const char *method;
    const char *path;           /* as sent, without the query */
    const char *query;          /* with its '?', or "?" when there is none (RFC 9421 §2.2.7) */
    const char *content_digest; /* the header's value, or NULL without a body */
    int64_t created;            /* seconds since 1970 */
    const char *nonce;          /* 32 hexadecimal digits */
} HttpSignatureInput;

typedef struct HttpSignatureHeaders {
    char *signature_input; /* value of Signature-Input */
    char *signature;       /* value of Signature */
} HttpSignatureHeaders;

/* "sha-256=:base64:" of a body. */
char *http_signature_digest(const void *body, size_t length);

/* NULL when a value has a control or non-ASCII character, the path no '/', the query no '?'. */
HttpSignatureHeaders *http_signature_make(const HttpSignatureInput *input, const Key *key);
void http_signature_headers_free(HttpSignatureHeaders *headers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpSignatureHeaders, http_signature_headers_free)

typedef struct HttpSignatureParams {
    int64_t created;
    char nonce[33];
    char keyid[65];
    bool covers_digest;
    char *params; /* the raw value after "loa=", part of the signature base */
} HttpSignatureParams;

/* Reads Signature-Input strictly: another component list, label, algorithm or a missing parameter
 * is an error. Says who claims to have signed; proves nothing yet. */
bool http_signature_parse(const char *signature_input, HttpSignatureParams *ret_params,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
void http_signature_params_clear(HttpSignatureParams *params);
/* `input->created` and `nonce` are taken from `params`. */
bool http_signature_verify(const HttpSignatureInput *input, const HttpSignatureParams *params,
                           const char *signature, const Key *key);

typedef enum { HTTP_SIGNATURE_ERROR_FORMAT } HttpSignatureError;
#define HTTP_SIGNATURE_ERROR (http_signature_error_quark())
GQuark http_signature_error_quark(void);
