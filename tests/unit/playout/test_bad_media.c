/* Files that are signed and hashed and still no music: the real loa-decode over every kind of
 * damage must come to an end, within its bounds, and say so. (A file that was damaged on the way or
 * on the disk never gets here: its hash is wrong.) */
#include "base/sanitized.h"
#include "playout/decoder.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RATE     48000
#define LENGTH_S 1
#define FLIPPED  100         /* every so many bytes one flipped bit */
#define MOST_KIB (24 * 1024) /* of a child, whatever it is given; 10 of them are usual */

typedef struct Outcome {
    GMainLoop *loop;
    Ring *ring;
    const Decoder *decoder;
    int64_t frames;
    unsigned peak_kib; /* of the child */
    bool called;
    char *fault;
} Outcome;

static void on_done(const char *fault, void *user)
{
    Outcome *self = user;
    self->called = true;
    self->fault = g_strdup(fault);
}

static void look_at_child(Outcome *self)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/status", (int)decoder_pid(self->decoder));
    g_autofree char *text = NULL;
    const char *line = NULL;
    if (g_file_get_contents(path, &text, NULL, NULL) && strstr(text, "loa-decode"))
        line = strstr(text, "VmHWM:");
    if (line)
        self->peak_kib = MAX(self->peak_kib, (unsigned)atol(line + strlen("VmHWM:")));
}

static gboolean drain(gpointer data)
{
    Outcome *self = data;
    look_at_child(self);
    int16_t frames[2 * 1024];
    for (int64_t got; (got = ring_take(self->ring, frames, 1024)) > 0;)
        self->frames += got;
    if (self->called && ring_end(self->ring) != RING_OPEN)
        g_main_loop_quit(self->loop);
    return G_SOURCE_CONTINUE;
}

/* Comes back only when the decoder has ended. */
static void play(Outcome *self, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *program =
        g_build_filename(g_getenv("G_TEST_BUILDDIR"), "player", "loa-decode", NULL);
    *self = (Outcome){.loop = g_main_loop_new(NULL, FALSE), .ring = ring_new(NULL)};
    DecoderSettings settings = {
        .program = program, .path = path, .ring = self->ring, .expect_frames = LENGTH_S * RATE};
    g_autoptr(Decoder) decoder = decoder_new(&settings, on_done, self, &error);
    g_assert_no_error(error);
    self->decoder = decoder;
    guint source = g_timeout_add(2, drain, self);
    g_main_loop_run(self->loop);
    g_source_remove(source);
    if (!SANITIZED)
        g_assert_cmpuint(self->peak_kib, <, MOST_KIB);
}

static void outcome_clear(Outcome *self)
{
    g_main_loop_unref(self->loop);
    ring_free(self->ring);
    g_free(self->fault);
}

/* What ffmpeg makes of a sine, with these words; NULL-terminated. */
static GByteArray *make(const char *suffix, const char *const *words)
{
    g_autofree char *path = NULL;
    g_autofree char *name = g_strconcat("loa-bad-XXXXXX", suffix, NULL);
    close(g_file_open_tmp(name, &path, NULL));
    g_autoptr(GPtrArray) command = g_ptr_array_new();
    g_autofree char *sine =
        g_strdup_printf("sine=frequency=440:sample_rate=48000:duration=%d", LENGTH_S);
    const char *const begin[] = {"ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", sine};
    for (unsigned i = 0; i < G_N_ELEMENTS(begin); i++)
        g_ptr_array_add(command, (void *)begin[i]);
    for (; *words; words++)
        g_ptr_array_add(command, (void *)*words);
    g_ptr_array_add(command, path);
    g_ptr_array_add(command, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GSubprocess) child =
        g_subprocess_newv((const char *const *)command->pdata, G_SUBPROCESS_FLAGS_NONE, &error);
    g_assert_no_error(error);
    g_assert_true(g_subprocess_wait_check(child, NULL, &error));
    char *bytes;
    gsize length;
    g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    g_unlink(path);
    return g_byte_array_new_take((guint8 *)bytes, length);
}

static GByteArray *good(void)
{
    return make(".opus", (const char *const[]){"-c:a", "libopus", "-b:a", "24k", "-ac", "1", NULL});
}

static void play_bytes(Outcome *self, const void *bytes, size_t length)
{
    g_autofree char *path = NULL;
    close(g_file_open_tmp("loa-bad-XXXXXX", &path, NULL));
    g_assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
    play(self, path);
    g_unlink(path);
}

static void test_the_good_one_plays(void)
{
    Outcome o;
    g_autoptr(GByteArray) bytes = good();
    play_bytes(&o, bytes->data, bytes->len);
    g_assert_cmpstr(o.fault, ==, NULL);
    g_assert_cmpint(o.frames, ==, LENGTH_S * RATE);
    outcome_clear(&o);
}

