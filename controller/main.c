/* loa-controller: reads its configuration, runs until SIGTERM or SIGINT, and ends cleanly. */
#include <glib-unix.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "app.h"
#include "base/log.h"
#include "base/notify.h"
#include "crypto.h"
#include "loop_watch.h"
#include "settings.h"

#define DEFAULT_CONFIG "/etc/loa/controller.conf"
#define EX_CONFIG      78           /* of sysexits.h; the unit is not started again for it */
#define TRIM_BYTES     (256 * 1024) /* free memory at the top of the heap that goes back at once */
#define MMAP_BYTES     (128 * 1024) /* larger blocks never fragment the heap */

/* Bodies of requests come and go; what was free for a moment must not stay ours for ever. */
static void keep_memory_flat(void)
{
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_TRIM_THRESHOLD, TRIM_BYTES);
    mallopt(M_MMAP_THRESHOLD, MMAP_BYTES);
}

/* On the console only: the log may be kept and read by others. */
static void print_welcome(const App *app)
{
    printf("Loa controller %s: people on port %u, stations on port %u\n", LOA_VERSION,
           server_port(app->server, LISTENER_PEOPLE), server_port(app->server, LISTENER_STATIONS));
    if (app->setup_token)
        printf("Set-up token: %s\n", app->setup_token);
    fflush(stdout);
}

static gboolean on_signal(void *loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_CONTINUE;
}

static int run(const AppSettings *settings)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_autoptr(App) app = app_new(settings, &error);
    if (!app) {
        log_write(G_LOG_LEVEL_CRITICAL, NULL, "cannot start: %s", error->message);
        return EXIT_FAILURE;
    }
    print_welcome(app);
    log_notice("started");
    g_unix_signal_add(SIGTERM, on_signal, loop);
    g_unix_signal_add(SIGINT, on_signal, loop);
    loop_watch_start();
    notify_watchdog_start();
    notify_say("READY=1");
    g_main_loop_run(loop);
    notify_say("STOPPING=1");
    log_notice("ending");
    return EXIT_SUCCESS;
}

static int check(const char *path)
{
    AppSettings settings = {0};
    g_autoptr(GError) error = NULL;
    bool good = settings_read(path, &settings, &error);
    if (!good)
        fprintf(stderr, "%s\n", error->message);
    app_settings_clear(&settings);
    return good ? EXIT_SUCCESS : EX_CONFIG;
}

static int run_with_config(const char *path)
{
    AppSettings settings = {0};
    g_autoptr(GError) error = NULL;
    int result = EX_CONFIG;
    if (settings_read(path, &settings, &error))
        result = run(&settings);
    else
        log_write(G_LOG_LEVEL_CRITICAL, NULL, "%s", error->message);
    app_settings_clear(&settings);
    return result;
}

int main(int argc, char **argv)
{
    g_autofree char *config = NULL;
    gboolean version = FALSE, only_check = FALSE;
    g_autoptr(GError) error = NULL;
    const GOptionEntry options[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &config, "Configuration file", "FILE"},
        {"check", 0, 0, G_OPTION_ARG_NONE, &only_check, "Check the configuration file only", NULL},
        {"version", 0, 0, G_OPTION_ARG_NONE, &version, "Print the version", NULL},
        G_OPTION_ENTRY_NULL};
    g_autoptr(GOptionContext) context = g_option_context_new("- Loa's controller");
    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C");
    g_option_context_add_main_entries(context, options, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        fprintf(stderr, "loa-controller: %s\n", error->message);
        return EXIT_FAILURE;
    }
    if (version) {
        puts("loa-controller " LOA_VERSION);
        return EXIT_SUCCESS;
    }
    if (only_check)
        return check(config ? config : DEFAULT_CONFIG);
    log_init("loa-controller");
    signal(SIGPIPE, SIG_IGN);
    keep_memory_flat();
    if (!crypto_init()) {
        log_write(G_LOG_LEVEL_CRITICAL, NULL, "this machine has no source of randomness");
        return EXIT_FAILURE;
    }
    return run_with_config(config ? config : DEFAULT_CONFIG);
}
