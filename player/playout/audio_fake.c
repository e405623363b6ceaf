/* Audio without a card, a decoder or a thread: an item is arithmetic on a virtual wall clock.
 *
 * It keeps the promises of audio.h to the letter (callbacks only from the loop, that is from
 * audio_fake_run_until(); `finished` exactly once per prepare; nothing sounds before arm; an item
 * that comes after another joins it), so what the conductor learns here holds with the real thing.
 * The length of an item is `expect_frames`, or one second where the plan does not say. */
#include "playout/audio_fake.h"

#include <gio/gio.h>
#include <math.h>

#define RATE            48000
#define PROGRESS_EVERY  RATE
#define UNKNOWN_LENGTH  RATE
#define NEVER           INT64_MAX
#define FRAMES_TO_US(f) ((f)*G_USEC_PER_SEC / RATE)

typedef struct FakeItem {
    AudioId id;
    AudioFakePhase phase;
    AudioItem item;
    char *path;
    double duck_db;
    AudioEnd end;
    int64_t frames;            /* that will sound unless stopped; 0 = never starts */
    int64_t gap_after, gap_us; /* 0, 0 = no gap */
    int64_t from_us;           /* when the item sounds its first frame */
    int64_t stop_us;           /* when the fade asked for is over; NEVER = not asked */
    int64_t reported;          /* frames told by progress so far */
    bool stream, never, told;  /* never: it has no source; told: that it started */
    GArray *heard;             /* of a stream: FakeSpan; the last one may be open */
} FakeItem;

typedef struct FakeSpan {
    int64_t from_us, until_us; /* until 0 = still */
} FakeSpan;

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
    GPtrArray *items; /* FakeItem, by id */
    FakeItem *last;   /* prepared last; kept when it is over */
    unsigned prepared;
} AudioFake;

static AudioFake *fake_of(const Audio *audio)
{
    return (AudioFake *)audio;
}

static FakeItem *find(const AudioFake *self, AudioId id)
{
    for (unsigned i = 0; id && i < self->items->len; i++)
        if (((FakeItem *)self->items->pdata[i])->id == id)
            return self->items->pdata[i];
    return NULL;
}

static void item_free(FakeItem *item)
{
    if (item) {
        g_free(item->path);
        g_array_unref(item->heard);
    }
    g_free(item);
}

/* Frames of the item that have sounded at `at_us`, the gap left out. */
static int64_t sounded(const FakeItem *item, int64_t at_us)
{
    if (item->phase != AUDIO_FAKE_PLAYING)
        return 0;
    int64_t us = MAX(at_us - item->from_us, 0);
    if (item->gap_us) {
        int64_t before = FRAMES_TO_US(item->gap_after);
        us = us <= before ? us : MAX(before, us - item->gap_us);
    }
    return MIN(us * RATE / G_USEC_PER_SEC, MAX(item->frames, 0));
}

/* When the frame number `frame` is heard. */
static int64_t heard_us(const FakeItem *item, int64_t frame)
{
    int64_t us = item->from_us + FRAMES_TO_US(frame);
    return item->gap_us && frame >= item->gap_after ? us + item->gap_us : us;
}

static void add_segment(const FakeItem *item, GArray *segments, int64_t from, int64_t frames,
                        AudioEnd ended)
{
    AudioSegment segment = {
        .first_us = heard_us(item, from),
        .last_us = heard_us(item, from) + FRAMES_TO_US(frames - 1),
        .offset_frames = item->item.skip_frames + from,
        .frames = frames,
        .ended = ended,
    };
    if (frames > 0)
        g_array_append_val(segments, segment);
}

static bool is_dry(const AudioFake *self, const FakeItem *item)
{
    return item->stream && (self->dry || item->never);
}

static void open_span(FakeItem *item, int64_t at_us)
{
    FakeSpan span = {.from_us = at_us};
    g_array_append_val(item->heard, span);
}

