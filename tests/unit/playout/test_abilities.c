/* What the decoder says of itself; decoders are scripts here, but for the real one. */
#include "base/sanitized.h"
#include "playout/abilities.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

static void count(void *user)
{
    (*(unsigned *)user)++;
}

static char *script(const char *dir, const char *text)
{
    char *path = g_build_filename(dir, "decoder", NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_cmpint(g_chmod(path, 0700), ==, 0);
    return path;
}

static void ask(const char *text, const char *has, const char *lacks)
{
    g_autofree char *dir = g_dir_make_tmp("loa-abilities-XXXXXX", NULL);
    g_autofree char *path = script(dir, text);
    unsigned known = 0;
    g_autoptr(Abilities) abilities = abilities_new(path, count, &known);
    g_assert_false(abilities_known(abilities));
    g_assert_false(abilities_has(abilities, "mp3"));
    while (!known)
        g_main_context_iteration(NULL, TRUE);
    g_assert_true(abilities_known(abilities));
    if (has)
        g_assert_true(abilities_has(abilities, has));
    g_assert_false(abilities_has(abilities, lacks));
    g_remove(path);
    g_rmdir(dir);
}

static void what_it_names_it_can(void)
{
    ask("#!/bin/sh\necho mp3\necho ogg-opus\n", "ogg-opus", "hls");
    ask("#!/bin/sh\necho mp3\necho ogg-opus\n", "mp3", "aac");
}

static void one_that_says_nothing_can_nothing(void)
{
    ask("#!/bin/sh\nexit 1\n", NULL, "mp3");
    ask("#!/bin/sh\n", NULL, "mp3");
    unsigned known = 0;
    g_autoptr(Abilities) none = abilities_new("/nowhere/loa-decode", count, &known);
    g_assert_true(abilities_known(none));
    g_assert_false(abilities_has(none, "mp3"));
}

static void one_that_is_dropped_is_not_heard(void)
{
    g_autofree char *dir = g_dir_make_tmp("loa-abilities-XXXXXX", NULL);
    g_autofree char *path = script(dir, "#!/bin/sh\necho mp3\n");
    unsigned known = 0;
    abilities_free(abilities_new(path, count, &known));
    for (unsigned i = 0; i < 50; i++)
        g_main_context_iteration(NULL, FALSE);
    g_assert_cmpuint(known, ==, 0);
    g_remove(path);
    g_rmdir(dir);
}

static void the_real_one_puts_each_chain_together(void)
{
    g_autofree char *path = g_test_build_filename(G_TEST_BUILT, "player", "loa-decode", NULL);
    static const char *const all[] = {"mp3", "aac", "ogg-opus", "ogg-vorbis", "hls"};
    unsigned known = 0;
    if (SANITIZED) /* the child calls a leak what GLib keeps from the moment it is loaded */
        g_setenv("ASAN_OPTIONS", "detect_leaks=0", TRUE);
    g_autoptr(Abilities) abilities = abilities_new(path, count, &known);
    while (!known)
        g_main_context_iteration(NULL, TRUE);
    for (unsigned i = 0; i < G_N_ELEMENTS(all); i++)
        g_assert_true(abilities_has(abilities, all[i]));
    g_assert_false(abilities_has(abilities, "wma"));
}

static GLogWriterOutput say_nothing(GLogLevelFlags level, const GLogField *fields, gsize n,
                                    gpointer user)
{
    (void)level, (void)fields, (void)n, (void)user;
    return G_LOG_WRITER_HANDLED;
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    g_log_set_writer_func(say_nothing, NULL, NULL);
    g_test_add_func("/abilities/named", what_it_names_it_can);
    g_test_add_func("/abilities/nothing", one_that_says_nothing_can_nothing);
    g_test_add_func("/abilities/dropped", one_that_is_dropped_is_not_heard);
    g_test_add_func("/abilities/real", the_real_one_puts_each_chain_together);
    return g_test_run();
}
