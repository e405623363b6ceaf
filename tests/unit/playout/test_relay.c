/* Streams of a radio on loopback: through the whole playout, judged by the card's recording; and
 * the relay alone, whose ring is emptied as fast as it fills.
 *
 * Nothing here is held against the clock on the wall: a start is given more time until the stream
 * lies ready for it, and sound is placed by the card's own stamps. */
#include "playout/audio.h"
#include "playout/relay.h"
#include "playout/relay_return.h"
#include "radio.h"
#include "sim_station.h"

#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

#define LOUD    12000 /* a tone of half amplitude peaks at 16,384, one of a quarter at 8,192 */
#define SOFT    6000
#define MS      1000
#define STEP_US (50 * MS)
#define BLOCK   480                            /* frames */
#define READY   (RADIO_BYTES_A_SECOND * 7 / 4) /* a stream that has fetched so much can begin */

/* ---- through the card ---- */

typedef struct Set {
    SimStation *station;
    Radio *radio;
    GMainLoop *loop;
    Audio *audio;
    AudioId first; /* the stream */
    AudioEnd end;
    GArray *segments;
    char *source, *fault;
    unsigned switches;
    uint64_t bytes;
    int64_t start_us, stop_us;
    bool finished, ready;
} Set;

static void on_started(G_GNUC_UNUSED AudioId id, G_GNUC_UNUSED int64_t first_us,
                       G_GNUC_UNUSED void *user)
{
}

static void on_progress(G_GNUC_UNUSED AudioId id, G_GNUC_UNUSED int64_t frames,
                        G_GNUC_UNUSED int64_t at_us, G_GNUC_UNUSED void *user)
{
}

static void on_finished(AudioId id, const AudioEvidence *evidence, void *user)
{
    Set *set = user;
    g_main_loop_quit(set->loop);
    if (id != set->first) /* the file behind it */
        return;
    set->finished = true;
    set->end = evidence->end;
    set->segments = g_array_ref(evidence->segments);
    set->source = g_strdup(evidence->source);
    set->fault = g_strdup(evidence->fault);
    set->switches = evidence->switches;
    set->bytes = evidence->bytes;
}