static void close_span(FakeItem *item, int64_t at_us)
{
    FakeSpan *last =
        item->heard->len ? &g_array_index(item->heard, FakeSpan, item->heard->len - 1) : NULL;
    if (last && !last->until_us)
        last->until_us = at_us;
}

/* Gives the frames that were starved. */
static int64_t add_spans(FakeItem *item, GArray *segments, int64_t now_us, AudioEnd end)
{
    int64_t from = 0;
    close_span(item, now_us);
    for (unsigned i = 0; i < item->heard->len; i++) {
        FakeSpan span = g_array_index(item->heard, FakeSpan, i);
        AudioSegment segment = {
            .first_us = span.from_us,
            .last_us = span.until_us,
            .offset_frames = item->item.skip_frames + from,
            .frames = (span.until_us - span.from_us) * RATE / G_USEC_PER_SEC,
            .ended = i + 1 < item->heard->len ? AUDIO_END_MEDIA : end,
        };
        from += segment.frames;
        g_array_append_val(segments, segment);
    }
    return sounded(item, now_us) - from;
}

/* Those that come after `leader` and are armed start now. */
static void release_followers(AudioFake *self, const FakeItem *leader)
{
    for (unsigned i = 0; i < self->items->len; i++) {
        FakeItem *item = self->items->pdata[i];
        if (item->item.after != leader->id)
            continue;
        item->item.after = 0;
        item->item.start_us = item->from_us = self->now_us;
    }
}

