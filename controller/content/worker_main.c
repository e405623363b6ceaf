/* loa-content-worker: turns one untrusted sound into the canonical form, locked in a cage.
 *
 *   loa-content-worker <original >result.jsonl 3>canonical.opus
 *
 * The parent hands over open descriptors: 0 the original (a regular file), 1 for lines of JSON
 * ({"progress":0.42} and one result), 3 for the canonical file. The type is found by content, never
 * by name. A fixed table leads from type to decoder; nothing is plugged by itself. Plugins are
 * loaded first, then the cage closes, and only then is the first byte of the original read;
 * worker_job.c does the rest through the three things that need GStreamer: recognise, decode,
 * encode. Exit status 0 when a result line was written, whatever it says.
 * The only GStreamer file of the controller. */
#include "content/canonical.h"
#include "content/found.h"
#include "content/sandbox.h"
#include "content/worker_element_gst.h"
#include "content/worker_forms.h"
#include "content/worker_job.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/base/gsttypefindhelper.h>
#include <gst/gst.h>
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define OUTPUT_FD        3
#define HEAD_BYTES       (256 * 1024) /* what type finding may look at */
#define READ_MAX         (1024 * 1024)
#define ENCODER_PATIENCE (60 * GST_SECOND)
#define MEMORY_MAX       (1024ULL << 20)
#define CPU_SECONDS_MAX  900
#define ENCODER_CAPS     "audio/x-raw,format=S16LE,rate=48000,channels=1,layout=interleaved"
#define PCM_MAX          2.0f /* full scale and what lossy coding adds to it */
#define PCM_CAPS         "audio/x-raw,format=F32LE,rate=48000,channels=1,layout=interleaved"
/* A file that says how long it is may fall short by this much before it counts as cut off. */
#define SHORT_SLACK(declared_ns) ((declared_ns) / 50 + GST_SECOND / 2)

/* A pass over one sound. */
typedef struct {
    WorkerSound *sound;
    GstElement *pipeline, *tail; /* tail: first element after the decoder */
    bool linked;                 /* one sound of the file is enough */
    bool pictures;               /* a video, whose length says nothing about its sound */
    char stranger[64];           /* a sound nobody here can decode */
    gint64 declared_ns;          /* 0: the file does not say */
} Decoding;

static int phases_done; /* for progress: measured, encoded, checked, ... */

static void need_data(GstAppSrc *src, guint length, gpointer data)
{
    WorkerInput *source = data;
    length = CLAMP(length, 1, READ_MAX);
    g_autofree guint8 *bytes = g_malloc(length);
    const gint64 offset = source->position;
    const gssize got = worker_input_read(source, bytes, length);
    if (got <= 0) {
        gst_app_src_end_of_stream(src);
        return;
    }
    GstBuffer *buffer = gst_buffer_new_wrapped(g_steal_pointer(&bytes), (gsize)got);
    GST_BUFFER_OFFSET(buffer) = (guint64)offset;
    gst_app_src_push_buffer(src, buffer);
}

static gboolean seek_data(GstAppSrc *src, guint64 offset, gpointer data)
{
    (void)src;
    WorkerInput *source = data;
    if (offset > (guint64)source->size)
        return FALSE;
    source->position = (gint64)offset;
    return TRUE;
}

static bool caps_match(const GstCaps *caps, const char *pattern)
{
    g_autoptr(GstCaps) wanted = gst_caps_from_string(pattern);
    return gst_caps_can_intersect(caps, wanted);
}

static const WorkerChain *find_codec(const GstCaps *caps)
{
    for (size_t i = 0; i < worker_chains_count; i++)
        if (caps_match(caps, worker_chains[i].caps))
            return &worker_chains[i];
    return NULL;
}

/* Adds the decoder between `from` and the tail. */
static bool link_codec(Decoding *self, GstPad *from, const WorkerChain *codec)
{
    GstElement *last = self->tail;
    for (int i = 1; i >= 0; i--) {
        if (codec->elements[i] == NULL)
            continue;
        GstElement *element = worker_element_gst_add(self->pipeline, codec->elements[i]);
        if (!gst_element_link(element, last))
            return false;
        gst_element_sync_state_with_parent(element);
        last = element;
    }
    g_autoptr(GstPad) to = gst_element_get_static_pad(last, "sink");
    return gst_pad_link(from, to) == GST_PAD_LINK_OK;
}

