/* Files named by what is in them, in a directory of the test's own. */
#include "content/media_store.h"

#include "crypto.h"
#include "digest.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
    char *directory;
    MediaStore *store;
} Place;

static void set_up(Place *place, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    place->directory = g_dir_make_tmp("loa-media-XXXXXX", &error);
    g_assert_no_error(error);
    place->store = media_store_new(place->directory, &error);
    g_assert_no_error(error);
}

static void tear_down(Place *place, gconstpointer data)
{
    (void)data;
    media_store_free(place->store);
    g_autofree char *command = g_strdup_printf("rm -rf '%s'", place->directory);
    g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
    g_free(place->directory);
}

static char *write_temporary(Place *place, const char *text)
{
    g_autoptr(GError) error = NULL;
    char *path = media_store_temporary(place->store, &error);
    g_assert_no_error(error);
    g_assert_true(g_file_set_contents(path, text, -1, &error));
    return path;
}

static unsigned count_files(const char *folder)
{
    unsigned count = 0;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name = NULL; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        count += g_file_test(path, G_FILE_TEST_IS_DIR) ? count_files(path) : 1;
    }
    return count;
}

static void test_a_file_is_found_under_its_hash(Place *place, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *temporary = write_temporary(place, "xin chào");
    g_autofree char *wanted = digest_hex_of("xin chào", strlen("xin chào"));
    g_autofree char *sha256 = NULL;
    int64_t bytes = 0;
    g_assert_true(media_store_take(place->store, temporary, wanted, &sha256, &bytes, &error));
    g_assert_cmpstr(sha256, ==, wanted);
    g_assert_cmpint(bytes, ==, (int64_t)strlen("xin chào"));
    g_autofree char *path = media_store_path(place->store, sha256);
    g_autofree char *found = digest_hex_of_file(path, &error);
    g_assert_cmpstr(found, ==, wanted);
    g_assert_cmpuint(count_files(place->directory), ==, 1);
}

static void test_a_wrong_hash_is_refused_and_leaves_nothing(Place *place, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *temporary = write_temporary(place, "xin chào");
    g_autofree char *wrong = digest_hex_of("khác", strlen("khác"));
    g_assert_false(media_store_take(place->store, temporary, wrong, NULL, NULL, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
    g_assert_null(media_store_path(place->store, wrong));
    g_assert_cmpuint(count_files(place->directory), ==, 0);
}

static void test_the_same_file_twice_is_one_file(Place *place, gconstpointer data)
{
    (void)data;
    for (int i = 0; i < 2; i++) {
        g_autofree char *temporary = write_temporary(place, "hai lần");
        g_assert_true(media_store_take(place->store, temporary, NULL, NULL, NULL, NULL));
    }
    g_assert_cmpuint(count_files(place->directory), ==, 1);
}

static void test_a_linked_file_stays_where_it_was(Place *place, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *original = g_build_filename(place->directory, "upload", NULL);
    g_assert_true(g_file_set_contents(original, "gốc", -1, &error));
    for (int i = 0; i < 2; i++) { /* as after a crash between storing and writing it down */
        g_autofree char *sha256 = NULL;
        g_assert_true(media_store_take_link(place->store, original, &sha256, NULL, &error));
        g_autofree char *path = media_store_path(place->store, sha256);
        g_assert_nonnull(path);
    }
    g_assert_true(g_file_test(original, G_FILE_TEST_EXISTS));
    g_assert_cmpuint(count_files(place->directory), ==, 2);
}

static void test_a_name_that_is_no_hash_finds_nothing(Place *place, gconstpointer data)
{
    (void)data;
    g_assert_null(media_store_path(place->store, "../../etc/passwd"));
    g_assert_null(media_store_path(place->store, ""));
    g_assert_null(media_store_path(place->store, NULL));
}

static void test_what_a_crash_left_is_swept(Place *place, gconstpointer data)
{
    (void)data;
    g_autofree char *temporary = write_temporary(place, "nửa chừng");
    media_store_free(place->store);
    place->store = media_store_new(place->directory, NULL);
    g_assert_false(g_file_test(temporary, G_FILE_TEST_EXISTS));
}

#define ADD(name, function)                                                                        \
    g_test_add("/media store/" name, Place, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(crypto_init());
    ADD("a file is found under its hash", test_a_file_is_found_under_its_hash);
    ADD("a wrong hash is refused and leaves nothing",
        test_a_wrong_hash_is_refused_and_leaves_nothing);
    ADD("the same file twice is one file", test_the_same_file_twice_is_one_file);
    ADD("a linked file stays where it was", test_a_linked_file_stays_where_it_was);
    ADD("a name that is no hash finds nothing", test_a_name_that_is_no_hash_finds_nothing);
    ADD("what a crash left is swept", test_what_a_crash_left_is_swept);
    return g_test_run();
}
