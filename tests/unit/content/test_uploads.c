/* Resumable uploads over real sockets. */
#include "content_desk.h"

#include "crypto.h"

#include <string.h>
#include <sys/mount.h>

static void test_an_upload_in_two_pieces_is_whole(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *location = desk_create_upload(self, "operator", 10, "a.wav");
    g_autoptr(Answer) first = desk_patch(self, "operator", location, 0, "01234", 5, -1);
    assert_header(first, "Upload-Offset", "5");
    g_autoptr(Answer) between = desk_head(self, "operator", location);
    assert_header(between, "Upload-Offset", "5");
    assert_header(between, "Upload-Length", "10");
    g_autoptr(Answer) second = desk_patch(self, "operator", location, 5, "56789", 5, -1);
    assert_header(second, "Upload-Offset", "10");
    g_autofree char *path = uploads_path(self->app.uploads, location + strlen("/api/uploads/"));
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "0123456789");
}

static void test_a_wrong_offset_is_a_conflict(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *location = desk_create_upload(self, "operator", 10, "a.wav");
    g_autoptr(Answer) wrong = desk_patch(self, "operator", location, 3, "34", 2, -1);
    g_assert_cmpuint(wrong->status, ==, 409);
    g_autoptr(Answer) after = desk_head(self, "operator", location);
    assert_header(after, "Upload-Offset", "0");
}

static void test_a_cut_connection_goes_on_where_it_was(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *location = desk_create_upload(self, "operator", 10, "a.wav");
    answer_free(desk_patch(self, "operator", location, 0, "0123", 4, 10));
    g_autoptr(Answer) after = desk_head(self, "operator", location);
    assert_header(after, "Upload-Offset", "4");
    g_autoptr(Answer) rest = desk_patch(self, "operator", location, 4, "456789", 6, -1);
    g_assert_cmpuint(rest->status, ==, 204);
    assert_header(rest, "Upload-Offset", "10");
}

static void test_only_the_owner_may_continue(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *location = desk_create_upload(self, "operator", 10, "a.wav");
    g_autoptr(Answer) other = desk_patch(self, "leader", location, 0, "0123456789", 10, -1);
    g_assert_cmpuint(other->status, ==, 404);
    g_autoptr(Answer) look = desk_head(self, "leader", location);
    g_assert_cmpuint(look->status, ==, 404);
}

static void test_too_much_is_refused(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autoptr(Answer) huge = desk_talk(
        self, "POST /api/uploads", "X-Who: operator\r\nUpload-Length: 268435457\r\n", "", 0, -1);
    g_assert_cmpuint(huge->status, ==, 413);
    g_autofree char *location = desk_create_upload(self, "operator", 4, "a.wav");
    g_autoptr(Answer) more = desk_patch(self, "operator", location, 0, "01234", 5, -1);
    g_assert_cmpuint(more->status, ==, 413);
    g_autoptr(Answer) after = desk_head(self, "operator", location);
    assert_header(after, "Upload-Offset", "0");
}

static void test_a_body_without_a_length_is_counted(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *location = desk_create_upload(self, "operator", 4, "a.wav");
    const char *five = "5\r\n01234\r\n0\r\n\r\n", *four = "4\r\n0123\r\n0\r\n\r\n";
    g_autoptr(Answer) more = desk_patch(self, "operator", location, 0, five, strlen(five), CHUNKED);
    g_assert_cmpuint(more->status, ==, 413);
    g_autoptr(Answer) fits = desk_patch(self, "operator", location, 0, four, strlen(four), CHUNKED);
    g_assert_cmpuint(fits->status, ==, 204);
    assert_header(fits, "Upload-Offset", "4");
}

static void test_a_large_upload_is_synced_on_the_way(Fixture *self, gconstpointer data)
{
    (void)data;
    const size_t length = 9 * 1024 * 1024 + 1;
    g_autofree char *bytes = g_malloc0(length);
    g_autofree char *location = desk_create_upload(self, "operator", (gint64)length, "a.wav");
    g_autoptr(Answer) whole = desk_patch(self, "operator", location, 0, bytes, length, -1);
    g_assert_cmpuint(whole->status, ==, 204);
    assert_header(whole, "Upload-Offset", "9437185");
}

/* A file system of 2 MiB under the uploads, 128 KiB of which are the ledger's; needs root. */
static void test_a_full_disk_is_said_and_costs_nothing(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *folder = g_build_filename(self->folder, "uploads", NULL);
    if (mount("tmpfs", folder, "tmpfs", 0, "size=2m") != 0) {
        g_test_skip("may not mount a small file system here");
        return;
    }
    const size_t length = 1024 * 1024;
    g_autofree char *bytes = g_malloc0(length);
    g_autofree char *stranger = g_build_filename(folder, "stranger", NULL);
    g_autofree char *location = desk_create_upload(self, "operator", (gint64)length, "a.wav");
    g_assert_true(g_file_set_contents(stranger, bytes, (gssize)length - 64 * 1024, NULL));
    g_autoptr(Answer) full = desk_patch(self, "operator", location, 0, bytes, length, -1);
    g_assert_cmpuint(full->status, ==, 507);
    g_autofree char *line = g_strdup_printf("DELETE %s", location);
    g_autoptr(Answer) gone = desk_talk(self, line, "X-Who: operator\r\n", "", 0, -1);
    g_assert_cmpuint(gone->status, ==, 204);
    const char *headers = "X-Who: operator\r\nUpload-Length: 1048576\r\n";
    g_autoptr(Answer) none = desk_talk(self, "POST /api/uploads", headers, "", 0, -1);
    g_assert_cmpuint(none->status, ==, 507);
    g_free(desk_upload(self, "operator", "b.wav", bytes, 64 * 1024));
    g_assert_cmpint(umount2(folder, MNT_DETACH), ==, 0);
}

static void test_a_deleted_upload_is_gone(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *location = desk_create_upload(self, "operator", 4, "a.wav");
    g_autofree char *line = g_strdup_printf("DELETE %s", location);
    g_autoptr(Answer) gone = desk_talk(self, line, "X-Who: operator\r\n", "", 0, -1);
    g_assert_cmpuint(gone->status, ==, 204);
    g_autoptr(Answer) after = desk_head(self, "operator", location);
    g_assert_cmpuint(after->status, ==, 404);
    g_autofree char *path = uploads_path(self->app.uploads, location + strlen("/api/uploads/"));
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

#define ADD(name, function)                                                                        \
    g_test_add("/uploads/" name, Fixture, NULL, desk_set_up, function, desk_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    /* A full disk is logged as a warning; that is right and must not end the test. */
    g_log_set_always_fatal(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
    g_assert_true(crypto_init());
    ADD("an upload in two pieces is whole", test_an_upload_in_two_pieces_is_whole);
    ADD("a wrong offset is a conflict", test_a_wrong_offset_is_a_conflict);
    ADD("a cut connection goes on where it was", test_a_cut_connection_goes_on_where_it_was);
    ADD("only the owner may continue", test_only_the_owner_may_continue);
    ADD("too much is refused", test_too_much_is_refused);
    ADD("a body without a length is counted", test_a_body_without_a_length_is_counted);
    ADD("a large upload is synced on the way", test_a_large_upload_is_synced_on_the_way);
    ADD("a full disk is said and costs nothing", test_a_full_disk_is_said_and_costs_nothing);
    ADD("a deleted upload is gone", test_a_deleted_upload_is_gone);
    return g_test_run();
}
