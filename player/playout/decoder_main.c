/* loa-decode SKIP UNTIL            decodes one Ogg/Opus file into a ring, from frame SKIP, to frame
 *                                  UNTIL at most, then exits
 * loa-decode relay FORMAT URL MS FROM   a radio stream, until it ends or is silent for MS ms (0 =
 *                                  for ever); FROM `sound`: from its first sound on, or `all`
 * loa-decode formats               names the radio streams that can be decoded here, a line each
 *
 * Descriptor 3 is the ring, descriptor 4 the media file; no path is opened but those of a few
 * GStreamer plugins, loaded by name without a registry (nothing is scanned, nothing written), and
 * put into a fixed chain. An auto-plugger would load whatever the file asks for. Of a file the
 * chain gives packets (packets.c), of a stream samples. The chain's own thread fills the ring, so
 * nothing is passed between threads, and a file's mono becomes stereo here, because converters
 * would add a sixth to the memory. The parent has set the limits; whatever
 * goes wrong here ends in an exit status: 2 = not what we play, 3 = the stream is silent, 1 =
 * broken, or gone. */
#include "playout/packets.h"
#include "playout/ring.h"
#include "relay_format.h"

#include <dlfcn.h>
#include <gst/app/gstappsink.h>
#include <gst/audio/audio.h>
#include <gst/gst.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RING_FD        3
#define EXIT_BROKEN    1
#define EXIT_BAD_MEDIA 2
#define FULL_REST_US   400000 /* a full ring holds two seconds */
#define MAX_MONO       5760   /* frames: the longest Opus packet, 120 ms */
#define EXIT_SILENT    3
#define SILENT_PEAK    33 /* -60 dBFS */
#define RATE           48000
#define RAW            "audio/x-raw,format=S16LE,rate=48000,layout=interleaved"
#define FILE_CHAIN                                                                                 \
    "fdsrc name=source fd=4 ! oggdemux ! "                                                         \
    "appsink name=sink caps=audio/x-opus sync=false max-buffers=1"
/* A stream may have any rate; two seconds without a byte and it counts as gone. */
#define RELAY_CHAIN                                                                                \
    "souphttpsrc name=source timeout=2 retries=0 keep-alive=false user-agent=loa-player ! %s ! "   \
    "audioconvert ! audioresample ! " RAW ",channels=2 ! "                                         \
    "appsink name=sink sync=false max-buffers=1"

typedef struct Feed {
    Ring *ring;
    Packets *packets; /* of a file: since its head */
    int64_t skip;     /* frames still to be dropped */
    int64_t room;     /* frames that may still come after those; a file that has more ends there */
    bool decoded;     /* anything, dropped or not */
    bool fetched;     /* anything, from the network */
    int64_t patience; /* frames of silence that are too many; 0 = none are */
    int64_t silent;   /* frames in a row that nobody could hear */
    bool mute;        /* nothing is handed on before the first that somebody can hear */
} Feed;