/* A track whose type is known: links the first sound that can be decoded. */
static void take_track(Decoding *self, GstPad *pad, const GstCaps *caps)
{
    if (self->linked || gst_caps_is_empty(caps) || gst_caps_is_any(caps))
        return;
    const char *type = gst_structure_get_name(gst_caps_get_structure(caps, 0));
    if (worker_forms_is_silent_track(type)) {
        self->pictures |= g_str_has_prefix(type, "video/");
        return;
    }
    const WorkerChain *codec = find_codec(caps);
    if (codec != NULL)
        self->linked = link_codec(self, pad, codec);
    if (!self->linked)
        g_strlcpy(self->stranger, type, sizeof self->stranger);
}

static void pad_added(GstElement *demux, GstPad *pad, gpointer data)
{
    (void)demux;
    g_autoptr(GstCaps) caps = gst_pad_get_current_caps(pad);
    if (caps == NULL)
        caps = gst_pad_query_caps(pad, NULL);
    take_track(data, pad, caps);
}

/* A pad that was there before its type was known. */
static void caps_known(GstPad *pad, GParamSpec *what, gpointer data)
{
    (void)what;
    g_autoptr(GstCaps) caps = gst_pad_get_current_caps(pad);
    if (caps != NULL)
        take_track(data, pad, caps);
}

static GstPadProbeReturn see_format(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
    (void)pad;
    Decoding *self = data;
    GstEvent *event = GST_PAD_PROBE_INFO_EVENT(info);
    GstCaps *caps = NULL;
    int rate = 0, channels = 0;
    if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS || self->sound->rate != 0)
        return GST_PAD_PROBE_OK;
    gst_event_parse_caps(event, &caps);
    const GstStructure *format = gst_caps_get_structure(caps, 0);
    gst_structure_get_int(format, "rate", &rate);
    gst_structure_get_int(format, "channels", &channels);
    self->sound->rate = (unsigned)rate;
    self->sound->channels = (unsigned)channels;
    return GST_PAD_PROBE_OK;
}

/* appsrc -> [demux ->] decoder -> convert -> resample -> appsink; returns the sink. */
static GstAppSink *build_decoder(Decoding *self)
{
    self->pipeline = gst_pipeline_new(NULL);
    GstElement *src = worker_element_gst_add(self->pipeline, "appsrc");
    g_object_set(src, "stream-type", GST_APP_STREAM_TYPE_RANDOM_ACCESS, "format", GST_FORMAT_BYTES,
                 "size", self->sound->input->size, NULL);
    GstAppSrcCallbacks callbacks = {.need_data = need_data, .seek_data = seek_data};
    gst_app_src_set_callbacks(GST_APP_SRC(src), &callbacks, self->sound->input, NULL);

    self->tail = worker_element_gst_add(self->pipeline, "audioconvert");
    GstElement *resample = worker_element_gst_add(self->pipeline, "audioresample");
    GstElement *sink = worker_element_gst_add(self->pipeline, "appsink");
    g_autoptr(GstCaps) pcm = gst_caps_from_string(PCM_CAPS);
    g_object_set(sink, "sync", FALSE, "max-buffers", 16, "caps", pcm, NULL);
    gst_element_link_many(self->tail, resample, sink, NULL);
    g_autoptr(GstPad) entry = gst_element_get_static_pad(self->tail, "sink");
    gst_pad_add_probe(entry, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, see_format, self, NULL);

    const WorkerContainer *container = self->sound->container;
    if (container->demux == NULL) {
        g_autoptr(GstPad) from = gst_element_get_static_pad(src, "src");
        g_autoptr(GstCaps) caps = gst_caps_from_string(container->caps);
        self->linked = link_codec(self, from, find_codec(caps));
        return GST_APP_SINK(sink);
    }
    GstElement *demux = worker_element_gst_add(self->pipeline, container->demux);
    gst_element_link(src, demux);
    g_autoptr(GstPad) always = gst_element_get_static_pad(demux, "src");
    if (always == NULL) {
        g_signal_connect(demux, "pad-added", G_CALLBACK(pad_added), self);
        return GST_APP_SINK(sink);
    }
    g_signal_connect(always, "notify::caps", G_CALLBACK(caps_known), self);
    return GST_APP_SINK(sink);
}

static gint64 decoded_ms(const Decoding *self)
{
    return self->sound->frames / (CANONICAL_RATE_HZ / 1000);
}

