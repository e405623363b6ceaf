/* The whole playout on the simulated ALSA card: what it says is compared with what was recorded. */
#include "playout/audio.h"
#include "sim_station.h"

#include <gio/gio.h>
#include <math.h>

#define RATE    48000
#define LEAD_US (1200 * 1000)
#define SECONDS 2.0

typedef struct Stage {
    SimStation *station;
    GMainLoop *loop;
    Audio *audio;
    const char *fault_then;  /* done to the card when the item has started ... */
    const char *fault_later; /* ... and a while later */
    unsigned started, finished;
    int64_t start_us, first_us;
    AudioEvidence evidence;
    char *fault;
} Stage;

static gboolean do_later(gpointer data)
{
    Stage *stage = data;
    sim_station_set(stage->station, stage->fault_later);
    return G_SOURCE_REMOVE;
}

static gboolean do_then(gpointer data)
{
    Stage *stage = data;
    sim_station_set(stage->station, stage->fault_then);
    if (stage->fault_later)
        g_timeout_add(400, do_later, stage);
    return G_SOURCE_REMOVE;
}

static void on_started(G_GNUC_UNUSED AudioId id, int64_t first_us, void *user)
{
    Stage *stage = user;
    stage->started++;
    stage->first_us = first_us;
    if (stage->fault_then)
        g_timeout_add(500, do_then, stage);
}

static void on_progress(G_GNUC_UNUSED AudioId id, G_GNUC_UNUSED int64_t frames,
                        G_GNUC_UNUSED int64_t at_us, G_GNUC_UNUSED void *user)
{
}

static void on_finished(G_GNUC_UNUSED AudioId id, const AudioEvidence *evidence, void *user)
{
    Stage *stage = user;
    stage->finished++;
    stage->evidence = *evidence;
    g_array_ref(evidence->segments);
    stage->fault = g_strdup(evidence->fault);
    g_main_loop_quit(stage->loop);
}

static Stage *given_station_with_mixer(const char *mixer)
{
    g_autoptr(GError) error = NULL;
    Stage *stage = g_new0(Stage, 1);
    stage->station = sim_station_new(g_getenv("G_TEST_BUILDDIR"));
    stage->loop = g_main_loop_new(NULL, FALSE);
    AudioSettings settings = sim_station_settings(stage->station);
    if (mixer)
        settings.mixer = mixer;
    stage->audio = playout_new(&settings, &error);
    g_assert_no_error(error);
    stage->audio->events = (AudioEvents){on_started, on_progress, on_finished};
    stage->audio->events_user = stage;
    return stage;
}

static Stage *given_station(void)
{
    return given_station_with_mixer(NULL);
}

static void stage_free(Stage *stage)
{
    audio_free(stage->audio);
    sim_station_free(stage->station);
    g_main_loop_unref(stage->loop);
    g_clear_pointer(&stage->evidence.segments, g_array_unref);
    g_free(stage->fault);
    g_free(stage);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stage, stage_free)

static void play(Stage *stage, const char *path, int64_t skip)
{
    g_autoptr(GError) error = NULL;
    AudioItem item = {.path = path,
                      .start_us = g_get_real_time() + LEAD_US,
                      .skip_frames = skip,
                      .expect_frames = (int64_t)(SECONDS * RATE)};
    stage->start_us = item.start_us;
    AudioId id = stage->audio->ops->prepare(stage->audio, &item, &error);
    g_assert_no_error(error);
    stage->audio->ops->arm(stage->audio, id);
    g_main_loop_run(stage->loop);
    g_assert_cmpuint(stage->finished, ==, 1);
}

static const AudioSegment *segment(const Stage *stage, unsigned i)
{
    g_assert_cmpuint(i, <, stage->evidence.segments->len);
    return &g_array_index(stage->evidence.segments, AudioSegment, i);
}

