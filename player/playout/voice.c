/* The writer's view of one item.
 *
 * The start is kept in CLOCK_REALTIME and turned into a frame of the card anew in every rendered
 * stretch until one contains it; from then on only frames count, so a step of the wall clock moves
 * nothing that sounds. A start that has passed means "now". The item's position is a frame number
 * of the item: it advances with frames handed over, waits when the decoder is late (starved), and
 * jumps to where its own time has come after the card was away.
 *
 * No function of the writer's half allocates, locks or logs. */
#include "playout/voice.h"
#include "playout/voice_private.h"

#include <math.h>

#define START_FRAMES 4800 /* decoded before it starts, so that it does not starve at once */
#define SHORT_FRAMES 4800 /* this much less than planned is a damaged file */

static double wanted_gain(const Voice *self)
{
    return atomic_load(&self->gain);
}

static bool stop_asked(const Voice *self)
{
    return atomic_load(&self->stop_fade) >= 0;
}

/* Moves the next frame to be rendered to `target`, as far as the ring allows. */
static void seek(Voice *self, int64_t target)
{
    int64_t by = target - self->position;
    if (by > 0)
        self->position += ring_skip(self->ring, (unsigned)MIN(by, RING_FRAMES));
    else
        self->position -= ring_back(self->ring, (unsigned)MIN(-by, RING_FRAMES));
}

/* Where in [0, frames) the item starts, or -1: not in this stretch. */
static int64_t start_in(Voice *self, int64_t card_frame, unsigned frames, const VoiceTime *time)
{
    bool enough = ring_available(self->ring) >= START_FRAMES || ring_end(self->ring) != RING_OPEN ||
                  ring_finished(self->ring);
    if (!atomic_load(&self->armed) || !enough)
        return -1;
    if (!dac_clock_ready(time->dac))
        return self->start_us * 1000 <= time->now_ns + time->offset_ns ? 0 : -1;
    int64_t at = dac_clock_frame_at(time->dac, self->start_us, time->offset_ns) - card_frame;
    return at >= (int64_t)frames ? -1 : MAX(at, 0);
}

static void begin(Voice *self, int64_t card_frame, const VoiceTime *time)
{
    self->state = VOICE_PLAYING;
    self->anchor_item = self->position;
    self->anchor_ns = time->dac->count ? dac_clock_ns(time->dac, card_frame) : time->now_ns;
}

/* All there is has been rendered. */
static void exhausted(Voice *self, RingEnd end)
{
    int64_t missing = self->expect_frames - self->position;
    self->state = VOICE_DRAINING;
    self->end = AUDIO_END_COMPLETE;
    if (end == RING_FAILED)
        self->end = AUDIO_END_MEDIA;
    else if (self->expect_frames > 0 && missing > SHORT_FRAMES) {
        self->end = AUDIO_END_MEDIA;
        self->fault = "short-file";
    }
}

/* The gain of the next frame, a fade-out included; false = the fade is over. */
static bool next_gain(Voice *self, float *ret_gain)
{
    float gain = (float)wanted_gain(self);
    int64_t fade = atomic_load(&self->stop_fade);
    if (fade >= 0) {
        if (self->faded >= fade)
            return false;
        gain *= 1.0f - (float)self->faded++ / (float)fade;
    }
    *ret_gain = gain;
    return true;
}

/* Applies the gain, adds to the mix and meters; returns how many frames sounded. */
static unsigned add_to_mix(Voice *self, int32_t *mix, unsigned frames)
{
    unsigned done = 0;
    float gain;
    while (done < frames && next_gain(self, &gain)) {
        for (unsigned c = 0; c < CARD_CHANNELS; c++) {
            unsigned i = done * CARD_CHANNELS + c;
            self->chunk[i] = (int16_t)lrintf((float)self->chunk[i] * gain);
            mix[i] += self->chunk[i];
        }
        done++;
    }
    meter_add(&self->meter, self->chunk, done);
    atomic_store(&self->level_dbfs, meter_level_dbfs(&self->meter));
    return done;
}

/* Before its time: where it starts in this stretch, or -1. */
static int64_t wait_for_start(Voice *self, int64_t card_frame, unsigned frames,
                              const VoiceTime *time)
{
    if (stop_asked(self))
        voice_finish(self, AUDIO_END_STOPPED, NULL);
    else if (atomic_load(&self->armed) && ring_end(self->ring) == RING_FAILED)
        voice_finish(self, AUDIO_END_MEDIA, NULL);
    else {
        int64_t at = start_in(self, card_frame, frames, time);
        if (at >= 0)
            begin(self, card_frame + at, time);
        return at;
    }
    return -1;
}

