/* The recording is a WAV of what left the simulated converter and a log of stamps: from a stamp on,
 * frame f left at realtime_ns + (f - frame) / rate. A known sound is found by normalised
 * correlation at every lag, the maximum refined by a parabola, so that onsets are good to a few
 * microseconds. The reference is decoded by ffmpeg with libopus, not by us; ffmpeg's own Opus
 * decoder delays low-rate speech modes by a fraction of a frame more, which would read as a start
 * error. */
#include "sim_station.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define WAV_HEADER 44
#define SEARCH     2880 /* frames to either side: 60 ms */

typedef struct Stamp {
    double realtime_ns, rate;
    int64_t frame;
} Stamp;

struct SimStation {
    char *build, *dir, *state, *decoder, *media;
    bool keep;
};

static void run(const char *const *argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GSubprocess) child =
        g_subprocess_newv(argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);
    g_assert_no_error(error);
    g_subprocess_wait_check(child, NULL, &error);
    g_assert_no_error(error);
}

SimStation *sim_station_new(const char *build)
{
    SimStation *self = g_new0(SimStation, 1);
    self->build = g_strdup(build);
    self->dir = g_dir_make_tmp("loa-station-XXXXXX", NULL);
    self->state = g_build_filename(self->dir, "station-1.state", NULL);
    self->decoder = g_build_filename(build, "player", "loa-decode", NULL);
    g_autofree char *tool = g_build_filename(build, "hw", "loa-simcard", NULL);
    g_autofree char *modules = g_build_filename(build, "simcard", NULL);
    g_autofree char *config = g_build_filename(self->dir, "asound.conf", NULL);
    run((const char *const[]){tool, "config", "--dir", self->dir, "--modules", modules, "1", NULL});
    g_setenv("ALSA_CONFIG_PATH", config, TRUE);
    return self;
}

void sim_station_free(SimStation *self)
{
    if (!self)
        return;
    if (!self->keep)
        run((const char *const[]){"rm", "-rf", self->dir, NULL});
    g_free(self->build);
    g_free(self->dir);
    g_free(self->state);
    g_free(self->decoder);
    g_free(self->media);
    g_free(self);
}

void sim_station_keep(SimStation *self)
{
    self->keep = true;
}

const char *sim_station_dir(const SimStation *self)
{
    return self->dir;
}

AudioSettings sim_station_settings(const SimStation *self)
{
    return (AudioSettings){.device = "station1", .mixer = "station1", .decoder = self->decoder};
}

void sim_station_set(const SimStation *self, const char *assignment)
{
    g_autofree char *tool = g_build_filename(self->build, "hw", "loa-simcard", NULL);
    run((const char *const[]){tool, self->state, "set", assignment, NULL});
}

const char *sim_station_make_sweep(SimStation *self, double seconds)
{
    char length[G_ASCII_DTOSTR_BUF_SIZE], slope[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_dtostr(length, sizeof length, seconds);
    g_ascii_dtostr(slope, sizeof slope, 2700 / (2 * seconds));
    g_autofree char *source = g_strdup_printf(
        "aevalsrc=0.3*sin(2*PI*(300*t+%s*t*t))+0.1*sin(2*PI*700*t*t):s=48000:d=%s", slope, length);
    g_free(self->media);
    self->media = g_build_filename(self->dir, "sweep.opus", NULL);
    run((const char *const[]){"ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, "-c:a",
                              "libopus", "-b:a", "24k", "-ac", "1", self->media, NULL});
    return self->media;
}

GArray *sim_station_reference(const SimStation *self)
{
    char *bytes = NULL;
    gsize length = 0;
    g_autofree char *raw = g_build_filename(self->dir, "reference.raw", NULL);
    run((const char *const[]){"ffmpeg", "-v", "error", "-y", "-c:a", "libopus", "-i", self->media,
                              "-f", "s16le", "-ac", "2", "-ar", "48000", raw, NULL});
    g_assert_true(g_file_get_contents(raw, &bytes, &length, NULL));
    GArray *samples = g_array_new(FALSE, FALSE, sizeof(int16_t));
    g_array_append_vals(samples, bytes, (guint)(length / sizeof(int16_t)));
    g_free(bytes);
    return samples;
}

static double number_after(const char *line, const char *key)
{
    const char *at = strstr(line, key);
    g_assert_nonnull(at);
    return g_ascii_strtod(at + strlen(key), NULL);
}

static GArray *read_stamps(const SimStation *self)
{
    g_autofree char *path = g_build_filename(self->dir, "station-1.stamps.jsonl", NULL);
    g_autofree char *text = NULL;
    GArray *stamps = g_array_new(FALSE, FALSE, sizeof(Stamp));
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return stamps;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line && **line; line++) {
        if (!strstr(*line, "\"start\"") && !strstr(*line, "\"clock\""))
            continue;
        Stamp stamp = {.realtime_ns = number_after(*line, "\"realtime_ns\":"),
                       .rate = number_after(*line, "\"rate\":"),
                       .frame = (int64_t)number_after(*line, "\"frame\":")};
        g_array_append_val(stamps, stamp);
    }
    return stamps;
}

