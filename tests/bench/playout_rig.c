/* The station's sound engine on a leash: commands on stdin, what happened as JSON lines on stdout.
 *
 *   playout_rig --device NAME --decoder LOA_DECODE
 *     at NAME PATH START_US FRAMES        prepare and arm; START_US 0 = at once
 *     join NAME PATH FRAMES LEADER        after another, without a gap
 *     hold PATH                           keep its beginning in memory
 *     duck NAME DB | stop NAME FADE_MS
 *     usage                               processor time and peak memory so far
 *
 * The end of stdin ends it. It stops nothing of itself: what still sounds is cut. */
#include "playout/audio.h"

#include <gio/gio.h>
#include <gio/gunixinputstream.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

typedef struct Rig {
    GMainLoop *loop;
    Audio *audio;
    GHashTable *ids; /* name -> id */
} Rig;

static const char *const ends[] = {"complete", "stopped", "device", "media"};

static const char *name_of(const Rig *rig, AudioId id)
{
    GHashTableIter iter;
    gpointer name, value;
    g_hash_table_iter_init(&iter, rig->ids);
    while (g_hash_table_iter_next(&iter, &name, &value))
        if (GPOINTER_TO_UINT(value) == id)
            return name;
    return "?";
}

static void on_started(AudioId id, int64_t first_us, void *user)
{
    g_print("{\"event\":\"started\",\"name\":\"%s\",\"first_us\":%" G_GINT64_FORMAT "}\n",
            name_of(user, id), first_us);
}

static void on_progress(G_GNUC_UNUSED AudioId id, G_GNUC_UNUSED int64_t frames,
                        G_GNUC_UNUSED int64_t at_us, G_GNUC_UNUSED void *user)
{
}

static void on_finished(AudioId id, const AudioEvidence *evidence, void *user)
{
    int64_t frames = 0, first_us = 0, last_us = 0;
    for (unsigned i = 0; i < evidence->segments->len; i++) {
        const AudioSegment *segment = &g_array_index(evidence->segments, AudioSegment, i);
        frames += segment->frames;
        first_us = first_us ? first_us : segment->first_us;
        last_us = segment->last_us;
    }
    double rms = isfinite(evidence->rms_dbfs) ? evidence->rms_dbfs : -999;
    g_print("{\"event\":\"finished\",\"name\":\"%s\",\"end\":\"%s\",\"frames\":%" G_GINT64_FORMAT
            ",\"segments\":%u,\"first_us\":%" G_GINT64_FORMAT ",\"last_us\":%" G_GINT64_FORMAT
            ",\"starved\":%" G_GINT64_FORMAT ",\"xruns\":%u,\"rms_dbfs\":%.1f,\"muted\":%s,"
            "\"fault\":\"%s\"}\n",
            name_of(user, id), ends[evidence->end], frames, evidence->segments->len, first_us,
            last_us, evidence->starved_frames, evidence->xruns, rms,
            evidence->mixer_muted ? "true" : "false", evidence->fault ? evidence->fault : "");
}

static void play(Rig *rig, const char *name, const AudioItem *item)
{
    g_autoptr(GError) error = NULL;
    AudioId id = rig->audio->ops->prepare(rig->audio, item, &error);
    if (!id) {
        g_print("{\"event\":\"refused\",\"name\":\"%s\",\"error\":\"%s\"}\n", name, error->message);
        return;
    }
    rig->audio->ops->arm(rig->audio, id);
    g_hash_table_insert(rig->ids, g_strdup(name), GUINT_TO_POINTER(id));
}

static AudioId id_of(const Rig *rig, const char *name)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(rig->ids, name));
}

static void tell_usage(void)
{
    struct rusage self, children;
    getrusage(RUSAGE_SELF, &self);
    getrusage(RUSAGE_CHILDREN, &children);
    g_print("{\"event\":\"usage\",\"engine_kb\":%ld,\"decoder_kb\":%ld}\n", self.ru_maxrss,
            children.ru_maxrss);
}

static void obey(Rig *rig, char **word, unsigned words)
{
    const AudioOps *ops = rig->audio->ops;
    if (words == 5 && g_str_equal(word[0], "at")) {
        AudioItem item = {.path = word[2],
                          .start_us = g_ascii_strtoll(word[3], NULL, 10),
                          .expect_frames = g_ascii_strtoll(word[4], NULL, 10)};
        play(rig, word[1], &item);
    } else if (words == 5 && g_str_equal(word[0], "join")) {
        AudioItem item = {.path = word[2],
                          .expect_frames = g_ascii_strtoll(word[3], NULL, 10),
                          .after = id_of(rig, word[4])};
        play(rig, word[1], &item);
    } else if (words == 2 && g_str_equal(word[0], "hold"))
        ops->hold(rig->audio, (const char *const[]){word[1], NULL});
    else if (words == 3 && g_str_equal(word[0], "duck"))
        ops->duck(rig->audio, id_of(rig, word[1]), g_ascii_strtod(word[2], NULL));
    else if (words == 3 && g_str_equal(word[0], "stop"))
        ops->stop(rig->audio, id_of(rig, word[1]), (unsigned)atoi(word[2]));
    else if (words == 1 && g_str_equal(word[0], "usage"))
        tell_usage();
    else
        g_printerr("playout_rig: not understood: %s\n", word[0]);
}

static void read_next(Rig *rig, GDataInputStream *input);

static void on_line(GObject *object, GAsyncResult *result, gpointer data)
{
    Rig *rig = data;
    GDataInputStream *input = G_DATA_INPUT_STREAM(object);
    g_autofree char *line = g_data_input_stream_read_line_finish(input, result, NULL, NULL);
    if (!line) {
        g_main_loop_quit(rig->loop);
        return;
    }
    g_auto(GStrv) word = g_strsplit(line, " ", -1);
    if (word[0])
        obey(rig, word, g_strv_length(word));
    fflush(stdout);
    read_next(rig, input);
}

static void read_next(Rig *rig, GDataInputStream *input)
{
    g_data_input_stream_read_line_async(input, G_PRIORITY_DEFAULT, NULL, on_line, rig);
}

int main(int argc, char **argv)
{
    g_autofree char *device = NULL;
    g_autofree char *decoder = NULL;
    const GOptionEntry entries[] = {
        {"device", 0, 0, G_OPTION_ARG_STRING, &device, "Card and mixer", "NAME"},
        {"decoder", 0, 0, G_OPTION_ARG_FILENAME, &decoder, "loa-decode", "PATH"},
        G_OPTION_ENTRY_NULL};
    g_autoptr(GOptionContext) context = g_option_context_new("");
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || !device || !decoder)
        g_error("%s", error ? error->message : "--device and --decoder are needed");
    setvbuf(stdout, NULL, _IOLBF, 0);

    AudioSettings settings = {.device = device, .mixer = device, .decoder = decoder};
    g_autoptr(Audio) audio = playout_new(&settings, &error);
    if (!audio)
        g_error("%s", error->message);
    Rig rig = {.loop = g_main_loop_new(NULL, FALSE), .audio = audio};
    rig.ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    audio->events = (AudioEvents){on_started, on_progress, on_finished};
    audio->events_user = &rig;
    g_autoptr(GInputStream) in = g_unix_input_stream_new(STDIN_FILENO, FALSE);
    g_autoptr(GDataInputStream) input = g_data_input_stream_new(in);
    read_next(&rig, input);
    g_main_loop_run(rig.loop);
    g_clear_pointer(&audio, audio_free);
    g_hash_table_unref(rig.ids);
    g_main_loop_unref(rig.loop);
    return EXIT_SUCCESS;
}
