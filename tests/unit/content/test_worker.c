/* The content worker as it is installed, on sounds made here by espeak-ng and ffmpeg. Loudness and
 * peak of what comes out are measured by ffmpeg, not by the worker's own meter. */
#include "worker_desk.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

typedef struct {
    const char *name, *type, *ffmpeg;
} Form;

static const Form forms[] = {
    {"a.mp3", "mp3", "-ar 44100 -b:a 96k"},
    {"a.wav", "wav", "-ar 48000 -ac 2"},
    {"a.m4a", "m4a", "-ar 44100 -c:a aac -b:a 96k"},
    {"a.webm", "webm", "-ar 48000 -c:a libopus -b:a 48k"},
    {"a.flac", "flac", "-ar 44100"},
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
        worker_shell("ffmpeg -y -loglevel error -i speech.wav %s '%s'", forms[i].ffmpeg,
                     forms[i].name);
        g_autoptr(Json) result = worker_try(forms[i].name, "out.opus", &bytes);
        g_assert_true(json_peek_bool(result, "ok", false));
        g_assert_cmpstr(json_peek_text(result, "type"), ==, forms[i].type);
        g_assert_cmpint(bytes, ==, json_peek_int(result, "bytes", 0));
        worker_measure("out.opus", &lufs, &dbtp);
        g_assert_cmpfloat(fabs(lufs - -16.0), <=, 0.5);
        g_assert_cmpfloat(dbtp, <=, -1.0 + 0.05); /* ffmpeg rounds to 0.1 */
    }
}

static void test_length_is_kept(void)
{
    g_autofree char *speech = worker_path("speech.wav");
    GStatBuf facts;
    int64_t bytes = 0;
    g_assert_cmpint(g_stat(speech, &facts), ==, 0);
    g_autoptr(Json) result = worker_try("speech.wav", "out.opus", &bytes);
    const int64_t wanted = (facts.st_size - 44) / 2 * 48000 / 22050;
    g_assert_cmpint(ABS(json_peek_int(result, "frames", 0) - wanted), <=, 48);
}

/* Peak of the first 15 ms of what came out, before anything else is heard. */
static int first_peak(void)
{
    g_autofree char *path = worker_path("first.raw"), *bytes = NULL;
    gsize length = 0;
    int peak = 0;
    worker_shell(
        "ffmpeg -y -loglevel error -c:a libopus -i out.opus -f s16le -ac 1 -t 0.015 first.raw");
    g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    for (gsize i = 0; i + 1 < length; i += 2)
        peak = MAX(peak, ABS((int16_t)((guint8)bytes[i] | (guint8)bytes[i + 1] << 8)));
    return peak;
}

/* An encoder of AAC puts a frame of nothing in front; a player has to leave out that one alone. */
static void test_the_first_frame_of_an_mp4_is_heard(void)
{
    static const char *const made[] = {"-ar 48000 -c:a aac x.m4a", "-ar 44100 -c:a aac x.m4a",
                                       "-c:a aac -use_editlist 0 x.m4a"};
    worker_shell(
        "ffmpeg -y -loglevel error -f lavfi -i 'aevalsrc=0.5*sin(2*PI*800*t):s=48000:d=0.018' "
        "-i speech.wav -filter_complex '[1]aresample=48000,adelay=100[s];[0][s]concat=n=2:v=0:a=1' "
        "burst.wav");
    for (size_t i = 0; i < G_N_ELEMENTS(made); i++) {
        int64_t bytes = 0;
        worker_shell("ffmpeg -y -loglevel error -i burst.wav %s", made[i]);
        json_drop(worker_try("x.m4a", "out.opus", &bytes));
        g_assert_cmpint(first_peak(), >, 4000);
    }
}

static void test_the_same_sound_gives_the_same_bytes(void)
{
    g_autofree char *one_path = worker_path("one.opus"), *two_path = worker_path("two.opus");
    g_autofree char *one = NULL, *two = NULL;
    gsize one_length = 0, two_length = 0;
    int64_t bytes = 0;
    json_drop(worker_try("speech.wav", "one.opus", &bytes));
    json_drop(worker_try("speech.wav", "two.opus", &bytes));
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
    {"aiff.wav", "ffmpeg -y -loglevel error -i speech.wav f.aiff && mv f.aiff aiff.wav",
     "unknown-type", "AIFF"},
    {"cut.flac",
     "ffmpeg -y -loglevel error -i speech.wav c.flac && head -c 60000 c.flac > cut.flac", "broken",
     "cut off"},
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
     "Apple Lossless"},
    {"silent.wav", "ffmpeg -y -loglevel error -f lavfi -i anullsrc -t 3 silent.wav", "silent",
     "without sound"},
    {"short.wav", "ffmpeg -y -loglevel error -i speech.wav -t 0.2 short.wav", "silent", ""},
    /* the last page of a good file says two hundred hours, with the checksum to it */
    {"hours.opus",
     "ffmpeg -y -loglevel error -i speech.wav -c:a libopus h.opus && /usr/bin/python3 -c \"\n"
     "import struct\n"
     "b = bytearray(open('h.opus', 'rb').read())\n"
     "at, crc = b.rfind(b'OggS'), 0\n"
     "b[at + 6:at + 14] = struct.pack('<Q', 200 * 3600 * 48000)\n"
     "b[at + 22:at + 26] = bytes(4)\n"
     "for byte in b[at:]:\n"
     "    crc ^= byte << 24\n"
     "    for _ in range(8): crc = (crc << 1 ^ (0x04c11db7 if crc >> 31 else 0)) & 0xffffffff\n"
     "b[at + 22:at + 26] = struct.pack('<I', crc)\n"
     "open('hours.opus', 'wb').write(b)\"",
     "too-long", "minutes"},
    {"video.mp4", "ffmpeg -y -loglevel error -f lavfi -i color=s=64x64 -t 1 -an video.mp4",
     "broken", "an MP4 file without any sound"},
};

