/* RFC 6238 over RFC 4226. One step to either side is taken: phones are some seconds off, and people
 * type slowly. */
#include "access/totp.h"

#include <string.h>

#include "crypto.h"
#include "digest.h"

#define ISSUER  "Loa"
#define MODULUS 1000000u
#define SLACK   1 /* steps to either side */

unsigned totp_code(const TotpSecret *secret, int64_t step)
{
    uint8_t message[8], mac[DIGEST_SHA1_BYTES];
    for (unsigned i = 0; i < sizeof message; i++)
        message[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    digest_hmac_sha1(secret->bytes, sizeof secret->bytes, message, sizeof message, mac);
    const uint8_t *at = mac + (mac[sizeof mac - 1] & 15);
    uint32_t number =
        ((uint32_t)(at[0] & 127) << 24) | ((uint32_t)at[1] << 16) | ((uint32_t)at[2] << 8) | at[3];
    return number % MODULUS;
}

bool totp_is_code(const char *text)
{
    return strlen(text) == TOTP_DIGITS && strspn(text, "0123456789") == TOTP_DIGITS;
}

bool totp_check(const TotpSecret *secret, const char *code, int64_t now_us, int64_t last_step,
                int64_t *ret_step)
{
    int64_t now = now_us / TOTP_STEP_US;
    if (!totp_is_code(code))
        return false;
    for (int64_t step = now - SLACK; step <= now + SLACK; step++) {
        g_autofree char *right = g_strdup_printf("%06u", totp_code(secret, step));
        if (step <= last_step || !crypto_equal(right, code, TOTP_DIGITS))
            continue;
        *ret_step = step;
        return true;
    }
    return false;
}

char *totp_base32(const TotpSecret *secret)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    GString *text = g_string_new(NULL);
    uint32_t bits = 0;
    unsigned n_bits = 0;
    for (unsigned i = 0; i < sizeof secret->bytes; i++) { /* 20 bytes are 32 letters without rest */
        bits = bits << 8 | secret->bytes[i];
        for (n_bits += 8; n_bits >= 5; n_bits -= 5)
            g_string_append_c(text, letters[bits >> (n_bits - 5) & 31]);
    }
    return g_string_free(text, FALSE);
}

char *totp_uri(const TotpSecret *secret, const char *login)
{
    g_autofree char *key = totp_base32(secret);
    g_autofree char *label = g_uri_escape_string(login, NULL, FALSE);
    return g_strdup_printf("otpauth://totp/" ISSUER ":%s?secret=%s&issuer=" ISSUER
                           "&algorithm=SHA1&digits=6&period=30",
                           label, key);
}
