/* loa-controller: reads its configuration, runs until SIGTERM or SIGINT, and ends cleanly. With a
 * word of maintenance it does that one job on a data directory instead; `loa` calls it so. */
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
#include "ops/maintenance.h"
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

typedef struct Job {
    char *data_dir; /* instead of the one in the configuration */
    char *copy_to;
    gboolean check, check_index, reindex, recount;
    int64_t take_over_us; /* when the copy was made; 0 = not asked for */
} Job;

static bool job_is_asked(const Job *job)
{
    return job->copy_to || job->check || job->check_index || job->reindex || job->recount ||
           job->take_over_us > 0;
}

static bool recount(const Job *job, GError **error)
{
    int64_t rows = 0;
    if (!maintenance_recount(job->data_dir, &rows, error))
        return false;
    printf(rows ? "%" G_GINT64_FORMAT " counts were wrong and were made anew from the log\n"
                : "all counts agree with the log (%" G_GINT64_FORMAT " wrong)\n",
           rows);
    return true;
}

static bool reindex(const Job *job, GError **error)
{
    bool was_wrong = false;
    if (!maintenance_reindex(job->data_dir, &was_wrong, error))
        return false;
    puts(was_wrong ? "the search index was wrong and was made anew" : "the search index is right");
    return true;
}

static bool do_job(const Job *job, GError **error)
{
    int64_t epoch = 0;
    if (job->recount)
        return recount(job, error);
    if (job->reindex)
        return reindex(job, error);
    if (job->check_index)
        return maintenance_check_index(job->data_dir, error);
    if (job->copy_to)
        return maintenance_copy_database(job->data_dir, job->copy_to, error);
    if (job->check)
        return maintenance_check_database(job->data_dir, error);
    if (!maintenance_take_over(job->data_dir, job->take_over_us, clock_wall_us(clock_system()),
                               &epoch, error))
        return false;
    printf("%" G_GINT64_FORMAT "\n", epoch);
    return true;
}

static int run_job(Job *job, const char *config)
{
    AppSettings settings = {0};
    g_autoptr(GError) error = NULL;
    bool good = job->data_dir || settings_read(config, &settings, &error);
    if (!job->data_dir)
        job->data_dir = g_steal_pointer(&settings.data_dir);
    good = good && do_job(job, &error);
    if (!good)
        fprintf(stderr, "loa-controller: %s\n", error->message);
    app_settings_clear(&settings);
    g_free(job->data_dir);
    g_free(job->copy_to);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    g_autofree char *config = NULL;
    gboolean version = FALSE, only_check = FALSE;
    Job job = {0};
    g_autoptr(GError) error = NULL;
    const GOptionEntry options[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &config, "Configuration file", "FILE"},
        {"check", 0, 0, G_OPTION_ARG_NONE, &only_check, "Check the configuration file only", NULL},
        {"copy-database", 0, 0, G_OPTION_ARG_FILENAME, &job.copy_to,
         "Copy the database, beside a running controller", "FILE"},
        {"check-database", 0, 0, G_OPTION_ARG_NONE, &job.check, "Check the database", NULL},
        {"check-index", 0, 0, G_OPTION_ARG_NONE, &job.check_index,
         "Hold the search index against the bulletins", NULL},
        {"reindex", 0, 0, G_OPTION_ARG_NONE, &job.reindex,
         "The same, and make it anew where it is wrong", NULL},
        {"recount", 0, 0, G_OPTION_ARG_NONE, &job.recount,
         "Hold the counts of the reports against the log, and make them anew where they differ",
         NULL},
        {"take-over", 0, 0, G_OPTION_ARG_INT64, &job.take_over_us,
         "Make a restored copy of that time the one that goes on", "MICROSECONDS"},
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &job.data_dir, "Data directory of these six", "DIR"},
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
    if (job_is_asked(&job))
        return run_job(&job, config ? config : DEFAULT_CONFIG);
    log_init("loa-controller");
    signal(SIGPIPE, SIG_IGN);
    keep_memory_flat();
    if (!crypto_init()) {
        log_write(G_LOG_LEVEL_CRITICAL, NULL, "this machine has no source of randomness");
        return EXIT_FAILURE;
    }
    return run_with_config(config ? config : DEFAULT_CONFIG);
}