static void test_a_file_cut_anywhere_ends_with_what_is_there(void)
{
    g_autoptr(GByteArray) bytes = good();
    for (unsigned tenth = 0; tenth < 10; tenth++) {
        Outcome o;
        play_bytes(&o, bytes->data, bytes->len * tenth / 10);
        g_assert_cmpint(o.frames, <, LENGTH_S * RATE);
        outcome_clear(&o);
    }
}

/* One bit of each such byte; with LOA_LONG every bit. */
static void test_a_flipped_bit_at_every_hundredth_byte_ends(void)
{
    g_autoptr(GByteArray) bytes = good();
    unsigned bits = g_getenv("LOA_LONG") ? 8 : 1;
    for (unsigned i = 0; i < bytes->len / FLIPPED * bits; i++) {
        Outcome o;
        unsigned at = i / bits * FLIPPED;
        guint8 bit = (guint8)(1 << (bits > 1 ? i : at / FLIPPED) % 8);
        bytes->data[at] ^= bit;
        play_bytes(&o, bytes->data, bytes->len);
        g_assert_cmpint(o.frames, <=, 2 * LENGTH_S * RATE);
        bytes->data[at] ^= bit;
        outcome_clear(&o);
    }
}

static void test_other_kinds_of_file_are_bad_media(void)
{
    static const char *const kinds[][4] = {
        {"-c:a", "pcm_s16le", NULL}, {"-c:a", "flac", NULL}, {"-c:a", "libmp3lame", NULL}};
    static const char *const suffixes[] = {".wav", ".flac", ".mp3"};
    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++) {
        Outcome o;
        g_autoptr(GByteArray) bytes = make(suffixes[i], kinds[i]);
        play_bytes(&o, bytes->data, bytes->len);
        g_assert_cmpstr(o.fault, ==, "bad-media");
        g_assert_cmpint(o.frames, ==, 0);
        outcome_clear(&o);
    }
}

static void test_eight_channels_are_not_the_one_form_that_is_played(void)
{
    Outcome o;
    g_autoptr(GByteArray) bytes =
        make(".opus",
             (const char *const[]){"-ac", "8", "-c:a", "libopus", "-mapping_family", "1", NULL});
    play_bytes(&o, bytes->data, bytes->len);
    g_assert_nonnull(o.fault);
    g_assert_cmpint(o.frames, ==, 0);
    outcome_clear(&o);
}

static void test_a_chain_without_end_is_no_endless_item(void)
{
    Outcome o;
    g_autoptr(GByteArray) bytes = good();
    g_autoptr(GByteArray) chain = g_byte_array_new();
    for (unsigned i = 0; i < 400; i++)
        g_byte_array_append(chain, bytes->data, bytes->len);
    play_bytes(&o, chain->data, chain->len);
    g_assert_cmpint(o.frames, <=, 2 * LENGTH_S * RATE);
    outcome_clear(&o);
}

/* The checksum of an Ogg page (RFC 3533): CRC-32, 0x04c11db7, nothing reflected. */
static guint32 page_checksum(const guint8 *page, size_t length)
{
    guint32 crc = 0;
    for (size_t i = 0; i < length; i++) {
        crc ^= (guint32)page[i] << 24;
        for (unsigned bit = 0; bit < 8; bit++)
            crc = crc & 0x80000000U ? crc << 1 ^ 0x04c11db7U : crc << 1;
    }
    return crc;
}

static void test_two_hundred_hours_in_the_header_cost_nothing(void)
{
    Outcome o;
    g_autoptr(GByteArray) bytes = good();
    guint8 *page = NULL;
    for (unsigned i = 0; i + 27 < bytes->len; i++)
        if (memcmp(bytes->data + i, "OggS", 4) == 0)
            page = bytes->data + i; /* the last */
    g_assert_nonnull(page);
    guint64 granule = GUINT64_TO_LE(UINT64_C(200) * 3600 * RATE);
    memcpy(page + 6, &granule, sizeof granule);
    memset(page + 22, 0, 4);
    guint32 crc = GUINT32_TO_LE(page_checksum(page, bytes->len - (size_t)(page - bytes->data)));
    memcpy(page + 22, &crc, sizeof crc);
    play_bytes(&o, bytes->data, bytes->len);
    g_assert_cmpint(o.frames, <=, 2 * LENGTH_S * RATE);
    outcome_clear(&o);
}

#define TEST(name) g_test_add_func("/bad media/" #name, test_##name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(the_good_one_plays);
    TEST(a_file_cut_anywhere_ends_with_what_is_there);
    TEST(a_flipped_bit_at_every_hundredth_byte_ends);
    TEST(other_kinds_of_file_are_bad_media);
    TEST(eight_channels_are_not_the_one_form_that_is_played);
    TEST(a_chain_without_end_is_no_endless_item);
    TEST(two_hundred_hours_in_the_header_cost_nothing);
    return g_test_run();
}
