#include "base/sanitized.h"
#include "playout/child.h"
#include "playout/decoder.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define RATE 48000

typedef struct Case {
    GMainLoop *loop;
    Ring *ring;
    GArray *frames; /* left channel */
    bool called;
    char *fault;
    unsigned attempts;
} Case;

static void on_done(const char *fault, void *user)
{
    Case *c = user;
    g_assert_false(c->called);
    c->called = true;
    c->fault = g_strdup(fault);
}

static gboolean drain(gpointer data)
{
    Case *c = data;
    int16_t frame[2];
    while (ring_take(c->ring, frame, 1) == 1)
        g_array_append_val(c->frames, frame[0]);
    if (c->called && ring_end(c->ring) != RING_OPEN)
        g_main_loop_quit(c->loop);
    return G_SOURCE_CONTINUE;
}

static char *built(const char *folder, const char *name)
{
    return g_build_filename(g_getenv("G_TEST_BUILDDIR"), folder, name, NULL);
}

/* Decodes `path` to the end, whatever that is. */
static void decode(Case *c, const char *program, const char *path, int64_t skip, int64_t expect)
{
    g_autoptr(GError) error = NULL;
    *c = (Case){.loop = g_main_loop_new(NULL, FALSE), .ring = ring_new(NULL)};
    c->frames = g_array_new(FALSE, FALSE, sizeof(int16_t));
    DecoderSettings settings = {.program = program,
                                .path = path,
                                .ring = c->ring,
                                .skip_frames = skip,
                                .expect_frames = expect};
    g_autoptr(Decoder) decoder = decoder_new(&settings, on_done, c, &error);
    g_assert_no_error(error);
    guint source = g_timeout_add(5, drain, c);
    g_main_loop_run(c->loop);
    c->attempts = decoder_attempts(decoder);
    g_source_remove(source);
}

static void case_clear(Case *c)
{
    g_main_loop_unref(c->loop);
    ring_free(c->ring);
    g_array_unref(c->frames);
    g_free(c->fault);
}

static void decode_stub(Case *c, const char *word)
{
    g_autofree char *program = built("tests/unit/playout", "playout_decoder_stub");
    g_autofree char *path = NULL;
    close(g_file_open_tmp("loa-stub-XXXXXX", &path, NULL));
    g_assert_true(g_file_set_contents(path, word, -1, NULL));
    decode(c, program, path, 0, RATE);
    g_unlink(path);
}

/* Made once: one second and a half of a 440 Hz sine, Ogg/Opus mono, in many pages as of a longer
 * file. */
static const char *sine(void)
{
    static char *path;
    if (path)
        return path;
    close(g_file_open_tmp("loa-sine-XXXXXX.opus", &path, NULL));
    g_autoptr(GError) error = NULL;
    g_autoptr(GSubprocess) child = g_subprocess_new(
        G_SUBPROCESS_FLAGS_NONE, &error, "ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i",
        "sine=frequency=440:sample_rate=48000:duration=1.5", "-c:a", "libopus", "-b:a", "48k",
        "-ac", "1", "-page_duration", "100000", path, NULL);
    g_assert_no_error(error);
    g_subprocess_wait_check(child, NULL, &error);
    g_assert_no_error(error);
    return path;
}

static double rms(const GArray *frames)
{
    double sum = 0;
    for (unsigned i = 0; i < frames->len; i++)
        sum += pow(g_array_index(frames, int16_t, i), 2);
    return frames->len ? sqrt(sum / frames->len) : 0;
}

static void test_a_good_file_is_decoded_to_the_frame(void)
{
    Case c;
    g_autofree char *program = built("player", "loa-decode");
    decode(&c, program, sine(), 0, RATE * 3 / 2);
    g_assert_cmpstr(c.fault, ==, NULL);
    g_assert_cmpuint(c.frames->len, ==, RATE * 3 / 2);
    g_assert_cmpfloat(rms(c.frames), >, 1000);
    g_assert_cmpuint(c.attempts, ==, 1);
    case_clear(&c);
}

/* A demultiplexer that looks for the end first, in a thread of its own, gives every third time a
 * part twice or the padding too. */
