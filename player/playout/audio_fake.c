/* Audio without a card, a decoder or a thread: an item is arithmetic on a virtual wall clock.
 *
 * It keeps the promises of audio.h to the letter (callbacks only from the loop, that is from
 * audio_fake_run_until(); `finished` exactly once per prepare; nothing sounds before arm), so what
 * the conductor learns here holds with the real thing. The length of an item is `expect_frames`,
 * or one second where the plan does not say. */
#include "playout/audio_fake.h"

#include <gio/gio.h>
#include <math.h>

#define RATE            48000
#define PROGRESS_EVERY  RATE
#define UNKNOWN_LENGTH  RATE
#define NEVER           INT64_MAX
#define FRAMES_TO_US(f) ((f)*G_USEC_PER_SEC / RATE)

typedef struct AudioFake {
    Audio audio;
    int64_t now_us;
    bool refuse;
    bool mixer_present, mixer_muted;
    double mixer_db, level_dbfs;
    AudioEnd plan_end; /* how the next item ends, after how many frames */
    int64_t plan_frames;
    int64_t gap_after, gap_us; /* 0, 0 = no gap */

    AudioFakePhase phase;
    AudioItem item;
    char *path;
    unsigned prepared;
    AudioEnd end;
    int64_t frames;   /* that will sound unless stopped; -1 = never starts */
    int64_t from_us;  /* when the item sounds its first frame */
    int64_t stop_us;  /* when the fade asked for is over; NEVER = not asked */
    int64_t reported; /* frames told by progress so far */
} AudioFake;

static AudioFake *fake_of(const Audio *audio)
{
    return (AudioFake *)audio;
}

/* Frames of the item that have sounded at `at_us`, the gap left out. */
static int64_t sounded(const AudioFake *self, int64_t at_us)
{
    if (self->phase != AUDIO_FAKE_PLAYING)
        return 0;
    int64_t us = MAX(at_us - self->from_us, 0);
    if (self->gap_us) {
        int64_t before = FRAMES_TO_US(self->gap_after);
        us = us <= before ? us : MAX(before, us - self->gap_us);
    }
    return MIN(us * RATE / G_USEC_PER_SEC, MAX(self->frames, 0));
}

/* When the frame number `frame` is heard. */
static int64_t heard_us(const AudioFake *self, int64_t frame)
{
    int64_t us = self->from_us + FRAMES_TO_US(frame);
    return self->gap_us && frame >= self->gap_after ? us + self->gap_us : us;
}

static void add_segment(const AudioFake *self, GArray *segments, int64_t from, int64_t frames,
                        AudioEnd ended)
{
    AudioSegment segment = {
        .first_us = heard_us(self, from),
        .last_us = heard_us(self, from) + FRAMES_TO_US(frames - 1),
        .offset_frames = self->item.skip_frames + from,
        .frames = frames,
        .ended = ended,
    };
    if (frames > 0)
        g_array_append_val(segments, segment);
}

