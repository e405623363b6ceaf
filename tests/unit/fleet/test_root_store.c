/* Set-up of the root of trust on the controller. */
#include "fleet_desk.h"

#include <glib/gstdio.h>

#include "fleet/root_store.h"

static void test_the_first_start_makes_keys_that_nobody_else_reads(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    for (const char *const *name = (const char *[]){"root.key", "online.key", NULL}; *name;
         name++) {
        g_autofree char *path = g_build_filename(desk.keys_dir, *name, NULL);
        GStatBuf about;
        g_assert_cmpint(g_stat(path, &about), ==, 0);
        g_assert_cmpint(about.st_mode & 0777, ==, 0600);
    }
    fleet_desk_clear(&desk);
}

static void test_the_next_start_finds_the_same_root_even_without_the_root_key(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    g_autofree char *before = root_store_envelope(desk.database, 1, NULL);
    g_autofree char *carried_away = g_build_filename(desk.keys_dir, "root.key", NULL);
    g_assert_cmpint(g_unlink(carried_away), ==, 0);
    Key online;
    g_autoptr(GError) error = NULL;
    G_GNUC_UNUSED g_autoptr(Root) root =
        root_store_open(desk.database, desk.keys_dir, DESK_NOW, &online, &error);
    g_assert_no_error(error);
    g_autofree char *after = root_store_envelope(desk.database, 0, NULL);
    g_assert_cmpstr(before, ==, after);
    fleet_desk_clear(&desk);
}

static void test_a_foreign_online_key_is_an_error_and_not_a_new_root(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    g_autofree char *path = g_build_filename(desk.keys_dir, "online.key", NULL);
    Key other, online;
    key_generate(&other);
    g_assert_true(key_save(&other, path, NULL));
    g_autoptr(GError) error = NULL;
    g_assert_null(root_store_open(desk.database, desk.keys_dir, DESK_NOW, &online, &error));
    g_assert_error(error, ROOT_ERROR, ROOT_ERROR_KEY);
    g_assert_null(root_store_envelope(desk.database, 2, NULL));
    fleet_desk_clear(&desk);
}

/* What `loa root rotate` leaves: the root after the newest, and an online key for it. */
typedef struct Rotated {
    Key root, online;
    char *document, *key_file;
} Rotated;

static void write_next(const Rotated *self, const Root *next, const Key *second)
{
    g_autoptr(Json) json = root_to_json(next);
    g_autoptr(GBytes) payload = json_print_bytes(json);
    g_autoptr(Envelope) envelope = envelope_sign(ENVELOPE_TYPE_ROOT, payload, &self->root);
    if (second)
        g_assert_true(envelope_add_signature(envelope, second));
    g_autofree char *text = envelope_print(envelope, NULL);
    g_assert_true(g_file_set_contents(self->document, text, -1, NULL));
}

static Root *rotate(FleetDesk *desk, Rotated *ret_rotated)
{
    g_autofree char *root_path = g_build_filename(desk->keys_dir, "root.key", NULL);
    g_autofree char *online_path = g_build_filename(desk->keys_dir, "online.key", NULL);
    Key old;
    g_assert_true(key_load(root_path, &ret_rotated->root, NULL));
    g_assert_true(key_load(online_path, &old, NULL));
    key_generate(&ret_rotated->online);
    ret_rotated->document = g_build_filename(desk->keys_dir, "root.next.json", NULL);
    ret_rotated->key_file = g_build_filename(desk->keys_dir, "online.next.key", NULL);
    g_assert_true(key_save(&ret_rotated->online, ret_rotated->key_file, NULL));
    Root *next = root_successor(desk->fleet->root, DESK_NOW);
    g_assert_true(root_replace_key(next, old.id, &ret_rotated->online));
    return next;
}

static void rotated_clear(Rotated *self)
{
    g_unlink(self->document);
    g_unlink(self->key_file);
    g_free(self->document);
    g_free(self->key_file);
}