static void test_an_item_is_heard_whole_and_on_time(void)
{
    g_autoptr(Stage) stage = given_station();
    sim_station_set(stage->station, "mute=1"); /* as an HDA card wakes up */
    sim_station_set(stage->station, "volume=0");
    const char *media = sim_station_make_sweep(stage->station, SECONDS);
    play(stage, media, 0);

    g_assert_cmpint(stage->evidence.end, ==, AUDIO_END_COMPLETE);
    g_assert_cmpuint(stage->evidence.segments->len, ==, 1);
    g_assert_cmpint(segment(stage, 0)->frames, ==, (int64_t)(SECONDS * RATE));
    g_assert_true(stage->evidence.mixer_present);
    g_assert_false(stage->evidence.mixer_muted);
    g_assert_cmpfloat(stage->evidence.rms_dbfs, >, -30);
    g_assert_cmpstr(stage->fault, ==, NULL);

    g_clear_pointer(&stage->audio, audio_free); /* brings the recording up to date */
    g_autoptr(GArray) reference = sim_station_reference(stage->station);
    SimOnset onset = sim_station_onset(stage->station, stage->start_us, reference, 0,
                                       (unsigned)(SECONDS * RATE) - 100);
    g_test_message("start error %.4f ms, correlation %.5f", onset.error_ms, onset.correlation);
    g_assert_cmpfloat(onset.correlation, >, 0.999);
    g_assert_cmpfloat(fabs(onset.error_ms), <, 1);
    g_assert_cmpfloat(fabs((double)(stage->first_us - stage->start_us)), <, 1000);
    int64_t end_us = stage->start_us + (int64_t)(SECONDS * 1e6);
    g_assert_cmpint(
        sim_station_peak(stage->station, stage->start_us - LEAD_US / 2, stage->start_us - 1000), ==,
        0);
    g_assert_cmpint(sim_station_peak(stage->station, end_us + 1000, end_us + 20000), ==, 0);
}

static void test_an_item_may_start_in_its_middle(void)
{
    g_autoptr(Stage) stage = given_station();
    const char *media = sim_station_make_sweep(stage->station, SECONDS);
    play(stage, media, RATE / 2 + 7);
    g_assert_cmpint(segment(stage, 0)->offset_frames, ==, RATE / 2 + 7);
    g_assert_cmpint(segment(stage, 0)->frames, ==, (int64_t)(SECONDS * RATE) - RATE / 2 - 7);

    g_clear_pointer(&stage->audio, audio_free);
    g_autoptr(GArray) reference = sim_station_reference(stage->station);
    SimOnset onset =
        sim_station_onset(stage->station, stage->start_us, reference, RATE / 2 + 7, RATE);
    g_assert_cmpfloat(onset.correlation, >, 0.999);
    g_assert_cmpfloat(fabs(onset.error_ms), <, 1);
}

/* By the card's mixer where there is one, else before it: as quiet as asked for in either case. */
static void test_a_mixer_that_cannot_be_set_is_stood_in_for(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Stage) stage = given_station();
    g_assert_true(stage->audio->ops->set_volume(stage->audio, -10, &error));
    play(stage, sim_station_make_sweep(stage->station, SECONDS), 0);
    g_assert_cmpfloat_with_epsilon(stage->evidence.mixer_db, -10, 0.25);
    double full_dbfs = stage->evidence.rms_dbfs;

    g_autoptr(Stage) other = given_station_with_mixer("no-such-card");
    g_assert_false(other->audio->ops->set_volume(other->audio, -10, &error));
    play(other, sim_station_make_sweep(other->station, SECONDS), 0);
    g_assert_cmpfloat_with_epsilon(other->evidence.rms_dbfs, full_dbfs - 10, 0.25);
}

static void test_a_mute_while_it_plays_is_in_the_evidence(void)
{
    g_autoptr(Stage) stage = given_station();
    stage->fault_then = "mute=1";
    play(stage, sim_station_make_sweep(stage->station, SECONDS), 0);
    g_assert_true(stage->evidence.mixer_muted);
    g_assert_cmpstr(stage->fault, ==, "muted");
}

static void test_an_unplugged_card_never_starts_and_ends_as_no_device(void)
{
    g_autoptr(Stage) stage = given_station();
    sim_station_set(stage->station, "unplugged=1");
    play(stage, sim_station_make_sweep(stage->station, SECONDS), 0);
    g_assert_cmpint(stage->evidence.end, ==, AUDIO_END_DEVICE);
    g_assert_cmpuint(stage->evidence.segments->len, ==, 0);
    g_assert_cmpuint(stage->started, ==, 0);
    g_assert_cmpstr(stage->fault, ==, "no-device");
}

