/* Files come in by their hash and are hashed again before use. */
#include "cache/media_cache.h"

#include "digest.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define CONTENT "the canonical file of an announcement"

typedef struct Shelf {
    char *dir;
    MediaCache *cache;
    char *sha256;
} Shelf;

static void shelf_open(Shelf *self)
{
    self->dir = g_dir_make_tmp("loa-media-XXXXXX", NULL);
    self->cache = media_cache_open(self->dir, NULL);
    self->sha256 = digest_hex_of(CONTENT, strlen(CONTENT));
}

static void shelf_close(Shelf *self)
{
    g_autoptr(GHashTable) none = g_hash_table_new(g_str_hash, g_str_equal);
    media_cache_drop_unused(self->cache, none);
    g_autofree char *path = media_cache_path(self->cache, self->sha256);
    g_autofree char *folder = g_path_get_dirname(path);
    g_rmdir(folder);
    g_rmdir(self->dir);
    media_cache_free(self->cache);
    g_free(self->dir);
    g_free(self->sha256);
}

static bool bring(Shelf *self, const char *content, int64_t announced, GError **error)
{
    int64_t have;
    int fd = media_cache_part_open(self->cache, self->sha256, announced, &have, error);
    if (fd < 0)
        return false;
    g_assert_cmpint(write(fd, content, strlen(content)), ==, (ssize_t)strlen(content));
    close(fd);
    return media_cache_part_finish(self->cache, self->sha256, announced, error);
}

static void a_good_file_comes_in_and_verifies(void)
{
    Shelf shelf;
    shelf_open(&shelf);
    g_assert_false(media_cache_has(shelf.cache, shelf.sha256));
    g_assert_true(bring(&shelf, CONTENT, strlen(CONTENT), NULL));
    g_assert_true(media_cache_has(shelf.cache, shelf.sha256));
    g_assert_true(media_cache_verify(shelf.cache, shelf.sha256, NULL));
    shelf_close(&shelf);
}

static void another_files_bytes_are_thrown_away(void)
{
    Shelf shelf;
    shelf_open(&shelf);
    g_autoptr(GError) error = NULL;
    g_assert_false(bring(&shelf, "the canonical file of an annoUncement", strlen(CONTENT), &error));
    g_assert_error(error, MEDIA_ERROR, MEDIA_ERROR_WRONG);
    g_assert_false(media_cache_has(shelf.cache, shelf.sha256));
    g_autofree char *part = media_cache_part_path(shelf.cache, shelf.sha256);
    g_assert_false(g_file_test(part, G_FILE_TEST_EXISTS));
    shelf_close(&shelf);
}

static void another_size_than_announced_is_thrown_away(void)
{
    Shelf shelf;
    shelf_open(&shelf);
    g_autoptr(GError) error = NULL;
    g_assert_false(bring(&shelf, CONTENT, (int64_t)strlen(CONTENT) + 1, &error));
    g_assert_error(error, MEDIA_ERROR, MEDIA_ERROR_WRONG);
    shelf_close(&shelf);
}

static void a_part_goes_on_where_it_stopped(void)
{
    Shelf shelf;
    shelf_open(&shelf);
    int64_t have, size = (int64_t)strlen(CONTENT);
    int fd = media_cache_part_open(shelf.cache, shelf.sha256, size, &have, NULL);
    g_assert_cmpint(have, ==, 0);
    g_assert_cmpint(write(fd, CONTENT, 10), ==, 10);
    close(fd);
    fd = media_cache_part_open(shelf.cache, shelf.sha256, size, &have, NULL);
    g_assert_cmpint(have, ==, 10);
    g_assert_cmpint(write(fd, &CONTENT[10], (size_t)size - 10), ==, size - 10);
    close(fd);
    g_assert_true(media_cache_part_finish(shelf.cache, shelf.sha256, size, NULL));
    shelf_close(&shelf);
}

static void a_part_larger_than_announced_starts_over(void)
{
    Shelf shelf;
    shelf_open(&shelf);
    int64_t have;
    int fd = media_cache_part_open(shelf.cache, shelf.sha256, 100, &have, NULL);
    g_assert_cmpint(write(fd, CONTENT, 20), ==, 20);
    close(fd);
    fd = media_cache_part_open(shelf.cache, shelf.sha256, 10, &have, NULL);
    g_assert_cmpint(have, ==, 0);
    close(fd);
    shelf_close(&shelf);
}

static void every_flipped_bit_is_found_and_the_file_removed(void)
{
    Shelf shelf;
    shelf_open(&shelf);
    g_autofree char *path = media_cache_path(shelf.cache, shelf.sha256);
    for (size_t bit = 0; bit < 8 * strlen(CONTENT); bit++) {
        g_assert_true(bring(&shelf, CONTENT, strlen(CONTENT), NULL));
        char flipped[] = CONTENT;
        flipped[bit / 8] ^= (char)(1 << bit % 8);
        g_assert_true(g_file_set_contents(path, flipped, strlen(CONTENT), NULL));
        g_autoptr(GError) error = NULL;
        g_assert_false(media_cache_verify(shelf.cache, shelf.sha256, &error));
        g_assert_error(error, MEDIA_ERROR, MEDIA_ERROR_WRONG);
        g_assert_false(media_cache_has(shelf.cache, shelf.sha256));
        bit += 12; /* a sample of them: each costs an fsync */
    }
    shelf_close(&shelf);
}

static void more_than_the_disk_has_is_refused_before_the_first_byte(void)
{
    Shelf shelf;
    shelf_open(&shelf);
    int64_t have;
    g_autoptr(GError) error = NULL;
    int64_t too_much = media_cache_free_bytes(shelf.cache) + 1;
    g_assert_cmpint(media_cache_part_open(shelf.cache, shelf.sha256, too_much, &have, &error), <,
                    0);
    g_assert_error(error, MEDIA_ERROR, MEDIA_ERROR_SPACE);
    shelf_close(&shelf);
}

static void only_what_no_plan_needs_is_dropped(void)
{
    Shelf shelf;
    shelf_open(&shelf);
    g_assert_true(bring(&shelf, CONTENT, strlen(CONTENT), NULL));
    g_autoptr(GHashTable) needed = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_add(needed, shelf.sha256);
    g_assert_cmpuint(media_cache_drop_unused(shelf.cache, needed), ==, 0);
    g_assert_true(media_cache_has(shelf.cache, shelf.sha256));
    g_hash_table_remove_all(needed);
    g_assert_cmpuint(media_cache_drop_unused(shelf.cache, needed), ==, 1);
    shelf_close(&shelf);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/media cache/good file", a_good_file_comes_in_and_verifies);
    g_test_add_func("/media cache/wrong bytes", another_files_bytes_are_thrown_away);
    g_test_add_func("/media cache/wrong size", another_size_than_announced_is_thrown_away);
    g_test_add_func("/media cache/resume", a_part_goes_on_where_it_stopped);
    g_test_add_func("/media cache/too large a part", a_part_larger_than_announced_starts_over);
    g_test_add_func("/media cache/flipped bit", every_flipped_bit_is_found_and_the_file_removed);
    g_test_add_func("/media cache/no space",
                    more_than_the_disk_has_is_refused_before_the_first_byte);
    g_test_add_func("/media cache/unused", only_what_no_plan_needs_is_dropped);
    return g_test_run();
}
