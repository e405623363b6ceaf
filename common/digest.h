/* SHA-256 through GnuTLS, which uses the processor's instructions (1.8 GB/s against 0.3). */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIGEST_BYTES      32
#define DIGEST_SHA1_BYTES 20
#define DIGEST_HEX        64 /* characters, without the NUL */

typedef struct Digest Digest;

Digest *digest_new(void);
void digest_update(Digest *self, const void *bytes, size_t length);
/* Ends the digest, which is then as new; frees nothing. */
void digest_finish(Digest *self, uint8_t ret_sha256[DIGEST_BYTES]);
void digest_free(Digest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Digest, digest_free)

/* For RFC 6238 alone, whose apps know nothing else; as a MAC, SHA-1 still stands. */
void digest_hmac_sha1(const void *key, size_t key_length, const void *message, size_t length,
                      uint8_t ret_mac[DIGEST_SHA1_BYTES]);
void digest_bytes(const void *bytes, size_t length, uint8_t ret_sha256[DIGEST_BYTES]);
char *digest_hex_of(const void *bytes, size_t length);
/* Lower-case hexadecimal of a file's SHA-256; NULL with an error when it cannot be read. */
char *digest_hex_of_file(const char *path, GError **error);
char *digest_to_hex(const uint8_t *bytes, size_t length);
/* Into a buffer of 2 * length + 1. */
void digest_write_hex(const uint8_t *bytes, size_t length, char *ret_hex);
bool digest_from_hex(const char *hex, uint8_t *ret_bytes, size_t length);
bool digest_is_sha256_hex(const char *text); /* 64 lower-case digits */
