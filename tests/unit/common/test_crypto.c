/* The door to libsodium, against RFC 8032's vector and against tampering. */
#include "crypto.h"

#include <string.h>

#include "digest.h"

static void a_signature_is_that_of_rfc_8032(void)
{
    /* Section 7.1, TEST 2: one byte 0x72. */
    static const char secret_hex[] =
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    static const char expected[] =
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
    uint8_t secret[CRYPTO_SECRET_BYTES], signature[CRYPTO_SIGNATURE_BYTES];
    g_assert_true(digest_from_hex(secret_hex, secret, sizeof secret));
    crypto_sign_message(secret, "\x72", 1, signature);
    g_autofree char *hex = digest_to_hex(signature, sizeof signature);
    g_assert_cmpstr(hex, ==, expected);
    g_assert_true(crypto_verify(secret + 32, "\x72", 1, signature));
}

static void every_flipped_bit_of_a_signature_is_noticed(void)
{
    uint8_t public_key[CRYPTO_PUBLIC_BYTES], secret[CRYPTO_SECRET_BYTES];
    uint8_t signature[CRYPTO_SIGNATURE_BYTES];
    crypto_keypair(public_key, secret);
    crypto_sign_message(secret, "message", 7, signature);
    for (unsigned bit = 0; bit < 8 * sizeof signature; bit++) {
        signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
        g_assert_false(crypto_verify(public_key, "message", 7, signature));
        signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    g_assert_true(crypto_verify(public_key, "message", 7, signature));
    g_assert_false(crypto_verify(public_key, "massage", 7, signature));
    g_assert_false(crypto_verify(public_key, "message", 6, signature));
    public_key[0] ^= 1;
    g_assert_false(crypto_verify(public_key, "message", 7, signature));
}

static void a_password_verifies_against_its_own_hash_only(void)
{
    g_autofree char *hash = crypto_password_hash("mật khẩu");
    g_autofree char *again = crypto_password_hash("mật khẩu");
    g_assert_true(g_str_has_prefix(hash, "$argon2id$v=19$m=65536,t=2,p=1$"));
    g_assert_cmpstr(hash, !=, again);
    g_assert_true(crypto_password_verify(hash, "mật khẩu"));
    g_assert_false(crypto_password_verify(hash, "mật khẩu "));
    g_assert_false(crypto_password_verify(hash, ""));
    g_assert_false(crypto_password_verify("", "mật khẩu"));
    g_assert_false(crypto_password_verify("$argon2id$nonsense", "mật khẩu"));
}

static void randomness_differs_and_has_the_length_asked_for(void)
{
    g_autofree char *a = crypto_random_hex(16);
    g_autofree char *b = crypto_random_hex(16);
    g_assert_cmpuint(strlen(a), ==, 32);
    g_assert_cmpuint(strspn(a, "0123456789abcdef"), ==, 32);
    g_assert_cmpstr(a, !=, b);
    g_autofree char *none = crypto_random_hex(0);
    g_assert_cmpstr(none, ==, "");
}

static void comparing_and_wiping_do_what_they_say(void)
{
    char text[] = "secret";
    g_assert_true(crypto_equal(text, "secret", 6));
    g_assert_false(crypto_equal(text, "secreT", 6));
    crypto_wipe(text, 6);
    g_assert_cmpmem(text, 6, "\0\0\0\0\0\0", 6);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(crypto_init());
    g_test_add_func("/crypto/rfc8032", a_signature_is_that_of_rfc_8032);
    g_test_add_func("/crypto/tampering", every_flipped_bit_of_a_signature_is_noticed);
    g_test_add_func("/crypto/password", a_password_verifies_against_its_own_hash_only);
    g_test_add_func("/crypto/random", randomness_differs_and_has_the_length_asked_for);
    g_test_add_func("/crypto/equal-wipe", comparing_and_wiping_do_what_they_say);
    return g_test_run();
}
