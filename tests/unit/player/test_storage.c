/* A memory card that dies slowly, on a machine whose /sys is a folder. */
#include "health/storage.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

typedef struct Card {
    char *root, *dir, *counts, *canary;
    FakeClock clock;
    Storage *storage;
} Card;

static void write_file(const char *path, const char *text)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void card_begin(Card *self, bool ext4)
{
    struct stat facts;
    self->root = g_dir_make_tmp("loa-card-XXXXXX", NULL);
    self->dir = g_build_filename(self->root, "data", NULL);
    g_assert_cmpint(g_mkdir(self->dir, 0700), ==, 0);
    g_assert_cmpint(stat(self->dir, &facts), ==, 0);
    g_autofree char *device = g_strdup_printf("%s/sys/dev/block/%u:%u", self->root,
                                              major(facts.st_dev), minor(facts.st_dev));
    g_autofree char *block = g_build_filename(self->root, "sys/devices/card/mmcblk0p2", NULL);
    self->counts = g_build_filename(self->root, "sys/fs/ext4/mmcblk0p2/errors_count", NULL);
    self->canary = g_build_filename(self->dir, "canary", NULL);
    g_autofree char *folder = g_path_get_dirname(device);
    g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
    g_assert_cmpint(g_mkdir_with_parents(block, 0700), ==, 0);
    g_assert_cmpint(symlink(block, device), ==, 0);
    if (ext4)
        write_file(self->counts, "0\n");
    fake_clock_init(&self->clock, INT64_C(1795332600000000));
    self->storage = storage_new(self->dir, self->root, &self->clock.clock);
}

static void card_end(Card *self)
{
    storage_free(self->storage);
    g_autofree char *remove = g_strdup_printf("rm -rf %s", self->root);
    g_assert_true(g_spawn_command_line_sync(remove, NULL, NULL, NULL, NULL));
    g_free(self->root);
    g_free(self->dir);
    g_free(self->counts);
    g_free(self->canary);
}

static void a_good_card_has_no_fault(void)
{
    Card card;
    card_begin(&card, true);
    for (unsigned i = 0; i < 4; i++) {
        g_assert_false(storage_is_failing(storage_look(card.storage)));
        fake_clock_advance(&card.clock, STORAGE_CANARY_US);
    }
    g_assert_cmpint(storage_look(card.storage)->errors, ==, 0);
    card_end(&card);
}

static void what_the_file_system_counted_is_a_fault(void)
{
    Card card;
    card_begin(&card, true);
    storage_look(card.storage);
    write_file(card.counts, "3\n");
    g_assert_cmpint(storage_look(card.storage)->errors, ==, 3);
    g_assert_true(storage_is_failing(storage_look(card.storage)));
    card_end(&card);
}

static void another_file_system_says_nothing_and_is_no_fault(void)
{
    Card card;
    card_begin(&card, false);
    g_assert_cmpint(storage_look(card.storage)->errors, ==, -1);
    g_assert_false(storage_is_failing(storage_look(card.storage)));
    card_end(&card);
}

static void a_canary_that_comes_back_changed_is_a_fault(void)
{
    for (unsigned way = 0; way < 2; way++) {
        Card card;
        card_begin(&card, true);
        storage_look(card.storage);
        if (way == 0)
            write_file(card.canary, "something else");
        else
            g_assert_cmpint(g_remove(card.canary), ==, 0);
        g_assert_false(storage_is_failing(storage_look(card.storage))); /* it is not due */
        fake_clock_advance(&card.clock, STORAGE_CANARY_US);
        g_assert_true(storage_look(card.storage)->changed);
        fake_clock_advance(&card.clock, STORAGE_CANARY_US); /* the next one is well */
        g_assert_false(storage_is_failing(storage_look(card.storage)));
        card_end(&card);
    }
}

static void a_card_that_takes_nothing_is_a_fault(void)
{
    Card card;
    card_begin(&card, true);
    g_assert_cmpint(g_rmdir(card.dir), ==, 0); /* root may write anywhere else */
    g_assert_true(storage_look(card.storage)->unwritable);
    g_assert_true(storage_is_failing(storage_look(card.storage)));
    card_end(&card);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/storage/" #name, name)
    TEST(a_good_card_has_no_fault);
    TEST(what_the_file_system_counted_is_a_fault);
    TEST(another_file_system_says_nothing_and_is_no_fault);
    TEST(a_canary_that_comes_back_changed_is_a_fault);
    TEST(a_card_that_takes_nothing_is_a_fault);
    return g_test_run();
}
