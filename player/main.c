/* loa-player --config FILE: the daemon of one station. SIGTERM lets what sounds fade out, keeps its
 * receipt and switches the amplifier off. SIGUSR1 sounds a test tone; --tone
 * asks the running daemon for one. */
#include "app.h"
#include "base/log.h"
#include "base/notify.h"
#include "crypto.h"
#include "data_lock.h"

#include <errno.h>
#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
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

typedef struct Wish {
    gboolean check, tone;
} Wish;

static char *read_arguments(int argc, char **argv, Wish *ret_wish, GError **error)
{
    g_autofree char *path = NULL;
    gboolean version = FALSE;
    GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &path, "configuration file", "FILE"},
        {"check", 0, 0, G_OPTION_ARG_NONE, &ret_wish->check, "check the configuration file only",
         NULL},
        {"tone", 0, 0, G_OPTION_ARG_NONE, &ret_wish->tone,
         "let the running player sound a test tone", NULL},
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

/* The daemon sounds it, through the way of every airing, and signs what came of it. */
static int ask_for_tone(const Settings *settings)
{
    g_autoptr(GError) error = NULL;
    pid_t player;
    if (!data_lock_holder(settings->data, &player, &error))
        return fail(error);
    if (kill(player, SIGUSR1) != 0) {
        fprintf(stderr, "loa-player: %s; ask as root\n", g_strerror(errno));
        return EXIT_FAILURE;
    }
    puts("Two seconds of tone now. What left the card: the station's page in the panel, or "
         "journalctl -u loa-player -n 5");
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    log_init("loa-player");
    g_autoptr(GError) error = NULL;
    Wish wish = {0};
    g_autofree char *path = read_arguments(argc, argv, &wish, &error);
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
    if (wish.check)
        return EXIT_SUCCESS;
    if (wish.tone)
        return ask_for_tone(settings);
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
