/* Whatever a file does to its decoder, the item after it starts on its frame, and no child takes
 * more memory than it may. Two kinds; all of them with LOA_LONG. */
#include "base/sanitized.h"
#include "playout/audio.h"
#include "sim_station.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define RATE      48000
#define LEAD_US   (1200 * 1000)
#define NEXT_US   (500 * 1000) /* after the bad one */
#define SECONDS   0.6
#define USUAL_KIB (24 * 1024)  /* of a child */
#define LIMIT_KIB (136 * 1024) /* ... that wants all there is: its address space and the rest */
#define LOOK_MS   5
#define OPUS_1S   "-c:a", "libopus", "-b:a", "24k"

typedef struct Kind {
    const char *what;
    const char *text;      /* of the file; NULL: */
    const char *const *by; /* ffmpeg's words that make it */
    unsigned cut;          /* percent that are left of it; 0 = all */
    bool always;
    unsigned most_kib;
    const char *fault; /* NULL: any, or none */
} Kind;

static const char *const eight[] = {"-ac", "8", OPUS_1S, "-mapping_family", "1", "-f", "ogg", NULL};
static const char *const vorbis[] = {"-c:a", "libvorbis", "-f", "ogg", NULL};
static const char *const mono[] = {"-ac", "1", OPUS_1S, "-f", "ogg", NULL};

static const Kind kinds[] = {
    {"a decoder that hangs", "hang", NULL, 0, true, USUAL_KIB, "decoder-failed"},
    {"a decoder that allocates without end", "memory", NULL, 0, true, LIMIT_KIB, "decoder-failed"},
    {"nothing in the file", "", NULL, 0, false, USUAL_KIB, "decoder-failed"},
    {"a decoder that dies", "crash", NULL, 0, false, USUAL_KIB, "decoder-failed"},
    {"a decoder that lies about its ring", "hostile", NULL, 0, false, USUAL_KIB, "decoder-failed"},
    {"a decoder that turns in circles", "spin", NULL, 0, false, USUAL_KIB, NULL},
    {"an Ogg page and noise", "OggS\1\2\3\4\5\6\7 no stream", NULL, 0, false, USUAL_KIB,
     "bad-media"},
    {"eight channels", NULL, eight, 0, false, USUAL_KIB, "bad-media"},
    {"Vorbis", NULL, vorbis, 0, false, USUAL_KIB, "bad-media"},
    {"the first half of a file", NULL, mono, 50, false, USUAL_KIB, NULL},
    {"the first tenth of a file", NULL, mono, 10, false, USUAL_KIB, "bad-media"},
};

typedef struct Stage {
    SimStation *station;
    GMainLoop *loop;
    Audio *audio;
    AudioId bad, next;
    bool bad_done, next_done;
    AudioEnd next_end;
    char *fault;
    unsigned peak_kib;
} Stage;

static unsigned peak_of(const char *pid)
{
    g_autofree char *path = g_build_filename("/proc", pid, "status", NULL);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return 0;
    const char *line = strstr(text, "VmHWM:");
    return line ? (unsigned)atol(line + strlen("VmHWM:")) : 0;
}

/* A child is itself only after exec; before, it is a copy of this program. */
static bool is_decoder(const char *pid)
{
    g_autofree char *path = g_build_filename("/proc", pid, "comm", NULL);
    g_autofree char *name = NULL;
    return g_file_get_contents(path, &name, NULL, NULL) &&
           (g_str_has_prefix(name, "loa-decode") || g_str_has_prefix(name, "playout_decoder"));
}

static gboolean look(gpointer data)
{
    Stage *stage = data;
    g_autofree char *path = g_strdup_printf("/proc/self/task/%d/children", (int)getpid());
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return G_SOURCE_CONTINUE;
    g_auto(GStrv) pids = g_strsplit(g_strstrip(text), " ", -1);
    for (char **pid = pids; *pid; pid++)
        if (is_decoder(*pid))
            stage->peak_kib = MAX(stage->peak_kib, peak_of(*pid));
    return G_SOURCE_CONTINUE;
}

