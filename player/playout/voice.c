/* The writer's view of one item: when it starts, how loud it is, chunk by chunk.
 *
 * The start is kept in wall time and turned into a frame of the card anew in every chunk until
 * one contains it; from then on only frames count, so a step of the wall clock moves nothing that
 * sounds. A start that has passed means "now". A voice that follows another starts on the frame
 * after the other's last. The item's position is a frame number of the item: it advances with
 * frames rendered, waits when the decoder is late (starved), and goes back when the writer takes
 * frames back from the card to mix them again.
 *
 * Nothing here allocates, locks or logs. */
#include "playout/voice.h"
#include "playout/voice_private.h"

#include <math.h>

#define START_FRAMES 4800         /* decoded before it starts, so that it does not starve at once */
#define LIVE_FRAMES  72000        /* of a stream, whose network stumbles */
#define SHORT_FRAMES 4800         /* this much less than planned is a damaged file */
#define FALL_STEP    (1.0f / 960) /* gain a frame: down in 20 ms */
#define RISE_STEP    (1.0f / 14400) /* and up in 300 */
#define UNITY        65536

static VoiceMark *mark_at(Voice *self, int64_t card_frame)
{
    return &self->mark[card_frame / VOICE_CHUNK % VOICE_MARKS];
}

static bool is_ready(Voice *self)
{
    return ring_available(self->ring) >= (self->live ? LIVE_FRAMES : START_FRAMES) ||
           ring_end(self->ring) != RING_OPEN || ring_finished(self->ring);
}

/* Where in [0, frames) the item starts, or -1: not in this stretch. */
static int64_t start_in(Voice *self, int64_t card_frame, int64_t frames, const VoiceTime *time)
{
    if (!atomic_load(&self->armed) || self->held_back || (!self->live && !is_ready(self)))
        return -1; /* a stream begins when it should, be it with silence */
    int64_t at;
    if (self->follower)
        at = self->join_frame - card_frame;
    else if (!dac_clock_ready(time->dac))
        return self->start_us * 1000 <= time->now_ns + time->offset_ns ? 0 : -1;
    else
        at = dac_clock_frame_at(time->dac, self->start_us, time->offset_ns) - card_frame;
    return at >= frames ? -1 : MAX(at, 0);
}

static float wanted_gain(const Voice *self)
{
    return (float)(atomic_load(&self->gain) * atomic_load(&self->duck));
}

static void begin(Voice *self, int64_t card_frame, const VoiceTime *time)
{
    VoiceRun *run = &self->run;
    run->state = VOICE_PLAYING;
    run->dry = self->live;
    run->lasted = self->skip_frames;
    run->fading_in = self->fade_in > 0;
    run->gain = run->fading_in ? 0 : wanted_gain(self);
    self->anchor_item = run->position;
    self->anchor_ns = time->dac->count ? dac_clock_ns(time->dac, card_frame) : time->now_ns;
}

static void drain(Voice *self, AudioEnd end, int64_t end_frame)
{
    self->run.state = VOICE_DRAINING;
    self->run.end = end;
    self->end_frame = end_frame;
}

/* All there is has been rendered. */
static void exhausted(Voice *self, RingEnd end, int64_t end_frame)
{
    int64_t missing = self->expect_frames - self->run.position;
    drain(self, AUDIO_END_COMPLETE, end_frame);
    if (end == RING_FAILED)
        self->run.end = AUDIO_END_MEDIA;
    else if (self->expect_frames > 0 && missing > SHORT_FRAMES) {
        self->run.end = AUDIO_END_MEDIA;
        self->run.fault = "short-file";
    }
}

static float moved_gain(Voice *self, float wanted)
{
    VoiceRun *run = &self->run;
    if (run->gain > wanted)
        return fmaxf(wanted, run->gain - FALL_STEP);
    float step = run->fading_in ? 1.0f / (float)self->fade_in : RISE_STEP;
    float gain = fminf(wanted, run->gain + step);
    run->fading_in = run->fading_in && gain < wanted;
    return gain;
}

/* Frame by frame, while the gain moves; returns how many frames sounded before a fade-out ended. */
static unsigned add_moving(Voice *self, int32_t *mix, unsigned frames, float wanted, int64_t fade)
{
    VoiceRun *run = &self->run;
    for (unsigned done = 0; done < frames; done++) {
        if (fade >= 0 && run->faded >= fade)
            return done;
        run->gain = moved_gain(self, wanted);
        float gain = run->gain;
        if (fade >= 0)
            gain *= 1.0f - (float)run->faded++ / (float)fade;
        for (unsigned i = done * CARD_CHANNELS; i < (done + 1) * CARD_CHANNELS; i++) {
            self->chunk[i] = (int16_t)lrintf((float)self->chunk[i] * gain);
            mix[i] += self->chunk[i];
        }
    }
    return frames;
}

static void add_steady(Voice *self, int32_t *mix, unsigned frames)
{
    int32_t gain = (int32_t)lrintf(self->run.gain * UNITY);
    for (unsigned i = 0; gain != UNITY && i < frames * CARD_CHANNELS; i++)
        self->chunk[i] = (int16_t)((self->chunk[i] * gain + UNITY / 2) >> 16);
    for (unsigned i = 0; i < frames * CARD_CHANNELS; i++)
        mix[i] += self->chunk[i];
}