static void finish(AudioFake *self, FakeItem *item, AudioEnd end, int64_t frames)
{
    g_autoptr(GArray) segments = g_array_new(FALSE, FALSE, sizeof(AudioSegment));
    bool silent = frames <= 0 || self->level_dbfs == -INFINITY;
    bool split = item->gap_us && frames > item->gap_after;
    int64_t starved = item->stream ? add_spans(item, segments, self->now_us, end) : 0;
    if (split)
        add_segment(item, segments, 0, item->gap_after, AUDIO_END_DEVICE);
    if (!item->stream)
        add_segment(item, segments, split ? item->gap_after : 0,
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
        item_free(item);
    self->audio.events.finished(id, &evidence, self->audio.events_user);
}

/* When the next thing happens to an item, or NEVER. */
static int64_t next_event_us(const FakeItem *item)
{
    switch (item->phase) {
    case AUDIO_FAKE_IDLE: return NEVER;
    case AUDIO_FAKE_PREPARED: return item->item.after ? NEVER : item->stop_us;
    case AUDIO_FAKE_ARMED: return item->item.after ? NEVER : MIN(item->stop_us, item->from_us);
    case AUDIO_FAKE_PLAYING: break;
    }
    int64_t next = MIN(item->frames, item->reported + PROGRESS_EVERY);
    return MIN(item->stop_us, heard_us(item, next));
}

/* The item to which something happens first; the older one where it is the same moment. */
static FakeItem *next_item(const AudioFake *self)
{
    FakeItem *best = NULL;
    for (unsigned i = 0; i < self->items->len; i++) {
        FakeItem *item = self->items->pdata[i];
        if (!best || next_event_us(item) < next_event_us(best))
            best = item;
    }
    return best && next_event_us(best) != NEVER ? best : NULL;
}

static void begin_to_sound(AudioFake *self, FakeItem *item)
{
    bool told = item->told;
    if (item->stream)
        open_span(item, MAX(self->now_us, item->from_us));
    item->told = true;
    if (!told)
        self->audio.events.started(item->id, MAX(self->now_us, item->from_us),
                                   self->audio.events_user);
}

static void step(AudioFake *self, FakeItem *item)
{
    int64_t frames = sounded(item, self->now_us);
    const AudioEvents *events = &self->audio.events;

    if (self->now_us >= item->stop_us)
        finish(self, item, AUDIO_END_STOPPED, item->phase == AUDIO_FAKE_PLAYING ? frames : 0);
    else if (item->phase == AUDIO_FAKE_ARMED && item->frames <= 0)
        finish(self, item, item->end, 0);
    else if (item->phase == AUDIO_FAKE_ARMED) {
        item->phase = AUDIO_FAKE_PLAYING;
        if (!is_dry(self, item))
            begin_to_sound(self, item);
    } else if (self->now_us >= heard_us(item, item->frames))
        finish(self, item, item->end, item->frames);
    else {
        item->reported += PROGRESS_EVERY;
        if (!is_dry(self, item))
            events->progress(item->id, item->reported, self->now_us, self->audio.events_user);
    }
}

static FakeItem *item_new(AudioFake *self, const AudioItem *wanted)
{
    FakeItem *item = g_new0(FakeItem, 1);
    int64_t whole = wanted->expect_frames ? wanted->expect_frames : UNKNOWN_LENGTH;
    item->id = ++self->prepared;
    item->path = g_strdup(wanted->path);
    item->item = *wanted;
    item->item.path = item->path;
    item->stream = wanted->sources != NULL;
    item->never = item->stream && !wanted->sources->url;
    item->item.sources = NULL;
    item->heard = g_array_new(FALSE, FALSE, sizeof(FakeSpan));
    if (!find(self, wanted->after))
        item->item.after = 0;
    item->end = self->plan_end;
    item->frames = MAX(whole - wanted->skip_frames, 0);
    if (item->end != AUDIO_END_COMPLETE)
        item->frames = MIN(item->frames, self->plan_frames);
    item->gap_after = self->plan_gap_after;
    item->gap_us = self->plan_gap_us;
    item->stop_us = NEVER;
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
        item_free(self->last);
    self->last = item_new(self, wanted);
    g_ptr_array_add(self->items, self->last);
    return self->last->id;
}

static void fake_arm(Audio *audio, AudioId id)
{
    AudioFake *self = fake_of(audio);
    FakeItem *item = find(self, id);
    if (!item || item->phase != AUDIO_FAKE_PREPARED)
        return;
    item->from_us = MAX(item->item.start_us, self->now_us);
    item->phase = AUDIO_FAKE_ARMED;
}

static void fake_stop(Audio *audio, AudioId id, unsigned fade_ms)
{
    AudioFake *self = fake_of(audio);
    FakeItem *item = find(self, id);
    if (!item)
        return;
    bool sounds = item->phase == AUDIO_FAKE_PLAYING;
    item->stop_us = MIN(item->stop_us, self->now_us + (sounds ? fade_ms * 1000LL : 0));
    for (unsigned i = 0; i < self->items->len; i++) {
        const FakeItem *other = self->items->pdata[i];
        if (other->item.after == id)
            fake_stop(audio, other->id, fade_ms);
    }
}

static void fake_duck(Audio *audio, AudioId id, double db)
{
    FakeItem *item = find(fake_of(audio), id);
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
        const FakeItem *item = self->items->pdata[i];
        if ((id == 0 || item->id == id) && item->phase == AUDIO_FAKE_PLAYING)
            return self->level_dbfs + item->duck_db;
    }
    return -INFINITY;
}

static bool fake_is_dry(Audio *audio, AudioId id)
{
    const FakeItem *item = find(fake_of(audio), id);
    return item && item->phase == AUDIO_FAKE_PLAYING && is_dry(fake_of(audio), item);
}

static void fake_free(Audio *audio)
{
    AudioFake *self = fake_of(audio);
    for (unsigned i = 0; i < self->items->len; i++)
        if (self->items->pdata[i] != self->last)
            item_free(self->items->pdata[i]);
    item_free(self->last);
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
    for (FakeItem *next; (next = next_item(self)) && next_event_us(next) <= wall_us;) {
        self->now_us = MAX(self->now_us, next_event_us(next));
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
        FakeItem *item = self->items->pdata[i];
        if (!item->stream || item->never || item->phase != AUDIO_FAKE_PLAYING)
            continue;
        if (dry)
            close_span(item, self->now_us);
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
    const FakeItem *item = find(fake_of(audio), id);
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
