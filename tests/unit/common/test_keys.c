/* Key files and pairing codes. */
#include "keys.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "digest.h"

typedef struct Fixture {
    char *directory;
    char *path;
} Fixture;

static void set_up(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    f->directory = g_dir_make_tmp("loa-keys-XXXXXX", NULL);
    f->path = g_build_filename(f->directory, "station.key", NULL);
}

static void tear_down(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_remove(f->path);
    g_assert_cmpint(g_rmdir(f->directory), ==, 0);
    g_free(f->path);
    g_free(f->directory);
}

static void assert_refused(const char *path, const char *why)
{
    g_autoptr(GError) error = NULL;
    Key key = {.id = "untouched"};
    g_assert_false(key_load(path, &key, &error));
    g_assert_error(error, KEYS_ERROR, KEYS_ERROR_FORMAT);
    g_assert_nonnull(strstr(error->message, why));
    g_assert_cmpstr(key.id, ==, "untouched");
}

static void a_key_is_named_by_the_digest_of_its_public_half(void)
{
    Key key, public_half;
    key_generate(&key);
    g_autofree char *id = digest_hex_of(key.public_key, sizeof key.public_key);
    g_assert_cmpstr(key.id, ==, id);
    g_assert_true(key_from_public(key.public_key, sizeof key.public_key, &public_half));
    g_assert_cmpstr(public_half.id, ==, id);
    g_assert_false(public_half.has_secret);
    g_assert_false(key_from_public(key.public_key, 31, &public_half));
    g_assert_false(key_from_public(key.public_key, 33, &public_half));
    key_clear(&key);
    g_assert_false(key.has_secret);
}