/* Applies the gain, adds to the mix and meters; returns how many frames sounded. */
static unsigned add_to_mix(Voice *self, int32_t *mix, unsigned frames)
{
    unsigned done = frames;
    float wanted = wanted_gain(self);
    int64_t fade = atomic_load(&self->stop_fade);
    if (self->run.gain == wanted && fade < 0)
        add_steady(self, mix, frames);
    else
        done = add_moving(self, mix, frames, wanted, fade);
    meter_add(&self->run.meter, self->chunk, done);
    atomic_store(&self->level_dbfs, meter_level_dbfs(&self->run.meter));
    return done;
}

/* Before its time: where it starts in this chunk, or -1. */
static int64_t wait_for_start(Voice *self, int64_t card_frame, const VoiceTime *time)
{
    if (voice_stop_asked(self))
        voice_finish(self, AUDIO_END_STOPPED, NULL);
    else if (atomic_load(&self->armed) && !self->held_back && ring_end(self->ring) == RING_FAILED)
        voice_finish(self, AUDIO_END_MEDIA, NULL);
    else {
        int64_t at = start_in(self, card_frame, VOICE_CHUNK, time);
        if (at >= 0)
            begin(self, card_frame + at, time);
        return at;
    }
    return -1;
}

static void render_from(Voice *self, int32_t *mix, int64_t card_frame, unsigned wanted)
{
    self->run.dry = self->run.dry && !is_ready(self) && !voice_stop_asked(self);
    unsigned got = self->run.dry ? 0 : ring_take(self->ring, self->chunk, wanted);
    unsigned sounded = add_to_mix(self, mix, got);
    trail_add(&self->trail, card_frame, self->run.position, sounded);
    self->run.position += sounded;
    if (sounded < got) /* what was taken too much would be missing after a take-back */
        ring_back(self->ring, got - sounded);

    RingEnd end = got < wanted ? ring_end(self->ring) : RING_OPEN;
    if (sounded < got || (voice_stop_asked(self) && got < wanted))
        drain(self, AUDIO_END_STOPPED, card_frame + sounded);
    else if (end != RING_OPEN)
        exhausted(self, end, card_frame + sounded);
    else {
        self->run.starved += wanted - got;
        self->run.dry = self->live && got < wanted;
    }
}

/* A stream has no end of its own: it is over when its time is. */
static void render_stream(Voice *self, int32_t *mix, int64_t card_frame, unsigned frames)
{
    int64_t left = self->expect_frames > 0 ? self->expect_frames - self->run.lasted : frames;
    unsigned wanted = (unsigned)CLAMP(left, 0, frames);
    render_from(self, mix, card_frame, wanted);
    self->run.lasted += wanted;
    if (wanted < frames && self->run.state == VOICE_PLAYING)
        drain(self, AUDIO_END_COMPLETE, card_frame + wanted);
}

void voice_render(Voice *self, int32_t *mix, int64_t card_frame, const VoiceTime *time)
{
    int64_t from = 0;
    if (self->run.state == VOICE_DONE)
        return;
    *mark_at(self, card_frame) = (VoiceMark){.card_frame = card_frame, .run = self->run};
    if (self->run.state == VOICE_WAITING)
        from = wait_for_start(self, card_frame, time);
    if (self->run.state == VOICE_PLAYING)
        (self->live ? render_stream : render_from)(self, mix + from * CARD_CHANNELS,
                                                   card_frame + from, VOICE_CHUNK - (unsigned)from);
    atomic_store(&self->is_dry, self->run.state == VOICE_PLAYING && self->run.dry);
}

void voice_take_back(Voice *self, int64_t card_frame)
{
    int64_t position = self->run.position;
    if (self->run.state == VOICE_DONE)
        return;
    for (unsigned i = 0; i < VOICE_MARKS; i++) {
        VoiceMark *mark = mark_at(self, card_frame + (int64_t)i * VOICE_CHUNK);
        if (mark->card_frame != card_frame + (int64_t)i * VOICE_CHUNK)
            continue;
        self->run = mark->run;
        position -= ring_back(self->ring, (unsigned)(position - self->run.position));
        self->run.position = position;
        trail_cut(&self->trail, card_frame);
        return;
    }
}

void voice_follow(Voice *self, const Voice *leader, const VoiceTime *time)
{
    if (!self->after || self->run.state != VOICE_WAITING)
        return;
    bool held_back = leader && leader->run.state < VOICE_DRAINING;
    if (self->held_back && !held_back)
        self->start_us = (time->now_ns + time->offset_ns) / 1000; /* its patience begins */
    self->held_back = held_back;
    if (leader && !held_back)
        self->join_frame = leader->end_frame;
    if (!leader)
        self->after = 0;
}

bool voice_wants_back(Voice *self, int64_t from, int64_t to, const VoiceTime *time)
{
    bool turned = atomic_exchange(&self->turned, false);
    if (self->run.state == VOICE_DONE)
        return false;
    if (self->run.state == VOICE_WAITING && voice_stop_asked(self)) {
        voice_finish(self, AUDIO_END_STOPPED, self->run.fault);
        return false;
    }
    if (self->run.state == VOICE_WAITING)
        return to > from && start_in(self, from, to - from, time) >= 0;
    return turned;
}

bool voice_is_awaited(Voice *self, const VoiceTime *time)
{
    bool due = self->start_us * 1000 <= time->now_ns + time->offset_ns;
    return self->run.state == VOICE_WAITING && atomic_load(&self->armed) && !self->held_back && due;
}
