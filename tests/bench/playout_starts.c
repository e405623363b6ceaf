/* How exactly does an item start? Plays a sweep N times through the simulated card, each at an odd
 * instant, and looks in the recording where it really lies.
 *
 *   playout_starts --build BUILD [--count 20] [--seconds 2] [--lead 3] [--ppm 0] [--idle 0]
 * [--keep]
 *
 * One JSON line a start, then one for the run: errors in ms, processor time per minute, peak memory
 * of the engine (this process, before it reads the recording) and of the decoder. */
#include "playout/audio.h"
#include "sim_station.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

typedef struct Options {
    char *build;
    int count, ppm, idle;
    double seconds, lead;
    gboolean keep;
} Options;

typedef struct Run {
    GMainLoop *loop;
    Audio *audio;
    AudioId id;
    AudioEnd end;
    unsigned segments, xruns;
    int64_t start_us, first_us, frames, starved;
    const char *fault;
    double rms;
    long decoder_kb;
} Run;

/* VmHWM of a process, KiB; 0 = gone. */
static long peak_kb(const char *pid)
{
    g_autofree char *path = g_build_filename("/proc", pid, "status", NULL);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return 0;
    const char *line = strstr(text, "VmHWM:");
    return line ? atol(line + strlen("VmHWM:")) : 0;
}

static void look_at_decoder(Run *run)
{
    g_autofree char *path = g_strdup_printf("/proc/self/task/%d/children", (int)getpid());
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return;
    g_auto(GStrv) pids = g_strsplit(g_strstrip(text), " ", -1);
    for (char **pid = pids; *pid && **pid; pid++)
        run->decoder_kb = MAX(run->decoder_kb, peak_kb(*pid));
}

static void on_started(G_GNUC_UNUSED AudioId id, int64_t first_us, void *user)
{
    Run *run = user;
    run->first_us = first_us;
}

static void on_progress(G_GNUC_UNUSED AudioId id, G_GNUC_UNUSED int64_t frames,
                        G_GNUC_UNUSED int64_t at_us, G_GNUC_UNUSED void *user)
{
}

static void on_finished(G_GNUC_UNUSED AudioId id, const AudioEvidence *evidence, void *user)
{
    Run *run = user;
    run->end = evidence->end;
    run->segments = evidence->segments->len;
    run->xruns = evidence->xruns;
    run->starved = evidence->starved_frames;
    run->rms = evidence->rms_dbfs;
    run->fault = evidence->fault;
    run->frames = 0;
    for (unsigned i = 0; i < evidence->segments->len; i++)
        run->frames += g_array_index(evidence->segments, AudioSegment, i).frames;
    g_main_loop_quit(run->loop);
}

static gboolean tick(gpointer data)
{
    look_at_decoder(data);
    return G_SOURCE_CONTINUE;
}

static gboolean arm(gpointer data)
{
    Run *run = data;
    run->audio->ops->arm(run->audio, run->id);
    return G_SOURCE_REMOVE;
}

static gboolean quit(gpointer data)
{
    g_main_loop_quit(data);
    return G_SOURCE_REMOVE;
}

static void play(Run *run, const Options *options, const char *media)
{
    g_autoptr(GError) error = NULL;
    int64_t odd_us = g_random_int_range(0, 20000);
    AudioItem item = {
        .path = media,
        .start_us = g_get_real_time() + (int64_t)(options->lead * 1e6) + odd_us,
        .expect_frames = (int64_t)(options->seconds * 48000),
    };
    run->start_us = item.start_us;
    run->id = run->audio->ops->prepare(run->audio, &item, &error);
    if (!run->id)
        g_error("prepare: %s", error->message);
    g_timeout_add((guint)(options->lead * 500), arm, run);
    g_main_loop_run(run->loop);
}