static void test_what_cannot_be_used_is_named_and_leaves_nothing(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(broken); i++) {
        int64_t bytes = -1;
        worker_shell("%s", broken[i].made_by);
        g_autoptr(Json) result = worker_try(broken[i].name, "out.opus", &bytes);
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
    worker_shell(
        "/usr/bin/python3 -c \"import struct;n=10*3600*8000;open('ten.wav','wb').write("
        "b'RIFF'+struct.pack('<I',36+n)+b'WAVEfmt '+struct.pack('<IHHIIHH',16,1,1,8000,8000,1,8)"
        "+b'data'+struct.pack('<I',n)+bytes([90,160])*8000)\"");
    g_autoptr(Json) result = worker_try("ten.wav", "out.opus", &bytes);
    g_assert_false(json_peek_bool(result, "ok", true));
    g_assert_cmpint(bytes, ==, 0);
}

/* More than two hours of real (sparse) sound: stopped by counting, not by trusting the header. */
static void test_more_than_two_hours_are_too_long(void)
{
    int64_t bytes = -1;
    worker_shell(
        "/usr/bin/python3 -c \"import struct;n=7300*8000;f=open('long.wav','wb');f.write("
        "b'RIFF'+struct.pack('<I',36+n)+b'WAVEfmt '+struct.pack('<IHHIIHH',16,1,1,8000,8000,1,8)"
        "+b'data'+struct.pack('<I',n));f.truncate(44+n)\"");
    g_autoptr(Json) result = worker_try("long.wav", "out.opus", &bytes);
    g_assert_cmpstr(json_peek_text(result, "code"), ==, "too-long");
    g_assert_cmpint(bytes, ==, 0);
}

static void test_a_file_above_the_limit_is_too_large(void)
{
    int64_t bytes = -1;
    worker_shell("truncate -s 257M huge.wav");
    g_autoptr(Json) result = worker_try("huge.wav", "out.opus", &bytes);
    g_assert_cmpstr(json_peek_text(result, "code"), ==, "too-large");
}

static void test_a_full_disk_is_said(void)
{
    int64_t bytes = -1;
    worker_shell("ln -sf /dev/full full");
    g_autoptr(Json) result = worker_try("speech.wav", "full", &bytes);
    g_assert_cmpstr(json_peek_text(result, "code"), ==, "disk-full");
}

/* Bits turn over: either a sound within the rules or a named failure, never a crash. */
static void test_flipped_bits_never_crash_it(void)
{
    static const char *const victims[] = {"a.mp3",      "a.m4a", "a.webm",
                                          "vorbis.ogg", "a.wav", "a.flac"};
    g_autoptr(GRand) random = g_rand_new_with_seed(20261122);
    for (size_t i = 0; i < G_N_ELEMENTS(victims) * 4; i++) {
        g_autofree char *path = worker_path(victims[i % G_N_ELEMENTS(victims)]);
        g_autofree char *flipped = worker_path("flipped");
        g_autofree char *bytes = NULL;
        gsize length = 0;
        int64_t wrote = 0;
        g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
        for (int flip = 0; flip < 40; flip++) {
            const gsize reach = flip % 2 == 0 ? MIN(length, 600) : length;
            bytes[g_rand_int_range(random, 0, (gint32)reach)] ^= (char)(1 << (flip % 8));
        }
        g_assert_true(g_file_set_contents(flipped, bytes, (gssize)length, NULL));
        g_autoptr(Json) result = worker_try("flipped", "out.opus", &wrote);
        const bool ok = json_peek_bool(result, "ok", false);
        g_assert_cmpint(wrote, ==, ok ? json_peek_int(result, "bytes", -1) : 0);
        if (ok)
            g_assert_cmpfloat(json_peek_real(result, "output_dbtp", 0), <=, -1.0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    worker_desk_open();
    g_test_add_func("/worker/every form comes out alike", test_every_form_comes_out_alike);
    g_test_add_func("/worker/length is kept", test_length_is_kept);
    g_test_add_func("/worker/first frame is kept", test_the_first_frame_of_an_mp4_is_heard);
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
    worker_desk_close();
    return status;
}
