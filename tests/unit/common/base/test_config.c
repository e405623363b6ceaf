/* What a technician can get wrong in a configuration file, and what he is told. */
#include "base/config.h"

#include <glib/gstdio.h>

/* A reader like those of the daemons: five keys, one of them required. */
static bool read_server(const char *text, GError **error)
{
    g_autoptr(Config) config = config_parse(text, "loa.conf", error);
    if (!config)
        return false;
    g_free(config_take_string(config, "server", "name", NULL));
    config_take_int(config, "server", "port", 8080, 1, 65535);
    config_take_bool(config, "server", "public", false);
    static const char *const modes[] = {"slow", "fast", NULL};
    config_take_choice(config, "sound", "mode", 0, modes);
    g_free(config_take_path(config, "sound", "file", ""));
    return config_finish(config, error);
}

static void values_come_out_as_written(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Config) config =
        config_parse("# comment\r\n[server]\r\n name = Đài xã = 1 \nport=-5\n"
                     "\n[other]\npublic=true\nempty=\n[server]\nlate=x",
                     "loa.conf", &error);
    g_assert_no_error(error);
    g_autofree char *name = config_take_string(config, "server", "name", NULL);
    g_autofree char *empty = config_take_string(config, "other", "empty", "fallback");
    g_autofree char *late = config_take_string(config, "server", "late", NULL);
    g_autofree char *absent = config_take_string(config, "server", "absent", "fallback");
    g_assert_cmpstr(name, ==, "Đài xã = 1");
    g_assert_cmpstr(empty, ==, "");
    g_assert_cmpstr(late, ==, "x");
    g_assert_cmpstr(absent, ==, "fallback");
    g_assert_cmpint(config_take_int(config, "server", "port", 1, -5, 5), ==, -5);
    g_assert_cmpint(config_take_int(config, "server", "none", 77, 1, 5), ==, 77);
    g_assert_true(config_take_bool(config, "other", "public", false));
    g_assert_true(config_take_bool(config, "other", "none", true));
    g_assert_true(config_finish(config, &error));
    g_assert_no_error(error);
}