static double cpu_s(int who)
{
    struct rusage used;
    getrusage(who, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double measure_idle(const Options *options, GMainLoop *loop)
{
    if (options->idle <= 0)
        return -1;
    double before = cpu_s(RUSAGE_SELF);
    g_timeout_add_seconds((guint)options->idle, quit, loop);
    g_main_loop_run(loop);
    return (cpu_s(RUSAGE_SELF) - before) * 60 / options->idle;
}

static void report(const Options *options, const SimStation *station, const Run *starts,
                   GArray *reference)
{
    g_autofree double *errors = g_new0(double, (gsize)options->count);
    double correlation_min = 1;
    int found = 0;
    for (int i = 0; i < options->count; i++) {
        const Run *run = &starts[i];
        unsigned frames = (unsigned)(MIN(options->seconds - 0.1, 1.0) * 48000);
        SimOnset onset = sim_station_onset(station, run->start_us, reference, 0, frames);
        g_print("{\"start\":%d,\"error_ms\":%.4f,\"reported_ms\":%.4f,\"correlation\":%.4f,"
                "\"end\":%d,\"frames\":%" G_GINT64_FORMAT ",\"starved\":%" G_GINT64_FORMAT
                ",\"xruns\":%u,\"rms_dbfs\":%.1f}\n",
                i, onset.error_ms, (double)(run->first_us - run->start_us) / 1e3, onset.correlation,
                run->end, run->frames, run->starved, run->xruns, run->rms);
        correlation_min = MIN(correlation_min, onset.correlation);
        if (onset.found)
            errors[found++] = fabs(onset.error_ms);
    }
    qsort(errors, (size_t)found, sizeof *errors, by_value);
    int p99 = MAX((int)ceil(found * 0.99) - 1, 0);
    g_print("{\"starts\":%d,\"found\":%d,\"ppm\":%d,\"start_error_ms\":{\"p50\":%.4f,\"p99\":%.4f,"
            "\"max\":%.4f},\"correlation_min\":%.4f",
            options->count, found, options->ppm, errors[found / 2], errors[p99],
            errors[MAX(found - 1, 0)], correlation_min);
}

int main(int argc, char **argv)
{
    Options options = {.count = 20, .seconds = 2, .lead = 3};
    const GOptionEntry entries[] = {
        {"build", 0, 0, G_OPTION_ARG_FILENAME, &options.build, "Build folder", "DIR"},
        {"count", 0, 0, G_OPTION_ARG_INT, &options.count, "Starts", "N"},
        {"seconds", 0, 0, G_OPTION_ARG_DOUBLE, &options.seconds, "Length of an item", "S"},
        {"lead", 0, 0, G_OPTION_ARG_DOUBLE, &options.lead, "Prepared so long before", "S"},
        {"ppm", 0, 0, G_OPTION_ARG_INT, &options.ppm, "Error of the card's crystal", "N"},
        {"idle", 0, 0, G_OPTION_ARG_INT, &options.idle, "Measure idle so long (else -1)", "S"},
        {"keep", 0, 0, G_OPTION_ARG_NONE, &options.keep, "Keep the recording", NULL},
        G_OPTION_ENTRY_NULL};
    g_autoptr(GOptionContext) context = g_option_context_new("");
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || !options.build)
        g_error("%s", error ? error->message : "--build is missing");

    g_autoptr(SimStation) station = sim_station_new(options.build);
    g_autofree char *ppm = g_strdup_printf("ppm=%d", options.ppm);
    sim_station_set(station, ppm);
    const char *media = sim_station_make_sweep(station, options.seconds);
    AudioSettings settings = sim_station_settings(station);
    g_autoptr(Audio) audio = playout_new(&settings, &error);
    if (!audio)
        g_error("%s", error->message);
    Run run = {.loop = g_main_loop_new(NULL, FALSE), .audio = audio};
    audio->events = (AudioEvents){on_started, on_progress, on_finished};
    audio->events_user = &run;
    g_timeout_add(200, tick, &run);

    g_autofree Run *starts = g_new0(Run, (gsize)options.count);
    double idle = measure_idle(&options, run.loop);
    double engine = cpu_s(RUSAGE_SELF), decoder = cpu_s(RUSAGE_CHILDREN);
    int64_t began = g_get_monotonic_time();
    for (int i = 0; i < options.count; i++) {
        play(&run, &options, media);
        starts[i] = run;
    }
    double minutes = (double)(g_get_monotonic_time() - began) / 6e7;
    engine = cpu_s(RUSAGE_SELF) - engine;
    decoder = cpu_s(RUSAGE_CHILDREN) - decoder;
    long engine_kb = peak_kb("self");
    g_clear_pointer(&audio, audio_free);

    g_autoptr(GArray) reference = sim_station_reference(station);
    report(&options, station, starts, reference);
    g_print(",\"engine_cpu_s_per_minute\":%.3f,\"decoder_cpu_s_per_minute\":%.3f,"
            "\"idle_cpu_s_per_minute\":%.3f,\"engine_peak_kb\":%ld,\"decoder_peak_kb\":%ld}\n",
            engine / minutes, decoder / minutes, idle, engine_kb, run.decoder_kb);
    if (options.keep) {
        sim_station_keep(station);
        g_printerr("%s\n", sim_station_dir(station));
    }
    g_main_loop_unref(run.loop);
    return EXIT_SUCCESS;
}
