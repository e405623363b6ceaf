/* loa-listen-worker: listens to a radio stream for ten seconds, as a station would.
 *
 *   loa-listen-worker <address >result.jsonl 3>heard.opus
 *
 * Two visits: the first looks at what the server calls the stream and at its first bytes, the
 * second decodes it with the very chain that stations use (relay_format.h) and keeps what was
 * heard. One line says how it went: {"ok":true,"format","seconds","peak_dbfs"} or
 * {"ok":false,"code"} with unreachable, not-audio, silent or ended. */
#include "json.h"
#include "relay_format.h"

#include <gst/gst.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define LISTEN_SECONDS 10
#define PATIENCE_S     40 /* in all */
#define LOOK_PATIENCE  (8 * GST_SECOND)
#define HEAD_BYTES     4096
#define CPU_SECONDS    60
#define HEARD_MAX      (1u << 20)
#define SILENT_DBFS    -60
#define MEMORY_MAX     (1024ul << 20)
#define SOURCE         "souphttpsrc name=source timeout=4 retries=0 user-agent=loa-controller ! "
#define LOOK_CHAIN     SOURCE "fakesink name=end signal-handoffs=true sync=false"
#define HEAR_CHAIN                                                                                 \
    SOURCE "%s ! audioconvert ! audioresample ! audio/x-raw,rate=48000,channels=1 ! "              \
           "level interval=1000000000 ! opusenc bitrate=32000 ! oggmux ! fdsink fd=3 sync=false"

typedef struct Look {
    GMutex lock;
    char type[64]; /* of the answer */
    guint8 head[HEAD_BYTES];
    gsize length;
} Look;

typedef struct Heard {
    unsigned seconds;
    double peak_dbfs;
    bool failed;
} Heard;

static int say(const char *code, const char *format, const Heard *heard)
{
    g_autoptr(Json) line = json_new_object();
    json_set_bool(line, "ok", code == NULL);
    if (code)
        json_set_text(line, "code", code);
    else {
        json_set_text(line, "format", format);
        json_set_int(line, "seconds", heard->seconds);
        json_set_real(line, "peak_dbfs", heard->peak_dbfs);
    }
    g_autofree char *text = json_print(line, NULL);
    puts(text);
    fflush(stdout);
    _exit(0); /* no destructor of a plugin gets another look at the bytes */
}

static GstElement *chain_of(const char *text, const char *url)
{
    g_autoptr(GError) error = NULL;
    GstElement *chain = gst_parse_launch(text, &error);
    if (!chain) {
        fprintf(stderr, "loa-listen-worker: %s\n", error->message);
        _exit(3);
    }
    g_autoptr(GstElement) source = gst_bin_get_by_name(GST_BIN(chain), "source");
    g_object_set(source, "location", url, NULL);
    return chain;
}

static void on_bytes(G_GNUC_UNUSED GstElement *sink, GstBuffer *buffer, G_GNUC_UNUSED GstPad *pad,
                     gpointer user)
{
    Look *look = user;
    g_mutex_lock(&look->lock);
    look->length +=
        gst_buffer_extract(buffer, 0, look->head + look->length, HEAD_BYTES - look->length);
    g_mutex_unlock(&look->lock);
}

static void note_type(Look *look, GstMessage *message)
{
    const GstStructure *headers = gst_message_get_structure(message);
    g_autoptr(GstStructure) answer = NULL;
    if (!headers || !gst_structure_has_name(headers, "http-headers") ||
        !gst_structure_get(headers, "response-headers", GST_TYPE_STRUCTURE, &answer, NULL))
        return;
    const char *type = gst_structure_get_string(answer, "Content-Type");
    if (!type)
        type = gst_structure_get_string(answer, "content-type");
    if (type)
        g_strlcpy(look->type, type, sizeof look->type);
}

static bool has_enough(Look *look)
{
    g_mutex_lock(&look->lock);
    bool enough = look->length >= 64;
    g_mutex_unlock(&look->lock);
    return enough;
}

