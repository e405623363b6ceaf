/* loa-player --config FILE: the daemon of one station. SIGTERM lets what sounds fade out, keeps its
 * receipt and switches the amplifier off. SIGUSR1 sounds a test tone. */
#include "app.h"
#include "base/log.h"
#include "base/notify.h"
#include "crypto.h"

#include <glib-unix.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#define EX_CONFIG 78 /* of sysexits.h; the unit is not started again for it */

static gboolean on_signal(gpointer user)
{
    app_quit(user);
    return G_SOURCE_CONTINUE;
}

static gboolean on_test(gpointer user)
{
    app_test(user);
    return G_SOURCE_CONTINUE;
}

static char *read_arguments(int argc, char **argv, gboolean *ret_check, GError **error)
{
    g_autofree char *path = NULL;
    gboolean version = FALSE;
    GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &path, "configuration file", "FILE"},
        {"check", 0, 0, G_OPTION_ARG_NONE, ret_check, "check the configuration file only", NULL},
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
        path = g_strdup("/etc/loa/player.conf");
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
    gboolean only_check = FALSE;
    g_autofree char *path = read_arguments(argc, argv, &only_check, &error);
    if (!path)
        return fail(error);
    if (!crypto_init()) {
        fputs("loa-player: this machine gives no randomness\n", stderr);
        return EXIT_FAILURE;
    }
    g_autoptr(Settings) settings = settings_load(path, &error);
    if (!settings) {
        fprintf(stderr, "%s\n", error->message);
        return EX_CONFIG;
    }
    if (only_check)
        return EXIT_SUCCESS;
    g_autoptr(App) app = app_new(settings, &error);
    if (!app)
        return fail(error);
    g_unix_signal_add(SIGTERM, on_signal, app);
    g_unix_signal_add(SIGINT, on_signal, app);
    g_unix_signal_add(SIGUSR1, on_test, app);
    notify_watchdog_start();
    notify_say("READY=1");
    app_run(app);
    notify_say("STOPPING=1");
    return EXIT_SUCCESS;
}
