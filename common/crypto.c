/* libsodium behind a few plain functions. Nobody else includes it, so that a key, a nonce or a
 * password hash is made in one way only. Sizes are checked against the library's at compile time.
 */
#include "crypto.h"

#include <sodium.h>
#include <string.h>

G_STATIC_ASSERT(CRYPTO_PUBLIC_BYTES == crypto_sign_PUBLICKEYBYTES);
G_STATIC_ASSERT(CRYPTO_SECRET_BYTES == crypto_sign_SECRETKEYBYTES);
G_STATIC_ASSERT(CRYPTO_SIGNATURE_BYTES == crypto_sign_BYTES);

bool crypto_init(void)
{
    return sodium_init() >= 0;
}

void crypto_random(void *bytes, size_t length)
{
    randombytes_buf(bytes, length);
}

uint32_t crypto_random_u32(void)
{
    return randombytes_random();
}

char *crypto_random_hex(size_t bytes)
{
    g_autofree uint8_t *random = g_malloc(bytes + 1);
    char *hex = g_malloc(2 * bytes + 1);
    randombytes_buf(random, bytes);
    sodium_bin2hex(hex, 2 * bytes + 1, random, bytes);
    sodium_memzero(random, bytes);
    return hex;
}

/* Without l and o, which are read as 1 and 0. */
char *crypto_random_letters(unsigned count, unsigned group)
{
    static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < count; i++) {
        if (i && i % group == 0)
            g_string_append_c(text, '-');
        g_string_append_c(text, letters[crypto_random_u32() % 32]);
    }
    return g_string_free(text, FALSE);
}

void crypto_keypair(uint8_t public_key[CRYPTO_PUBLIC_BYTES], uint8_t secret[CRYPTO_SECRET_BYTES])
{
    crypto_sign_keypair(public_key, secret);
}

void crypto_sign_message(const uint8_t secret[CRYPTO_SECRET_BYTES], const void *message,
                         size_t length, uint8_t signature[CRYPTO_SIGNATURE_BYTES])
{
    crypto_sign_detached(signature, NULL, message, length, secret);
}

bool crypto_verify(const uint8_t public_key[CRYPTO_PUBLIC_BYTES], const void *message,
                   size_t length, const uint8_t signature[CRYPTO_SIGNATURE_BYTES])
{
    return crypto_sign_verify_detached(signature, message, length, public_key) == 0;
}

char *crypto_password_hash(const char *password)
{
    char hash[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str_alg(hash, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                              crypto_pwhash_MEMLIMIT_INTERACTIVE,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        return NULL;
    return g_strdup(hash);
}

bool crypto_password_verify(const char *hash, const char *password)
{
    return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

bool crypto_equal(const void *a, const void *b, size_t length)
{
    return sodium_memcmp(a, b, length) == 0;
}

void crypto_wipe(void *bytes, size_t length)
{
    sodium_memzero(bytes, length);
}
