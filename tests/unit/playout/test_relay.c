/* Streams of a radio on loopback through the whole playout; judged by the card's recording. */
#include "playout/audio.h"
#include "playout/relay.h"
#include "radio.h"
#include "sim_station.h"

#include <gio/gio.h>

#define LOUD    12000 /* a tone of half amplitude peaks at 16,384, one of a quarter at 8,192 */
#define SOFT    6000
#define MS      1000
#define STEP_US (50 * MS)

typedef struct Set {
    SimStation *station;
    Radio *radio;
    GMainLoop *loop;
    Audio *audio;
    AudioEnd end;
    GArray *segments;
    char *source, *fault;
    unsigned switches;
    uint64_t bytes;
    int64_t start_us, stop_us;
    bool finished;
} Set;

static void on_started(G_GNUC_UNUSED AudioId id, G_GNUC_UNUSED int64_t first_us,
                       G_GNUC_UNUSED void *user)
{
}

static void on_progress(G_GNUC_UNUSED AudioId id, G_GNUC_UNUSED int64_t frames,
                        G_GNUC_UNUSED int64_t at_us, G_GNUC_UNUSED void *user)
{
}

static void on_finished(G_GNUC_UNUSED AudioId id, const AudioEvidence *evidence, void *user)
{
    Set *set = user;
    if (set->finished) /* the file behind it */
        return;
    set->finished = true;
    set->end = evidence->end;
    set->segments = g_array_ref(evidence->segments);
    set->source = g_strdup(evidence->source);
    set->fault = g_strdup(evidence->fault);
    set->switches = evidence->switches;
    set->bytes = evidence->bytes;
    g_main_loop_quit(set->loop);
}

static Set *given_a_radio(void)
{
    g_autoptr(GError) error = NULL;
    Set *set = g_new0(Set, 1);
    set->station = sim_station_new(g_getenv("G_TEST_BUILDDIR"));
    set->radio = radio_new(sim_station_dir(set->station));
    set->loop = g_main_loop_new(NULL, FALSE);
    AudioSettings settings = sim_station_settings(set->station);
    set->audio = playout_new(&settings, &error);
    g_assert_no_error(error);
    set->audio->events = (AudioEvents){on_started, on_progress, on_finished};
    set->audio->events_user = set;
    return set;
}

static void set_free(Set *set)
{
    audio_free(set->audio);
    radio_free(set->radio);
    sim_station_free(set->station);
    g_main_loop_unref(set->loop);
    g_clear_pointer(&set->segments, g_array_unref);
    g_free(set->source);
    g_free(set->fault);
    g_free(set);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Set, set_free)

static gboolean quit(gpointer data)
{
    g_main_loop_quit(data);
    return G_SOURCE_REMOVE;
}

static gboolean stop(gpointer data)
{
    Set *set = data;
    set->stop_us = g_get_real_time();
    set->audio->ops->stop(set->audio, 1, 300);
    return G_SOURCE_REMOVE;
}

/* Plays the first of two that can be heard for `seconds`, `lead_ms` after it is prepared. */
static void when_it_plays(Set *set, const char *first, const char *second, unsigned lead_ms,
                          unsigned seconds)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *one = radio_url(set->radio, first);
    g_autofree char *two = second ? radio_url(set->radio, second) : NULL;
    const AudioSource sources[] = {{one, "mp3"}, {two, "mp3"}, {0}};
    AudioItem item = {.sources = sources, .start_us = g_get_real_time() + lead_ms * MS};
    set->start_us = item.start_us;
    AudioId id = set->audio->ops->prepare(set->audio, &item, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(id, ==, 1);
    set->audio->ops->arm(set->audio, id);
    g_timeout_add(lead_ms + seconds * 1000, stop, set);
    g_main_loop_run(set->loop);
    g_assert_true(set->finished);
    g_clear_pointer(&set->audio, audio_free); /* brings the recording up to date */
}