static Set *given_a_radio_and_a_card(void)
{
    g_autoptr(GError) error = NULL;
    Set *set = g_new0(Set, 1);
    set->station = sim_station_new(g_getenv("G_TEST_BUILDDIR"));
    set->radio = radio_new();
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

static gboolean look_whether_ready(gpointer data)
{
    Set *set = data;
    set->ready = set->audio->ops->stream_bytes(set->audio) >= READY;
    g_main_loop_quit(set->loop);
    return G_SOURCE_REMOVE;
}

/* Prepares the stream for an instant at which its beginning lies ready. */
static void when_it_lies_ready(Set *set, const AudioSource *sources, int64_t frames)
{
    static const unsigned leads_ms[] = {1500, 5000, 20000};
    g_autoptr(GError) error = NULL;
    for (unsigned i = 0; i < G_N_ELEMENTS(leads_ms) && !set->ready; i++) {
        if (set->first) {
            set->audio->ops->stop(set->audio, set->first, 0);
            g_main_loop_run(set->loop);
            g_clear_pointer(&set->segments, g_array_unref);
            set->finished = false;
        }
        set->start_us = g_get_real_time() + leads_ms[i] * MS;
        AudioItem item = {.sources = sources, .start_us = set->start_us, .expect_frames = frames};
        set->first = set->audio->ops->prepare(set->audio, &item, &error);
        g_assert_no_error(error);
        g_timeout_add(leads_ms[i] - 300, look_whether_ready, set);
        g_main_loop_run(set->loop);
    }
    g_assert_true(set->ready);
}

static const AudioSegment *segment_at(const Set *set, unsigned index)
{
    g_assert_cmpuint(index, <, set->segments->len);
    return &g_array_index(set->segments, AudioSegment, index);
}

static int peak(const Set *set, int64_t from_us, int64_t length_ms)
{
    return sim_station_peak(set->station, from_us, from_us + length_ms * MS);
}

static void test_a_stream_begins_at_its_instant_and_a_file_follows_it_without_a_gap(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Set) set = given_a_radio_and_a_card();
    const char *media = sim_station_make_sweep(set->station, 1);
    g_autofree char *url = radio_url(set->radio, "/loud");
    const AudioSource sources[] = {{url, "mp3"}, {0}};
    when_it_lies_ready(set, sources, 48000);
    AudioItem file = {.path = media, .start_us = set->start_us, .after = set->first};
    AudioId second = set->audio->ops->prepare(set->audio, &file, &error);
    g_assert_no_error(error);
    set->audio->ops->arm(set->audio, set->first);
    set->audio->ops->arm(set->audio, second);
    g_main_loop_run(set->loop); /* ends with the first of the two */
    g_main_loop_run(set->loop);
    g_clear_pointer(&set->audio, audio_free); /* brings the recording up to date */

    g_assert_cmpint(set->end, ==, AUDIO_END_COMPLETE);
    g_assert_cmpstr(set->fault, ==, NULL);
    g_assert_cmpuint(set->segments->len, ==, 1);
    g_assert_cmpint(segment_at(set, 0)->frames, ==, 48000);
    g_assert_cmpint(ABS(segment_at(set, 0)->first_us - set->start_us), <, 2 * MS);
    g_assert_cmpint(peak(set, set->start_us - 200 * MS, 198), ==, 0);
    g_assert_cmpint(peak(set, set->start_us, 100), >, LOUD);
    g_assert_true(g_str_has_suffix(set->source, "/loud"));
    g_assert_cmpuint(set->bytes, >=, READY);
    g_assert_cmpuint(set->switches, ==, 0);
    g_autoptr(GArray) reference = sim_station_reference(set->station);
    SimOnset onset =
        sim_station_onset(set->station, set->start_us + 1000 * MS, reference, 0, 40000);
    g_test_message("the file is %.4f ms off", onset.error_ms);
    g_assert_cmpfloat(onset.correlation, >, 0.999);
    g_assert_cmpfloat(ABS(onset.error_ms), <, 1);
}

static gboolean stop(gpointer data)
{
    Set *set = data;
    set->stop_us = g_get_real_time();
    set->audio->ops->stop(set->audio, set->first, 300);
    return G_SOURCE_REMOVE;
}

/* The longest stretch without sound from one instant to another. */
static int64_t longest_gap_us(const Set *set, int64_t from_us, int64_t until_us)
{
    int64_t heard_us = from_us, longest = 0;
    for (int64_t at = from_us; at < until_us; at += STEP_US)
        if (peak(set, at, STEP_US / MS) > SOFT / 2) {
            longest = MAX(longest, at - heard_us);
            heard_us = at + STEP_US;
        }
    return longest;
}