static void on_started(G_GNUC_UNUSED AudioId id, G_GNUC_UNUSED int64_t us, G_GNUC_UNUSED void *user)
{
}

static void on_progress(G_GNUC_UNUSED AudioId id, G_GNUC_UNUSED int64_t frames,
                        G_GNUC_UNUSED int64_t at_us, G_GNUC_UNUSED void *user)
{
}

static void on_finished(AudioId id, const AudioEvidence *evidence, void *user)
{
    Stage *stage = user;
    if (id == stage->bad) {
        stage->bad_done = true;
        g_free(stage->fault);
        stage->fault = g_strdup(evidence->fault);
    } else {
        stage->next_done = true;
        stage->next_end = evidence->end;
    }
    g_main_loop_quit(stage->loop);
}

static void set_up(Stage *stage)
{
    g_autoptr(GError) error = NULL;
    const char *build = g_getenv("G_TEST_BUILDDIR");
    g_autofree char *stub =
        g_build_filename(build, "tests/unit/playout/playout_decoder_stub", NULL);
    *stage = (Stage){.station = sim_station_new(build), .loop = g_main_loop_new(NULL, FALSE)};
    AudioSettings settings = sim_station_settings(stage->station);
    settings.decoder = stub;
    stage->audio = playout_new(&settings, &error);
    g_assert_no_error(error);
    stage->audio->events = (AudioEvents){on_started, on_progress, on_finished};
    stage->audio->events_user = stage;
}

static void tear_down(Stage *stage)
{
    audio_free(stage->audio);
    sim_station_free(stage->station);
    g_main_loop_unref(stage->loop);
    g_free(stage->fault);
}

static void run_ffmpeg(const char *const *words, const char *path)
{
    static const char *const begin[] = {
        "ffmpeg", "-v",    "error", "-y",
        "-f",     "lavfi", "-i",    "sine=frequency=440:sample_rate=48000:duration=8"};
    g_autoptr(GPtrArray) command = g_ptr_array_new();
    for (unsigned i = 0; i < G_N_ELEMENTS(begin); i++)
        g_ptr_array_add(command, (void *)begin[i]);
    for (; *words; words++)
        g_ptr_array_add(command, (void *)*words);
    g_ptr_array_add(command, (void *)path);
    g_ptr_array_add(command, NULL);
    g_autoptr(GSubprocess) child =
        g_subprocess_newv((const char *const *)command->pdata, G_SUBPROCESS_FLAGS_NONE, NULL);
    g_assert_true(g_subprocess_wait_check(child, NULL, NULL));
}

static char *bad_file(const Stage *stage, const Kind *kind)
{
    static unsigned number;
    g_autofree char *name = g_strdup_printf("bad-%u", number++);
    char *path = g_build_filename(sim_station_dir(stage->station), name, NULL);
    if (kind->text)
        g_assert_true(g_file_set_contents(path, kind->text, -1, NULL));
    else
        run_ffmpeg(kind->by, path);
    GStatBuf file;
    g_assert_cmpint(g_stat(path, &file), ==, 0);
    if (kind->cut)
        g_assert_cmpint(truncate(path, file.st_size * kind->cut / 100), ==, 0);
    return path;
}

static AudioId begin(Stage *stage, const char *path, int64_t start_us, double seconds)
{
    g_autoptr(GError) error = NULL;
    AudioItem item = {
        .path = path, .start_us = start_us, .expect_frames = (int64_t)(seconds * RATE)};
    AudioId id = stage->audio->ops->prepare(stage->audio, &item, &error);
    g_assert_no_error(error);
    stage->audio->ops->arm(stage->audio, id);
    return id;
}

