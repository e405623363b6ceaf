/* The content worker as it is installed, on sounds made here by espeak-ng and ffmpeg. Loudness and
 * peak of what comes out are measured by ffmpeg, not by the worker's own meter. */
#include "json.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SENTENCE                                                                                                \
    "Xin chào bà con. Sáng mai thứ bảy, xã tổ chức tiêm phòng cho trẻ em tại trạm y tế. " \
    "Đề nghị các gia đình đưa trẻ đến đúng giờ."

static char *folder;

static char *in_folder(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

G_GNUC_PRINTF(1, 2) static void shell(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *line = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *whole = g_strdup_printf("cd '%s' && %s", folder, line);
    const char *words[] = {"/bin/sh", "-c", whole, NULL};
    int status = 0;
    g_autofree char *errors = NULL;
    g_assert_true(g_spawn_sync(NULL, (char **)words, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL,
                               &errors, &status, NULL));
    if (status != 0)
        g_error("%s: %s", line, errors);
}

/* Runs the worker on a file; `ret_bytes` is the size of what it wrote. */
static Json *work(const char *name, const char *output, int64_t *ret_bytes)
{
    g_autoptr(GSubprocessLauncher) launcher =
        g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE);
    g_autofree char *in = in_folder(name), *out = in_folder(output);
    g_autofree char *said = NULL;
    g_autoptr(GError) error = NULL;
    g_subprocess_launcher_take_stdin_fd(launcher, open(in, O_RDONLY | O_CLOEXEC));
    g_subprocess_launcher_take_fd(launcher,
                                  open(out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), 3);
    g_autoptr(GSubprocess) child = g_subprocess_launcher_spawn(launcher, &error, WORKER, NULL);
    g_assert_no_error(error);
    g_assert_true(g_subprocess_communicate_utf8(child, NULL, NULL, &said, NULL, &error));
    g_assert_true(g_subprocess_get_if_exited(child));
    g_assert_cmpint(g_subprocess_get_exit_status(child), ==, 0);
    GStatBuf facts;
    g_assert_cmpint(g_stat(out, &facts), ==, 0);
    *ret_bytes = facts.st_size;
    const char *last = strstr(said, "{\"ok\"");
    g_assert_nonnull(last);
    g_test_message("%s: %s", name, last);
    Json *result = json_parse(last, strcspn(last, "\n"), &error);
    g_assert_no_error(error);
    return result;
}

/* ffmpeg's own meter: "I: -16.1 LUFS" and the last "Peak: -1.3 dBFS". */
static void measure(const char *name, double *ret_lufs, double *ret_dbtp)
{
    g_autofree char *text_path = in_folder("measured");
    g_autofree char *text = NULL;
    shell("ffmpeg -nostats -hide_banner -i '%s' -af ebur128=peak=true -f null - 2>measured", name);
    g_assert_true(g_file_get_contents(text_path, &text, NULL, NULL));
    const char *summary = strstr(text, "Summary:");
    g_assert_nonnull(summary);
    *ret_lufs = g_ascii_strtod(strstr(summary, "I:") + 2, NULL);
    *ret_dbtp = g_ascii_strtod(strstr(summary, "Peak:") + 5, NULL);
}

typedef struct {
    const char *name, *type, *ffmpeg;
} Form;

static const Form forms[] = {
    {"a.mp3", "mp3", "-ar 44100 -b:a 96k"},
    {"a.wav", "wav", "-ar 48000 -ac 2"},
    {"a.m4a", "m4a", "-ar 44100 -c:a aac -b:a 96k"},
    {"a.webm", "webm", "-ar 48000 -c:a libopus -b:a 48k"},
    {"vorbis.ogg", "ogg", "-ar 44100 -c:a libvorbis"},
    {"opus.ogg", "ogg", "-ar 48000 -c:a libopus -b:a 32k"},
    {"tagged.mp3", "mp3", "-ar 44100 -metadata title=x -id3v2_version 3"},
    {"phone.mp4", "m4a", "-ar 48000 -c:a aac -movflags frag_keyframe+empty_moov"},
    {"low.wav", "wav", "-ar 8000 -af volume=-25dB"},
};