static void test_padding_at_the_end_is_left_out_each_time(void)
{
    g_autofree char *program = built("player", "loa-decode");
    for (unsigned i = 0; i < 12; i++) {
        Case c;
        decode(&c, program, sine(), RATE, RATE * 3 / 2);
        g_assert_cmpuint(c.frames->len, ==, RATE / 2);
        case_clear(&c);
    }
}

static void test_skipping_is_exact_to_the_sample(void)
{
    Case whole, rest;
    g_autofree char *program = built("player", "loa-decode");
    decode(&whole, program, sine(), 0, 0);
    decode(&rest, program, sine(), 12345, 0);
    g_assert_cmpuint(rest.frames->len, ==, whole.frames->len - 12345);
    for (unsigned i = 0; i < rest.frames->len; i++)
        g_assert_cmpint(g_array_index(rest.frames, int16_t, i), ==,
                        g_array_index(whole.frames, int16_t, i + 12345));
    case_clear(&whole);
    case_clear(&rest);
}

static void test_skipping_to_the_very_end_is_no_fault_of_the_file(void)
{
    Case c;
    g_autofree char *program = built("player", "loa-decode");
    decode(&c, program, sine(), RATE * 3 / 2, RATE * 3 / 2);
    g_assert_cmpstr(c.fault, ==, NULL);
    g_assert_cmpuint(c.frames->len, ==, 0);
    case_clear(&c);
}

static void test_a_cut_file_gives_what_is_there(void)
{
    Case c;
    g_autofree char *program = built("player", "loa-decode");
    g_autofree char *path = g_strconcat(sine(), ".cut", NULL);
    g_autofree char *bytes = NULL;
    gsize length;
    g_assert_true(g_file_get_contents(sine(), &bytes, &length, NULL));
    g_assert_true(g_file_set_contents(path, bytes, (gssize)(length * 2 / 3), NULL));
    decode(&c, program, path, 0, 0);
    g_assert_cmpuint(c.frames->len, <, RATE * 3 / 2);
    g_unlink(path);
    case_clear(&c);
}

static void test_what_is_not_ogg_is_refused_at_once(void)
{
    Case c;
    g_autofree char *program = built("player", "loa-decode");
    decode(&c, program, program, 0, 0); /* a program is no music */
    g_assert_cmpstr(c.fault, ==, "bad-media");
    g_assert_cmpuint(c.frames->len, ==, 0);
    g_assert_cmpuint(c.attempts, ==, 1);
    g_assert_cmpint(ring_end(c.ring), ==, RING_FAILED);
    case_clear(&c);
}

static void assert_seamless(const Case *c)
{
    g_assert_cmpstr(c->fault, ==, NULL);
    g_assert_cmpuint(c->attempts, ==, 2);
    g_assert_cmpuint(c->frames->len, ==, RATE);
    for (unsigned i = 0; i < RATE; i++)
        g_assert_cmpint(g_array_index(c->frames, int16_t, i), ==, (int16_t)i);
}

static void test_a_crash_is_tried_again_where_it_was(void)
{
    Case c;
    decode_stub(&c, "crash-once");
    assert_seamless(&c);
    case_clear(&c);
}

static void test_a_hang_is_killed_and_tried_again(void)
{
    Case c;
    decode_stub(&c, "hang-once");
    assert_seamless(&c);
    case_clear(&c);
}

static void test_a_lying_decoder_is_killed_and_never_followed(void)
{
    Case c;
    decode_stub(&c, "hostile");
    g_assert_cmpstr(c.fault, ==, "decoder-failed");
    g_assert_cmpuint(c.frames->len, ==, 0);
    case_clear(&c);
}

static void test_a_second_crash_gives_up_after_what_was_decoded(void)
{
    Case c;
    decode_stub(&c, "crash");
    g_assert_cmpstr(c.fault, ==, "decoder-failed");
    g_assert_cmpuint(c.attempts, ==, 2);
    g_assert_cmpuint(c.frames->len, ==, RATE / 2);
    g_assert_cmpint(ring_end(c.ring), ==, RING_FAILED);
    case_clear(&c);
}

static void test_a_decoder_that_eats_memory_dies_of_it(void)
{
    Case c;
    if (SANITIZED) {
        g_test_skip("no limit on memory under the address sanitizer");
        return;
    }
    decode_stub(&c, "memory");
    g_assert_cmpstr(c.fault, ==, "decoder-failed");
    case_clear(&c);
}

