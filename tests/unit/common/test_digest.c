/* SHA-256 by the vectors of FIPS 180, in one piece, in many, and from a file. */
#include "digest.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define ABC     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define MILLION "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"

static void the_vectors_hold(void)
{
    g_autofree char *abc = digest_hex_of("abc", 3);
    g_autofree char *nothing = digest_hex_of(NULL, 0);
    g_assert_cmpstr(abc, ==, ABC);
    g_assert_cmpstr(nothing, ==, NOTHING);
}

static void pieces_give_the_digest_of_the_whole(void)
{
    uint8_t sha256[DIGEST_BYTES];
    g_autoptr(Digest) digest = digest_new();
    for (unsigned i = 0; i < 100000; i++)
        digest_update(digest, "aaaaaaaaaa", 10);
    digest_finish(digest, sha256);
    g_autofree char *hex = digest_to_hex(sha256, sizeof sha256);
    g_assert_cmpstr(hex, ==, MILLION);
}

static void a_file_is_hashed_whole_or_not_at_all(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *directory = g_dir_make_tmp("loa-digest-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(directory, "a", NULL);
    g_assert_null(digest_hex_of_file(path, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_autofree char *a = g_strnfill(1000000, 'a');
    g_assert_true(g_file_set_contents(path, a, 1000000, NULL));
    g_autofree char *hex = digest_hex_of_file(path, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(hex, ==, MILLION);
    g_assert_null(digest_hex_of_file(directory, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
    g_remove(path);
    g_rmdir(directory);
}

static void hexadecimal_is_read_in_one_spelling(void)
{
    uint8_t bytes[2] = {7, 7};
    static const char *const wrong[] = {"",     "0",    "00f",  "00ff0", "00FF",
                                        "00fg", "0x0f", " 0ff", "00f "};
    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(digest_from_hex(wrong[i], bytes, 2));
    g_assert_false(digest_from_hex(NULL, bytes, 2));
    g_assert_cmpuint(bytes[0], ==, 7);
    g_assert_true(digest_from_hex("01fe", bytes, 2));
    g_assert_cmpmem(bytes, 2, "\x01\xfe", 2);
    g_assert_true(digest_is_sha256_hex(ABC));
    g_assert_false(digest_is_sha256_hex(ABC "0"));
    g_assert_false(
        digest_is_sha256_hex("BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    g_assert_false(digest_is_sha256_hex(NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/digest/vectors", the_vectors_hold);
    g_test_add_func("/digest/pieces", pieces_give_the_digest_of_the_whole);
    g_test_add_func("/digest/file", a_file_is_hashed_whole_or_not_at_all);
    g_test_add_func("/digest/hex", hexadecimal_is_read_in_one_spelling);
    return g_test_run();
}
