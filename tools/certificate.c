/* GnuTLS, as the rest of Loa uses it. Two rules are kept here: the authority is bound to its names
 * by critical name constraints (RFC 5280, 4.2.1.10), and what was signed is verified with the eyes
 * of a client before anybody gets it. Validity begins a day early, for clocks that are behind. */
#include "certificate.h"

#include <gnutls/x509-ext.h>
#include <gnutls/x509.h>
#include <string.h>

#include "crypto.h"
#include "digest.h"

#define DAY_S          (24 * 3600)
#define AUTHORITY_DAYS 3650
#define SERVER_DAYS    397
#define SERIAL_BYTES   16
#define TEXT_MAX       256

G_DEFINE_AUTO_CLEANUP_FREE_FUNC(gnutls_x509_privkey_t, gnutls_x509_privkey_deinit, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(gnutls_x509_crt_t, gnutls_x509_crt_deinit, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(gnutls_x509_name_constraints_t, gnutls_x509_name_constraints_deinit,
                                NULL)

static void trust_list_free(gnutls_x509_trust_list_t list)
{
    gnutls_x509_trust_list_deinit(list, 0); /* the certificates in it have owners */
}

G_DEFINE_AUTO_CLEANUP_FREE_FUNC(gnutls_x509_trust_list_t, trust_list_free, NULL)

static bool check(int code, const char *what, GError **error)
{
    if (code >= 0)
        return true;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", what, gnutls_strerror(code));
    return false;
}

static gnutls_datum_t datum_of(const char *text)
{
    return (gnutls_datum_t){.data = (unsigned char *)(uintptr_t)text,
                            .size = (unsigned)strlen(text)};
}

/* The library's text as one of ours. */
static char *take_text(gnutls_datum_t *datum)
{
    char *text = g_strndup((const char *)datum->data, datum->size);
    gnutls_free(datum->data);
    return text;
}

char *certificate_name(const char *text)
{
    if (g_hostname_is_ip_address(text))
        return g_strdup(text);
    g_autofree char *ascii = g_hostname_to_ascii(text);
    if (!ascii || !*ascii || strlen(ascii) > 253 || !g_ascii_isalnum(*ascii))
        return NULL;
    for (const char *at = ascii; *at; at++)
        if (!g_ascii_isalnum(*at) && *at != '-' && *at != '.')
            return NULL;
    if (strstr(ascii, "..") || g_str_has_suffix(ascii, ".") || g_str_has_suffix(ascii, "-"))
        return NULL;
    return g_ascii_strdown(ascii, -1);
}

char *certificate_make_key(GError **error)
{
    g_auto(gnutls_x509_privkey_t) key = NULL;
    gnutls_datum_t pem = {0};
    unsigned bits = GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1);
    if (!check(gnutls_x509_privkey_init(&key), "a new key", error) ||
        !check(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, bits, 0), "a new key", error) ||
        !check(gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN,
                                                 &pem),
               "a new key", error))
        return NULL;
    return take_text(&pem);
}

static bool read_key(const char *pem, gnutls_x509_privkey_t *ret_key, GError **error)
{
    gnutls_datum_t datum = datum_of(pem);
    return check(gnutls_x509_privkey_init(ret_key), "the key", error) &&
           check(gnutls_x509_privkey_import2(*ret_key, &datum, GNUTLS_X509_FMT_PEM, NULL, 0),
                 "the key cannot be read", error);
}

static bool read_certificate(const char *pem, gnutls_x509_crt_t *ret_certificate, GError **error)
{
    gnutls_datum_t datum = datum_of(pem);
    return check(gnutls_x509_crt_init(ret_certificate), "the certificate", error) &&
           check(gnutls_x509_crt_import(*ret_certificate, &datum, GNUTLS_X509_FMT_PEM),
                 "the certificate cannot be read", error);
}

/* A common name is judged as a host name by some, so an address may not stand there. */
static const char *subject_kind(const char *subject)
{
    return g_hostname_is_ip_address(subject) ? GNUTLS_OID_X520_ORGANIZATION_NAME
                                             : GNUTLS_OID_X520_COMMON_NAME;
}

