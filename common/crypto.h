/* The only door to libsodium: Ed25519, Argon2id, random bytes, wiping. (libsodium itself has the
 * name crypto_sign, hence crypto_sign_message.) */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CRYPTO_PUBLIC_BYTES    32
#define CRYPTO_SECRET_BYTES    64 /* libsodium's seed || public form */
#define CRYPTO_SIGNATURE_BYTES 64

/* Must be called first in main(); false only where the machine has no randomness. */
bool crypto_init(void) G_GNUC_WARN_UNUSED_RESULT;
void crypto_random(void *bytes, size_t length);
uint32_t crypto_random_u32(void);
/* 2*bytes lower-case hexadecimal digits of fresh randomness. */
char *crypto_random_hex(size_t bytes);

/* `count` random letters and digits, 5 bits each, dashes between groups: to be read and typed by
 * people. */
char *crypto_random_letters(unsigned count, unsigned group);

void crypto_keypair(uint8_t public_key[CRYPTO_PUBLIC_BYTES], uint8_t secret[CRYPTO_SECRET_BYTES]);
void crypto_sign_message(const uint8_t secret[CRYPTO_SECRET_BYTES], const void *message,
                         size_t length, uint8_t signature[CRYPTO_SIGNATURE_BYTES]);
bool crypto_verify(const uint8_t public_key[CRYPTO_PUBLIC_BYTES], const void *message,
                   size_t length, const uint8_t signature[CRYPTO_SIGNATURE_BYTES]);

/* Argon2id, PHC string; interactive limits of libsodium (64 MiB, 2 passes): ~0.1 s, so off the
 * loop. NULL only when memory is short. */
char *crypto_password_hash(const char *password);
bool crypto_password_verify(const char *hash, const char *password);

bool crypto_equal(const void *a, const void *b, size_t length); /* constant time */
void crypto_wipe(void *bytes, size_t length);