/* The plugins lie beside libgstreamer, wherever this distribution put it. */
static bool load_plugins(const char *const *plugins)
{
    Dl_info library;
    if (!dladdr((void *)gst_init, &library))
        return false;
    g_autofree char *real = realpath(library.dli_fname, NULL);
    g_autofree char *folder = g_path_get_dirname(real ? real : library.dli_fname);
    for (; *plugins; plugins++) {
        g_autofree char *path = g_strdup_printf("%s/gstreamer-1.0/libgst%s.so", folder, *plugins);
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

/* Of a stream, which is stereo here. */
static bool is_silent(const int16_t *samples, int64_t frames)
{
    bool silent = true;
    for (int64_t i = 0; i < frames * RING_CHANNELS && silent; i++)
        silent = abs(samples[i]) <= SILENT_PEAK;
    return silent;
}

/* Counts what nobody could hear; true when that has gone on for too long. */
static bool note_silence(Feed *self, const int16_t *samples, int64_t frames)
{
    if (self->patience == 0)
        return false;
    self->silent = is_silent(samples, frames) ? self->silent + frames : 0;
    return self->silent > self->patience;
}

static void feed(Feed *self, const int16_t *samples, int64_t frames)
{
    int64_t drop = MIN(self->skip, frames);
    self->decoded = self->decoded || frames > 0;
    self->mute = self->mute && is_silent(samples, frames);
    if (self->mute)
        return; /* without a word, so that the parent's patience ends */
    self->skip -= drop;
    frames -= drop;
    samples += drop * RING_CHANNELS;
    frames = MIN(frames, self->room);
    self->room -= frames;
    ring_touch(self->ring);
    while (frames > 0) {
        unsigned put = ring_put(self->ring, samples, (unsigned)MIN(frames, RING_FRAMES));
        if (put == 0)
            g_usleep(FULL_REST_US);
        frames -= put;
        samples += (size_t)put * RING_CHANNELS;
    }
}

/* Both channels get the sample. */
static void feed_mono(Feed *self, const int16_t *samples, int64_t frames)
{
    int16_t stereo[MAX_MONO * RING_CHANNELS];
    for (; frames > 0; frames -= MIN(frames, MAX_MONO), samples += MAX_MONO) {
        int64_t now = MIN(frames, MAX_MONO);
        for (int64_t i = 0; i < now; i++)
            stereo[2 * i] = stereo[2 * i + 1] = samples[i];
        feed(self, stereo, now);
    }
}

/* All that the plan speaks of is in the ring. A demultiplexer in the middle of a chain of streams
 * does not listen to a sink that has had enough, and there is nothing here to tidy up. */
static void end_when_full(Feed *self)
{
    if (self->room > 0)
        return;
    ring_finish(self->ring);
    _exit(EXIT_SUCCESS);
}

/* A stream's samples. Called by the chain's thread, which waits here while the ring is full. */
static GstFlowReturn on_samples(GstAppSink *sink, gpointer user)
{
    GstMapInfo map;
    g_autoptr(GstSample) sample = gst_app_sink_pull_sample(sink);
    GstBuffer *buffer = sample ? gst_sample_get_buffer(sample) : NULL;
    if (!buffer || !gst_buffer_map(buffer, &map, GST_MAP_READ))
        return GST_FLOW_ERROR;
    const int16_t *samples = (const int16_t *)(const void *)map.data;
    int64_t frames = (int64_t)(map.size / sizeof *samples / RING_CHANNELS);
    feed(user, samples, frames);
    if (note_silence(user, samples, frames))
        _exit(EXIT_SILENT); /* as in end_when_full() */
    gst_buffer_unmap(buffer, &map);
    return GST_FLOW_OK;
}

/* Frames at the end of the packet that are there to fill it up only. */
static unsigned padding_of(GstBuffer *buffer)
{
    const GstAudioClippingMeta *clip = gst_buffer_get_audio_clipping_meta(buffer);
    return clip && clip->format == GST_FORMAT_DEFAULT ? (unsigned)MIN(clip->end, RATE) : 0;
}

static bool feed_packet(Feed *self, const GstMapInfo *map, unsigned padding)
{
    const int16_t *samples;
    int frames = packets_decode(self->packets, map->data, map->size, padding, &samples);
    if (frames < 0)
        return false;
    if (packets_channels(self->packets) == 1)
        feed_mono(self, samples, frames);
    else
        feed(self, samples, frames);
    return true;
}

/* The first packet is the head; others marked as headers hold words. */
static bool take_packet(Feed *self, GstBuffer *buffer, const GstMapInfo *map)
{
    if (!packets_is_head(map->data, map->size) && self->packets)
        return GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_HEADER) ||
               feed_packet(self, map, padding_of(buffer));
    packets_free(self->packets);
    self->packets = packets_new(map->data, map->size);
    return self->packets != NULL;
}

/* A file's packets; as on_samples(). */
static GstFlowReturn on_packet(GstAppSink *sink, gpointer user)
{
    GstMapInfo map;
    g_autoptr(GstSample) sample = gst_app_sink_pull_sample(sink);
    GstBuffer *buffer = sample ? gst_sample_get_buffer(sample) : NULL;
    if (!buffer || !gst_buffer_map(buffer, &map, GST_MAP_READ))
        return GST_FLOW_ERROR;
    bool good = take_packet(user, buffer, &map);
    gst_buffer_unmap(buffer, &map);
    end_when_full(user);
    return good ? GST_FLOW_OK : GST_FLOW_ERROR;
}

/* Waits until the chain ends or fails. */
static int wait_for_end(GstElement *chain)
{
    g_autoptr(GstBus) bus = gst_element_get_bus(chain);
    g_autoptr(GstMessage) message =
        gst_bus_timed_pop_filtered(bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS)
        return EXIT_SUCCESS;
    g_autoptr(GError) error = NULL;
    gst_message_parse_error(message, &error, NULL);
    fprintf(stderr, "loa-decode: %s\n", error->message);
    return EXIT_BAD_MEDIA;
}

static GstPadProbeReturn count_bytes(G_GNUC_UNUSED GstPad *pad, GstPadProbeInfo *info,
                                     gpointer user)
{
    Feed *self = user;
    self->fetched = true;
    ring_count_bytes(self->ring, gst_buffer_get_size(GST_PAD_PROBE_INFO_BUFFER(info)));
    return GST_PAD_PROBE_OK;
}

static void count_bytes_of(Feed *self, GstElement *chain)
{
    g_autoptr(GstElement) element = gst_bin_get_by_name(GST_BIN(chain), "counted");
    g_autoptr(GstPad) pad = gst_element_get_static_pad(element, "sink");
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, count_bytes, self, NULL);
}

