/* loa-player --config FILE: the daemon of one station. SIGTERM lets what sounds fade out, keeps its
 * receipt and switches the amplifier off. */
#include "app.h"
#include "base/log.h"
#include "crypto.h"

#include <glib-unix.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

static gboolean on_signal(gpointer user)
{
    app_quit(user);
    return G_SOURCE_CONTINUE;
}

static char *read_arguments(int argc, char **argv, GError **error)
{
    g_autofree char *path = NULL;
    gboolean version = FALSE;
    GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &path, "configuration file", "FILE"},
        {"version", 0, 0, G_OPTION_ARG_NONE, &version, "print the version", NULL},
        {0},
    };
    g_autoptr(GOptionContext) context = g_option_context_new("- plays a station's signed plan");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, error))
        return NULL;
    if (version) {
        puts("loa-player " LOA_VERSION);
        exit(EXIT_SUCCESS);
    }
    if (!path)
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "--config FILE is needed");
    return g_steal_pointer(&path);
}

static int fail(const GError *error)
{
    fprintf(stderr, "loa-player: %s\n", error->message);
    return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    log_init("loa-player");
    g_autoptr(GError) error = NULL;
    g_autofree char *path = read_arguments(argc, argv, &error);
    if (!path)
        return fail(error);
    if (!crypto_init()) {
        fputs("loa-player: this machine gives no randomness\n", stderr);
        return EXIT_FAILURE;
    }
    g_autoptr(Settings) settings = settings_load(path, &error);
    if (!settings)
        return fail(error);
    g_autoptr(App) app = app_new(settings, &error);
    if (!app)
        return fail(error);
    g_unix_signal_add(SIGTERM, on_signal, app);
    g_unix_signal_add(SIGINT, on_signal, app);
    app_run(app);
    return EXIT_SUCCESS;
}
