/* Audio without a card, a decoder or a thread: an item is arithmetic on a virtual wall clock.
 *
 * It keeps the promises of audio.h to the letter (callbacks only from the loop, that is from
 * audio_fake_run_until(); `finished` exactly once per prepare; nothing sounds before arm; an item
 * that comes after another joins it), so what the conductor learns here holds with the real thing.
 * The length of an item is `expect_frames`, or one second where the plan does not say. */
#include "playout/audio_fake_item.h"

#include <gio/gio.h>
#include <math.h>

#define RATE           48000
#define UNKNOWN_LENGTH RATE

typedef struct AudioFake {
    Audio audio;
    int64_t now_us;
    bool refuse, dry;
    bool mixer_present, mixer_muted;
    double mixer_db, level_dbfs;
    uint64_t streamed;
    AudioEnd plan_end; /* how the next item ends, after how many frames */
    int64_t plan_frames;
    int64_t plan_gap_after, plan_gap_us;
    GPtrArray *items;    /* AudioFakeItem, by id */
    AudioFakeItem *last; /* prepared last; kept when it is over */
    unsigned prepared;
} AudioFake;

static AudioFake *fake_of(const Audio *audio)
{
    return (AudioFake *)audio;
}

static AudioFakeItem *find(const AudioFake *self, AudioId id)
{
    for (unsigned i = 0; id && i < self->items->len; i++)
        if (((AudioFakeItem *)self->items->pdata[i])->id == id)
            return self->items->pdata[i];
    return NULL;
}

static bool is_dry(const AudioFake *self, const AudioFakeItem *item)
{
    return item->stream && (self->dry || item->never);
}

/* Those that come after `leader` and are armed start now. */
static void release_followers(AudioFake *self, const AudioFakeItem *leader)
{
    for (unsigned i = 0; i < self->items->len; i++) {
        AudioFakeItem *item = self->items->pdata[i];
        if (item->item.after != leader->id)
            continue;
        item->item.after = 0;
        item->item.start_us = item->from_us = self->now_us;
    }
}

static void finish(AudioFake *self, AudioFakeItem *item, AudioEnd end, int64_t frames)
{
    g_autoptr(GArray) segments = g_array_new(FALSE, FALSE, sizeof(AudioSegment));
    bool silent = frames <= 0 || self->level_dbfs == -INFINITY;
    bool split = item->gap_us && frames > item->gap_after;
    int64_t starved =
        item->stream ? audio_fake_item_add_spans(item, segments, self->now_us, end) : 0;
    if (split)
        audio_fake_item_add_segment(item, segments, 0, item->gap_after, AUDIO_END_DEVICE);
    if (!item->stream)
        audio_fake_item_add_segment(item, segments, split ? item->gap_after : 0,
                                    split ? frames - item->gap_after : frames, end);
    silent |= segments->len == 0;
    AudioEvidence evidence = {
        .end = end,
        .segments = segments,
        .starved_frames = starved,
        .rms_dbfs = silent ? -INFINITY : self->level_dbfs,
        .peak_dbfs = silent ? -INFINITY : self->level_dbfs + 3,
        .mixer_present = self->mixer_present,
        .mixer_db = self->mixer_db,
        .mixer_muted = self->mixer_muted,
        .fault = end == AUDIO_END_DEVICE && frames <= 0 ? "no-device"
                 : end == AUDIO_END_DEVICE              ? "device-gone"
                 : end == AUDIO_END_MEDIA               ? "decoder-failed"
                                                        : NULL,
    };
    item->phase = AUDIO_FAKE_IDLE;
    g_ptr_array_remove(self->items, item);
    release_followers(self, item);
    AudioId id = item->id;
    if (item != self->last)
        audio_fake_item_free(item);
    self->audio.events.finished(id, &evidence, self->audio.events_user);
}

/* The item to which something happens first; the older one where it is the same moment. */
static AudioFakeItem *next_item(const AudioFake *self)
{
    AudioFakeItem *best = NULL;
    for (unsigned i = 0; i < self->items->len; i++) {
        AudioFakeItem *item = self->items->pdata[i];
        if (!best || audio_fake_item_next_us(item) < audio_fake_item_next_us(best))
            best = item;
    }
    return best && audio_fake_item_next_us(best) != AUDIO_FAKE_NEVER ? best : NULL;
}

static void begin_to_sound(AudioFake *self, AudioFakeItem *item)
{
    bool told = item->told;
    if (item->stream)
        audio_fake_item_open_span(item, MAX(self->now_us, item->from_us));
    item->told = true;
    if (!told)
        self->audio.events.started(item->id, MAX(self->now_us, item->from_us),
                                   self->audio.events_user);
}