static int64_t segment_frames(const Set *set)
{
    int64_t frames = 0;
    for (unsigned i = 0; i < set->segments->len; i++)
        frames += g_array_index(set->segments, AudioSegment, i).frames;
    return frames;
}

/* The longest stretch without sound between the first sound and the stop. */
static int64_t longest_gap_us(const Set *set)
{
    int64_t heard_us = 0, longest = 0;
    for (int64_t at = set->start_us; at < set->stop_us; at += STEP_US)
        if (sim_station_peak(set->station, at, at + STEP_US) > SOFT / 2) {
            longest = heard_us ? MAX(longest, at - heard_us - STEP_US) : 0;
            heard_us = at;
        }
    return longest;
}

static void test_a_stream_is_heard_from_its_instant_until_it_is_stopped(void)
{
    g_autoptr(Set) set = given_a_radio();
    when_it_plays(set, "/loud", NULL, 3000, 3);
    const AudioSegment *segment = &g_array_index(set->segments, AudioSegment, 0);
    g_assert_cmpint(set->end, ==, AUDIO_END_STOPPED);
    g_assert_cmpstr(set->fault, ==, NULL);
    g_assert_cmpuint(set->segments->len, ==, 1);
    g_assert_cmpint(ABS(segment->first_us - set->start_us), <, 2 * MS);
    g_assert_cmpint(
        sim_station_peak(set->station, set->start_us - 200 * MS, set->start_us - 2 * MS), ==, 0);
    g_assert_cmpint(sim_station_peak(set->station, set->start_us, set->start_us + 100 * MS), >,
                    LOUD);
    g_assert_cmpint(longest_gap_us(set), ==, 0);
    g_assert_cmpint(
        sim_station_peak(set->station, set->stop_us + 700 * MS, set->stop_us + 800 * MS), ==, 0);
    g_assert_true(g_str_has_suffix(set->source, "/loud"));
    g_assert_cmpuint(set->bytes, >, 20000);
    g_assert_cmpuint(set->switches, ==, 0);
}

static void test_a_source_that_ends_is_followed_by_the_next_without_a_gap(void)
{
    g_autoptr(Set) set = given_a_radio();
    when_it_plays(set, "/ends", "/soft", 2500, 5);
    g_assert_cmpint(sim_station_peak(set->station, set->start_us, set->start_us + 100 * MS), >,
                    LOUD);
    int last = sim_station_peak(set->station, set->stop_us - 200 * MS, set->stop_us - 100 * MS);
    g_assert_cmpint(last, >, SOFT);
    g_assert_cmpint(last, <, LOUD);
    g_assert_cmpint(longest_gap_us(set), ==, 0);
    g_assert_true(g_str_has_suffix(set->source, "/soft"));
    /* Heard as one, told as two: which source each part came from. */
    g_assert_cmpuint(set->segments->len, ==, 2);
    const AudioSegment *loud = &g_array_index(set->segments, AudioSegment, 0);
    const AudioSegment *soft = &g_array_index(set->segments, AudioSegment, 1);
    g_assert_cmpuint(loud->source, ==, 0);
    g_assert_cmpuint(soft->source, ==, 1);
    g_assert_cmpint(soft->offset_frames, ==, loud->offset_frames + loud->frames);
    g_assert_cmpint(ABS(soft->first_us - loud->last_us), <, MS);
    g_assert_cmpint(ABS(loud->frames - 2 * 48000), <, 4800);
}

static void test_a_source_that_stops_sending_is_left_within_three_seconds(void)
{
    g_autoptr(Set) set = given_a_radio();
    when_it_plays(set, "/stops", "/soft", 500, 9);
    g_test_message("gap %.2f s, %u segments", (double)longest_gap_us(set) / 1e6,
                   set->segments->len);
    int last = sim_station_peak(set->station, set->stop_us - 200 * MS, set->stop_us - 100 * MS);
    g_assert_cmpint(last, >, SOFT);
    g_assert_cmpint(last, <, LOUD);
    g_assert_cmpint(longest_gap_us(set), <, 3000 * MS);
    g_assert_cmpuint(set->segments->len, ==, 2);
    g_assert_cmpint(g_array_index(set->segments, AudioSegment, 0).ended, ==, AUDIO_END_MEDIA);
    g_assert_cmpuint(g_array_index(set->segments, AudioSegment, 1).source, ==, 1);
    g_assert_cmpint(segment_frames(set), <, 9 * 48000);
}