/* What an authority and a server have in common: version, number, subject, key, validity. */
static bool fill(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key, const char *subject,
                 int64_t now_us, unsigned days, GError **error)
{
    unsigned char serial[SERIAL_BYTES], id[DIGEST_SHA1_BYTES];
    size_t id_length = sizeof id;
    time_t now = now_us / G_USEC_PER_SEC;
    crypto_random(serial, sizeof serial);
    serial[0] = (serial[0] & 0x3f) | 0x40; /* positive, and never shortened */
    return check(gnutls_x509_crt_set_version(certificate, 3), "version", error) &&
           check(gnutls_x509_crt_set_serial(certificate, serial, sizeof serial), "serial number",
                 error) &&
           check(gnutls_x509_crt_set_dn_by_oid(certificate, subject_kind(subject), 0, subject,
                                               (unsigned)strlen(subject)),
                 "subject", error) &&
           check(gnutls_x509_crt_set_key(certificate, key), "key", error) &&
           check(gnutls_x509_crt_set_activation_time(certificate, now - DAY_S), "validity",
                 error) &&
           check(gnutls_x509_crt_set_expiration_time(certificate, now + (time_t)days * DAY_S),
                 "validity", error) &&
           check(gnutls_x509_crt_get_key_id(certificate, 0, id, &id_length), "key id", error) &&
           check(gnutls_x509_crt_set_subject_key_id(certificate, id, id_length), "key id", error);
}

/* An address as the extension has it: with the mask that means this one, or all of them. */
static int constrain_address(gnutls_x509_name_constraints_t names, const char *network, bool permit)
{
    gnutls_datum_t datum = {0};
    int code = gnutls_x509_cidr_to_rfc5280(network, &datum);
    if (code < 0)
        return code;
    code = permit ? gnutls_x509_name_constraints_add_permitted(names, GNUTLS_SAN_IPADDRESS, &datum)
                  : gnutls_x509_name_constraints_add_excluded(names, GNUTLS_SAN_IPADDRESS, &datum);
    gnutls_free(datum.data);
    return code;
}

static int permit(gnutls_x509_name_constraints_t constraints, const char *name)
{
    gnutls_datum_t datum = datum_of(name);
    if (!g_hostname_is_ip_address(name))
        return gnutls_x509_name_constraints_add_permitted(constraints, GNUTLS_SAN_DNSNAME, &datum);
    g_autofree char *network = g_strdup_printf("%s/%u", name, strchr(name, ':') ? 128 : 32);
    return constrain_address(constraints, network, true);
}

/* Where no address is permitted all are forbidden: a kind that is not mentioned would be free. */
static bool constrain(gnutls_x509_crt_t authority, const GPtrArray *names, GError **error)
{
    g_auto(gnutls_x509_name_constraints_t) constraints = NULL;
    bool has_host = false, has_address = false;
    if (!check(gnutls_x509_name_constraints_init(&constraints), "names", error))
        return false;
    for (unsigned i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        bool address = g_hostname_is_ip_address(name);
        has_host |= !address;
        has_address |= address;
        if (!check(permit(constraints, name), name, error))
            return false;
    }
    gnutls_datum_t none = datum_of("");
    if (!has_host &&
        !check(gnutls_x509_name_constraints_add_excluded(constraints, GNUTLS_SAN_DNSNAME, &none),
               "names", error))
        return false;
    if (!has_address &&
        (!check(constrain_address(constraints, "0.0.0.0/0", false), "names", error) ||
         !check(constrain_address(constraints, "::/0", false), "names", error)))
        return false;
    return check(gnutls_x509_crt_set_name_constraints(authority, constraints, 1), "names", error);
}

static char *export_pem(gnutls_x509_crt_t certificate, GError **error)
{
    gnutls_datum_t pem = {0};
    if (!check(gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &pem), "writing", error))
        return NULL;
    return take_text(&pem);
}

char *certificate_make_authority(const char *key_pem, const GPtrArray *names, int64_t now_us,
                                 GError **error)
{
    g_auto(gnutls_x509_privkey_t) key = NULL;
    g_auto(gnutls_x509_crt_t) made = NULL;
    g_autofree char *subject =
        g_strdup_printf("Loa %.50s", (const char *)g_ptr_array_index(names, 0));
    if (!read_key(key_pem, &key, error) || !check(gnutls_x509_crt_init(&made), "new", error) ||
        !fill(made, key, subject, now_us, AUTHORITY_DAYS, error) ||
        !check(gnutls_x509_crt_set_basic_constraints(made, 1, 0), "authority", error) ||
        !check(gnutls_x509_crt_set_key_usage(made, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN),
               "usage", error) ||
        !constrain(made, names, error) ||
        !check(gnutls_x509_crt_sign2(made, made, key, GNUTLS_DIG_SHA256, 0), "signing", error))
        return NULL;
    return export_pem(made, error);
}