/* What the file promises, once its headers are read; 0 when it promises nothing reliable. */
static void note_promise(Decoding *self)
{
    const WorkerContainer *container = self->sound->container;
    gint64 length = 0;
    if (self->pictures)
        return;
    if (!container->tells_length) {
        const unsigned per_frame = self->sound->rate >= 32000 ? 1152 : 576;
        if (self->sound->rate > 0)
            self->declared_ns =
                (gint64)self->sound->promised_frames * per_frame * GST_SECOND / self->sound->rate;
    } else if (gst_element_query_duration(self->pipeline, GST_FORMAT_TIME, &length) && length > 0) {
        self->declared_ns = length;
    }
}

static bool take_sample(Decoding *self, GstSample *sample, WorkerPcm each, void *data,
                        WorkerFailure *failure)
{
    GstMapInfo map;
    g_autoptr(GstBuffer) buffer = gst_buffer_ref(gst_sample_get_buffer(sample));
    if (self->sound->frames == 0)
        note_promise(self);
    const gint64 longest_ns = CANONICAL_FRAMES_MAX / CANONICAL_RATE_HZ * GST_SECOND;
    if (self->declared_ns > longest_ns + (gint64)GST_SECOND)
        return worker_fail(failure, "too-long", 0, "%s of %" G_GINT64_FORMAT " minutes",
                           self->sound->words, self->declared_ns / (gint64)GST_SECOND / 60);
    if (!gst_buffer_map(buffer, &map, GST_MAP_READ))
        return worker_fail(failure, "internal", decoded_ms(self), "no memory");
    const size_t frames = map.size / sizeof(float);
    g_autofree float *pcm = g_memdup2(map.data, frames * sizeof(float));
    gst_buffer_unmap(buffer, &map);
    for (size_t i = 0; i < frames; i++) /* a damaged packet may decode to anything */
        pcm[i] = isfinite(pcm[i]) ? CLAMP(pcm[i], -PCM_MAX, PCM_MAX) : 0.0f;
    self->sound->frames += (gint64)frames;
    if (self->sound->frames > CANONICAL_FRAMES_MAX)
        return worker_fail(failure, "too-long", decoded_ms(self), "%s of more than %lld minutes",
                           self->sound->words, CANONICAL_FRAMES_MAX / CANONICAL_RATE_HZ / 60);
    worker_say_progress(phases_done,
                        (double)self->sound->input->position / (double)self->sound->input->size);
    return frames == 0 || each(pcm, frames, data, failure);
}

static bool fail_broken(Decoding *self, WorkerFailure *failure)
{
    if (!self->linked && self->stranger[0] != '\0')
        return worker_fail(failure, "unknown-type", 0, "%s with %s", self->sound->words,
                           found_words(self->stranger));
    if (!self->linked)
        return worker_fail(failure, "broken", 0, "%s without any sound", self->sound->words);
    return worker_fail(failure, "broken", decoded_ms(self), "%s, damaged after %.1f s",
                       self->sound->words, (double)decoded_ms(self) / 1000.0);
}

static void note_running_task(const GValue *item, gpointer data)
{
    GstPad *pad = g_value_get_object(item);
    *(bool *)data |= gst_pad_get_task_state(pad) == GST_TASK_STARTED;
}

static void look_for_tasks(const GValue *item, gpointer data)
{
    GstElement *element = g_value_get_object(item);
    GstIterator *pads = gst_element_iterate_pads(element);
    gst_iterator_foreach(pads, note_running_task, data);
    gst_iterator_free(pads);
}

/* A demultiplexer that gave up may stop without a word to the end of the chain. */
static bool is_anybody_working(const Decoding *self)
{
    bool busy = false;
    GstIterator *elements = gst_bin_iterate_elements(GST_BIN(self->pipeline));
    gst_iterator_foreach(elements, look_for_tasks, &busy);
    gst_iterator_free(elements);
    return busy;
}