/* Plays both; gives when the second was due. The bad one is waited for if it has to end soon. */
static int64_t play(Stage *stage, const Kind *kind, const char *media)
{
    g_autofree char *path = bad_file(stage, kind);
    stage->peak_kib = 0;
    stage->bad_done = stage->next_done = false;
    int64_t start_us = g_get_real_time() + LEAD_US;
    guint source = g_timeout_add(LOOK_MS, look, stage);
    stage->bad = begin(stage, path, start_us, 8);
    stage->next = begin(stage, media, start_us + NEXT_US, SECONDS);
    while (!stage->next_done || (kind->fault && !stage->bad_done))
        g_main_loop_run(stage->loop);
    if (!stage->bad_done)
        stage->audio->ops->stop(stage->audio, stage->bad, 0);
    while (!stage->bad_done)
        g_main_loop_run(stage->loop);
    g_source_remove(source);
    return start_us + NEXT_US;
}

static void test_the_next_one_starts_on_its_frame(void)
{
    Stage stage;
    int64_t due_us[G_N_ELEMENTS(kinds)] = {0};
    set_up(&stage);
    const char *media = sim_station_make_sweep(stage.station, SECONDS);
    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++) {
        bool endless = g_strcmp0(kinds[i].text, "memory") == 0; /* only a limit ends it */
        if ((!kinds[i].always && !g_getenv("LOA_LONG")) || (endless && SANITIZED))
            continue;
        due_us[i] = play(&stage, &kinds[i], media);
        g_test_message("%s: %s, at most %u KiB", kinds[i].what, stage.fault, stage.peak_kib);
        g_assert_cmpint(stage.next_end, ==, AUDIO_END_COMPLETE);
        if (kinds[i].fault)
            g_assert_cmpstr(stage.fault, ==, kinds[i].fault);
        if (!SANITIZED)
            g_assert_cmpuint(stage.peak_kib, <, kinds[i].most_kib);
    }
    g_clear_pointer(&stage.audio, audio_free);
    g_autoptr(GArray) reference = sim_station_reference(stage.station);
    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (!due_us[i])
            continue;
        SimOnset onset = sim_station_onset(stage.station, due_us[i], reference, 0, RATE / 4);
        g_test_message("after %s: %.4f ms off", kinds[i].what, onset.error_ms);
        g_assert_true(onset.found);
        g_assert_cmpfloat(fabs(onset.error_ms), <, 1);
    }
    tear_down(&stage);
}

static const char *play_alone(Stage *stage, const char *path, bool regardless)
{
    g_autoptr(GError) error = NULL;
    AudioItem item = {.path = path,
                      .start_us = g_get_real_time(),
                      .expect_frames = (int64_t)(SECONDS * RATE),
                      .regardless = regardless};
    stage->bad_done = false;
    stage->bad = stage->audio->ops->prepare(stage->audio, &item, &error);
    g_assert_no_error(error);
    stage->audio->ops->arm(stage->audio, stage->bad);
    while (!stage->bad_done)
        g_main_loop_run(stage->loop);
    return stage->fault;
}

static void test_a_file_that_broke_two_decoders_gets_no_third(void)
{
    Stage stage;
    set_up(&stage);
    const Kind crash = {.text = "crash"};
    g_autofree char *path = bad_file(&stage, &crash);
    g_assert_cmpstr(play_alone(&stage, path, false), ==, "decoder-failed");
    g_assert_cmpstr(play_alone(&stage, path, false), ==, "quarantined");
    g_assert_cmpstr(play_alone(&stage, path, true), ==, "decoder-failed"); /* an alert tries */
    const char *media = sim_station_make_sweep(stage.station, SECONDS);
    g_assert_cmpint(g_rename(media, path), ==, 0);
    g_assert_cmpstr(play_alone(&stage, path, false), ==, NULL); /* another file by now */
    tear_down(&stage);
}

#define TEST(name) g_test_add_func("/next on time/" #name, test_##name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(the_next_one_starts_on_its_frame);
    TEST(a_file_that_broke_two_decoders_gets_no_third);
    return g_test_run();
}