static void a_saved_key_comes_back_and_is_private(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Key key, again;
    struct stat status;
    key_generate(&key);
    g_assert_true(key_save(&key, f->path, &error));
    g_assert_cmpint(g_stat(f->path, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0600);
    g_assert_true(key_load(f->path, &again, &error));
    g_assert_no_error(error);
    g_assert_cmpmem(&key, sizeof key, &again, sizeof again);
}

static void a_public_half_alone_is_not_saved(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Key key, public_half;
    key_generate(&key);
    g_assert_true(key_from_public(key.public_key, sizeof key.public_key, &public_half));
    g_assert_false(key_save(&public_half, f->path, &error));
    g_assert_error(error, KEYS_ERROR, KEYS_ERROR_FORMAT);
    g_assert_false(g_file_test(f->path, G_FILE_TEST_EXISTS));
}

static void a_file_that_others_may_read_is_refused(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const mode_t modes[] = {0640, 0604, 0620, 0601, 0644, 0660};
    Key key;
    key_generate(&key);
    g_assert_true(key_save(&key, f->path, NULL));
    for (unsigned i = 0; i < G_N_ELEMENTS(modes); i++) {
        g_assert_cmpint(g_chmod(f->path, (int)modes[i]), ==, 0);
        assert_refused(f->path, "0600");
    }
    g_assert_cmpint(g_chmod(f->path, 0400), ==, 0);
    g_assert_true(key_load(f->path, &key, NULL));
}

static void every_damaged_character_is_noticed(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    Key key;
    gsize length;
    g_autofree char *content = NULL;
    key_generate(&key);
    g_assert_true(key_save(&key, f->path, NULL));
    g_assert_true(g_file_get_contents(f->path, &content, &length, NULL));
    for (gsize i = 0; i < length; i++) {
        char before = content[i];
        content[i] = before == '0' ? '1' : '0';
        g_assert_true(g_file_set_contents_full(f->path, content, (gssize)length,
                                               G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
        assert_refused(f->path, f->path);
        content[i] = before;
    }
}

static void a_file_of_another_length_is_refused(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    Key key;
    g_autofree char *content = NULL;
    key_generate(&key);
    g_assert_true(key_save(&key, f->path, NULL));
    g_assert_true(g_file_get_contents(f->path, &content, NULL, NULL));
    g_autofree char *longer = g_strconcat(content, "\n", NULL);
    const char *rows[] = {"", longer, content + 1};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_assert_true(g_file_set_contents_full(f->path, rows[i], -1, G_FILE_SET_CONTENTS_CONSISTENT,
                                               0600, NULL));
        assert_refused(f->path, "wrong length");
    }
    assert_refused(f->directory, "no regular file");
}

static void a_key_is_made_once_and_never_over_a_bad_one(Fixture *f,
                                                        G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Key key, again;
    bool made = false;
    g_assert_true(key_load_or_make(f->path, &key, &made, &error));
    g_assert_true(made);
    g_assert_true(key_load_or_make(f->path, &again, &made, &error));
    g_assert_false(made);
    g_assert_cmpstr(key.id, ==, again.id);
    g_assert_cmpint(g_chmod(f->path, 0644), ==, 0);
    g_assert_false(key_load_or_make(f->path, &again, &made, &error));
    g_assert_error(error, KEYS_ERROR, KEYS_ERROR_FORMAT);
    g_clear_error(&error);
    g_autofree char *nowhere = g_build_filename(f->directory, "none", "key", NULL);
    g_assert_false(key_load_or_make(nowhere, &again, NULL, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* Computed apart from this program: base32 of SHA-256("loa pairing v1" || 32 zero bytes), first 40
 * bits, in Crockford's alphabet. */
static void the_pairing_code_of_a_known_key_is_known(void)
{
    static const uint8_t zero[CRYPTO_PUBLIC_BYTES];
    char code[KEY_PAIRING_CHARS + 1];
    key_pairing_code(zero, code);
    g_assert_cmpstr(code, ==, "S7Z281H2");
    uint8_t other[CRYPTO_PUBLIC_BYTES] = {[31] = 1};
    key_pairing_code(other, code);
    g_assert_cmpstr(code, ==, "W4R806Q0");
}

static void a_typed_code_is_forgiven_its_dress(void)
{
    static const struct {
        const char *typed;
        const char *code; /* NULL: no code */
    } rows[] = {
        {"ABCD2345", "ABCD2345"}, {"abcd-2345", "ABCD2345"}, {" ab cd 23 45 ", "ABCD2345"},
        {"oOiIlL00", "00111100"}, {"ABCD234", NULL},         {"ABCD23456", NULL},
        {"ABCD234U", NULL},       {"ABCD234_", NULL},        {"", NULL},
        {"--------", NULL},       {"ABCD234\xc4", NULL},     {"ABCD\n2345", NULL},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        char code[KEY_PAIRING_CHARS + 1] = "same";
        g_assert_cmpint(key_pairing_normalise(rows[i].typed, code), ==, rows[i].code != NULL);
        g_assert_cmpstr(code, ==, rows[i].code ? rows[i].code : "same");
    }
}

static void a_code_that_is_shown_can_be_typed(void)
{
    for (unsigned i = 0; i < 200; i++) {
        Key key;
        char code[KEY_PAIRING_CHARS + 1], typed[KEY_PAIRING_CHARS + 1];
        key_generate(&key);
        key_pairing_code(key.public_key, code);
        g_assert_true(key_pairing_normalise(code, typed));
        g_assert_cmpstr(code, ==, typed);
    }
}

#define ADD(name, func) g_test_add("/keys/" name, Fixture, NULL, set_up, func, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(crypto_init());
    g_test_add_func("/keys/id", a_key_is_named_by_the_digest_of_its_public_half);
    ADD("round-trip", a_saved_key_comes_back_and_is_private);
    ADD("public-half", a_public_half_alone_is_not_saved);
    ADD("mode", a_file_that_others_may_read_is_refused);
    ADD("damage", every_damaged_character_is_noticed);
    ADD("length", a_file_of_another_length_is_refused);
    ADD("load-or-make", a_key_is_made_once_and_never_over_a_bad_one);
    g_test_add_func("/keys/pairing", the_pairing_code_of_a_known_key_is_known);
    g_test_add_func("/keys/normalise", a_typed_code_is_forgiven_its_dress);
    g_test_add_func("/keys/pairing-typed", a_code_that_is_shown_can_be_typed);
    return g_test_run();
}