static gboolean kill_it(gpointer data)
{
    pid_t pid = decoder_pid(data);
    if (pid)
        kill(pid, SIGKILL);
    return G_SOURCE_REMOVE;
}

static void test_freeing_kills_the_child_and_says_nothing(void)
{
    g_autofree char *program = built("tests/unit/playout", "playout_decoder_stub");
    g_autofree char *path = NULL;
    close(g_file_open_tmp("loa-stub-XXXXXX", &path, NULL));
    g_assert_true(g_file_set_contents(path, "spin", -1, NULL));
    Case c = {.ring = ring_new(NULL)};
    DecoderSettings settings = {.program = program, .path = path, .ring = c.ring};
    Decoder *decoder = decoder_new(&settings, on_done, &c, NULL);
    pid_t pid = decoder_pid(decoder);
    g_assert_cmpint(pid, >, 0);
    decoder_free(decoder);
    while (kill(pid, 0) == 0) /* until it is dead and reaped */
        g_main_context_iteration(NULL, FALSE);
    while (g_main_context_iteration(NULL, FALSE))
        ;
    g_assert_false(c.called);
    g_unlink(path);
    ring_free(c.ring);
}

static void test_a_killed_child_is_tried_once_more(void)
{
    g_autofree char *program = built("player", "loa-decode");
    Case c = {.loop = g_main_loop_new(NULL, FALSE), .ring = ring_new(NULL)};
    c.frames = g_array_new(FALSE, FALSE, sizeof(int16_t));
    DecoderSettings settings = {.program = program, .path = sine(), .ring = c.ring};
    g_autoptr(Decoder) decoder = decoder_new(&settings, on_done, &c, NULL);
    kill_it(decoder);
    guint source = g_timeout_add(5, drain, &c);
    g_main_loop_run(c.loop);
    g_source_remove(source);
    g_assert_cmpuint(decoder_attempts(decoder), ==, 2);
    g_assert_cmpstr(c.fault, ==, NULL);
    g_assert_cmpuint(c.frames->len, ==, RATE * 3 / 2);
    case_clear(&c);
}

/* A process that only spins, on the first processor that we may use. */
static pid_t spin(void)
{
    cpu_set_t ours, one;
    sched_getaffinity(0, sizeof ours, &ours);
    int first = 0;
    while (!CPU_ISSET(first, &ours))
        first++;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    pid_t pid = fork();
    if (pid)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sched_setaffinity(0, sizeof one, &one);
    for (;;)
        ;
}

static void test_a_child_that_waits_for_the_processor_is_seen_to_wait(void)
{
    pid_t rivals[] = {spin(), spin()};
    while (child_waited_us(rivals[0]) < 20000)
        g_usleep(1000);
    for (unsigned i = 0; i < G_N_ELEMENTS(rivals); i++) {
        kill(rivals[i], SIGKILL);
        waitpid(rivals[i], NULL, 0);
    }
    g_assert_cmpint(child_waited_us(rivals[0]), ==, 0); /* gone */
}

#define TEST(name) g_test_add_func("/decoder/" #name, test_##name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(a_good_file_is_decoded_to_the_frame);
    TEST(padding_at_the_end_is_left_out_each_time);
    TEST(skipping_is_exact_to_the_sample);
    TEST(skipping_to_the_very_end_is_no_fault_of_the_file);
    TEST(a_cut_file_gives_what_is_there);
    TEST(what_is_not_ogg_is_refused_at_once);
    TEST(a_crash_is_tried_again_where_it_was);
    TEST(a_hang_is_killed_and_tried_again);
    TEST(a_lying_decoder_is_killed_and_never_followed);
    TEST(a_second_crash_gives_up_after_what_was_decoded);
    TEST(a_decoder_that_eats_memory_dies_of_it);
    TEST(freeing_kills_the_child_and_says_nothing);
    TEST(a_killed_child_is_tried_once_more);
    TEST(a_child_that_waits_for_the_processor_is_seen_to_wait);
    int failed = g_test_run();
    g_unlink(sine());
    return failed;
}