static void test_every_form_comes_out_alike(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        int64_t bytes = 0;
        double lufs = 0, dbtp = 0;
        shell("ffmpeg -y -loglevel error -i speech.wav %s '%s'", forms[i].ffmpeg, forms[i].name);
        g_autoptr(Json) result = work(forms[i].name, "out.opus", &bytes);
        g_assert_true(json_peek_bool(result, "ok", false));
        g_assert_cmpstr(json_peek_text(result, "type"), ==, forms[i].type);
        g_assert_cmpint(bytes, ==, json_peek_int(result, "bytes", 0));
        measure("out.opus", &lufs, &dbtp);
        g_assert_cmpfloat(fabs(lufs - -16.0), <=, 0.5);
        g_assert_cmpfloat(dbtp, <=, -1.0 + 0.05); /* ffmpeg rounds to 0.1 */
    }
}

static void test_length_is_kept(void)
{
    g_autofree char *speech = in_folder("speech.wav");
    GStatBuf facts;
    int64_t bytes = 0;
    g_assert_cmpint(g_stat(speech, &facts), ==, 0);
    g_autoptr(Json) result = work("speech.wav", "out.opus", &bytes);
    const int64_t wanted = (facts.st_size - 44) / 2 * 48000 / 22050;
    g_assert_cmpint(ABS(json_peek_int(result, "frames", 0) - wanted), <=, 48);
}

static void test_the_same_sound_gives_the_same_bytes(void)
{
    g_autofree char *one_path = in_folder("one.opus"), *two_path = in_folder("two.opus");
    g_autofree char *one = NULL, *two = NULL;
    gsize one_length = 0, two_length = 0;
    int64_t bytes = 0;
    json_drop(work("speech.wav", "one.opus", &bytes));
    json_drop(work("speech.wav", "two.opus", &bytes));
    g_assert_true(g_file_get_contents(one_path, &one, &one_length, NULL));
    g_assert_true(g_file_get_contents(two_path, &two, &two_length, NULL));
    g_assert_cmpmem(one, one_length, two, two_length);
}

typedef struct {
    const char *name, *made_by, *code, *found;
} Broken;

static const Broken broken[] = {
    {"empty.mp3", ": > empty.mp3", "unknown-type", "an empty file"},
    {"picture.mp3",
     "ffmpeg -y -loglevel error -f lavfi -i color=s=64x64 -frames:v 1 p.png && "
     "mv p.png picture.mp3",
     "unknown-type", "PNG"},
    {"text.wav", "echo 'xin chào bà con' > text.wav", "unknown-type", "text"},
    {"noise.ogg", "seq 1 40000 | gzip -n | tail -c +30 > noise.ogg", "unknown-type", ""},
    {"flac.wav", "ffmpeg -y -loglevel error -i speech.wav f.flac && mv f.flac flac.wav",
     "unknown-type", "FLAC"},
    {"cut.mp3",
     "ffmpeg -y -loglevel error -i speech.wav -b:a 64k c.mp3 && "
     "head -c 30000 c.mp3 > cut.mp3",
     "broken", "cut off"},
    {"cut.wav", "head -c 100000 speech.wav > cut.wav", "broken", "cut off"},
    {"cut.m4a",
     "ffmpeg -y -loglevel error -i speech.wav -c:a aac c.m4a && "
     "head -c 30000 c.m4a > cut.m4a",
     "broken", "MP4"},
    {"cut.webm",
     "ffmpeg -y -loglevel error -i speech.wav -ar 48000 -c:a libopus c.webm && "
     "head -c 20000 c.webm > cut.webm",
     "broken", "cut off"},
    {"alac.m4a", "ffmpeg -y -loglevel error -i speech.wav -c:a alac alac.m4a", "unknown-type",
     "alac"},
    {"silent.wav", "ffmpeg -y -loglevel error -f lavfi -i anullsrc -t 3 silent.wav", "silent",
     "without sound"},
    {"short.wav", "ffmpeg -y -loglevel error -i speech.wav -t 0.2 short.wav", "silent", ""},
    {"video.mp4", "ffmpeg -y -loglevel error -f lavfi -i color=s=64x64 -t 1 -an video.mp4", "",
     "MP4"},
};

static void test_what_cannot_be_used_is_named_and_leaves_nothing(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(broken); i++) {
        int64_t bytes = -1;
        shell("%s", broken[i].made_by);
        g_autoptr(Json) result = work(broken[i].name, "out.opus", &bytes);
        g_assert_false(json_peek_bool(result, "ok", true));
        g_assert_nonnull(strstr(json_peek_text(result, "code"), broken[i].code));
        g_assert_nonnull(strstr(json_peek_text(result, "found"), broken[i].found));
        g_assert_cmpint(bytes, ==, 0);
    }
}