static int run_chain(Feed *self, GstElement *chain,
                     GstFlowReturn (*on_sample)(GstAppSink *sink, gpointer user))
{
    g_autoptr(GstElement) sink = gst_bin_get_by_name(GST_BIN(chain), "sink");
    GstAppSinkCallbacks callbacks = {.new_sample = on_sample};
    gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, self, NULL);
    gst_element_set_state(chain, GST_STATE_PLAYING);
    int status = wait_for_end(chain);
    gst_element_set_state(chain, GST_STATE_NULL);
    return status;
}

/* A demultiplexer that believes it can seek looks for the end of the file first, in a thread of its
 * own, while it plays: packets come twice, or the last one with its padding. */
static GstPadProbeReturn deny_seeking(G_GNUC_UNUSED GstPad *pad, GstPadProbeInfo *info,
                                      G_GNUC_UNUSED gpointer user)
{
    GstQuery *query = GST_PAD_PROBE_INFO_QUERY(info);
    GstFormat format;
    if (GST_QUERY_TYPE(query) != GST_QUERY_SEEKING)
        return GST_PAD_PROBE_OK;
    gst_query_parse_seeking(query, &format, NULL, NULL, NULL);
    gst_query_set_seeking(query, format, FALSE, 0, -1);
    return GST_PAD_PROBE_HANDLED;
}

static void read_once(GstElement *chain)
{
    g_autoptr(GstElement) source = gst_bin_get_by_name(GST_BIN(chain), "source");
    g_autoptr(GstPad) pad = gst_element_get_static_pad(source, "src");
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_QUERY_UPSTREAM, deny_seeking, NULL, NULL);
}

static int decode_file(Feed *self, GError **error)
{
    static const char *const plugins[] = {"coreelements", "ogg", "app", NULL};
    if (!load_plugins(plugins))
        return EXIT_BROKEN;
    g_autoptr(GstElement) chain = gst_parse_launch(FILE_CHAIN, error);
    if (!chain)
        return EXIT_BROKEN;
    read_once(chain);
    int status = run_chain(self, chain, on_packet);
    g_clear_pointer(&self->packets, packets_free);
    if (status == EXIT_SUCCESS && self->decoded)
        ring_finish(self->ring);
    return self->decoded ? status : EXIT_BAD_MEDIA;
}

/* A stream that ends has gone away: the ring stays open for the next one. */
static int decode_relay(Feed *self, const char *format_name, const char *url, GError **error)
{
    const RelayFormat *format = relay_format_named(format_name);
    if (!format || !relay_format_url_is_good(url) || !load_plugins(relay_format_plugins()) ||
        !load_plugins(format->plugins))
        return EXIT_BROKEN;
    g_autofree char *text = g_strdup_printf(RELAY_CHAIN, format->chain);
    g_autoptr(GstElement) chain = gst_parse_launch(text, error);
    if (!chain)
        return EXIT_BROKEN;
    g_autoptr(GstElement) source = gst_bin_get_by_name(GST_BIN(chain), "source");
    g_object_set(source, "location", url, NULL);
    count_bytes_of(self, chain);
    int status = run_chain(self, chain, on_samples);
    return status == EXIT_BAD_MEDIA && !self->decoded && self->fetched ? EXIT_BAD_MEDIA
                                                                       : EXIT_BROKEN;
}

/* As it would be at the hour, but for the network. */
static bool can_relay(const RelayFormat *format)
{
    g_autoptr(GError) error = NULL;
    if (!load_plugins(relay_format_plugins()) || !load_plugins(format->plugins))
        return false;
    g_autofree char *text = g_strdup_printf(RELAY_CHAIN, format->chain);
    g_autoptr(GstElement) chain = gst_parse_launch(text, &error);
    return chain && !error;
}

static int name_formats(void)
{
    for (const RelayFormat *format = relay_format_all(); format->name; format++)
        if (format == relay_format_named(format->name) && can_relay(format))
            puts(format->name);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    bool relay = argc == 6 && g_str_equal(argv[1], "relay");
    bool file = argc == 3;
    if (argc == 2 && g_str_equal(argv[1], "formats") && gst_init_check(NULL, NULL, &error))
        return name_formats();
    Feed self = {.room = INT64_MAX};
    if (file) {
        self.skip = g_ascii_strtoll(argv[1], NULL, 10);
        self.room = MAX(g_ascii_strtoll(argv[2], NULL, 10) - self.skip, 0);
    }
    g_autoptr(Ring) ring = ring_attach(RING_FD, &error);
    if (!ring || (!file && !relay) || !gst_init_check(NULL, NULL, &error)) {
        fprintf(stderr, "loa-decode: %s\n", error ? error->message : "cannot begin");
        return EXIT_BROKEN;
    }
    self.ring = ring;
    self.mute = relay && g_str_equal(argv[5], "sound");
    self.patience = relay ? g_ascii_strtoll(argv[4], NULL, 10) * (RATE / 1000) : 0;
    int status = relay ? decode_relay(&self, argv[2], argv[3], &error) : decode_file(&self, &error);
    if (error)
        fprintf(stderr, "loa-decode: %s\n", error->message);
    return status;
}