/* Pulls until the end; false with a reason when there is none that is whole. */
static bool pull_all(Decoding *self, GstAppSink *sink, WorkerPcm each, void *data,
                     WorkerFailure *failure)
{
    g_autoptr(GstBus) bus = gst_element_get_bus(self->pipeline);
    bool working = true;
    for (;;) {
        g_autoptr(GstSample) sample = gst_app_sink_try_pull_sample(sink, 50 * GST_MSECOND);
        if (sample != NULL) {
            if (!take_sample(self, sample, each, data, failure))
                return false;
            continue;
        }
        if (gst_app_sink_is_eos(sink))
            break;
        g_autoptr(GstMessage) message = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR);
        if (message != NULL || !working)
            return fail_broken(self, failure);
        working = is_anybody_working(self); /* whatever was said before it stopped comes first */
    }
    g_autoptr(GstMessage) late = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR);
    if (late != NULL || self->sound->frames == 0)
        return fail_broken(self, failure);
    const gint64 got_ns = decoded_ms(self) * (gint64)GST_MSECOND;
    if (self->declared_ns > got_ns + SHORT_SLACK(self->declared_ns))
        return worker_fail(failure, "broken", decoded_ms(self), "%s, cut off: %.1f s of %.1f s",
                           self->sound->words, (double)got_ns / 1e9,
                           (double)self->declared_ns / 1e9);
    return true;
}

static bool decode(WorkerSound *sound, WorkerPcm each, void *data, WorkerFailure *failure)
{
    Decoding self = {.sound = sound};
    sound->input->position = 0;
    sound->frames = 0;
    GstAppSink *sink = build_decoder(&self);
    bool fine = gst_element_set_state(self.pipeline, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE;
    fine = fine ? pull_all(&self, sink, each, data, failure) : fail_broken(&self, failure);
    gst_element_set_state(self.pipeline, GST_STATE_NULL);
    gst_object_unref(self.pipeline);
    phases_done++;
    return fine;
}

/* appsrc -> opusenc -> oggmux -> memory */
typedef struct {
    GstElement *pipeline;
    GstAppSrc *src;
    gint64 frames;
} Encoding;

static GstFlowReturn encoded(GstAppSink *sink, gpointer data)
{
    GByteArray *out = data;
    g_autoptr(GstSample) sample = gst_app_sink_pull_sample(sink);
    GstMapInfo map;
    if (sample == NULL || !gst_buffer_map(gst_sample_get_buffer(sample), &map, GST_MAP_READ))
        return GST_FLOW_ERROR;
    g_byte_array_append(out, map.data, (guint)map.size);
    gst_buffer_unmap(gst_sample_get_buffer(sample), &map);
    return out->len < CANONICAL_OUTPUT_MAX ? GST_FLOW_OK : GST_FLOW_ERROR;
}

/* "generic" and not "voice": the waveform stays (correlation 0.99 with the source against 0.95,
 * and one constant delay), so that what a station recorded can be compared with what was sent. */
static void *encode_start(GByteArray *out)
{
    Encoding *self = g_new0(Encoding, 1);
    self->pipeline = gst_pipeline_new(NULL);
    GstElement *src = worker_element_gst_add(self->pipeline, "appsrc");
    GstElement *opus = worker_element_gst_add(self->pipeline, "opusenc");
    GstElement *mux = worker_element_gst_add(self->pipeline, "oggmux");
    GstElement *sink = worker_element_gst_add(self->pipeline, "appsink");
    g_autoptr(GstCaps) caps = gst_caps_from_string(ENCODER_CAPS);
    g_object_set(src, "caps", caps, "format", GST_FORMAT_TIME, "block", TRUE, "max-bytes",
                 (guint64)READ_MAX, NULL);
    g_object_set(opus, "bitrate", CANONICAL_BITRATE, NULL);
    gst_util_set_object_arg(G_OBJECT(opus), "audio-type", "generic");
    gst_util_set_object_arg(G_OBJECT(opus), "bandwidth", "auto");
    g_object_set(sink, "sync", FALSE, NULL);
    gst_element_link(src, opus);
    g_random_set_seed(1); /* the Ogg serial is drawn from it: equal sound gives equal bytes */
    gst_element_link_many(opus, mux, sink, NULL);
    GstAppSinkCallbacks callbacks = {.new_sample = encoded};
    gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, out, NULL);
    self->src = GST_APP_SRC(src);
    gst_element_set_state(self->pipeline, GST_STATE_PLAYING);
    return self;
}

static bool encode(void *encoder, const float *pcm, size_t frames, WorkerFailure *failure)
{
    Encoding *self = encoder;
    gint16 *samples = g_new(gint16, frames);
    for (size_t i = 0; i < frames; i++)
        samples[i] = (gint16)CLAMP(lrintf(pcm[i] * 32767.0f), -32768, 32767);
    GstBuffer *buffer = gst_buffer_new_wrapped(samples, frames * sizeof(gint16));
    const guint64 end = (guint64)self->frames + frames;
    GST_BUFFER_PTS(buffer) =
        gst_util_uint64_scale((guint64)self->frames, GST_SECOND, CANONICAL_RATE_HZ);
    GST_BUFFER_DURATION(buffer) =
        gst_util_uint64_scale(end, GST_SECOND, CANONICAL_RATE_HZ) - GST_BUFFER_PTS(buffer);
    self->frames = (gint64)end;
    return gst_app_src_push_buffer(self->src, buffer) == GST_FLOW_OK ||
           worker_fail(failure, "internal", 0, "the encoder stopped");
}

