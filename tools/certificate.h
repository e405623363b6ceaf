/* X.509 for a closed network: an authority of one's own, and what it vouches for. PEM text in and
 * out; nothing here touches a file. Names are host names or IP addresses. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

#define CERTIFICATE_NAMES_MAX 32

typedef struct CertificateFacts {
    GPtrArray *names;  /* char*, in the order of the certificate */
    char *subject;     /* common name */
    char *issuer;      /* common name */
    int64_t from_us;   /* valid from */
    int64_t until_us;  /* valid until */
    char *fingerprint; /* SHA-256, "AB:CD:..." as phones show it */
} CertificateFacts;

void certificate_facts_free(CertificateFacts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CertificateFacts, certificate_facts_free)

/* The name as it stands in a certificate (IDN as xn--...); NULL when it can be none. */
char *certificate_name(const char *text);
/* A new private key, ECDSA P-256, PKCS #8. */
char *certificate_make_key(GError **error);
/* An authority of ten years that can vouch for these names (and hosts below them) and no other, so
 * that a stolen one is no use against a phone's bank. */
char *certificate_make_authority(const char *key, const GPtrArray *names, int64_t now_us,
                                 GError **error);
/* A server's certificate of 397 days. It is verified for each name before it is given out, so a
 * name that the authority may not vouch for is an error here and not on a phone. */
char *certificate_make_server(const char *authority, const char *authority_key, const char *key,
                              const GPtrArray *names, int64_t now_us, GError **error);
/* The first certificate in `pem`. */
CertificateFacts *certificate_read(const char *pem, GError **error);
bool certificate_has_key(const char *pem, const char *key);
