/* AudioOps over the real parts: decoder child -> ring -> voice -> writer thread -> card.
 *
 * This file lives in the main loop. It makes the parts for one item, passes the owner's wishes on,
 * and turns the writer's news (an eventfd) into callbacks. What it says about an item comes from
 * the hardware pointer (voice), the samples handed over (meter) and the mixer read back; the
 * decoder's own opinion only ever makes things worse. The card stays closed between items. */
#include "playout/audio.h"
#include "playout/decoder.h"
#include "playout/mixer_watch.h"
#include "playout/writer.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <math.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define DEFAULT_PERIOD 2400  /* 50 ms: poll gives the latency, not the period */
#define DEFAULT_BUFFER 9600  /* 200 ms */
#define MAX_BUFFER     14400 /* less than RING_GUARD: what a lost card held can be taken back */

G_STATIC_ASSERT(MAX_BUFFER + DEFAULT_PERIOD <= RING_GUARD);

typedef struct Playout {
    Audio audio;
    char *device, *program;
    unsigned period_frames, buffer_frames;
    MixerWatch mixer;
    double software_db; /* 0 where the card has a mixer */
    Writer *writer;
    int news_fd;
    guint news_source;

    /* One item. */
    Ring *ring;
    Decoder *decoder;
    Voice *voice; /* NULL = idle */
    double gain_db;
    const char *media_fault;
} Playout;

static Playout *playout_of(Audio *audio)
{
    return (Playout *)audio;
}

static Card *open_card(void *user, GError **error)
{
    Playout *self = user;
    return card_alsa_open(self->device, self->period_frames, self->buffer_frames, error);
}

static int64_t monotonic_ns(G_GNUC_UNUSED void *user)
{
    return writer_system_monotonic_ns();
}

static int64_t offset_ns(G_GNUC_UNUSED void *user)
{
    return writer_system_offset_ns();
}

static void news_from_writer(void *user)
{
    Playout *self = user;
    uint64_t one = 1;
    (void)!write(self->news_fd, &one, sizeof one);
}

static void forget_item(Playout *self)
{
    g_clear_pointer(&self->decoder, decoder_free);
    g_clear_pointer(&self->voice, voice_free);
    g_clear_pointer(&self->ring, ring_free);
    self->media_fault = NULL;
}

/* The worst word wins: no sound at all, then the media, then what was odd about the sound. */
static const char *fault_word(const Playout *self, const AudioEvidence *evidence)
{
    if (evidence->end == AUDIO_END_MEDIA && self->media_fault)
        return self->media_fault;
    if (evidence->fault)
        return evidence->fault;
    if (evidence->mixer_muted)
        return "muted";
    return self->mixer.unreadable ? "mixer-unreadable" : NULL;
}

static void finish(Playout *self)
{
    AudioEvidence evidence;
    mixer_watch_look(&self->mixer);
    voice_evidence(self->voice, &evidence);
    evidence.mixer_present = self->mixer.worst.present;
    evidence.mixer_db = self->mixer.worst.db;
    evidence.mixer_muted = self->mixer.worst.muted;
    evidence.fault = fault_word(self, &evidence);
    forget_item(self); /* before the callback: it may prepare the next one */
    self->audio.events.finished(&evidence, self->audio.events_user);
    g_array_unref(evidence.segments);
}

static void tell_progress(Playout *self)
{
    int64_t frames, at_us;
    voice_progress(self->voice, &frames, &at_us);
    mixer_watch_look(&self->mixer);
    self->audio.events.progress(frames, at_us, self->audio.events_user);
}

static gboolean on_news(int fd, G_GNUC_UNUSED GIOCondition condition, gpointer data)
{
    Playout *self = data;
    uint64_t count;
    (void)!read(fd, &count, sizeof count);
    unsigned news = self->voice ? voice_take_news(self->voice) : 0;
    if (news & VOICE_NEWS_CARD)
        mixer_watch_assert(&self->mixer);
    if (news & VOICE_NEWS_STARTED) {
        mixer_watch_look(&self->mixer);
        self->audio.events.started(voice_first_us(self->voice), self->audio.events_user);
    }
    if (news & VOICE_NEWS_PROGRESS)
        tell_progress(self);
    if (news & VOICE_NEWS_DONE)
        finish(self);
    return G_SOURCE_CONTINUE;
}

