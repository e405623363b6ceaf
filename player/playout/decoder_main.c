/* loa-decode SKIP_FRAMES: decodes one Ogg/Opus file into a ring, then exits.
 *
 * Descriptor 3 is the ring, descriptor 4 the media file; no path is opened but those of six
 * GStreamer plugins, loaded by name without a registry (nothing is scanned, nothing written), and
 * put into a fixed chain. An auto-plugger would load whatever the file asks for. The parent has set
 * the limits; whatever goes wrong here ends in an exit status: 2 = not what we play, 1 = broken. */
#include "playout/ring.h"

#include <dlfcn.h>
#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RING_FD        3
#define EXIT_BROKEN    1
#define EXIT_BAD_MEDIA 2
#define FULL_REST_US   200000 /* a full ring holds more than a second */
#define ASK_EVERY      (100 * GST_MSECOND)
#define CHAIN                                                                                      \
    "fdsrc fd=4 ! oggdemux ! opusdec ! audioconvert ! audioresample ! "                            \
    "audio/x-raw,format=S16LE,rate=48000,channels=2,layout=interleaved ! "                         \
    "appsink name=sink sync=false max-buffers=4"

typedef struct Feed {
    Ring *ring;
    int64_t skip; /* frames still to be dropped */
    int64_t put;
} Feed;

/* The plugins lie beside libgstreamer, wherever this distribution put it. */
static bool load_plugins(void)
{
    static const char *const plugins[] = {"coreelements", "ogg",           "opus",
                                          "audioconvert", "audioresample", "app"};
    Dl_info library;
    if (!dladdr((void *)gst_init, &library))
        return false;
    g_autofree char *real = realpath(library.dli_fname, NULL);
    g_autofree char *folder = g_path_get_dirname(real ? real : library.dli_fname);
    for (unsigned i = 0; i < G_N_ELEMENTS(plugins); i++) {
        g_autofree char *path = g_strdup_printf("%s/gstreamer-1.0/libgst%s.so", folder, plugins[i]);
        g_autoptr(GError) error = NULL;
        GstPlugin *plugin = gst_plugin_load_file(path, &error);
        if (!plugin) {
            fprintf(stderr, "loa-decode: %s\n", error->message);
            return false;
        }
        gst_object_unref(plugin);
    }
    return true;
}

static void feed(Feed *self, const int16_t *samples, int64_t frames)
{
    int64_t drop = MIN(self->skip, frames);
    self->skip -= drop;
    frames -= drop;
    samples += drop * RING_CHANNELS;
    ring_touch(self->ring);
    while (frames > 0) {
        unsigned put = ring_put(self->ring, samples, (unsigned)MIN(frames, RING_FRAMES));
        if (put == 0)
            g_usleep(FULL_REST_US);
        frames -= put;
        self->put += put;
        samples += (size_t)put * RING_CHANNELS;
    }
}

static bool feed_sample(Feed *self, GstSample *sample)
{
    GstBuffer *buffer = gst_sample_get_buffer(sample);
    GstMapInfo map;
    if (!buffer || !gst_buffer_map(buffer, &map, GST_MAP_READ))
        return false;
    feed(self, (const int16_t *)(const void *)map.data,
         (int64_t)(map.size / (RING_CHANNELS * sizeof(int16_t))));
    gst_buffer_unmap(buffer, &map);
    return true;
}

/* An error does not reach the sink: it has to be asked for. */
static bool chain_failed(GstElement *chain)
{
    g_autoptr(GstBus) bus = gst_element_get_bus(chain);
    g_autoptr(GstMessage) message = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR);
    if (!message)
        return false;
    g_autoptr(GError) error = NULL;
    gst_message_parse_error(message, &error, NULL);
    fprintf(stderr, "loa-decode: %s\n", error->message);
    return true;
}

/* Runs the chain until it ends or fails. */
static int run(Feed *self, GstElement *chain, GstAppSink *sink)
{
    while (!gst_app_sink_is_eos(sink)) {
        GstSample *sample = gst_app_sink_try_pull_sample(sink, ASK_EVERY);
        bool fed = !sample || feed_sample(self, sample);
        if (sample)
            gst_sample_unref(sample);
        if (!fed)
            return EXIT_BROKEN;
        if (!sample && chain_failed(chain))
            return EXIT_BAD_MEDIA;
    }
    return self->put > 0 && !chain_failed(chain) ? EXIT_SUCCESS : EXIT_BAD_MEDIA;
}

static int decode(Feed *self, GError **error)
{
    g_autoptr(GstElement) chain = gst_parse_launch(CHAIN, error);
    if (!chain)
        return EXIT_BROKEN;
    g_autoptr(GstElement) sink = gst_bin_get_by_name(GST_BIN(chain), "sink");
    gst_element_set_state(chain, GST_STATE_PLAYING);
    int status = run(self, chain, GST_APP_SINK(sink));
    gst_element_set_state(chain, GST_STATE_NULL);
    return status;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    Feed self = {.skip = argc == 2 ? g_ascii_strtoll(argv[1], NULL, 10) : 0};
    g_autoptr(Ring) ring = ring_attach(RING_FD, &error);
    if (!ring || argc != 2 || !gst_init_check(NULL, NULL, &error) || !load_plugins()) {
        fprintf(stderr, "loa-decode: %s\n", error ? error->message : "cannot begin");
        return EXIT_BROKEN;
    }
    self.ring = ring;
    int status = decode(&self, &error);
    if (error)
        fprintf(stderr, "loa-decode: %s\n", error->message);
    if (status == EXIT_SUCCESS)
        ring_finish(ring);
    return status;
}
