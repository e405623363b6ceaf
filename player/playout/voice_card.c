/* What became of a voice's frames: counted when the hardware pointer has passed them, lost when the
 * card goes away. While there is no card the item's own time runs on, and what falls into the gap
 * is not made up for. Writer thread; nothing here allocates, locks or logs. */
#include "playout/voice_private.h"

bool voice_stop_asked(const Voice *self)
{
    return atomic_load(&self->stop_fade) >= 0;
}

void voice_seek(Voice *self, int64_t target)
{
    int64_t by = target - self->run.position;
    if (by > 0)
        self->run.position += ring_skip(self->ring, (unsigned)MIN(by, RING_FRAMES));
    else
        self->run.position -= ring_back(self->ring, (unsigned)MIN(-by, RING_FRAMES));
}

void voice_interrupt(Voice *self, const char *fault, const VoiceTime *time)
{
    if (self->run.state == VOICE_DONE)
        return;
    self->lost_ns = time->now_ns;
    trail_clear(&self->trail);
    voice_forget_marks(self);
    if (self->run.state == VOICE_WAITING)
        return;
    self->run.fault = fault;
    voice_close_segment(self, AUDIO_END_DEVICE);
    self->run.state = VOICE_PLAYING;
    if (self->played == 0) { /* nothing of it was heard: it has not started */
        voice_seek(self, self->skip_frames);
        meter_init(&self->run.meter);
        self->run.state = VOICE_WAITING;
    }
}

/* The frame of the item whose time it is. */
static int64_t due(const Voice *self, int64_t now_ns)
{
    int64_t since_ns = MAX(now_ns - self->anchor_ns, 0);
    return self->anchor_item + self->owed + since_ns / 1000 * CARD_RATE / 1000000;
}

static int64_t frames_since(int64_t ns, const VoiceTime *time)
{
    return MAX(time->now_ns - ns, 0) / 1000 * CARD_RATE / 1000000;
}

/* A stream goes on without us; only its planned time runs out. */
static void wait_with_stream(Voice *self, const VoiceTime *time)
{
    int64_t lasted = self->run.lasted + frames_since(self->lost_ns, time);
    if (self->expect_frames > 0 && lasted >= self->expect_frames)
        voice_finish(self, AUDIO_END_DEVICE, self->run.fault);
}

static bool too_late_to_start(const Voice *self, const VoiceTime *time)
{
    int64_t patience = VOICE_PATIENCE_US;
    int64_t from_us = MAX(self->start_us, self->prepared_us);
    if (self->held_back)
        return false;
    if (self->expect_frames > self->skip_frames) {
        int64_t length = (self->expect_frames - self->skip_frames) * 1000000 / CARD_RATE;
        patience = MIN(patience, length);
    }
    return (time->now_ns + time->offset_ns) / 1000 > from_us + patience;
}

void voice_wait_for_card(Voice *self, const VoiceTime *time)
{
    VoiceRun *run = &self->run;
    if (run->state == VOICE_DONE)
        return;
    if (voice_stop_asked(self))
        voice_finish(self, AUDIO_END_STOPPED, run->fault);
    else if (run->state == VOICE_WAITING) {
        if (too_late_to_start(self, time))
            voice_finish(self, AUDIO_END_DEVICE, run->fault ? run->fault : "no-device");
    } else if (self->live)
        wait_with_stream(self, time);
    else {
        int64_t target = due(self, time->now_ns);
        voice_seek(self, MAX(target, run->position));
        bool over = ring_end(self->ring) != RING_OPEN && target >= run->position;
        if (over || (self->expect_frames > 0 && target >= self->expect_frames))
            voice_finish(self, AUDIO_END_DEVICE, run->fault);
    }
}

void voice_resume(Voice *self, const VoiceTime *time)
{
    if (self->run.state == VOICE_PLAYING && self->live)
        self->run.lasted += frames_since(self->lost_ns, time);
    else if (self->run.state == VOICE_PLAYING)
        voice_seek(self, due(self, time->now_ns));
    voice_tell(self, VOICE_NEWS_CARD);
}

void voice_xrun(Voice *self)
{
    self->xruns++;
}

static void count_piece(Voice *self, const TrailRun *piece, const VoiceTime *time)
{
    if (self->live && piece->card_frame != self->passed_to)
        voice_close_segment(self, AUDIO_END_MEDIA); /* the stream had run dry */
    AudioSegment *segment = voice_open_segment(self);
    int64_t last = piece->card_frame + piece->frames - 1;
    self->passed_to = last + 1;
    if (segment->frames == 0) {
        segment->offset_frames = piece->item_frame;
        int64_t first_ns = dac_clock_ns(time->dac, piece->card_frame);
        segment->first_us = (first_ns + time->offset_ns) / 1000;
        if (self->played > 0 && !self->live) /* else each return would add its own delay */
            self->owed = MAX(due(self, first_ns) - piece->item_frame, 0);
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
    if (self->run.state == VOICE_DRAINING && trail_empty(&self->trail))
        voice_finish(self, self->run.end, self->run.fault);
}