static void test_sources_that_cannot_be_heard_are_passed_over(void)
{
    static const char *const bad[] = {"/nowhere", "/nothing"};
    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(Set) set = given_a_radio();
        when_it_plays(set, bad[i], "/soft", 100, 6);
        g_assert_cmpuint(set->segments->len, ==, 1);
        const AudioSegment *segment = &g_array_index(set->segments, AudioSegment, 0);
        g_test_message("%s: heard after %.2f s", bad[i],
                       (double)(segment->first_us - set->start_us) / 1e6);
        g_assert_cmpint(segment->first_us - set->start_us, <, 5000 * MS);
        g_assert_cmpuint(set->switches, >=, 1);
    }
}

static void test_a_stream_ends_itself_and_is_followed_by_a_file_without_a_gap(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Set) set = given_a_radio();
    const char *media = sim_station_make_sweep(set->station, 1);
    g_autofree char *url = radio_url(set->radio, "/loud");
    const AudioSource sources[] = {{url, "mp3"}, {0}};
    AudioItem stream = {
        .sources = sources, .start_us = g_get_real_time() + 3000 * MS, .expect_frames = 2 * 48000};
    AudioId first = set->audio->ops->prepare(set->audio, &stream, &error);
    AudioItem file = {.path = media, .start_us = stream.start_us, .after = first};
    AudioId second = set->audio->ops->prepare(set->audio, &file, &error);
    g_assert_no_error(error);
    set->audio->ops->arm(set->audio, first);
    set->audio->ops->arm(set->audio, second);
    g_main_loop_run(set->loop); /* ends with the first of the two */
    g_assert_cmpint(set->end, ==, AUDIO_END_COMPLETE);
    g_assert_cmpint(segment_frames(set), ==, 2 * 48000);
    g_timeout_add(1300, quit, set->loop);
    g_main_loop_run(set->loop);
    g_clear_pointer(&set->audio, audio_free);
    g_autoptr(GArray) reference = sim_station_reference(set->station);
    SimOnset onset =
        sim_station_onset(set->station, stream.start_us + 2000 * MS, reference, 0, 40000);
    g_test_message("the file is %.4f ms off", onset.error_ms);
    g_assert_cmpfloat(onset.correlation, >, 0.999);
    g_assert_cmpfloat(ABS(onset.error_ms), <, 1);
}

static gboolean drain_until_left(gpointer data)
{
    void **both = data;
    int16_t samples[2 * 480];
    while (ring_take(both[0], samples, 480) > 0)
        ;
    if (relay_switches(both[1]) == 0)
        return G_SOURCE_CONTINUE;
    g_main_loop_quit(both[2]);
    return G_SOURCE_REMOVE;
}

static gboolean too_long(gpointer data)
{
    g_main_loop_quit(data);
    return G_SOURCE_CONTINUE;
}