/* A header that promises ten hours in front of two seconds. */
static void test_ten_hours_by_header_are_refused(void)
{
    int64_t bytes = -1;
    shell("/usr/bin/python3 -c \"import struct;n=10*3600*8000;open('ten.wav','wb').write("
          "b'RIFF'+struct.pack('<I',36+n)+b'WAVEfmt '+struct.pack('<IHHIIHH',16,1,1,8000,8000,1,8)"
          "+b'data'+struct.pack('<I',n)+bytes([90,160])*8000)\"");
    g_autoptr(Json) result = work("ten.wav", "out.opus", &bytes);
    g_assert_false(json_peek_bool(result, "ok", true));
    g_assert_cmpint(bytes, ==, 0);
}

/* More than two hours of real (sparse) sound: stopped by counting, not by trusting the header. */
static void test_more_than_two_hours_are_too_long(void)
{
    int64_t bytes = -1;
    shell("/usr/bin/python3 -c \"import struct;n=7300*8000;f=open('long.wav','wb');f.write("
          "b'RIFF'+struct.pack('<I',36+n)+b'WAVEfmt '+struct.pack('<IHHIIHH',16,1,1,8000,8000,1,8)"
          "+b'data'+struct.pack('<I',n));f.truncate(44+n)\"");
    g_autoptr(Json) result = work("long.wav", "out.opus", &bytes);
    g_assert_cmpstr(json_peek_text(result, "code"), ==, "too-long");
    g_assert_cmpint(bytes, ==, 0);
}

static void test_a_file_above_the_limit_is_too_large(void)
{
    int64_t bytes = -1;
    shell("truncate -s 257M huge.wav");
    g_autoptr(Json) result = work("huge.wav", "out.opus", &bytes);
    g_assert_cmpstr(json_peek_text(result, "code"), ==, "too-large");
}

static void test_a_full_disk_is_said(void)
{
    int64_t bytes = -1;
    shell("ln -sf /dev/full full");
    g_autoptr(Json) result = work("speech.wav", "full", &bytes);
    g_assert_cmpstr(json_peek_text(result, "code"), ==, "disk-full");
}

/* Bits turn over: either a sound within the rules or a named failure, never a crash. */
static void test_flipped_bits_never_crash_it(void)
{
    static const char *const victims[] = {"a.mp3", "a.m4a", "a.webm", "vorbis.ogg", "a.wav"};
    g_autoptr(GRand) random = g_rand_new_with_seed(20261122);
    for (size_t i = 0; i < G_N_ELEMENTS(victims) * 4; i++) {
        g_autofree char *path = in_folder(victims[i % G_N_ELEMENTS(victims)]);
        g_autofree char *flipped = in_folder("flipped");
        g_autofree char *bytes = NULL;
        gsize length = 0;
        int64_t wrote = 0;
        g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
        for (int flip = 0; flip < 40; flip++) {
            const gsize reach = flip % 2 == 0 ? MIN(length, 600) : length;
            bytes[g_rand_int_range(random, 0, (gint32)reach)] ^= (char)(1 << (flip % 8));
        }
        g_assert_true(g_file_set_contents(flipped, bytes, (gssize)length, NULL));
        g_autoptr(Json) result = work("flipped", "out.opus", &wrote);
        const bool ok = json_peek_bool(result, "ok", false);
        g_assert_cmpint(wrote, ==, ok ? json_peek_int(result, "bytes", -1) : 0);
        if (ok)
            g_assert_cmpfloat(json_peek_real(result, "output_dbtp", 0), <=, -1.0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("loa-worker-XXXXXX", NULL);
    shell("espeak-ng -v vi -w speech.wav '" SENTENCE "'");
    g_test_add_func("/worker/every form comes out alike", test_every_form_comes_out_alike);
    g_test_add_func("/worker/length is kept", test_length_is_kept);
    g_test_add_func("/worker/the same sound gives the same bytes",
                    test_the_same_sound_gives_the_same_bytes);
    g_test_add_func("/worker/what cannot be used is named and leaves nothing",
                    test_what_cannot_be_used_is_named_and_leaves_nothing);
    g_test_add_func("/worker/ten hours by header are refused",
                    test_ten_hours_by_header_are_refused);
    g_test_add_func("/worker/more than two hours are too long",
                    test_more_than_two_hours_are_too_long);
    g_test_add_func("/worker/a file above the limit is too large",
                    test_a_file_above_the_limit_is_too_large);
    g_test_add_func("/worker/a full disk is said", test_a_full_disk_is_said);
    g_test_add_func("/worker/flipped bits never crash it", test_flipped_bits_never_crash_it);
    const int status = g_test_run();
    shell("rm -rf '%s'", folder);
    g_free(folder);
    return status;
}
