/* An Ed25519 key pair with a name: the id is the SHA-256 of the raw public key, in hexadecimal. */
#pragma once

#include "crypto.h"

typedef struct Key {
    char id[65];
    uint8_t public_key[CRYPTO_PUBLIC_BYTES];
    uint8_t secret[CRYPTO_SECRET_BYTES];
    bool has_secret;
} Key;

typedef enum { KEYS_ERROR_FORMAT } KeysError;
#define KEYS_ERROR (keys_error_quark())
GQuark keys_error_quark(void);

void key_generate(Key *key);
bool key_from_public(const uint8_t *public_key, size_t length, Key *ret_key);
/* Mode 0600, atomic, durable. */
bool key_save(const Key *key, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Refuses a file that others may read. */
bool key_load(const char *path, Key *ret_key, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Loads, or makes and saves one when there is no file; `ret_made` may be NULL. */
bool key_load_or_make(const char *path, Key *ret_key, bool *ret_made,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
void key_clear(Key *key); /* wipes the secret */

/* The pairing code that a technician types: 8 characters of Crockford's base32, from the key alone
 * ("loa pairing v1" || public key, SHA-256, first 40 bits), so station and controller agree. */
#define KEY_PAIRING_CHARS 8
void key_pairing_code(const uint8_t public_key[CRYPTO_PUBLIC_BYTES],
                      char ret_code[KEY_PAIRING_CHARS + 1]);
/* What a person typed -> the canonical form (upper case, o->0, i/l->1, spaces and dashes dropped);
 * false when it cannot be a code. */
bool key_pairing_normalise(const char *typed, char ret_code[KEY_PAIRING_CHARS + 1]);
