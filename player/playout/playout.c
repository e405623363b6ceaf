/* AudioOps over the real parts: decoder child -> ring -> voice -> writer thread -> card.
 *
 * This file lives in the main loop. It makes the parts of each item, passes the owner's wishes on,
 * and turns the writer's news (an eventfd) into callbacks. What it says about an item comes from
 * the hardware pointer (voice), the samples handed over (meter) and the mixer read back; the
 * decoder's own opinion only ever makes things worse. The card stays closed between items. */
#include "playout/audio.h"
#include "playout/item.h"
#include "playout/quarantine.h"
#include "playout/writer.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <math.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define DEFAULT_PERIOD 4800  /* 100 ms: rewinding gives the latency, not the period */
#define DEFAULT_BUFFER 14400 /* 300 ms */
#define MAX_BUFFER     14400 /* less than RING_GUARD: what a lost card held can be taken back */

G_STATIC_ASSERT(MAX_BUFFER + DEFAULT_PERIOD <= RING_GUARD);
G_STATIC_ASSERT(MAX_BUFFER + DEFAULT_PERIOD <= VOICE_MAX_BACK);

typedef struct Playout {
    Audio audio;
    char *device, *program;
    const Clock *clock; /* read in the writer's thread too */
    unsigned period_frames, buffer_frames;
    RelayLimits relay;
    MixerWatch mixer;
    double software_db; /* 0 where the card has a mixer */
    Writer *writer;
    Held *held;
    Quarantine *quarantine;
    GPtrArray *items;  /* Item, in the order of their ids */
    uint64_t streamed; /* bytes, by streams that are gone */
    AudioId last_id;
    int news_fd;
    guint news_source;
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

static int64_t offset_ns(void *user)
{
    const Playout *self = user;
    return writer_offset_ns(self->clock);
}

static void news_from_writer(void *user)
{
    Playout *self = user;
    uint64_t one = 1;
    (void)!write(self->news_fd, &one, sizeof one);
}

static Item *find(const Playout *self, AudioId id)
{
    for (unsigned i = 0; id && i < self->items->len; i++)
        if (item_id(self->items->pdata[i]) == id)
            return self->items->pdata[i];
    return NULL;
}

/* The first to come after `leader`, or NULL. */
static Item *follower_of(const Playout *self, AudioId leader)
{
    for (unsigned i = 0; i < self->items->len; i++)
        if (item_after(self->items->pdata[i]) == leader)
            return self->items->pdata[i];
    return NULL;
}

static void decode_followers(Playout *self, AudioId leader)
{
    for (unsigned i = 0; i < self->items->len; i++)
        if (item_after(self->items->pdata[i]) == leader)
            item_decode(self->items->pdata[i]);
}

static void on_decoded(Item *item, void *user)
{
    Playout *self = user;
    decode_followers(self, item_id(item));
    writer_wake(self->writer);
}

/* ---- what the writer says ---- */

static void finish(Playout *self, Item *item)
{
    AudioEvidence evidence;
    AudioId id = item_id(item);
    mixer_watch_look(&self->mixer, item_mixer(item));
    item_evidence(item, &evidence);
    g_autofree char *source = g_strdup(evidence.source); /* the item's, which goes now */
    evidence.source = source;
    decode_followers(self, id);
    self->streamed += item_stream_bytes(item);
    if (item_broke_decoder(item))
        quarantine_add(self->quarantine, item_path(item), clock_boottime_us(self->clock));
    g_ptr_array_remove(self->items, item); /* before the callback: it may prepare the next one */
    self->audio.events.finished(id, &evidence, self->audio.events_user);
    g_array_unref(evidence.segments);
}

static void tell_progress(Playout *self, Item *item)
{
    int64_t frames, at_us;
    voice_progress(item_voice(item), &frames, &at_us);
    mixer_watch_look(&self->mixer, item_mixer(item));
    self->audio.events.progress(item_id(item), frames, at_us, self->audio.events_user);
}

/* A callback may stop or prepare others, but the item itself stays until it is done. */
static void tell(Playout *self, Item *item)
{
    unsigned news = voice_take_news(item_voice(item));
    if (news & VOICE_NEWS_CARD)
        mixer_watch_assert(&self->mixer);
    if (news & VOICE_NEWS_STARTED) {
        mixer_watch_look(&self->mixer, item_mixer(item));
        self->audio.events.started(item_id(item), voice_first_us(item_voice(item)),
                                   self->audio.events_user);
    }
    if (news & VOICE_NEWS_PROGRESS)
        tell_progress(self, item);
    if (news & VOICE_NEWS_DONE)
        finish(self, item);
}

/* The next item with something to say: one that joins another keeps quiet until that one ended. */
static Item *next_to_tell(const Playout *self)
{
    for (unsigned i = 0; i < self->items->len; i++) {
        Item *item = self->items->pdata[i];
        if (voice_has_news(item_voice(item)) && !find(self, item_after(item)))
            return item;
    }
    return NULL;
}

static gboolean on_news(int fd, G_GNUC_UNUSED GIOCondition condition, gpointer data)
{
    Playout *self = data;
    uint64_t count;
    (void)!read(fd, &count, sizeof count);
    for (Item *item; (item = next_to_tell(self));)
        tell(self, item);
    return G_SOURCE_CONTINUE;
}

/* ---- what the owner wishes ---- */

static bool is_quarantined(const Playout *self, const AudioItem *audio)
{
    return audio->path && !audio->regardless &&
           quarantine_has(self->quarantine, audio->path, clock_boottime_us(self->clock));
}

static Item *make_item(Playout *self, const AudioItem *audio, GError **error)
{
    Item *leader = find(self, audio->after);
    ItemSettings settings = {
        .id = self->last_id + 1,
        .audio = audio,
        .after = leader ? audio->after : 0,
        .now_us = clock_wall_us(self->clock),
        .decode_later = leader && !item_decoded(leader),
        .quarantined = is_quarantined(self, audio),
        .software_db = self->software_db,
        .program = self->program,
        .relay = self->relay,
        .held = self->held,
        .on_decoded = on_decoded,
        .user = self,
    };
    return item_new(&settings, error);
}

static AudioId playout_prepare(Audio *audio, const AudioItem *wanted, GError **error)
{
    Playout *self = playout_of(audio);
    g_autoptr(Item) item = make_item(self, wanted, error);
    if (!item)
        return 0;
    mixer_watch_assert(&self->mixer);
    if (!writer_play(self->writer, item_voice(item))) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY, "%d items are prepared already",
                    AUDIO_MAX_ITEMS);
        return 0;
    }
    g_ptr_array_add(self->items, g_steal_pointer(&item));
    return ++self->last_id;
}