static int add_name(gnutls_x509_crt_t certificate, const char *name)
{
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(name);
    if (address)
        return gnutls_x509_crt_set_subject_alt_name(
            certificate, GNUTLS_SAN_IPADDRESS, g_inet_address_to_bytes(address),
            (unsigned)g_inet_address_get_native_size(address), GNUTLS_FSAN_APPEND);
    return gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, name,
                                                (unsigned)strlen(name), GNUTLS_FSAN_APPEND);
}

static bool refuse_name(const char *name, unsigned status, GError **error)
{
    gnutls_datum_t why = {0};
    gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &why, 0);
    g_autofree char *text = take_text(&why);
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                "this authority cannot vouch for %s: %s", name, g_strstrip(text));
    return false;
}

static gnutls_typed_vdata_st name_to_ask(const char *name, GInetAddress *address)
{
    gnutls_typed_vdata_st asked = {.type = GNUTLS_DT_DNS_HOSTNAME,
                                   .data = (unsigned char *)(uintptr_t)name};
    if (address) {
        asked.type = GNUTLS_DT_IP_ADDRESS;
        asked.data = (unsigned char *)(uintptr_t)g_inet_address_to_bytes(address);
        asked.size = (unsigned)g_inet_address_get_native_size(address);
    }
    return asked;
}

/* As a client that trusts the authority would. */
static bool verify(gnutls_x509_crt_t authority, gnutls_x509_crt_t server, const GPtrArray *names,
                   GError **error)
{
    g_auto(gnutls_x509_trust_list_t) trusted = NULL;
    if (!check(gnutls_x509_trust_list_init(&trusted, 0), "verifying", error) ||
        !check(gnutls_x509_trust_list_add_cas(trusted, &authority, 1, 0), "verifying", error))
        return false;
    for (unsigned i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        g_autoptr(GInetAddress) address = g_inet_address_new_from_string(name);
        gnutls_typed_vdata_st asked[] = {
            name_to_ask(name, address),
            {.type = GNUTLS_DT_KEY_PURPOSE_OID,
             .data = (unsigned char *)(uintptr_t)GNUTLS_KP_TLS_WWW_SERVER}};
        unsigned status = 0;
        if (!check(gnutls_x509_trust_list_verify_crt2(trusted, &server, 1, asked,
                                                      G_N_ELEMENTS(asked), 0, &status, NULL),
                   "verifying", error))
            return false;
        if (status != 0)
            return refuse_name(name, status, error);
    }
    return true;
}

static bool sign_server(gnutls_x509_crt_t made, gnutls_x509_crt_t authority,
                        gnutls_x509_privkey_t authority_key, const GPtrArray *names, GError **error)
{
    unsigned char id[DIGEST_SHA1_BYTES];
    size_t id_length = sizeof id;
    for (unsigned i = 0; i < names->len; i++)
        if (!check(add_name(made, g_ptr_array_index(names, i)), g_ptr_array_index(names, i), error))
            return false;
    return check(gnutls_x509_crt_set_basic_constraints(made, 0, -1), "server", error) &&
           check(gnutls_x509_crt_set_key_usage(made, GNUTLS_KEY_DIGITAL_SIGNATURE), "usage",
                 error) &&
           check(gnutls_x509_crt_set_key_purpose_oid(made, GNUTLS_KP_TLS_WWW_SERVER, 0), "purpose",
                 error) &&
           check(gnutls_x509_crt_get_subject_key_id(authority, id, &id_length, NULL), "authority",
                 error) &&
           check(gnutls_x509_crt_set_authority_key_id(made, id, id_length), "authority", error) &&
           check(gnutls_x509_crt_sign2(made, authority, authority_key, GNUTLS_DIG_SHA256, 0),
                 "signing", error);
}

