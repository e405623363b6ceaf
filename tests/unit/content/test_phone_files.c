/* What phones and other recorders make: each form is made here by ffmpeg or GStreamer and must come
 * out of the content worker whole. Pictures that come along are passed over, never decoded. */
#include "worker_desk.h"

#include <string.h>

#define FFMPEG   "ffmpeg -y -loglevel error "
#define PICTURES "-f lavfi -i testsrc=s=160x120:r=10 "
#define GST                                                                                        \
    "gst-launch-1.0 -q filesrc location=speech.wav ! wavparse ! audioconvert ! audioresample "

typedef struct {
    const char *name, *made_by, *type;
    unsigned rate, channels;
} Form;

static const Form forms[] = {
    {"n.amr", GST "! amrnbenc ! filesink location=n && (printf '#!AMR\\n'; cat n) >n.amr", "amr",
     8000, 1},
    {"w.amr", GST "! voamrwbenc ! filesink location=w && (printf '#!AMR-WB\\n'; cat w) >w.amr",
     "amr", 16000, 1},
    {"n.3gp", FFMPEG "-f amr -i n.amr -c copy n.3gp", "m4a", 8000, 1},
    {"w.3gp", FFMPEG "-f amr -i w.amr -c copy w.3gp", "m4a", 16000, 1},
    {"s.flac", FFMPEG "-i speech.wav -ar 44100 -ac 2 s.flac", "flac", 44100, 2},
    {"flac.ogg", FFMPEG "-i speech.wav -c:a flac flac.ogg", "ogg", 22050, 1},
    {"film.mp4", FFMPEG PICTURES "-i speech.wav -shortest -ar 48000 film.mp4", "m4a", 48000, 0},
    {"front.mp4", FFMPEG "-i film.mp4 -c copy -movflags +faststart front.mp4", "m4a", 48000, 0},
    {"film.mov", FFMPEG "-i film.mp4 -c copy film.mov", "m4a", 48000, 0},
    {"film.webm", FFMPEG PICTURES "-i speech.wav -shortest -c:v libvpx -ar 48000 film.webm", "webm",
     48000, 0},
    {"film.3gp", FFMPEG PICTURES "-f amr -i n.amr -shortest -c:v mpeg4 -c:a copy film.3gp", "m4a",
     8000, 1},
    {"longer.mp4", FFMPEG PICTURES "-i speech.wav -t 15 -ar 48000 longer.mp4", "m4a", 48000, 0},
    {"8bit.wav", FFMPEG "-i speech.wav -c:a pcm_u8 -ar 8000 8bit.wav", "wav", 8000, 1},
    {"odd.wav", FFMPEG "-i speech.wav -c:a pcm_s24le -ar 96000 odd.wav", "wav", 96000, 1},
    {"float.wav", FFMPEG "-i speech.wav -c:a pcm_f32le -ar 96000 float.wav", "wav", 96000, 1},
    {"alaw.wav", FFMPEG "-i speech.wav -c:a pcm_alaw -ar 8000 alaw.wav", "wav", 8000, 1},
    {"ulaw.wav", FFMPEG "-i speech.wav -c:a pcm_mulaw -ar 8000 ulaw.wav", "wav", 8000, 1},
    {"ms.wav", FFMPEG "-i speech.wav -c:a adpcm_ms ms.wav", "wav", 22050, 1},
    {"ima.wav", FFMPEG "-i speech.wav -c:a adpcm_ima_wav ima.wav", "wav", 22050, 1},
    {"51.wav", FFMPEG "-i speech.wav -ar 48000 -ac 6 51.wav", "wav", 48000, 6},
    {"51.m4a", FFMPEG "-i 51.wav -c:a aac 51.m4a", "m4a", 48000, 6},
};

static void test_what_phones_make_comes_out_whole(void)
{
    int64_t bytes = 0;
    g_autoptr(Json) plain = worker_try("speech.wav", "out.opus", &bytes);
    const int64_t wanted_ms = json_peek_int(plain, "duration_ms", 0);
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        worker_shell("%s", forms[i].made_by);
        g_autoptr(Json) result = worker_try(forms[i].name, "out.opus", &bytes);
        g_assert_true(json_peek_bool(result, "ok", false));
        g_assert_cmpstr(json_peek_text(result, "type"), ==, forms[i].type);
        g_assert_cmpint(json_peek_int(result, "sample_rate", 0), ==, forms[i].rate);
        if (forms[i].channels != 0)
            g_assert_cmpint(json_peek_int(result, "channels", 0), ==, forms[i].channels);
        g_assert_cmpint(ABS(json_peek_int(result, "duration_ms", 0) - wanted_ms), <, 100);
        g_assert_cmpfloat(json_peek_real(result, "output_dbtp", 0), <=, -1.0);
        g_assert_cmpfloat(ABS(json_peek_real(result, "output_lufs", 0) + 16.0), <=, 0.5);
    }
}