static void step(AudioFake *self, AudioFakeItem *item)
{
    int64_t frames = audio_fake_item_sounded(item, self->now_us);
    const AudioEvents *events = &self->audio.events;

    if (self->now_us >= item->stop_us)
        finish(self, item, AUDIO_END_STOPPED, item->phase == AUDIO_FAKE_PLAYING ? frames : 0);
    else if (item->phase == AUDIO_FAKE_ARMED && item->frames <= 0)
        finish(self, item, item->end, 0);
    else if (item->phase == AUDIO_FAKE_ARMED) {
        item->phase = AUDIO_FAKE_PLAYING;
        if (!is_dry(self, item))
            begin_to_sound(self, item);
    } else if (self->now_us >= audio_fake_item_heard_us(item, item->frames))
        finish(self, item, item->end, item->frames);
    else {
        item->reported += AUDIO_FAKE_PROGRESS;
        if (!is_dry(self, item))
            events->progress(item->id, item->reported, self->now_us, self->audio.events_user);
    }
}

static AudioFakeItem *item_new(AudioFake *self, const AudioItem *wanted)
{
    AudioFakeItem *item = audio_fake_item_new();
    int64_t whole = wanted->expect_frames ? wanted->expect_frames : UNKNOWN_LENGTH;
    item->id = ++self->prepared;
    item->path = g_strdup(wanted->path);
    item->item = *wanted;
    item->item.path = item->path;
    item->stream = wanted->sources != NULL;
    item->never = item->stream && !wanted->sources->url;
    item->item.sources = NULL;
    if (!find(self, wanted->after))
        item->item.after = 0;
    item->end = self->plan_end;
    item->frames = MAX(whole - wanted->skip_frames, 0);
    if (item->end != AUDIO_END_COMPLETE)
        item->frames = MIN(item->frames, self->plan_frames);
    item->gap_after = self->plan_gap_after;
    item->gap_us = self->plan_gap_us;
    item->stop_us = AUDIO_FAKE_NEVER;
    item->phase = AUDIO_FAKE_PREPARED;
    self->plan_end = AUDIO_END_COMPLETE;
    self->plan_gap_after = self->plan_gap_us = 0;
    return item;
}

static AudioId fake_prepare(Audio *audio, const AudioItem *wanted, GError **error)
{
    AudioFake *self = fake_of(audio);
    if (self->refuse || self->items->len >= AUDIO_MAX_ITEMS) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY, "%s",
                    self->refuse ? "the audio refuses" : "too many items are prepared already");
        return 0;
    }
    if (self->last && self->last->phase == AUDIO_FAKE_IDLE)
        audio_fake_item_free(self->last);
    self->last = item_new(self, wanted);
    g_ptr_array_add(self->items, self->last);
    return self->last->id;
}

static void fake_arm(Audio *audio, AudioId id)
{
    AudioFake *self = fake_of(audio);
    AudioFakeItem *item = find(self, id);
    if (!item || item->phase != AUDIO_FAKE_PREPARED)
        return;
    item->from_us = MAX(item->item.start_us, self->now_us);
    item->phase = AUDIO_FAKE_ARMED;
}

static void fake_stop(Audio *audio, AudioId id, unsigned fade_ms)
{
    AudioFake *self = fake_of(audio);
    AudioFakeItem *item = find(self, id);
    if (!item)
        return;
    bool sounds = item->phase == AUDIO_FAKE_PLAYING;
    item->stop_us = MIN(item->stop_us, self->now_us + (sounds ? fade_ms * 1000LL : 0));
    for (unsigned i = 0; i < self->items->len; i++) {
        const AudioFakeItem *other = self->items->pdata[i];
        if (other->item.after == id)
            fake_stop(audio, other->id, fade_ms);
    }
}

static void fake_duck(Audio *audio, AudioId id, double db)
{
    AudioFakeItem *item = find(fake_of(audio), id);
    if (item)
        item->duck_db = MIN(db, 0);
}

static void fake_hold(G_GNUC_UNUSED Audio *audio, G_GNUC_UNUSED const char *const *paths)
{
}

static bool fake_set_volume(Audio *audio, double db, GError **error)
{
    AudioFake *self = fake_of(audio);
    if (!self->mixer_present) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "the card has no mixer");
        return false;
    }
    self->mixer_db = db;
    return true;
}

static uint64_t fake_stream_bytes(Audio *audio)
{
    return fake_of(audio)->streamed;
}

