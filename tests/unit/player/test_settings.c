/* The sample configuration is the whole truth, and a slip of the pen is named. */
#include "settings.h"

#include <glib/gstdio.h>

static Settings *load_text(const char *text, GError **error)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("loa-player-XXXXXX.conf", &path, NULL);
    g_assert_cmpint(fd, >=, 0);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    Settings *settings = settings_load(path, error);
    g_close(fd, NULL);
    g_remove(path);
    return settings;
}

static GString *read_sample(void)
{
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "docs", "player.conf", NULL);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return g_string_new(text);
}

static void the_sample_asks_for_the_controller_and_nothing_else(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) sample = read_sample();
    g_assert_null(load_text(sample->str, &error));
    g_assert_nonnull(strstr(error->message, "controller"));
    g_assert_null(strchr(error->message, '\n'));
}

/* As a person would: the only thing to fill in is the controller's address. */
static void the_sample_is_understood_to_the_last_key(void)
{
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "docs", "player.conf", NULL);
    g_autofree char *sample = NULL;
    g_assert_true(g_file_get_contents(path, &sample, NULL, NULL));
    g_autoptr(GString) text = g_string_new(sample);
    g_string_replace(text, "controller=\n", "controller=http://c\n", 1);
    g_autoptr(GError) error = NULL;
    g_autoptr(Settings) settings = load_text(text->str, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(settings->settle_ms, ==, 500);
    g_assert_cmpstr(settings->mixer_element, ==, "Master");
    g_assert_null(settings->ca_file);
    g_assert_cmpint(settings->clock_source, ==, TRUST_SOURCE_NTP);
    g_assert_cmpuint(settings->relay.silence_ms, ==, RELAY_SILENCE_MS);
    g_assert_cmpuint(settings->relay.return_ms, ==, RELAY_RETURN_MS);
    g_assert_cmpuint(settings->relay.good_ms, ==, RELAY_GOOD_MS);
}

typedef struct Row {
    const char *name, *text, *named;
} Row;

#define STATION "[station]\ndata=/d\ncontroller=http://c\n"

static const Row rows[] = {
    {"no data", "[station]\ncontroller=http://c\n", "data"},
    {"no controller", "[station]\ndata=/d\n", "controller"},
    {"unknown key", STATION "colour=red\n", "colour"},
    {"unknown group", STATION "[garden]\nroses=1\n", "garden"},
    {"unknown board", STATION "[board]\nkind=cardboard\n", "cardboard"},
    {"a board without its file", STATION "[board]\nkind=linux\n", "file"},
    {"a board whose file is not there", STATION "[board]\nkind=linux\nfile=/no/board.conf\n",
     "/no/board.conf"},
    {"unknown clock", STATION "[clock]\nsource=sun\n", "sun"},
    {"no number", STATION "[board]\nsettle_ms=long\n", "settle_ms"},
    {"a relay that is left at once", STATION "[relay]\nsilence_s=0\n", "silence_s"},
    {"too long a settling", STATION "[board]\nsettle_ms=60001\n", "settle_ms"},
};

static void refuses_and_names_it(gconstpointer data)
{
    const Row *row = data;
    g_autoptr(GError) error = NULL;
    g_assert_null(load_text(row->text, &error));
    g_assert_nonnull(error);
    g_assert_nonnull(strstr(error->message, row->named));
}

static void a_mistake_in_the_board_file_is_named_at_its_line(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("loa-board-XXXXXX.conf", &path, NULL);
    g_assert_cmpint(fd, >=, 0);
    g_assert_true(g_file_set_contents(path, "[amplifier]\ndrive=none\nline=3\n", -1, NULL));
    g_autofree char *text = g_strconcat(STATION "[board]\nkind=linux\nfile=", path, NULL);
    g_assert_null(load_text(text, &error));
    g_autofree char *place = g_strconcat(path, ":3: ", NULL);
    g_assert_true(g_str_has_prefix(error->message, place));
    g_close(fd, NULL);
    g_remove(path);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/settings/unconfigured", the_sample_asks_for_the_controller_and_nothing_else);
    g_test_add_func("/settings/sample", the_sample_is_understood_to_the_last_key);
    g_test_add_func("/settings/board file", a_mistake_in_the_board_file_is_named_at_its_line);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = g_strconcat("/settings/", rows[i].name, NULL);
        g_test_add_data_func(path, &rows[i], refuses_and_names_it);
    }
    return g_test_run();
}