static void on_decoded(const char *fault, void *user)
{
    Playout *self = user;
    self->media_fault = fault;
    writer_wake(self->writer);
}

static bool start_decoder(Playout *self, const AudioItem *item, GError **error)
{
    DecoderSettings settings = {
        .program = self->program,
        .path = item->path,
        .ring = self->ring,
        .skip_frames = item->skip_frames,
        .expect_frames = item->expect_frames,
    };
    self->decoder = decoder_new(&settings, on_decoded, self, error);
    return self->decoder != NULL;
}

static bool playout_prepare(Audio *audio, const AudioItem *item, GError **error)
{
    Playout *self = playout_of(audio);
    if (self->voice) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY, "another item is still sounding");
        return false;
    }
    self->ring = ring_new(error);
    if (!self->ring || !start_decoder(self, item, error)) {
        forget_item(self);
        return false;
    }
    VoiceSettings settings = {
        .ring = self->ring,
        .start_us = item->start_us,
        .skip_frames = item->skip_frames,
        .expect_frames = item->expect_frames,
        .gain_db = MIN(item->gain_db, 0) + self->software_db,
        .now_us = g_get_real_time(),
    };
    self->gain_db = MIN(item->gain_db, 0);
    self->voice = voice_new(&settings);
    mixer_watch_begin(&self->mixer);
    writer_play(self->writer, self->voice);
    return true;
}

static void playout_arm(Audio *audio)
{
    Playout *self = playout_of(audio);
    if (!self->voice)
        return;
    voice_arm(self->voice);
    writer_wake(self->writer);
}

static void playout_stop(Audio *audio, unsigned fade_ms)
{
    Playout *self = playout_of(audio);
    if (!self->voice)
        return;
    voice_stop(self->voice, fade_ms);
    writer_wake(self->writer);
}

/* Where the card has no volume, our own gain stands in for it. */
static bool playout_set_volume(Audio *audio, double db, GError **error)
{
    Playout *self = playout_of(audio);
    bool present = false;
    if (!mixer_watch_set(&self->mixer, MIN(db, 0), &present, error))
        return false;
    self->software_db = present ? 0 : MIN(db, 0);
    if (self->voice)
        voice_set_gain(self->voice, self->gain_db + self->software_db);
    return true;
}

static double playout_level_dbfs(Audio *audio)
{
    Playout *self = playout_of(audio);
    return self->voice ? voice_level_dbfs(self->voice) : -INFINITY;
}

static void playout_free(Audio *audio)
{
    Playout *self = playout_of(audio);
    g_clear_pointer(&self->writer, writer_free); /* first: it may hold the voice */
    forget_item(self);
    if (self->news_source)
        g_source_remove(self->news_source);
    if (self->news_fd >= 0)
        close(self->news_fd);
    mixer_watch_clear(&self->mixer);
    g_free(self->device);
    g_free(self->program);
    g_free(self);
}

static const AudioOps playout_ops = {
    .prepare = playout_prepare,
    .arm = playout_arm,
    .stop = playout_stop,
    .set_volume = playout_set_volume,
    .level_dbfs = playout_level_dbfs,
    .free = playout_free,
};

Audio *playout_new(const AudioSettings *settings, GError **error)
{
    static const WriterOps writer_ops = {
        .open_card = open_card,
        .monotonic_ns = monotonic_ns,
        .offset_ns = offset_ns,
        .news = news_from_writer,
    };
    Playout *self = g_new0(Playout, 1);
    g_autoptr(Audio) audio = &self->audio;
    audio->ops = &playout_ops;
    self->device = g_strdup(settings->device);
    self->program = g_strdup(settings->decoder);
    self->period_frames = settings->period_frames ? settings->period_frames : DEFAULT_PERIOD;
    self->buffer_frames = settings->buffer_frames ? settings->buffer_frames : DEFAULT_BUFFER;
    self->buffer_frames = MIN(self->buffer_frames, MAX_BUFFER);
    mixer_watch_init(&self->mixer, settings->mixer, settings->mixer_element);
    self->news_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (self->news_fd < 0) {
        g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "eventfd: %s",
                    g_strerror(errno));
        return NULL;
    }
    self->news_source = g_unix_fd_add(self->news_fd, G_IO_IN, on_news, self);
    self->writer = writer_new(&writer_ops, self);
    if (!writer_run(self->writer, error))
        return NULL;
    return g_steal_pointer(&audio);
}