/* The last stamp at or before `at_us`, or NULL. */
static const Stamp *stamp_at(const GArray *stamps, int64_t at_us)
{
    const Stamp *best = NULL;
    for (unsigned i = 0; i < stamps->len; i++) {
        const Stamp *stamp = &g_array_index(stamps, Stamp, i);
        if (stamp->realtime_ns <= (double)at_us * 1e3)
            best = stamp;
    }
    return best;
}

static double frame_at(const Stamp *stamp, int64_t at_us)
{
    return (double)stamp->frame + ((double)at_us * 1e3 - stamp->realtime_ns) * 1e-9 * stamp->rate;
}

static GArray *read_recording(const SimStation *self)
{
    char *bytes = NULL;
    gsize length = 0;
    g_autofree char *path = g_build_filename(self->dir, "station-1.wav", NULL);
    if (!g_file_get_contents(path, &bytes, &length, NULL) || length < WAV_HEADER)
        return g_array_new(FALSE, FALSE, sizeof(int16_t));
    GArray *samples = g_array_new(FALSE, FALSE, sizeof(int16_t));
    g_array_append_vals(samples, bytes + WAV_HEADER, (length - WAV_HEADER) / sizeof(int16_t));
    g_free(bytes);
    return samples;
}

/* Left channel of an interleaved array; 0 outside. */
static double left(const GArray *samples, int64_t frame)
{
    int64_t index = frame * 2;
    return index >= 0 && index < samples->len ? g_array_index(samples, int16_t, index) : 0;
}

static double correlate(const GArray *recording, int64_t at, const double *wanted, unsigned frames,
                        double *ret_energy)
{
    double product = 0, energy = 0;
    for (unsigned i = 0; i < frames; i++) {
        double sample = left(recording, at + i);
        product += sample * wanted[i];
        energy += sample * sample;
    }
    *ret_energy = energy;
    return energy > 0 ? product / sqrt(energy) : 0;
}

SimOnset sim_station_onset(const SimStation *self, int64_t at_us, const GArray *reference,
                           int64_t from, unsigned frames)
{
    g_autoptr(GArray) recording = read_recording(self);
    g_autoptr(GArray) stamps = read_stamps(self);
    g_autofree double *wanted = g_new(double, frames);
    g_autofree double *match = g_new0(double, 2 * SEARCH + 1);
    const Stamp *stamp = stamp_at(stamps, at_us);
    if (!stamp)
        return (SimOnset){0};

    double norm = 0, energy = 0, level = 0;
    for (unsigned i = 0; i < frames; i++) {
        wanted[i] = left(reference, from + i);
        norm += wanted[i] * wanted[i];
    }
    double exact = frame_at(stamp, at_us);
    int64_t centre = llround(exact);
    int best = 0;
    for (int lag = -SEARCH; lag <= SEARCH; lag++) {
        double *value = &match[lag + SEARCH];
        *value = correlate(recording, centre + lag, wanted, frames, &energy) / sqrt(norm);
        if (*value > match[best + SEARCH]) {
            best = lag;
            level = energy / frames;
        }
    }
    double shift = best;
    if (ABS(best) < SEARCH) {
        const double *m = &match[best + SEARCH];
        double bend = m[-1] - 2 * m[0] + m[1];
        shift += bend < 0 ? 0.5 * (m[-1] - m[1]) / bend : 0;
    }
    return (SimOnset){
        .found = match[best + SEARCH] > 0.5,
        .error_ms = ((double)centre + shift - exact) * 1e3 / stamp->rate,
        .correlation = match[best + SEARCH],
        .level_dbfs = 10 * log10(level / (32768.0 * 32768) + 1e-20),
    };
}

int sim_station_peak(const SimStation *self, int64_t from_us, int64_t to_us)
{
    g_autoptr(GArray) recording = read_recording(self);
    g_autoptr(GArray) stamps = read_stamps(self);
    const Stamp *stamp = stamp_at(stamps, from_us);
    int peak = 0;
    if (!stamp)
        return 0;
    for (int64_t f = (int64_t)frame_at(stamp, from_us); f < (int64_t)frame_at(stamp, to_us); f++)
        peak = MAX(peak, (int)fabs(left(recording, f)));
    return peak;
}