/* One ends, one falls still, the last one goes on until it is stopped. */
static void test_a_source_that_goes_away_is_followed_by_the_next_in_time(void)
{
    g_autoptr(Set) set = given_a_radio_and_a_card();
    g_autofree char *ends = radio_url(set->radio, "/ends");
    g_autofree char *stops = radio_url(set->radio, "/stops");
    g_autofree char *soft = radio_url(set->radio, "/soft");
    const AudioSource sources[] = {{ends, "mp3"}, {stops, "mp3"}, {soft, "mp3"}, {0}};
    when_it_lies_ready(set, sources, 0);
    set->audio->ops->arm(set->audio, set->first);
    g_timeout_add(6500, stop, set);
    g_main_loop_run(set->loop);
    g_clear_pointer(&set->audio, audio_free);

    /* Heard as one, told as many: which source each part came from. */
    const AudioSegment *one = segment_at(set, 0), *two = segment_at(set, 1),
                       *three = segment_at(set, 2);
    g_assert_cmpuint(one->source, ==, 0);
    g_assert_cmpuint(two->source, ==, 1);
    /* The third comes when less than a block is left of the second, which then sounds before it;
     * and where its child has to wait for a processor, it stumbles at first. */
    if (three->source == 1 && three->frames < BLOCK)
        three = segment_at(set, 3);
    for (unsigned i = (unsigned)(three - one); i < set->segments->len; i++)
        g_assert_cmpuint(segment_at(set, i)->source, ==, 2);
    g_assert_cmpint(ABS(one->frames - 2 * 48000), <, 4800);
    g_assert_cmpint(two->offset_frames, ==, one->offset_frames + one->frames);
    g_assert_cmpint(ABS(two->first_us - one->last_us), <, MS);
    g_assert_cmpint(two->ended, ==, AUDIO_END_MEDIA);
    g_assert_cmpint(longest_gap_us(set, set->start_us, two->last_us - 100 * MS), ==, 0);
    int64_t gap_us = longest_gap_us(set, two->last_us - 100 * MS, set->stop_us);
    g_test_message("gap %.2f s", (double)gap_us / 1e6);
    g_assert_cmpint(gap_us, <, 3000 * MS);
    g_assert_cmpint(peak(set, three->first_us + 100 * MS, 300), >, SOFT);
    g_assert_cmpint(peak(set, three->first_us + 100 * MS, 300), <, LOUD);
    g_assert_true(g_str_has_suffix(set->source, "/soft"));
    g_assert_cmpint(set->end, ==, AUDIO_END_STOPPED);
    g_assert_cmpint(segment_at(set, set->segments->len - 1)->last_us, <, set->stop_us + 700 * MS);
    g_assert_cmpint(peak(set, set->stop_us + 700 * MS, 100), ==, 0);
}

/* ---- the relay alone ---- */

typedef struct Ear {
    Radio *radio;
    GMainLoop *loop;
    Ring *ring;
    Relay *relay;
    int peak;          /* of what came last */
    const char *fault; /* said last */
    unsigned frames;   /* since it was first said to be silent and the ring was empty */
    bool silent, woken;
    bool (*enough)(struct Ear *ear);
} Ear;

static void hear(Ear *ear)
{
    int16_t samples[2 * 480];
    for (unsigned got; (got = ring_take(ear->ring, samples, 480)) > 0;) {
        ear->peak = 0;
        for (unsigned i = 0; i < 2 * got; i++)
            ear->peak = MAX(ear->peak, abs(samples[i]));
        ear->frames += got;
    }
    ear->fault = relay_fault(ear->relay) ? relay_fault(ear->relay) : ear->fault;
    if (relay_is_silent(ear->relay) && !ear->silent) {
        ear->silent = true;
        ear->frames = 0;
    }
}

static gboolean listen(gpointer data)
{
    Ear *ear = data;
    if (!ear->relay)
        return G_SOURCE_CONTINUE;
    hear(ear);
    if (!ear->enough(ear))
        return G_SOURCE_CONTINUE;
    g_main_loop_quit(ear->loop);
    return G_SOURCE_REMOVE;
}

/* Until there was enough; a relay that never comes to that runs into the test's own limit. */
static void when_heard(Ear *ear, const char *const *paths, RelayLimits limits,
                       bool (*enough)(Ear *ear))
{
    g_autofree AudioSource *sources = g_new0(AudioSource, g_strv_length((char **)paths) + 1);
    g_autofree char *decoder =
        g_build_filename(g_getenv("G_TEST_BUILDDIR"), "player", "loa-decode", NULL);
    for (unsigned i = 0; paths[i]; i++)
        sources[i] = (AudioSource){radio_url(ear->radio, paths[i]), "mp3"};
    g_timeout_add(10, listen, ear); /* before the relay's own watch */
    ear->enough = enough;
    ear->ring = ring_new(NULL);
    ear->relay = relay_new(&(RelaySettings){.program = decoder,
                                            .sources = sources,
                                            .ring = ear->ring,
                                            .limits = limits,
                                            .may_leave = !paths[1]});
    g_main_loop_run(ear->loop);
    for (unsigned i = 0; paths[i]; i++)
        g_free((char *)sources[i].url);
}