static void test_a_card_pulled_and_put_back_leaves_two_segments(void)
{
    g_autoptr(Stage) stage = given_station();
    stage->fault_then = "unplugged=1";
    stage->fault_later = "unplugged=0";
    play(stage, sim_station_make_sweep(stage->station, SECONDS), 0);
    g_assert_cmpint(stage->evidence.end, ==, AUDIO_END_COMPLETE);
    g_assert_cmpuint(stage->evidence.segments->len, ==, 2);
    const AudioSegment *first = segment(stage, 0), *second = segment(stage, 1);
    g_assert_cmpint(first->ended, ==, AUDIO_END_DEVICE);
    g_assert_cmpint(second->offset_frames, >=, first->frames + RATE / 4);
    g_assert_cmpint(second->offset_frames + second->frames, ==, (int64_t)(SECONDS * RATE));

    g_clear_pointer(&stage->audio, audio_free);
    g_autoptr(GArray) reference = sim_station_reference(stage->station);
    SimOnset onset = sim_station_onset(stage->station, second->first_us, reference,
                                       second->offset_frames, RATE / 4);
    g_test_message("second segment %.4f ms off what was said, correlation %.5f", onset.error_ms,
                   onset.correlation);
    g_assert_cmpfloat(onset.correlation, >, 0.99);
    g_assert_cmpfloat(fabs(onset.error_ms), <, 1);
}

static void test_a_pointer_that_stalls_for_good_is_never_complete(void)
{
    g_autoptr(Stage) stage = given_station();
    stage->fault_then = "stalled=1";
    play(stage, sim_station_make_sweep(stage->station, SECONDS), 0);
    g_assert_cmpint(stage->evidence.end, ==, AUDIO_END_DEVICE);
    g_assert_cmpint(segment(stage, 0)->frames, <, (int64_t)(SECONDS * RATE));
    g_assert_cmpstr(stage->fault, ==, "stalled");
}

static void test_what_is_not_ogg_ends_as_bad_media(void)
{
    g_autoptr(Stage) stage = given_station();
    g_autofree char *path = g_build_filename(sim_station_dir(stage->station), "not.opus", NULL);
    g_assert_true(g_file_set_contents(path, "not an ogg file", -1, NULL));
    play(stage, path, 0);
    g_assert_cmpint(stage->evidence.end, ==, AUDIO_END_MEDIA);
    g_assert_cmpstr(stage->fault, ==, "bad-media");
    g_assert_cmpuint(stage->started, ==, 0);
}