static void finish(AudioFake *self, AudioEnd end, int64_t frames)
{
    g_autoptr(GArray) segments = g_array_new(FALSE, FALSE, sizeof(AudioSegment));
    bool silent = frames <= 0 || self->level_dbfs == -INFINITY;
    bool split = self->gap_us && frames > self->gap_after;
    if (split)
        add_segment(self, segments, 0, self->gap_after, AUDIO_END_DEVICE);
    add_segment(self, segments, split ? self->gap_after : 0,
                split ? frames - self->gap_after : frames, end);
    AudioEvidence evidence = {
        .end = end,
        .segments = segments,
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
    self->phase = AUDIO_FAKE_IDLE;
    self->gap_after = self->gap_us = 0;
    self->audio.events.finished(&evidence, self->audio.events_user);
}

/* When the next thing happens, or NEVER. */
static int64_t next_event_us(const AudioFake *self)
{
    switch (self->phase) {
    case AUDIO_FAKE_IDLE: return NEVER;
    case AUDIO_FAKE_PREPARED: return self->stop_us;
    case AUDIO_FAKE_ARMED: return MIN(self->stop_us, self->from_us);
    case AUDIO_FAKE_PLAYING: break;
    }
    int64_t next = MIN(self->frames, self->reported + PROGRESS_EVERY);
    return MIN(self->stop_us, heard_us(self, next));
}

static void step(AudioFake *self)
{
    int64_t frames = sounded(self, self->now_us);
    const AudioEvents *events = &self->audio.events;

    if (self->now_us >= self->stop_us)
        finish(self, AUDIO_END_STOPPED, self->phase == AUDIO_FAKE_PLAYING ? frames : 0);
    else if (self->phase == AUDIO_FAKE_ARMED && self->frames <= 0)
        finish(self, self->end, 0);
    else if (self->phase == AUDIO_FAKE_ARMED) {
        self->phase = AUDIO_FAKE_PLAYING;
        events->started(self->from_us, self->audio.events_user);
    } else if (self->now_us >= heard_us(self, self->frames))
        finish(self, self->end, self->frames);
    else {
        self->reported += PROGRESS_EVERY;
        events->progress(self->reported, self->now_us, self->audio.events_user);
    }
}

static bool fake_prepare(Audio *audio, const AudioItem *item, GError **error)
{
    AudioFake *self = fake_of(audio);
    if (self->refuse || self->phase != AUDIO_FAKE_IDLE) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY, "%s",
                    self->refuse ? "the audio refuses" : "another item is still sounding");
        return false;
    }
    int64_t whole = (item->expect_frames ? item->expect_frames : UNKNOWN_LENGTH);
    g_free(self->path);
    self->path = g_strdup(item->path);
    self->item = *item;
    self->item.path = self->path;
    self->end = self->plan_end;
    self->frames = MAX(whole - item->skip_frames, 0);
    if (self->end != AUDIO_END_COMPLETE)
        self->frames = MIN(self->frames, self->plan_frames);
    self->plan_end = AUDIO_END_COMPLETE;
    self->stop_us = NEVER;
    self->reported = 0;
    self->prepared++;
    self->phase = AUDIO_FAKE_PREPARED;
    return true;
}

static void fake_arm(Audio *audio)
{
    AudioFake *self = fake_of(audio);
    if (self->phase != AUDIO_FAKE_PREPARED)
        return;
    self->from_us = MAX(self->item.start_us, self->now_us);
    self->phase = AUDIO_FAKE_ARMED;
}

static void fake_stop(Audio *audio, unsigned fade_ms)
{
    AudioFake *self = fake_of(audio);
    bool sounds = self->phase == AUDIO_FAKE_PLAYING;
    if (self->phase != AUDIO_FAKE_IDLE)
        self->stop_us = MIN(self->stop_us, self->now_us + (sounds ? fade_ms * 1000LL : 0));
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

static double fake_level_dbfs(Audio *audio)
{
    AudioFake *self = fake_of(audio);
    return self->phase == AUDIO_FAKE_PLAYING ? self->level_dbfs : -INFINITY;
}

static void fake_free(Audio *audio)
{
    g_free(fake_of(audio)->path);
    g_free(fake_of(audio));
}

Audio *audio_fake_new(void)
{
    static const AudioOps ops = {
        .prepare = fake_prepare,
        .arm = fake_arm,
        .stop = fake_stop,
        .set_volume = fake_set_volume,
        .level_dbfs = fake_level_dbfs,
        .free = fake_free,
    };
    AudioFake *self = g_new0(AudioFake, 1);
    self->audio.ops = &ops;
    self->mixer_present = true;
    self->level_dbfs = -16;
    return &self->audio;
}

void audio_fake_run_until(Audio *audio, int64_t wall_us)
{
    AudioFake *self = fake_of(audio);
    for (int64_t next; (next = next_event_us(self)) <= wall_us && next != NEVER;) {
        self->now_us = MAX(self->now_us, next);
        step(self);
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
    fake_of(audio)->gap_after = after_frames;
    fake_of(audio)->gap_us = gap_us;
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

void audio_fake_set_level(Audio *audio, double rms_dbfs)
{
    fake_of(audio)->level_dbfs = rms_dbfs;
}

AudioFakePhase audio_fake_phase(const Audio *audio)
{
    return fake_of(audio)->phase;
}

const AudioItem *audio_fake_item(const Audio *audio)
{
    return fake_of(audio)->prepared ? &fake_of(audio)->item : NULL;
}

unsigned audio_fake_prepared(const Audio *audio)
{
    return fake_of(audio)->prepared;
}