static double fake_level_dbfs(Audio *audio, AudioId id)
{
    AudioFake *self = fake_of(audio);
    for (unsigned i = 0; i < self->items->len; i++) {
        const AudioFakeItem *item = self->items->pdata[i];
        if ((id == 0 || item->id == id) && item->phase == AUDIO_FAKE_PLAYING)
            return self->level_dbfs + item->duck_db;
    }
    return -INFINITY;
}

static bool fake_is_dry(Audio *audio, AudioId id)
{
    const AudioFakeItem *item = find(fake_of(audio), id);
    return item && item->phase == AUDIO_FAKE_PLAYING && is_dry(fake_of(audio), item);
}

static void fake_free(Audio *audio)
{
    AudioFake *self = fake_of(audio);
    for (unsigned i = 0; i < self->items->len; i++)
        if (self->items->pdata[i] != self->last)
            audio_fake_item_free(self->items->pdata[i]);
    audio_fake_item_free(self->last);
    g_ptr_array_unref(self->items);
    g_free(self);
}

Audio *audio_fake_new(void)
{
    static const AudioOps ops = {
        .prepare = fake_prepare,
        .arm = fake_arm,
        .stop = fake_stop,
        .duck = fake_duck,
        .hold = fake_hold,
        .is_dry = fake_is_dry,
        .set_volume = fake_set_volume,
        .level_dbfs = fake_level_dbfs,
        .stream_bytes = fake_stream_bytes,
        .free = fake_free,
    };
    AudioFake *self = g_new0(AudioFake, 1);
    self->audio.ops = &ops;
    self->mixer_present = true;
    self->level_dbfs = -16;
    self->items = g_ptr_array_new();
    return &self->audio;
}

void audio_fake_run_until(Audio *audio, int64_t wall_us)
{
    AudioFake *self = fake_of(audio);
    for (AudioFakeItem *next;
         (next = next_item(self)) && audio_fake_item_next_us(next) <= wall_us;) {
        self->now_us = MAX(self->now_us, audio_fake_item_next_us(next));
        step(self, next);
    }
    self->now_us = MAX(self->now_us, wall_us);
}

int64_t audio_fake_now_us(const Audio *audio)
{
    return fake_of(audio)->now_us;
}

void audio_fake_fail_next(Audio *audio, AudioEnd end, int64_t after_frames)
{
    fake_of(audio)->plan_end = end;
    fake_of(audio)->plan_frames = after_frames;
}

void audio_fake_gap_next(Audio *audio, int64_t after_frames, int64_t gap_us)
{
    fake_of(audio)->plan_gap_after = after_frames;
    fake_of(audio)->plan_gap_us = gap_us;
}

void audio_fake_refuse_prepare(Audio *audio, bool refuse)
{
    fake_of(audio)->refuse = refuse;
}

void audio_fake_set_mixer(Audio *audio, bool present, double db, bool muted)
{
    AudioFake *self = fake_of(audio);
    self->mixer_present = present;
    self->mixer_db = db;
    self->mixer_muted = muted;
}

void audio_fake_set_dry(Audio *audio, bool dry)
{
    AudioFake *self = fake_of(audio);
    if (self->dry == dry)
        return;
    self->dry = dry;
    for (unsigned i = 0; i < self->items->len; i++) {
        AudioFakeItem *item = self->items->pdata[i];
        if (!item->stream || item->never || item->phase != AUDIO_FAKE_PLAYING)
            continue;
        if (dry)
            audio_fake_item_close_span(item, self->now_us);
        else
            begin_to_sound(self, item);
    }
}

void audio_fake_set_level(Audio *audio, double rms_dbfs)
{
    fake_of(audio)->level_dbfs = rms_dbfs;
}

AudioFakePhase audio_fake_phase(const Audio *audio)
{
    return fake_of(audio)->last ? fake_of(audio)->last->phase : AUDIO_FAKE_IDLE;
}

AudioFakePhase audio_fake_phase_of(const Audio *audio, AudioId id)
{
    const AudioFakeItem *item = find(fake_of(audio), id);
    return item ? item->phase : AUDIO_FAKE_IDLE;
}

const AudioItem *audio_fake_item(const Audio *audio)
{
    return fake_of(audio)->last ? &fake_of(audio)->last->item : NULL;
}

unsigned audio_fake_prepared(const Audio *audio)
{
    return fake_of(audio)->prepared;
}

void audio_fake_stream(Audio *audio, uint64_t bytes)
{
    fake_of(audio)->streamed += bytes;
}