static bool encode_finish(void *encoder, WorkerFailure *failure)
{
    Encoding *self = encoder;
    gst_app_src_end_of_stream(self->src);
    g_autoptr(GstBus) bus = gst_element_get_bus(self->pipeline);
    g_autoptr(GstMessage) end =
        gst_bus_timed_pop_filtered(bus, ENCODER_PATIENCE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    const bool fine = end != NULL && GST_MESSAGE_TYPE(end) == GST_MESSAGE_EOS;
    gst_element_set_state(self->pipeline, GST_STATE_NULL);
    gst_object_unref(self->pipeline);
    g_free(self);
    return fine || worker_fail(failure, "internal", 0, "the encoder stopped");
}

static bool recognise(WorkerSound *sound, WorkerFailure *failure)
{
    g_autofree guint8 *head = g_malloc(HEAD_BYTES);
    GstTypeFindProbability sure = GST_TYPE_FIND_NONE;
    sound->input->position = 0;
    const gssize got = worker_input_read(sound->input, head, HEAD_BYTES);
    g_autoptr(GstCaps) caps =
        got <= 0 ? NULL : gst_type_find_helper_for_data(NULL, head, (gsize)got, &sure);
    const char *name = got == 0 ? "" : NULL;
    if (caps != NULL && sure >= GST_TYPE_FIND_POSSIBLE)
        name = gst_structure_get_name(gst_caps_get_structure(caps, 0));
    else if (got > 0 && found_is_text(head, (size_t)got))
        name = "text/plain";
    g_strlcpy(sound->words, found_words(name), sizeof sound->words);
    for (size_t i = 0; name != NULL && caps != NULL && i < worker_containers_count; i++) {
        if (!caps_match(caps, worker_containers[i].caps))
            continue;
        sound->container = &worker_containers[i];
        sound->type = worker_containers[i].key;
        return true;
    }
    return worker_fail(failure, "unknown-type", 0, "%s", sound->words);
}

/* Exactly the plugins in the table: no scanning, no cache, no helper process. */
static bool load_plugins(void)
{
    for (size_t i = 0; i < worker_plugins_count; i++) {
        g_autofree char *path =
            g_strdup_printf("%s/libgst%s.so", LOA_GST_PLUGINS, worker_plugins[i]);
        g_autoptr(GError) error = NULL;
        g_autoptr(GstPlugin) plugin = gst_plugin_load_file(path, &error);
        if (plugin == NULL) {
            fprintf(stderr, "loa-content-worker: %s\n", error->message);
            return false;
        }
    }
    return true;
}

int main(void)
{
    static const SandboxLimits limits = {
        .memory_bytes = MEMORY_MAX,
        .cpu_seconds = CPU_SECONDS_MAX,
        .file_bytes = CANONICAL_OUTPUT_MAX,
        .files = 64,
    };
    closefrom(OUTPUT_FD + 1);
    sandbox_leave_network();
    mallopt(M_ARENA_MAX, 2);
    g_setenv("ORC_CODE", "backup", TRUE); /* no code made at run time: the cage forbids it */
    g_setenv("GST_REGISTRY_DISABLE", "yes", TRUE);
    g_setenv("GST_DEBUG_NO_COLOR", "1", TRUE);
    gst_init(NULL, NULL);
    g_autoptr(GError) error = NULL;
    if (!load_plugins() || !sandbox_enter(&limits, &error)) {
        if (error != NULL)
            fprintf(stderr, "loa-content-worker: %s\n", error->message);
        return 3;
    }
    static const WorkerCodec codec = {recognise, decode, encode_start, encode, encode_finish};
    WorkerResult result = {0};
    WorkerFailure failure = {0};
    if (worker_job_run(&codec, STDIN_FILENO, OUTPUT_FD, &result, &failure))
        worker_say_result(&result);
    else
        worker_say_failure(&failure);
    _exit(0); /* no destructor of a plugin gets another look at the bytes */
}