static void test_films_that_are_cut_off_are_said(void)
{
    static const char *const films[] = {"front.mp4", "film.webm"};
    for (size_t i = 0; i < G_N_ELEMENTS(films); i++) {
        int64_t bytes = 0;
        worker_shell("head -c 40000 %s >cut", films[i]);
        g_autoptr(Json) result = worker_try("cut", "out.opus", &bytes);
        g_assert_cmpstr(json_peek_text(result, "code"), ==, "broken");
        g_assert_nonnull(strstr(json_peek_text(result, "found"), "cut off"));
        g_assert_cmpint(bytes, ==, 0);
    }
}

/* Which of the libraries that a program loaded could decode pictures. */
static bool loads_a_picture_decoder(const char *program)
{
    static const char *const suspects[] = {"openh264", "libgstvpx", "libav",     "x264",
                                           "theora",   "dav1d",     "libgstaom", "de265",
                                           "mpeg2dec", "jpeg",      "libpng"};
    g_autofree char *path = worker_path("loaded");
    g_autofree char *loaded = NULL;
    worker_shell("LD_DEBUG=files %s 2>loaded", program);
    g_assert_true(g_file_get_contents(path, &loaded, NULL, NULL));
    g_assert_nonnull(strstr(loaded, "libgstreamer-1.0"));
    for (size_t i = 0; i < G_N_ELEMENTS(suspects); i++)
        if (strstr(loaded, suspects[i]) != NULL)
            return true;
    return false;
}

static void test_pictures_are_never_decoded(void)
{
    g_assert_false(loads_a_picture_decoder(WORKER " <film.mp4 >said 3>out.opus"));
    g_assert_false(loads_a_picture_decoder(WORKER " <film.webm >said 3>out.opus"));
    /* the control: the same look at a program that does load one */
    g_assert_true(loads_a_picture_decoder("gst-inspect-1.0 vp8dec >said"));
}

/* Nothing of the pictures is looked at: with their bytes overwritten the sound is the same. */
static void test_broken_pictures_do_not_harm_the_sound(void)
{
    int64_t bytes = 0;
    g_autofree char *whole_path = worker_path("whole.opus"), *harmed_path = worker_path("h.opus");
    g_autofree char *whole = NULL, *harmed = NULL;
    gsize whole_length = 0, harmed_length = 0;
    worker_shell(
        "ffprobe -v error -select_streams v -show_entries packet=pos,size -of csv=p=0 "
        "film.mp4 >packets && /usr/bin/python3 -c \"b=bytearray(open('film.mp4','rb').read())"
        "\nfor l in open('packets'):\n n,p=map(int,l.split(',')[:2]);b[p:p+n]=b'x'*n\n"
        "open('harmed.mp4','wb').write(b)\"");
    json_drop(worker_try("film.mp4", "whole.opus", &bytes));
    json_drop(worker_try("harmed.mp4", "h.opus", &bytes));
    g_assert_true(g_file_get_contents(whole_path, &whole, &whole_length, NULL));
    g_assert_true(g_file_get_contents(harmed_path, &harmed, &harmed_length, NULL));
    g_assert_cmpuint(whole_length, >, 1000);
    g_assert_cmpmem(whole, whole_length, harmed, harmed_length);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    worker_desk_open();
    g_test_add_func("/phone_files/what phones make comes out whole",
                    test_what_phones_make_comes_out_whole);
    g_test_add_func("/phone_files/films that are cut off are said",
                    test_films_that_are_cut_off_are_said);
    g_test_add_func("/phone_files/pictures are never decoded", test_pictures_are_never_decoded);
    g_test_add_func("/phone_files/broken pictures do not harm the sound",
                    test_broken_pictures_do_not_harm_the_sound);
    const int status = g_test_run();
    worker_desk_close();
    return status;
}