static void assert_in_force(FleetDesk *desk, const Rotated *rotated, int64_t version)
{
    Key online;
    g_autoptr(GError) error = NULL;
    g_autoptr(Root) root =
        root_store_open(desk->database, desk->keys_dir, DESK_NOW, &online, &error);
    g_assert_no_error(error);
    g_assert_cmpint(root->version, ==, version);
    g_assert_cmpstr(online.id, ==, rotated->online.id);
    g_assert_false(g_file_test(rotated->document, G_FILE_TEST_EXISTS));
    g_assert_false(g_file_test(rotated->key_file, G_FILE_TEST_EXISTS));
}

static void test_the_next_root_is_taken_at_the_next_start(void)
{
    FleetDesk desk;
    Rotated rotated;
    fleet_desk_init(&desk);
    g_autoptr(Root) next = rotate(&desk, &rotated);
    write_next(&rotated, next, NULL);
    assert_in_force(&desk, &rotated, 2);
    assert_in_force(&desk, &rotated, 2);
    g_autofree char *first = root_store_envelope(desk.database, 1, NULL);
    g_assert_nonnull(first); /* stations far behind still need it */
    g_assert_cmpint(next->epoch, >=, DESK_NOW / G_USEC_PER_SEC);
    rotated_clear(&rotated);
    fleet_desk_clear(&desk);
}

static void test_a_start_that_was_cut_short_is_taken_up(void)
{
    FleetDesk desk;
    Rotated rotated;
    fleet_desk_init(&desk);
    g_autoptr(Root) next = rotate(&desk, &rotated);
    write_next(&rotated, next, NULL);
    g_autofree char *document = NULL;
    g_assert_true(g_file_get_contents(rotated.document, &document, NULL, NULL));
    assert_in_force(&desk, &rotated, 2);
    /* As after a power cut between the commit and the rest. */
    g_assert_true(key_save(&rotated.online, rotated.key_file, NULL));
    g_assert_true(g_file_set_contents(rotated.document, document, -1, NULL));
    assert_in_force(&desk, &rotated, 2);
    rotated_clear(&rotated);
    fleet_desk_clear(&desk);
}

static void test_a_root_that_does_not_follow_stops_the_start_and_changes_nothing(void)
{
    FleetDesk desk;
    Rotated rotated;
    fleet_desk_init(&desk);
    G_GNUC_UNUSED g_autoptr(Root) next = rotate(&desk, &rotated);
    Key stranger, online;
    key_generate(&stranger);
    for (unsigned i = 0; i < 3; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Root) bad = root_successor(desk.fleet->root, DESK_NOW);
        Rotated forger = rotated;
        if (i == 0) /* signed by nobody we know */
            forger.root = stranger;
        if (i == 1) /* one too many */
            bad->version++;
        if (i == 2) { /* nobody here could sign plans under it */
            g_autofree char *path = g_build_filename(desk.keys_dir, "online.key", NULL);
            Key old;
            g_assert_true(key_load(path, &old, NULL));
            g_assert_true(root_replace_key(bad, old.id, &stranger));
        }
        write_next(&forger, bad, NULL);
        g_assert_null(root_store_open(desk.database, desk.keys_dir, DESK_NOW, &online, &error));
        g_assert_nonnull(strstr(error->message, "move it away"));
        g_assert_null(root_store_envelope(desk.database, 2, NULL));
    }
    rotated_clear(&rotated);
    g_autoptr(Root) root = root_store_open(desk.database, desk.keys_dir, DESK_NOW, &online, NULL);
    g_assert_cmpint(root->version, ==, 1);
    fleet_desk_clear(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/root_store/next", test_the_next_root_is_taken_at_the_next_start);
    g_test_add_func("/root_store/cut_short", test_a_start_that_was_cut_short_is_taken_up);
    g_test_add_func("/root_store/does_not_follow",
                    test_a_root_that_does_not_follow_stops_the_start_and_changes_nothing);
    g_test_add_func("/root_store/keys_are_private",
                    test_the_first_start_makes_keys_that_nobody_else_reads);
    g_test_add_func("/root_store/same_root",
                    test_the_next_start_finds_the_same_root_even_without_the_root_key);
    g_test_add_func("/root_store/foreign_key",
                    test_a_foreign_online_key_is_an_error_and_not_a_new_root);
    return g_test_run();
}