/* True when the server answered with anything. */
static bool look_at(const char *url, Look *look)
{
    g_autoptr(GstElement) chain = chain_of(LOOK_CHAIN, url);
    g_autoptr(GstElement) sink = gst_bin_get_by_name(GST_BIN(chain), "end");
    g_autoptr(GstBus) bus = gst_element_get_bus(chain);
    GstClockTime left = LOOK_PATIENCE;
    bool over = false;
    g_signal_connect(sink, "handoff", G_CALLBACK(on_bytes), look);
    gst_element_set_state(chain, GST_STATE_PLAYING);
    while (!over && left > 0 && !has_enough(look)) {
        g_autoptr(GstMessage) message = gst_bus_timed_pop(bus, 100 * GST_MSECOND);
        left -= MIN(left, 100 * GST_MSECOND);
        if (!message)
            continue;
        note_type(look, message);
        over = GST_MESSAGE_TYPE(message) & (GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
    }
    gst_element_set_state(chain, GST_STATE_NULL);
    return look->length > 0;
}

static bool begins(const Look *look, const char *bytes, gsize length)
{
    return look->length >= length && memcmp(look->head, bytes, length) == 0;
}

/* By its first bytes where they are plain, else by what the server says. */
static const RelayFormat *format_of(const Look *look)
{
    if (begins(look, "OggS", 4)) {
        bool opus = memmem(look->head, look->length, "OpusHead", 8) != NULL;
        return relay_format_named(opus ? "ogg-opus" : "ogg-vorbis");
    }
    if (begins(look, "#EXTM3U", 7))
        return relay_format_named("hls");
    if (look->length > 1 && look->head[0] == 0xff && (look->head[1] & 0xf6) == 0xf0)
        return relay_format_named("aac");
    if (begins(look, "ID3", 3) ||
        (look->length > 1 && look->head[0] == 0xff && look->head[1] >= 0xe0))
        return relay_format_named("mp3");
    for (const RelayFormat *format = relay_format_all(); format->name; format++)
        if (g_ascii_strncasecmp(look->type, format->type, strlen(format->type)) == 0)
            return format;
    return NULL;
}

static double loudest(const GstStructure *level)
{
    double loudest = -INFINITY;
    const GValue *peaks = gst_structure_get_value(level, "peak");
    G_GNUC_BEGIN_IGNORE_DEPRECATIONS
    const GValueArray *array = peaks ? g_value_get_boxed(peaks) : NULL;
    for (unsigned i = 0; array && i < array->n_values; i++)
        loudest = MAX(loudest, g_value_get_double(&array->values[i]));
    G_GNUC_END_IGNORE_DEPRECATIONS
    return loudest;
}

/* True while there is more to hear. */
static bool hear_message(GstElement *chain, GstMessage *message, Heard *heard)
{
    const GstStructure *said = gst_message_get_structure(message);
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS)
        return false;
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
        heard->failed = true;
        return false;
    }
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ELEMENT && gst_structure_has_name(said, "level")) {
        heard->peak_dbfs = MAX(heard->peak_dbfs, loudest(said));
        if (++heard->seconds == LISTEN_SECONDS)
            gst_element_send_event(chain, gst_event_new_eos());
    }
    return true;
}

static void hear(const char *url, const RelayFormat *format, Heard *heard)
{
    g_autofree char *text = g_strdup_printf(HEAR_CHAIN, format->chain);
    g_autoptr(GstElement) chain = chain_of(text, url);
    g_autoptr(GstBus) bus = gst_element_get_bus(chain);
    bool more = true;
    gst_element_set_state(chain, GST_STATE_PLAYING);
    while (more) {
        g_autoptr(GstMessage) message = gst_bus_timed_pop(bus, 5 * GST_SECOND);
        more = message && hear_message(chain, message, heard);
    }
    gst_element_set_state(chain, GST_STATE_NULL);
}

static void confine(void)
{
    const struct rlimit cpu = {CPU_SECONDS, CPU_SECONDS}, file = {HEARD_MAX, HEARD_MAX};
    const struct rlimit memory = {MEMORY_MAX, MEMORY_MAX}, core = {0, 0};
    setrlimit(RLIMIT_CPU, &cpu);
    setrlimit(RLIMIT_FSIZE, &file);
    setrlimit(RLIMIT_CORE, &core);
#if !defined(__SANITIZE_ADDRESS__) && !defined(LOA_SANITIZE)
    setrlimit(RLIMIT_AS, &memory);
#else
    (void)memory;
#endif
    alarm(PATIENCE_S); /* whatever a server invents to keep us waiting */
}

int main(void)
{
    char url[RELAY_MAX_URL + 1] = {0};
    confine();
    g_setenv("GSETTINGS_BACKEND", "memory", TRUE);
    g_setenv("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
    ssize_t length = read(STDIN_FILENO, url, RELAY_MAX_URL);
    if (length <= 0 || !relay_format_url_is_good(url))
        return 3;
    gst_init(NULL, NULL);
    Look look = {0};
    Heard heard = {.peak_dbfs = -INFINITY};
    if (!look_at(url, &look))
        return say("unreachable", NULL, NULL);
    const RelayFormat *format = format_of(&look);
    if (!format)
        return say("not-audio", NULL, NULL);
    hear(url, format, &heard);
    if (heard.seconds == 0)
        return say(heard.failed ? "not-audio" : "unreachable", NULL, NULL);
    if (heard.seconds < LISTEN_SECONDS / 2)
        return say("ended", NULL, NULL);
    if (heard.peak_dbfs < SILENT_DBFS)
        return say("silent", NULL, NULL);
    return say(NULL, format->name, &heard);
}