static void test_a_file_that_is_not_there_is_an_error_of_prepare(void)
{
    g_autoptr(Stage) stage = given_station();
    g_autoptr(GError) error = NULL;
    AudioItem item = {.path = "/nowhere/x.opus", .start_us = g_get_real_time()};
    g_assert_cmpuint(stage->audio->ops->prepare(stage->audio, &item, &error), ==, 0);
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* ---- several at once ---- */

typedef struct Choir {
    Stage *stage;
    unsigned finished, expected;
    int64_t first_us[4], last_us[4];
    AudioEnd end[4];
} Choir;

static void choir_started(G_GNUC_UNUSED AudioId id, G_GNUC_UNUSED int64_t first_us,
                          G_GNUC_UNUSED void *user)
{
}

static void choir_finished(AudioId id, const AudioEvidence *evidence, void *user)
{
    Choir *choir = user;
    g_assert_cmpuint(id, <, 4);
    choir->end[id] = evidence->end;
    for (unsigned i = 0; i < evidence->segments->len; i++) {
        const AudioSegment *segment = &g_array_index(evidence->segments, AudioSegment, i);
        choir->first_us[id] = i ? choir->first_us[id] : segment->first_us;
        choir->last_us[id] = segment->last_us;
    }
    if (++choir->finished == choir->expected)
        g_main_loop_quit(choir->stage->loop);
}

static void given_a_choir(Choir *choir, Stage *stage, unsigned voices)
{
    *choir = (Choir){.stage = stage, .expected = voices};
    stage->audio->events = (AudioEvents){choir_started, on_progress, choir_finished};
    stage->audio->events_user = choir;
}

static AudioId begin(Stage *stage, const char *path, int64_t start_us, AudioId after)
{
    g_autoptr(GError) error = NULL;
    AudioItem item = {.path = path,
                      .start_us = start_us,
                      .expect_frames = (int64_t)(SECONDS * RATE),
                      .after = after};
    AudioId id = stage->audio->ops->prepare(stage->audio, &item, &error);
    g_assert_no_error(error);
    stage->audio->ops->arm(stage->audio, id);
    return id;
}

static void test_items_of_one_airing_join_without_a_gap(void)
{
    Choir choir;
    g_autoptr(Stage) stage = given_station();
    const char *media = sim_station_make_sweep(stage->station, SECONDS);
    given_a_choir(&choir, stage, 3);
    int64_t start_us = g_get_real_time() + LEAD_US;
    AudioId id = 0;
    for (unsigned i = 0; i < 3; i++)
        id = begin(stage, media, start_us, id);
    g_main_loop_run(stage->loop);

    g_clear_pointer(&stage->audio, audio_free);
    g_autoptr(GArray) reference = sim_station_reference(stage->station);
    for (unsigned i = 0; i < 3; i++) {
        int64_t at_us = start_us + (int64_t)(i * SECONDS * 1e6);
        SimOnset onset = sim_station_onset(stage->station, at_us, reference, 0, RATE);
        g_test_message("item %u is %.4f ms off", i, onset.error_ms);
        g_assert_cmpfloat(onset.correlation, >, 0.999);
        g_assert_cmpfloat(fabs(onset.error_ms), <, 1);
        g_assert_cmpint(choir.end[i + 1], ==, AUDIO_END_COMPLETE);
    }
    g_assert_cmpint(choir.first_us[2] - choir.last_us[1], <, 1000);
}

static gboolean quit_loop(gpointer data)
{
    g_main_loop_quit(data);
    return G_SOURCE_REMOVE;
}

static void let_pass(Stage *stage, unsigned ms)
{
    g_timeout_add(ms, quit_loop, stage->loop);
    g_main_loop_run(stage->loop);
}

static void test_a_held_clip_sounds_over_a_programme_and_both_are_whole(void)
{
    Choir choir;
    g_autoptr(Stage) stage = given_station();
    const char *media = sim_station_make_sweep(stage->station, SECONDS);
    given_a_choir(&choir, stage, 2);
    stage->audio->ops->hold(stage->audio, (const char *const[]){media, NULL});
    AudioId programme = begin(stage, media, g_get_real_time() + LEAD_US, 0);
    let_pass(stage, LEAD_US / 1000 + 500);
    stage->audio->ops->duck(stage->audio, programme, -40);
    AudioId alert = begin(stage, media, 0, 0);
    g_main_loop_run(stage->loop);

    g_assert_cmpint(choir.end[programme], ==, AUDIO_END_COMPLETE);
    g_assert_cmpint(choir.end[alert], ==, AUDIO_END_COMPLETE);
    g_clear_pointer(&stage->audio, audio_free);
    g_autoptr(GArray) reference = sim_station_reference(stage->station);
    SimOnset onset =
        sim_station_onset(stage->station, choir.first_us[alert], reference, 0, 2 * RATE - 4800);
    g_test_message("alert %.4f ms off what was said, correlation %.4f", onset.error_ms,
                   onset.correlation);
    g_assert_cmpfloat(onset.correlation, >, 0.99);
    g_assert_cmpfloat(fabs(onset.error_ms), <, 1);
}

#define TEST(name) g_test_add_func("/playout/" #name, test_##name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(an_item_is_heard_whole_and_on_time);
    TEST(an_item_may_start_in_its_middle);
    TEST(a_mixer_that_cannot_be_set_is_stood_in_for);
    TEST(a_mute_while_it_plays_is_in_the_evidence);
    TEST(an_unplugged_card_never_starts_and_ends_as_no_device);
    TEST(a_card_pulled_and_put_back_leaves_two_segments);
    TEST(a_pointer_that_stalls_for_good_is_never_complete);
    TEST(what_is_not_ogg_ends_as_bad_media);
    TEST(a_file_that_is_not_there_is_an_error_of_prepare);
    TEST(items_of_one_airing_join_without_a_gap);
    TEST(a_held_clip_sounds_over_a_programme_and_both_are_whole);
    return g_test_run();
}