static Ear *given_an_ear(void)
{
    Ear *ear = g_new0(Ear, 1);
    ear->radio = radio_new();
    ear->loop = g_main_loop_new(NULL, FALSE);
    return ear;
}

static void ear_free(Ear *ear)
{
    relay_free(ear->relay);
    ring_free(ear->ring);
    g_timeout_add(200, quit, ear->loop); /* its last child is waited for */
    g_main_loop_run(ear->loop);
    radio_free(ear->radio);
    g_main_loop_unref(ear->loop);
    g_free(ear);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ear, ear_free)

static bool is_soft(Ear *ear)
{
    return ear->peak > SOFT && ear->peak < LOUD;
}

static bool is_loud(Ear *ear)
{
    return ear->peak > LOUD;
}

static void test_a_silent_source_is_left_for_the_next(void)
{
    g_autoptr(Ear) ear = given_an_ear();
    const char *const paths[] = {"/silent", "/loud", NULL};
    when_heard(ear, paths, (RelayLimits){.silence_ms = 1000}, is_loud);
    g_assert_true(g_str_has_suffix(relay_url(ear->relay), "/loud"));
    g_assert_cmpstr(ear->fault, ==, "silent");
    g_assert_cmpuint(relay_switches(ear->relay), ==, 1);
}

/* When it has been asked twice in vain for its next sound, the radio wakes up. */
static bool is_loud_after_its_silence(Ear *ear)
{
    if (ear->silent && !ear->woken && relay_switches(ear->relay) == 3) {
        g_assert_cmpuint(ear->frames, ==, 0);
        radio_wake(ear->radio);
        ear->woken = true;
    }
    return is_loud(ear);
}

static void test_the_only_source_is_left_while_it_is_silent(void)
{
    g_autoptr(Ear) ear = given_an_ear();
    const char *const paths[] = {"/hushed", NULL};
    when_heard(ear, paths, (RelayLimits){.silence_ms = 300, .stall_ms = 500},
               is_loud_after_its_silence);
    g_assert_true(ear->silent);
    g_assert_cmpuint(relay_switches(ear->relay), >=, 3);
}

static void test_sources_that_cannot_be_heard_are_passed_over(void)
{
    g_autoptr(Ear) ear = given_an_ear();
    const char *const paths[] = {"/nowhere", "/nothing", "/soft", NULL};
    when_heard(ear, paths, (RelayLimits){.stall_ms = 500}, is_soft);
    g_assert_true(g_str_has_suffix(relay_url(ear->relay), "/soft"));
    g_assert_cmpuint(relay_switches(ear->relay), ==, 2);
}

static bool has_a_fault(Ear *ear)
{
    return ear->fault != NULL;
}

static void test_nothing_to_be_heard_is_said(void)
{
    g_autoptr(Ear) ear = given_an_ear();
    const char *const paths[] = {"/nowhere", NULL};
    when_heard(ear, paths, (RelayLimits){0}, has_a_fault);
    g_assert_cmpstr(ear->fault, ==, "unreachable");
    g_assert_cmpuint(ear->frames, ==, 0);
}

/* ---- and back again ---- */

/* It is listened to twice in vain before it wakes up. */
static bool is_loud_after_two_trials(Ear *ear)
{
    if (radio_visits(ear->radio, "/hushed") >= 3) {
        g_assert_true(is_soft(ear) || relay_switches(ear->relay) > 1 || ear->woken);
        radio_wake(ear->radio);
        ear->woken = true;
    }
    return is_loud(ear);
}

static void test_a_source_before_it_is_gone_back_to_when_it_is_heard_again(void)
{
    g_autoptr(Ear) ear = given_an_ear();
    const char *const paths[] = {"/hushed", "/soft", NULL};
    RelayLimits limits = {.silence_ms = 300, .stall_ms = 500, .return_ms = 100, .good_ms = 300};
    when_heard(ear, paths, limits, is_loud_after_two_trials);
    g_assert_true(ear->woken);
    g_assert_true(g_str_has_suffix(relay_url(ear->relay), "/hushed"));
    g_assert_cmpuint(relay_switches(ear->relay), ==, 2);
    int64_t left;
    g_assert_cmpuint(relay_source_at(ear->relay, 0, &left), ==, 0);
    g_assert_cmpuint(relay_source_at(ear->relay, left, &left), ==, 1);
    g_assert_cmpuint(relay_source_at(ear->relay, (int64_t)ring_taken(ear->ring) - 1, &left), ==, 0);
}