void voice_render(Voice *self, int32_t *mix, int64_t card_frame, unsigned frames,
                  const VoiceTime *time)
{
    int64_t from = 0;
    if (self->state == VOICE_WAITING)
        from = wait_for_start(self, card_frame, frames, time);
    if (self->state != VOICE_PLAYING)
        return;

    unsigned wanted = MIN(frames - (unsigned)from, VOICE_CHUNK_FRAMES);
    unsigned got = ring_take(self->ring, self->chunk, wanted);
    unsigned sounded = add_to_mix(self, mix + from * CARD_CHANNELS, got);
    trail_add(&self->trail, card_frame + from, self->position, sounded);
    self->position += sounded;

    RingEnd end = got < wanted ? ring_end(self->ring) : RING_OPEN;
    if (sounded < got || (stop_asked(self) && got < wanted)) {
        self->state = VOICE_DRAINING;
        self->end = AUDIO_END_STOPPED;
    } else if (end != RING_OPEN)
        exhausted(self, end);
    else
        self->starved += wanted - got;
}

void voice_interrupt(Voice *self, const char *fault, G_GNUC_UNUSED const VoiceTime *time)
{
    if (self->state == VOICE_DONE)
        return;
    trail_clear(&self->trail);
    if (self->state == VOICE_WAITING)
        return;
    self->fault = fault;
    voice_close_segment(self, AUDIO_END_DEVICE);
    self->state = VOICE_PLAYING;
    if (self->played == 0) { /* nothing of it was heard: it has not started */
        seek(self, self->skip_frames);
        meter_init(&self->meter);
        self->state = VOICE_WAITING;
    }
}

/* The frame of the item whose time it is. */
static int64_t due(const Voice *self, int64_t now_ns)
{
    return self->anchor_item + MAX(now_ns - self->anchor_ns, 0) / 1000 * CARD_RATE / 1000000;
}

static bool too_late_to_start(const Voice *self, const VoiceTime *time)
{
    int64_t patience = VOICE_PATIENCE_US;
    int64_t from_us = MAX(self->start_us, self->prepared_us);
    if (self->expect_frames > self->skip_frames) {
        int64_t length = (self->expect_frames - self->skip_frames) * 1000000 / CARD_RATE;
        patience = MIN(patience, length);
    }
    return (time->now_ns + time->offset_ns) / 1000 > from_us + patience;
}

void voice_wait_for_card(Voice *self, const VoiceTime *time)
{
    if (self->state == VOICE_DONE)
        return;
    if (stop_asked(self))
        voice_finish(self, AUDIO_END_STOPPED, self->fault);
    else if (self->state == VOICE_WAITING) {
        if (too_late_to_start(self, time))
            voice_finish(self, AUDIO_END_DEVICE, self->fault ? self->fault : "no-device");
    } else {
        int64_t target = due(self, time->now_ns);
        seek(self, MAX(target, self->position));
        bool over = ring_end(self->ring) != RING_OPEN && target >= self->position;
        if (over || (self->expect_frames > 0 && target >= self->expect_frames))
            voice_finish(self, AUDIO_END_DEVICE, self->fault);
    }
}

void voice_resume(Voice *self, const VoiceTime *time)
{
    if (self->state == VOICE_PLAYING)
        seek(self, due(self, time->now_ns));
    voice_tell(self, VOICE_NEWS_CARD);
}

void voice_xrun(Voice *self)
{
    self->xruns++;
}

static void count_piece(Voice *self, const TrailRun *piece, const VoiceTime *time)
{
    AudioSegment *segment = voice_open_segment(self);
    int64_t last = piece->card_frame + piece->frames - 1;
    if (segment->frames == 0) {
        segment->offset_frames = piece->item_frame;
        segment->first_us = (dac_clock_ns(time->dac, piece->card_frame) + time->offset_ns) / 1000;
    }
    segment->frames += piece->frames;
    segment->last_us = (dac_clock_ns(time->dac, last) + time->offset_ns) / 1000;
    if (self->played == 0) {
        atomic_store(&self->first_us, segment->first_us);
        voice_tell(self, VOICE_NEWS_STARTED);
    }
    self->played += piece->frames;
}

void voice_passed(Voice *self, int64_t card_frame, int64_t at_ns, const VoiceTime *time)
{
    TrailRun piece;
    int64_t before = self->played;
    while (trail_pass(&self->trail, card_frame, &piece)) {
        count_piece(self, &piece, time);
        self->anchor_item = piece.item_frame + piece.frames;
        self->anchor_ns = at_ns;
    }
    if (self->played / CARD_RATE > before / CARD_RATE) {
        atomic_store(&self->told_frames, self->played);
        atomic_store(&self->told_us, (at_ns + time->offset_ns) / 1000);
        voice_tell(self, VOICE_NEWS_PROGRESS);
    }
    if (self->state == VOICE_DRAINING && trail_empty(&self->trail))
        voice_finish(self, self->end, self->fault);
}
