/* Key pairs on disk and the code that a technician reads aloud.
 *
 * A key file is one line of text, "loa-ed25519-v1 " and the 128 hexadecimal digits of the secret
 * (seed and public half). A damaged file is found by signing with it and verifying: a station must
 * never come up with a key that nobody can check. Wherever a secret passes, it is wiped behind. */
#include "keys.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "digest.h"

#define FILE_TAG   "loa-ed25519-v1 "
#define TAG_CHARS  (sizeof FILE_TAG - 1)
#define HEX_CHARS  (2 * CRYPTO_SECRET_BYTES)
#define FILE_CHARS (TAG_CHARS + HEX_CHARS + 1) /* and the newline */

G_DEFINE_QUARK(keys - error - quark, keys_error)

static void name_key(Key *key)
{
    g_autofree char *id = digest_hex_of(key->public_key, sizeof key->public_key);
    g_strlcpy(key->id, id, sizeof key->id);
}

static bool fail_format(GError **error, const char *path, const char *what)
{
    g_set_error(error, KEYS_ERROR, KEYS_ERROR_FORMAT, "key file %s %s", path, what);
    return false;
}

static bool is_consistent(const Key *key)
{
    static const char probe[] = "loa key probe";
    uint8_t signature[CRYPTO_SIGNATURE_BYTES];
    crypto_sign_message(key->secret, probe, sizeof probe, signature);
    return crypto_verify(key->public_key, probe, sizeof probe, signature);
}

/* The file's text into `content`; reads one byte more than belongs there, to see that it is the
 * end. */
static bool read_private(int fd, const char *path, char content[FILE_CHARS + 1], GError **error)
{
    struct stat status;
    if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
        return fail_format(error, path, "is no regular file");
    if (status.st_mode & 077)
        return fail_format(error, path, "may be read by others; its mode must be 0600");
    if (read(fd, content, FILE_CHARS + 1) != (ssize_t)FILE_CHARS)
        return fail_format(error, path, "has the wrong length");
    return true;
}

static bool decode(const char content[FILE_CHARS + 1], const char *path, Key *key, GError **error)
{
    char hex[HEX_CHARS + 1];
    if (memcmp(content, FILE_TAG, TAG_CHARS) != 0 || content[FILE_CHARS - 1] != '\n')
        return fail_format(error, path, "is not a key of this program");
    memcpy(hex, content + TAG_CHARS, HEX_CHARS);
    hex[HEX_CHARS] = '\0';
    bool decoded = digest_from_hex(hex, key->secret, sizeof key->secret);
    crypto_wipe(hex, sizeof hex);
    if (!decoded)
        return fail_format(error, path, "is damaged");
    memcpy(key->public_key, key->secret + CRYPTO_SECRET_BYTES - CRYPTO_PUBLIC_BYTES,
           CRYPTO_PUBLIC_BYTES);
    key->has_secret = true;
    name_key(key);
    return is_consistent(key) || fail_format(error, path, "is damaged");
}

void key_generate(Key *key)
{
    *key = (Key){.has_secret = true};
    crypto_keypair(key->public_key, key->secret);
    name_key(key);
}

bool key_from_public(const uint8_t *public_key, size_t length, Key *ret_key)
{
    if (length != CRYPTO_PUBLIC_BYTES)
        return false;
    *ret_key = (Key){.has_secret = false};
    memcpy(ret_key->public_key, public_key, length);
    name_key(ret_key);
    return true;
}

bool key_save(const Key *key, const char *path, GError **error)
{
    if (!key->has_secret)
        return fail_format(error, path, "cannot be written: the key has no secret half");
    char *hex = digest_to_hex(key->secret, sizeof key->secret);
    char *content = g_strconcat(FILE_TAG, hex, "\n", NULL);
    bool saved = atomic_file_write(path, content, FILE_CHARS, 0600, error);
    crypto_wipe(hex, HEX_CHARS);
    crypto_wipe(content, FILE_CHARS);
    g_free(hex);
    g_free(content);
    return saved;
}

bool key_load(const char *path, Key *ret_key, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        int saved = errno;
        g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(saved), "cannot open key %s: %s",
                    path, g_strerror(saved));
        return false;
    }
    char content[FILE_CHARS + 1];
    Key key = {0};
    bool loaded = read_private(fd, path, content, error) && decode(content, path, &key, error);
    close(fd);
    if (loaded)
        *ret_key = key;
    crypto_wipe(content, sizeof content);
    key_clear(&key);
    return loaded;
}

bool key_load_or_make(const char *path, Key *ret_key, bool *ret_made, GError **error)
{
    g_autoptr(GError) problem = NULL;
    bool loaded = key_load(path, ret_key, &problem);
    if (!loaded && !g_error_matches(problem, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return false;
    }
    Key key = {0};
    if (!loaded) {
        key_generate(&key);
        if (!key_save(&key, path, error)) {
            key_clear(&key);
            return false;
        }
        *ret_key = key;
        key_clear(&key);
    }
    if (ret_made)
        *ret_made = !loaded;
    return true;
}

void key_clear(Key *key)
{
    crypto_wipe(key, sizeof *key);
}

static const char crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void key_pairing_code(const uint8_t public_key[CRYPTO_PUBLIC_BYTES],
                      char ret_code[KEY_PAIRING_CHARS + 1])
{
    static const char purpose[] = "loa pairing v1";
    uint8_t sha256[DIGEST_BYTES];
    g_autoptr(Digest) digest = digest_new();
    digest_update(digest, purpose, sizeof purpose - 1);
    digest_update(digest, public_key, CRYPTO_PUBLIC_BYTES);
    digest_finish(digest, sha256);
    uint64_t bits = 0;
    for (unsigned i = 0; i < 5; i++)
        bits = bits << 8 | sha256[i];
    for (unsigned i = 0; i < KEY_PAIRING_CHARS; i++)
        ret_code[i] = crockford[bits >> (35 - 5 * i) & 31];
    ret_code[KEY_PAIRING_CHARS] = '\0';
}

static char canonical_digit(char typed)
{
    char c = g_ascii_toupper(typed);
    if (c == 'O')
        return '0';
    if (c == 'I' || c == 'L')
        return '1';
    return c && strchr(crockford, c) ? c : '\0';
}

bool key_pairing_normalise(const char *typed, char ret_code[KEY_PAIRING_CHARS + 1])
{
    char code[KEY_PAIRING_CHARS + 1] = {0};
    unsigned n = 0;
    for (; *typed; typed++) {
        if (*typed == ' ' || *typed == '-')
            continue;
        char digit = canonical_digit(*typed);
        if (!digit || n == KEY_PAIRING_CHARS)
            return false;
        code[n++] = digit;
    }
    if (n != KEY_PAIRING_CHARS)
        return false;
    memcpy(ret_code, code, sizeof code);
    return true;
}
