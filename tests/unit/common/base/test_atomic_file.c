/* Whole or not there: success, and every failure that can be provoked without pulling a plug. (That
 * the order of the fsyncs survives a power cut is what tests/crash is for.) */
#include "base/atomic_file.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Fixture {
    char *directory;
    char *path;
} Fixture;

static void set_up(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    f->directory = g_dir_make_tmp("loa-atomic-XXXXXX", NULL);
    f->path = g_build_filename(f->directory, "state", NULL);
}

static unsigned count_files(const char *directory)
{
    unsigned n = 0;
    g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
    while (g_dir_read_name(dir))
        n++;
    return n;
}

static void tear_down(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_remove(f->path);
    g_assert_cmpint(g_rmdir(f->directory), ==, 0); /* fails where a temporary file was left */
    g_free(f->path);
    g_free(f->directory);
}

static void assert_content(const char *path, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = atomic_file_read(path, 1 << 20, &error);
    g_assert_no_error(error);
    g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), expected,
                    strlen(expected));
}

static void write_text(const char *path, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(atomic_file_write(path, text, strlen(text), 0600, &error));
    g_assert_no_error(error);
}

static void the_new_text_replaces_the_old_with_the_mode_asked_for(Fixture *f,
                                                                  G_GNUC_UNUSED gconstpointer data)
{
    struct stat status;
    mode_t mask = umask(077);
    write_text(f->path, "old, and longer");
    g_assert_true(atomic_file_write(f->path, "new", 3, 0644, NULL));
    umask(mask);
    assert_content(f->path, "new");
    g_assert_cmpint(g_stat(f->path, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0644);
    g_assert_true(atomic_file_write(f->path, NULL, 0, 0600, NULL));
    assert_content(f->path, "");
    g_assert_cmpint(g_stat(f->path, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0600);
    g_assert_cmpuint(count_files(f->directory), ==, 1);
}

static void a_directory_that_is_not_there_is_an_error(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->path, "none", "state", NULL);
    g_assert_false(atomic_file_write(path, "x", 1, 0600, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void a_directory_in_the_way_is_an_error_and_nothing_is_left(Fixture *f,
                                                                   G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(g_mkdir(f->path, 0700), ==, 0);
    g_assert_false(atomic_file_write(f->path, "x", 1, 0600, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
    g_assert_cmpuint(count_files(f->directory), ==, 1);
}

/* write() first takes a part and then fails, as a disk does that fills up. */
static void a_write_cut_short_leaves_the_old_file(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const char big[4096] = {'x'};
    g_autoptr(GError) error = NULL;
    struct rlimit before, tiny;
    write_text(f->path, "old");
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    tiny = (struct rlimit){.rlim_cur = 1000, .rlim_max = before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &tiny);
    bool written = atomic_file_write(f->path, big, sizeof big, 0600, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    g_assert_false(written);
    g_assert_nonnull(error);
    g_assert_false(atomic_file_is_disk_full(error));
    assert_content(f->path, "old");
    g_assert_cmpuint(count_files(f->directory), ==, 1);
}

static void a_full_disk_is_said_and_leaves_the_old_file(Fixture *f,
                                                        G_GNUC_UNUSED gconstpointer data)
{
    static const char big[65536] = {'x'};
    if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
        mount("tmpfs", f->directory, "tmpfs", 0, "size=16k") < 0) {
        g_test_skip("needs a mount namespace");
        return;
    }
    g_autoptr(GError) error = NULL;
    write_text(f->path, "old");
    g_assert_false(atomic_file_write(f->path, big, sizeof big, 0600, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
    g_assert_true(atomic_file_is_disk_full(error));
    assert_content(f->path, "old");
    g_assert_cmpuint(count_files(f->directory), ==, 1);
    umount(f->directory);
}

static void a_finished_file_is_published_under_its_name(Fixture *f,
                                                        G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *temporary = g_strconcat(f->path, ".part", NULL);
    write_text(f->path, "old");
    g_assert_false(atomic_file_publish(temporary, f->path, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
    assert_content(f->path, "old");
    write_text(temporary, "new");
    g_assert_true(atomic_file_publish(temporary, f->path, NULL));
    assert_content(f->path, "new");
    g_assert_cmpuint(count_files(f->directory), ==, 1);
}

static void removing_twice_is_fine(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    write_text(f->path, "x");
    g_assert_true(atomic_file_remove(f->path, NULL));
    g_assert_false(g_file_test(f->path, G_FILE_TEST_EXISTS));
    g_assert_true(atomic_file_remove(f->path, NULL));
    g_assert_false(atomic_file_remove(f->directory, &error));
    g_assert_nonnull(error);
}

static void reading_stops_at_the_limit(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    write_text(f->path, "12345");
    g_autoptr(GBytes) fits = atomic_file_read(f->path, 5, NULL);
    g_assert_nonnull(fits);
    g_assert_null(atomic_file_read(f->path, 4, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
    g_clear_error(&error);
    g_assert_null(atomic_file_read(f->directory, 4, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
}

static void folders_are_made_with_those_above_them(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *deep = g_build_filename(f->directory, "media", "ab", NULL);
    g_autofree char *blocked = g_build_filename(f->path, "below", NULL);
    g_assert_true(atomic_file_make_folders(deep, 0700, NULL));
    g_assert_true(g_file_test(deep, G_FILE_TEST_IS_DIR));
    g_assert_true(atomic_file_make_folders(deep, 0700, NULL));
    write_text(f->path, "x");
    g_assert_false(atomic_file_make_folders(f->path, 0700, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS);
    g_clear_error(&error);
    g_assert_false(atomic_file_make_folders(blocked, 0700, &error));
    g_assert_nonnull(error);
    g_remove(f->path);
    g_rmdir(deep);
    *strrchr(deep, '/') = '\0';
    g_rmdir(deep);
}

#define ADD(name, func) g_test_add("/atomic-file/" name, Fixture, NULL, set_up, func, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("replace", the_new_text_replaces_the_old_with_the_mode_asked_for);
    ADD("no-directory", a_directory_that_is_not_there_is_an_error);
    ADD("in-the-way", a_directory_in_the_way_is_an_error_and_nothing_is_left);
    ADD("cut-short", a_write_cut_short_leaves_the_old_file);
    ADD("publish", a_finished_file_is_published_under_its_name);
    ADD("remove", removing_twice_is_fine);
    ADD("read", reading_stops_at_the_limit);
    ADD("folders", folders_are_made_with_those_above_them);
    ADD("disk-full", a_full_disk_is_said_and_leaves_the_old_file); /* last: unshares the mounts */
    return g_test_run();
}
