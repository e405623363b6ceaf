/* loa-controller: reads its configuration, runs until SIGTERM or SIGINT, and ends cleanly. */
#include <glib-unix.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "app.h"
#include "base/config.h"
#include "base/log.h"
#include "crypto.h"
#include "loop_watch.h"

#define GROUP      "server"
#define TRIM_BYTES (256 * 1024) /* free memory at the top of the heap that goes back at once */
#define MMAP_BYTES (128 * 1024) /* larger blocks never fragment the heap */

/* Bodies of requests come and go; what was free for a moment must not stay ours for ever. */
static void keep_memory_flat(void)
{
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_TRIM_THRESHOLD, TRIM_BYTES);
    mallopt(M_MMAP_THRESHOLD, MMAP_BYTES);
}

static bool read_settings(const char *path, AppSettings *settings, GError **error)
{
    g_autoptr(Config) config = config_load(path, error);
    if (!config)
        return false;
    settings->people_address = config_take_string(config, GROUP, "people", "127.0.0.1:8080");
    settings->stations_address = config_take_string(config, GROUP, "stations", "127.0.0.1:8081");
    settings->data_dir = config_take_string(config, GROUP, "data", "/var/lib/loa");
    settings->worker =
        config_take_string(config, GROUP, "worker", "/usr/lib/loa/loa-content-worker");
    settings->panel_dir = config_take_string(config, GROUP, "panel", "");
    settings->behind_proxy = config_take_bool(config, GROUP, "behind_proxy", false);
    if (settings->panel_dir && !*settings->panel_dir)
        g_clear_pointer(&settings->panel_dir, g_free);
    return config_finish(config, error);
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
    g_main_loop_run(loop);
    log_notice("ending");
    return EXIT_SUCCESS;
}

static int run_with_config(const char *path)
{
    AppSettings settings = {0};
    g_autoptr(GError) error = NULL;
    int result = EXIT_FAILURE;
    if (read_settings(path, &settings, &error))
        result = run(&settings);
    else
        log_write(G_LOG_LEVEL_CRITICAL, NULL, "%s", error->message);
    app_settings_clear(&settings);
    return result;
}

int main(int argc, char **argv)
{
    g_autofree char *config = NULL;
    gboolean version = FALSE;
    g_autoptr(GError) error = NULL;
    const GOptionEntry options[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &config, "Configuration file", "FILE"},
        {"version", 0, 0, G_OPTION_ARG_NONE, &version, "Print the version", NULL},
        {NULL}};
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
    log_init("loa-controller");
    signal(SIGPIPE, SIG_IGN);
    keep_memory_flat();
    if (!crypto_init()) {
        log_write(G_LOG_LEVEL_CRITICAL, NULL, "this machine has no source of randomness");
        return EXIT_FAILURE;
    }
    return run_with_config(config ? config : "/etc/loa/controller.conf");
}
