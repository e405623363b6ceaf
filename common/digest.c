/* SHA-256 of bytes, streams and files. GnuTLS is here for its speed alone: audio is hashed on
 * arrival and again before use, on small machines. A failure to make a hash is a broken
 * installation (SHA-256 is always there), so it ends the process instead of adding an error to
 * every signature. */
#include "digest.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>
#include <unistd.h>

#define FILE_PIECE (256 * 1024)

struct Digest {
    gnutls_hash_hd_t handle;
};

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

Digest *digest_new(void)
{
    Digest *self = g_new0(Digest, 1);
    int status = gnutls_hash_init(&self->handle, GNUTLS_DIG_SHA256);
    g_assert_cmpint(status, ==, 0);
    return self;
}

void digest_update(Digest *self, const void *bytes, size_t length)
{
    if (length > 0)
        gnutls_hash(self->handle, bytes, length);
}

void digest_finish(Digest *self, uint8_t ret_sha256[DIGEST_BYTES])
{
    gnutls_hash_output(self->handle, ret_sha256);
}

void digest_free(Digest *self)
{
    if (!self)
        return;
    gnutls_hash_deinit(self->handle, NULL);
    g_free(self);
}

void digest_bytes(const void *bytes, size_t length, uint8_t ret_sha256[DIGEST_BYTES])
{
    g_autoptr(Digest) digest = digest_new();
    digest_update(digest, bytes, length);
    digest_finish(digest, ret_sha256);
}

void digest_hmac_sha1(const void *key, size_t key_length, const void *message, size_t length,
                      uint8_t ret_mac[DIGEST_SHA1_BYTES])
{
    int status = gnutls_hmac_fast(GNUTLS_MAC_SHA1, key, key_length, message, length, ret_mac);
    g_assert_cmpint(status, ==, 0);
}

char *digest_hex_of(const void *bytes, size_t length)
{
    uint8_t sha256[DIGEST_BYTES];
    digest_bytes(bytes, length, sha256);
    return digest_to_hex(sha256, sizeof sha256);
}

static bool hash_descriptor(Digest *digest, int fd)
{
    g_autofree uint8_t *piece = g_malloc(FILE_PIECE);
    for (;;) {
        ssize_t n = read(fd, piece, FILE_PIECE);
        if (n == 0)
            return true;
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            digest_update(digest, piece, (size_t)n);
    }
}

char *digest_hex_of_file(const char *path, GError **error)
{
    g_autoptr(Digest) digest = digest_new();
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool read_well = fd >= 0 && hash_descriptor(digest, fd);
    int saved = errno;
    if (fd >= 0)
        close(fd);
    if (!read_well) {
        g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(saved), "cannot read %s: %s",
                    path, g_strerror(saved));
        return NULL;
    }
    uint8_t sha256[DIGEST_BYTES];
    digest_finish(digest, sha256);
    return digest_to_hex(sha256, sizeof sha256);
}

char *digest_to_hex(const uint8_t *bytes, size_t length)
{
    char *hex = g_malloc(2 * length + 1);
    digest_write_hex(bytes, length, hex);
    return hex;
}

void digest_write_hex(const uint8_t *bytes, size_t length, char *ret_hex)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < length; i++) {
        ret_hex[2 * i] = digits[bytes[i] >> 4];
        ret_hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    ret_hex[2 * length] = '\0';
}

bool digest_from_hex(const char *hex, uint8_t *ret_bytes, size_t length)
{
    if (!hex || strlen(hex) != 2 * length)
        return false;
    for (size_t i = 0; i < 2 * length; i++)
        if (hex_value(hex[i]) < 0)
            return false;
    for (size_t i = 0; i < length; i++)
        ret_bytes[i] = (uint8_t)(hex_value(hex[2 * i]) << 4 | hex_value(hex[2 * i + 1]));
    return true;
}

bool digest_is_sha256_hex(const char *text)
{
    uint8_t ignored[DIGEST_BYTES];
    return digest_from_hex(text, ignored, sizeof ignored);
}