static void every_mistake_is_named_with_its_line(void)
{
    static const struct {
        const char *text;
        const char *message;
    } rows[] = {
        {"[server]\nname=x\nprot=1\n",
         "loa.conf:3: unknown key \"prot\" in [server]; did you mean \"port\"?"},
        {"[server]\nnmae=x\n",
         "loa.conf:2: unknown key \"nmae\" in [server]; did you mean \"name\"?"},
        {"[server]\nname=x\nentirely-else=1\n",
         "loa.conf:3: unknown key \"entirely-else\" in [server]; known: name, port, public"},
        {"[server]\nname=x\n[sever]\nport=1\n",
         "loa.conf:3: unknown group [sever]; did you mean [server]?"},
        {"[server]\nname=x\nprot=1\npubic=true\n",
         "loa.conf:3: unknown key \"prot\" in [server]; did you mean \"port\"?\n"
         "loa.conf:4: unknown key \"pubic\" in [server]; did you mean \"public\"?"},
        {"[server]\nname=x\n\n# a\nport=http\n", "loa.conf:5: \"http\" is no value for \"port\" in "
                                                 "[server]: a whole number from 1 to 65535 is "
                                                 "wanted"},
        {"[server]\nname=x\nport=0\n",
         "loa.conf:3: \"0\" is no value for \"port\" in [server]: a whole "
         "number from 1 to 65535 is wanted"},
        {"[server]\nname=x\nport=65536\n",
         "loa.conf:3: \"65536\" is no value for \"port\" in [server]: a "
         "whole number from 1 to 65535 is wanted"},
        {"[server]\nname=x\nport=80 80\npublic=maybe\n",
         "loa.conf:3: \"80 80\" is no value for \"port\" in [server]: a whole number from 1 to "
         "65535 is wanted\nloa.conf:4: \"maybe\" is no value for \"public\" in [server]: true or "
         "false is wanted"},
        {"[server]\nname=x\nport=\n",
         "loa.conf:3: \"\" is no value for \"port\" in [server]: a whole "
         "number from 1 to 65535 is wanted"},
        {"[server]\nname=x\npublic=yes\n",
         "loa.conf:3: \"yes\" is no value for \"public\" in [server]: true or false is wanted"},
        {"[server]\nport=1\n", "loa.conf:1: key \"name\" in [server] is missing; write "
                               "name=... below [server]"},
        {"[server]\nname=x\nport=1\nport=2\n",
         "loa.conf:4: key \"port\" in [server] was already set in line 3"},
        {"[server]\nname=x\n[a]\n[server]\nname=y\n",
         "loa.conf:5: key \"name\" in [server] was already set in line 2"},
        {"name=x\n", "loa.conf:1: a key before the first [group]"},
        {"\n\n#\n\n", "loa.conf:3: key \"name\" in [server] is missing; write name=... below "
                      "[server]"},
        {"[server]\nname=x\n[garden]\n",
         "loa.conf:3: unknown group [garden]; known: server, sound"},
        {"[server]\nname=x\nmode=fast\n",
         "loa.conf:3: unknown key \"mode\" in [server]; it belongs to [sound]"},
        {"[server]\nname=x\n[sound]\nmode=medium\nprt=1\n[server]\nport=x\n",
         "loa.conf:4: \"medium\" is no value for \"mode\" in [sound]: one of slow, fast is wanted\n"
         "loa.conf:5: unknown key \"prt\" in [sound]; known: file, mode\n"
         "loa.conf:7: \"x\" is no value for \"port\" in [server]: a whole number from 1 to 65535 "
         "is "
         "wanted"},
        {"[server]\nname=x\n[sound]\nfile=a\n", "loa.conf:4: \"a\" is no value for \"file\" in "
                                                "[sound]: a full path, from / on and without "
                                                "quotation marks, is wanted"},
        {"[server]\nname=x\n[sound]\nfile=/a # b\n",
         "loa.conf:4: \"/a # b\" is no value for \"file\" in [sound]: a path alone (comments have "
         "lines of their own) is wanted"},
        {"; a\n", "loa.conf:1: a comment begins with #"},
        {"// a=b\n", "loa.conf:1: a comment begins with #"},
        {"[server\nname=x\n", "loa.conf:1: a group is written [name]"},
        {"[]\nname=x\n", "loa.conf:1: a group is written [name]"},
        {"[a]b]\nname=x\n", "loa.conf:1: a group is written [name]"},
        {"[server]\nname\n", "loa.conf:2: neither [group] nor key=value"},
        {"[server]\n=x\n", "loa.conf:2: the name of the key is empty or too long"},
        {"[server]\nname=\xff\n", "loa.conf: not UTF-8 text"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(read_server(rows[i].text, &error));
        g_assert_error(error, CONFIG_ERROR, CONFIG_ERROR_INVALID);
        g_assert_cmpstr(error->message, ==, rows[i].message);
    }
}

static void a_file_is_read_and_named_in_errors(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *directory = g_dir_make_tmp("loa-config-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(directory, "a.conf", NULL);
    g_assert_null(config_load(path, &error));
    g_assert_nonnull(error);
    g_clear_error(&error);

    g_assert_true(g_file_set_contents(path, "", 0, NULL));
    g_autoptr(Config) empty = config_load(path, &error);
    g_assert_no_error(error);
    g_assert_true(config_finish(empty, &error));

    g_assert_true(g_file_set_contents(path, "[a]\nb=1\n", -1, NULL));
    g_autoptr(Config) config = config_load(path, &error);
    g_assert_no_error(error);
    g_assert_false(config_finish(config, &error));
    g_autofree char *expected = g_strdup_printf("%s:1: unknown group [a]; none is known", path);
    g_assert_cmpstr(error->message, ==, expected);
    g_clear_error(&error);

    g_assert_true(g_file_set_contents(path, "[a]\nb=1\0c=2\n", 12, NULL));
    g_assert_null(config_load(path, &error));
    g_assert_error(error, CONFIG_ERROR, CONFIG_ERROR_INVALID);
    g_remove(path);
    g_rmdir(directory);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/config/values", values_come_out_as_written);
    g_test_add_func("/config/mistakes", every_mistake_is_named_with_its_line);
    g_test_add_func("/config/file", a_file_is_read_and_named_in_errors);
    return g_test_run();
}