static void playout_arm(Audio *audio, AudioId id)
{
    Playout *self = playout_of(audio);
    Item *item = find(self, id);
    if (!item)
        return;
    voice_arm(item_voice(item));
    writer_wake(self->writer);
}

static void playout_stop(Audio *audio, AudioId id, unsigned fade_ms)
{
    Playout *self = playout_of(audio);
    Item *item = find(self, id);
    if (!item)
        return;
    Item *follower = follower_of(self, id); /* first: it must not start when the other ends */
    if (follower)
        playout_stop(audio, item_id(follower), fade_ms);
    voice_stop(item_voice(item), fade_ms);
    writer_wake(self->writer);
}

static void playout_duck(Audio *audio, AudioId id, double db)
{
    Playout *self = playout_of(audio);
    Item *item = find(self, id);
    if (!item)
        return;
    voice_duck(item_voice(item), db);
    writer_wake(self->writer);
}

static void playout_hold(Audio *audio, const char *const *paths)
{
    held_set(playout_of(audio)->held, paths);
}

/* Where the card has no volume, or does not let it be set, our own gain stands in for it: rather
 * too quiet than louder than allowed. */
static bool playout_set_volume(Audio *audio, double db, GError **error)
{
    Playout *self = playout_of(audio);
    bool present = false;
    bool set = mixer_watch_set(&self->mixer, MIN(db, 0), &present, error);
    self->software_db = set && present ? 0 : MIN(db, 0);
    for (unsigned i = 0; i < self->items->len; i++)
        item_set_software_gain(self->items->pdata[i], self->software_db);
    return set;
}

static double playout_level_dbfs(Audio *audio, AudioId id)
{
    Playout *self = playout_of(audio);
    double level = -INFINITY;
    for (unsigned i = 0; i < self->items->len; i++)
        if (id == 0 || item_id(self->items->pdata[i]) == id)
            level = MAX(level, voice_level_dbfs(item_voice(self->items->pdata[i])));
    return level;
}

static bool playout_is_dry(Audio *audio, AudioId id)
{
    Item *item = find(playout_of(audio), id);
    return item && item_is_dry(item);
}

static uint64_t playout_stream_bytes(Audio *audio)
{
    const Playout *self = playout_of(audio);
    uint64_t bytes = self->streamed;
    for (unsigned i = 0; i < self->items->len; i++)
        bytes += item_stream_bytes(self->items->pdata[i]);
    return bytes;
}

static void playout_free(Audio *audio)
{
    Playout *self = playout_of(audio);
    g_clear_pointer(&self->writer, writer_free); /* first: it may hold the voices */
    g_ptr_array_unref(self->items);
    held_free(self->held);
    quarantine_free(self->quarantine);
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
    .duck = playout_duck,
    .hold = playout_hold,
    .is_dry = playout_is_dry,
    .set_volume = playout_set_volume,
    .level_dbfs = playout_level_dbfs,
    .stream_bytes = playout_stream_bytes,
    .free = playout_free,
};

static void item_destroy(gpointer item)
{
    item_free(item);
}

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
    self->relay = settings->relay;
    self->clock = settings->clock ? settings->clock : clock_system();
    self->period_frames = settings->period_frames ? settings->period_frames : DEFAULT_PERIOD;
    self->buffer_frames = settings->buffer_frames ? settings->buffer_frames : DEFAULT_BUFFER;
    self->buffer_frames = MIN(self->buffer_frames, MAX_BUFFER);
    self->items = g_ptr_array_new_with_free_func(item_destroy);
    self->held = held_new(settings->decoder);
    self->quarantine = quarantine_new();
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