static void test_a_silent_source_is_left_for_the_next(void)
{
    g_autoptr(Set) set = given_a_radio();
    AudioSettings settings = sim_station_settings(set->station);
    g_autofree char *silent = radio_url(set->radio, "/silent");
    g_autofree char *loud = radio_url(set->radio, "/loud");
    const AudioSource sources[] = {{silent, "mp3"}, {loud, "mp3"}, {0}};
    g_autoptr(Ring) ring = ring_new(NULL);
    g_autoptr(Relay) relay = relay_new(&(RelaySettings){
        .program = settings.decoder, .sources = sources, .ring = ring, .silence_s = 1});
    void *both[] = {ring, relay, set->loop};
    g_timeout_add(20, drain_until_left, both);
    guint guard = g_timeout_add_seconds(20, too_long, set->loop);
    g_main_loop_run(set->loop);
    g_source_remove(guard);
    g_assert_cmpstr(relay_url(relay), ==, loud);
    g_assert_cmpstr(relay_fault(relay), ==, "silent");
    g_clear_pointer(&relay, relay_free);
    g_timeout_add(500, quit, set->loop); /* its last child is waited for */
    g_main_loop_run(set->loop);
}

typedef struct Vigil {
    Ring *ring;
    Relay *relay;
    Radio *radio;
    GMainLoop *loop;
    unsigned fell_silent;  /* turns since it was left */
    unsigned taken_asleep; /* frames that came in that time */
    bool woken;
} Vigil;

/* A second after it was left the radio wakes up; over as soon as it is heard. */
static gboolean keep_vigil(gpointer data)
{
    Vigil *self = data;
    int16_t samples[2 * 480];
    unsigned took = 0;
    for (unsigned got; (got = ring_take(self->ring, samples, 480)) > 0;)
        took += got;
    if (self->woken && took > 0) {
        g_main_loop_quit(self->loop);
        return G_SOURCE_REMOVE;
    }
    if (!relay_is_silent(self->relay) || self->woken)
        return G_SOURCE_CONTINUE;
    if (self->fell_silent++ > 5) /* what lay in the ring is gone */
        self->taken_asleep += took;
    if (self->fell_silent == 150) {
        radio_wake(self->radio);
        self->woken = true;
    }
    return G_SOURCE_CONTINUE;
}

static void test_the_only_source_is_left_while_it_is_silent(void)
{
    g_autoptr(Set) set = given_a_radio();
    AudioSettings settings = sim_station_settings(set->station);
    g_autofree char *hushed = radio_url(set->radio, "/hushed");
    const AudioSource sources[] = {{hushed, "mp3"}, {0}};
    g_autoptr(Ring) ring = ring_new(NULL);
    g_autoptr(Relay) relay = relay_new(&(RelaySettings){.program = settings.decoder,
                                                        .sources = sources,
                                                        .ring = ring,
                                                        .silence_s = 1,
                                                        .may_leave = true});
    Vigil vigil = {.ring = ring, .relay = relay, .radio = set->radio, .loop = set->loop};
    g_timeout_add(20, keep_vigil, &vigil);
    guint guard = g_timeout_add_seconds(20, too_long, set->loop);
    g_main_loop_run(set->loop);
    g_source_remove(guard);
    g_assert_true(vigil.woken);
    g_assert_cmpuint(vigil.taken_asleep, ==, 0);
    g_clear_pointer(&relay, relay_free);
    g_timeout_add(500, quit, set->loop); /* its last child is waited for */
    g_main_loop_run(set->loop);
}

static void test_nothing_to_be_heard_is_said(void)
{
    g_autoptr(Set) set = given_a_radio();
    when_it_plays(set, "/nowhere", NULL, 100, 2);
    g_assert_cmpuint(set->segments->len, ==, 0);
    g_assert_cmpstr(set->fault, ==, "unreachable");
}

#define TEST(name) g_test_add_func("/relay/" #name, test_##name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(a_stream_is_heard_from_its_instant_until_it_is_stopped);
    TEST(a_source_that_ends_is_followed_by_the_next_without_a_gap);
    TEST(a_source_that_stops_sending_is_left_within_three_seconds);
    TEST(sources_that_cannot_be_heard_are_passed_over);
    TEST(a_stream_ends_itself_and_is_followed_by_a_file_without_a_gap);
    TEST(a_silent_source_is_left_for_the_next);
    TEST(the_only_source_is_left_while_it_is_silent);
    TEST(nothing_to_be_heard_is_said);
    return g_test_run();
}