char *certificate_make_server(const char *authority_pem, const char *authority_key_pem,
                              const char *key_pem, const GPtrArray *names, int64_t now_us,
                              GError **error)
{
    g_auto(gnutls_x509_crt_t) authority = NULL, made = NULL;
    g_auto(gnutls_x509_privkey_t) authority_key = NULL, key = NULL;
    g_autofree char *subject = g_strndup(g_ptr_array_index(names, 0), 64);
    if (!read_certificate(authority_pem, &authority, error) ||
        !read_key(authority_key_pem, &authority_key, error) || !read_key(key_pem, &key, error) ||
        !check(gnutls_x509_crt_init(&made), "new", error) ||
        !fill(made, key, subject, now_us, SERVER_DAYS, error) ||
        !sign_server(made, authority, authority_key, names, error))
        return NULL;
    g_autofree char *pem = export_pem(made, error);
    g_auto(gnutls_x509_crt_t) again = NULL; /* read back: what a client gets is what is judged */
    if (!pem || !read_certificate(pem, &again, error) || !verify(authority, again, names, error))
        return NULL;
    return g_steal_pointer(&pem);
}

void certificate_facts_free(CertificateFacts *self)
{
    if (!self)
        return;
    g_clear_pointer(&self->names, g_ptr_array_unref);
    g_free(self->subject);
    g_free(self->issuer);
    g_free(self->fingerprint);
    g_free(self);
}

static GPtrArray *names_of(gnutls_x509_crt_t certificate)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < CERTIFICATE_NAMES_MAX; i++) {
        char text[TEXT_MAX];
        size_t length = sizeof text - 1;
        int kind = gnutls_x509_crt_get_subject_alt_name(certificate, i, text, &length, NULL);
        if (kind == GNUTLS_SAN_DNSNAME) {
            g_ptr_array_add(names, g_strndup(text, length));
        } else if (kind == GNUTLS_SAN_IPADDRESS && (length == 4 || length == 16)) {
            g_autoptr(GInetAddress) address = g_inet_address_new_from_bytes(
                (const guint8 *)text, length == 4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);
            g_ptr_array_add(names, g_inet_address_to_string(address));
        } else if (kind < 0) {
            break;
        }
    }
    return names;
}

static char *common_name(gnutls_x509_crt_t certificate, bool of_issuer)
{
    char text[TEXT_MAX];
    size_t length = sizeof text - 1;
    int code = of_issuer ? gnutls_x509_crt_get_issuer_dn_by_oid(
                               certificate, GNUTLS_OID_X520_COMMON_NAME, 0, 0, text, &length)
                         : gnutls_x509_crt_get_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME,
                                                         0, 0, text, &length);
    return code < 0 ? g_strdup("?") : g_strndup(text, length);
}

static char *fingerprint_of(gnutls_x509_crt_t certificate)
{
    uint8_t bytes[DIGEST_BYTES];
    size_t length = sizeof bytes;
    g_autoptr(GString) text = g_string_new(NULL);
    if (gnutls_x509_crt_get_fingerprint(certificate, GNUTLS_DIG_SHA256, bytes, &length) < 0)
        return g_strdup("?");
    for (size_t i = 0; i < length; i++)
        g_string_append_printf(text, "%s%02X", i ? ":" : "", bytes[i]);
    return g_strdup(text->str);
}

CertificateFacts *certificate_read(const char *pem, GError **error)
{
    g_auto(gnutls_x509_crt_t) certificate = NULL;
    if (!read_certificate(pem, &certificate, error))
        return NULL;
    CertificateFacts *self = g_new0(CertificateFacts, 1);
    self->names = names_of(certificate);
    self->subject = common_name(certificate, false);
    self->issuer = common_name(certificate, true);
    self->from_us = (int64_t)gnutls_x509_crt_get_activation_time(certificate) * G_USEC_PER_SEC;
    self->until_us = (int64_t)gnutls_x509_crt_get_expiration_time(certificate) * G_USEC_PER_SEC;
    self->fingerprint = fingerprint_of(certificate);
    return self;
}

bool certificate_has_key(const char *pem, const char *key_pem)
{
    g_auto(gnutls_x509_crt_t) certificate = NULL;
    g_auto(gnutls_x509_privkey_t) key = NULL;
    unsigned char its[DIGEST_SHA1_BYTES], given[DIGEST_SHA1_BYTES];
    size_t its_length = sizeof its, given_length = sizeof given;
    return read_certificate(pem, &certificate, NULL) && read_key(key_pem, &key, NULL) &&
           gnutls_x509_crt_get_key_id(certificate, 0, its, &its_length) == 0 &&
           gnutls_x509_privkey_get_key_id(key, 0, given, &given_length) == 0 &&
           its_length == given_length && memcmp(its, given, its_length) == 0;
}