typedef struct Round {
    Radio *radio;
    GMainLoop *loop;
    RelayReturn *back;
    GPtrArray *urls, *names;
    unsigned wait_ms; /* before the round */
    int went;         /* back to this one; -1 = to none */
} Round;

static void on_back(unsigned source, void *user)
{
    ((Round *)user)->went = (int)source;
}

static gboolean until_over(gpointer data)
{
    Round *round = data;
    relay_return_heard(round->back, round->urls->len - 1);
    if (relay_return_wait_ms(round->back) == round->wait_ms)
        return G_SOURCE_CONTINUE;
    g_main_loop_quit(round->loop);
    return G_SOURCE_REMOVE;
}

static int when_a_round_is_over(Round *round)
{
    round->went = -1;
    round->wait_ms = relay_return_wait_ms(round->back);
    g_timeout_add(10, until_over, round);
    g_main_loop_run(round->loop);
    return round->went;
}

static void test_each_round_makes_the_wait_for_the_next_twice_as_long(void)
{
    g_autofree char *decoder =
        g_build_filename(g_getenv("G_TEST_BUILDDIR"), "player", "loa-decode", NULL);
    Round round = {.radio = radio_new(), .loop = g_main_loop_new(NULL, FALSE)};
    const char *const paths[] = {"/nowhere", "/asleep", "/soft"};
    round.urls = g_ptr_array_new_with_free_func(g_free);
    round.names = g_ptr_array_new();
    for (unsigned i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_ptr_array_add(round.urls, radio_url(round.radio, paths[i]));
        g_ptr_array_add(round.names, (gpointer) "mp3");
    }
    round.back = relay_return_new(&(RelayReturnSettings){
        .program = decoder,
        .urls = round.urls,
        .names = round.names,
        .limits = {.stall_ms = 500, .silence_ms = 300, .return_ms = 20, .good_ms = 100},
        .back = on_back,
        .user = &round,
    });
    g_assert_cmpint(when_a_round_is_over(&round), ==, -1);
    g_assert_cmpuint(relay_return_wait_ms(round.back), ==, 40);
    radio_wake(round.radio);
    g_assert_cmpint(when_a_round_is_over(&round), ==, 1);
    g_assert_cmpuint(relay_return_wait_ms(round.back), ==, 80);
    relay_return_left(round.back); /* it was not as good as it seemed */
    g_assert_cmpint(when_a_round_is_over(&round), ==, 1);
    g_assert_cmpuint(relay_return_wait_ms(round.back), ==, 160);
    g_assert_cmpuint(relay_return_bytes(round.back), >, 0);
    relay_return_free(round.back);
    g_timeout_add(200, quit, round.loop);
    g_main_loop_run(round.loop);
    radio_free(round.radio);
    g_ptr_array_unref(round.urls);
    g_ptr_array_unref(round.names);
    g_main_loop_unref(round.loop);
}

#define TEST(name) g_test_add_func("/relay/" #name, test_##name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(a_stream_begins_at_its_instant_and_a_file_follows_it_without_a_gap);
    TEST(a_source_that_goes_away_is_followed_by_the_next_in_time);
    TEST(a_silent_source_is_left_for_the_next);
    TEST(the_only_source_is_left_while_it_is_silent);
    TEST(sources_that_cannot_be_heard_are_passed_over);
    TEST(nothing_to_be_heard_is_said);
    TEST(a_source_before_it_is_gone_back_to_when_it_is_heard_again);
    TEST(each_round_makes_the_wait_for_the_next_twice_as_long);
    return g_test_run();
}
