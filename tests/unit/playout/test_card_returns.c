/* A card that is pulled out and put back again and again while one item plays: each stretch begins
 * where the item would be by then, the receipt's segments say so, and the recording agrees. Twice;
 * twenty times with LOA_LONG. */
#include "playout/audio.h"
#include "sim_station.h"

#include <gio/gio.h>
#include <math.h>
#include <stdlib.h>

#define RATE     48000
#define LEAD_US  (1200 * 1000)
#define AWAY_MS  400
#define CYCLE_S  4.0 /* an item has so much for each return, however slow the machine is */
#define NEAR_MS  5
#define COMPARED (RATE / 4)

typedef struct Stage {
    SimStation *station;
    GMainLoop *loop;
    Audio *audio;
    AudioId id;
    unsigned wanted, returns;
    bool away;
    int64_t start_us;
    AudioEnd end;
    GArray *segments;
    unsigned descriptors; /* open when it began */
} Stage;

static unsigned open_descriptors(void)
{
    unsigned count = 0;
    g_autoptr(GDir) folder = g_dir_open("/proc/self/fd", 0, NULL);
    while (folder && g_dir_read_name(folder))
        count++;
    return count;
}

static void on_started(G_GNUC_UNUSED AudioId id, G_GNUC_UNUSED int64_t first_us,
                       G_GNUC_UNUSED void *user)
{
}

static gboolean put_back(gpointer data)
{
    Stage *stage = data;
    sim_station_set(stage->station, "unplugged=0");
    stage->returns++;
    stage->away = false;
    return G_SOURCE_REMOVE;
}

/* Another second of it was heard. */
static void on_progress(AudioId id, G_GNUC_UNUSED int64_t frames, G_GNUC_UNUSED int64_t at_us,
                        void *user)
{
    Stage *stage = user;
    if (stage->away)
        return;
    if (stage->returns == stage->wanted) {
        stage->audio->ops->stop(stage->audio, id, 0);
        return;
    }
    stage->away = true;
    sim_station_set(stage->station, "unplugged=1");
    g_timeout_add(AWAY_MS, put_back, stage);
}

static void on_finished(G_GNUC_UNUSED AudioId id, const AudioEvidence *evidence, void *user)
{
    Stage *stage = user;
    stage->end = evidence->end;
    stage->segments = g_array_ref(evidence->segments);
    g_main_loop_quit(stage->loop);
}

static void play(Stage *stage)
{
    g_autoptr(GError) error = NULL;
    double seconds = CYCLE_S * (stage->wanted + 1);
    AudioItem item = {.path = sim_station_make_sweep(stage->station, seconds),
                      .start_us = g_get_real_time() + LEAD_US,
                      .expect_frames = (int64_t)(seconds * RATE)};
    stage->start_us = item.start_us;
    stage->id = stage->audio->ops->prepare(stage->audio, &item, &error);
    g_assert_no_error(error);
    stage->audio->ops->arm(stage->audio, stage->id);
    g_main_loop_run(stage->loop);
}

static void assert_it_sounded_where_it_belongs(const Stage *stage, const GArray *reference,
                                               unsigned i)
{
    const AudioSegment *segment = &g_array_index(stage->segments, AudioSegment, i);
    double due = (double)(segment->first_us - stage->start_us) * RATE / 1e6;
    g_assert_cmpfloat(fabs(due - (double)segment->offset_frames), <, NEAR_MS * RATE / 1e3);
    g_assert_cmpint(segment->ended, ==, i == stage->wanted ? AUDIO_END_STOPPED : AUDIO_END_DEVICE);
    SimOnset onset = sim_station_onset(stage->station, segment->first_us, reference,
                                       segment->offset_frames, COMPARED);
    g_test_message("stretch %u from %.2f s: %.4f ms off, correlation %.5f", i,
                   (double)segment->offset_frames / RATE, onset.error_ms, onset.correlation);
    g_assert_cmpfloat(onset.correlation, >, 0.99);
    g_assert_cmpfloat(fabs(onset.error_ms), <, 1);
}

static void test_each_return_goes_on_where_the_item_is_by_then(void)
{
    g_autoptr(GError) error = NULL;
    Stage stage = {.wanted = g_getenv("LOA_LONG") ? 20 : 2};
    stage.station = sim_station_new(g_getenv("G_TEST_BUILDDIR"));
    stage.loop = g_main_loop_new(NULL, FALSE);
    AudioSettings settings = sim_station_settings(stage.station);
    stage.audio = playout_new(&settings, &error);
    g_assert_no_error(error);
    stage.audio->events = (AudioEvents){on_started, on_progress, on_finished};
    stage.audio->events_user = &stage;
    stage.descriptors = open_descriptors();
    play(&stage);
    while (g_main_context_iteration(NULL, FALSE)) /* its child is buried */
        ;
    g_clear_pointer(&stage.audio, audio_free);

    g_autoptr(GArray) reference = sim_station_reference(stage.station);
    g_assert_cmpint(stage.end, ==, AUDIO_END_STOPPED);
    g_assert_cmpuint(stage.returns, ==, stage.wanted);
    g_assert_cmpuint(stage.segments->len, ==, stage.wanted + 1);
    for (unsigned i = 0; i <= stage.wanted; i++)
        assert_it_sounded_where_it_belongs(&stage, reference, i);
    g_assert_cmpuint(open_descriptors(), <=, stage.descriptors);
    g_array_unref(stage.segments);
    sim_station_free(stage.station);
    g_main_loop_unref(stage.loop);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/card returns/each_return_goes_on_where_the_item_is_by_then",
                    test_each_return_goes_on_where_the_item_is_by_then);
    return g_test_run();
}
