/* The main loop's half of a voice: making it, turning its knobs, reading what became of it; and the
 * small book of segments that both halves look at. */
#include "playout/voice_private.h"

#include <math.h>

static double linear(double db)
{
    return db <= -100 ? 0 : pow(10, MIN(db, 0) / 20);
}

Voice *voice_new(const VoiceSettings *settings)
{
    Voice *self = g_new0(Voice, 1);
    self->ring = settings->ring;
    self->id = settings->id;
    self->after = settings->after;
    self->follower = self->held_back = settings->after != 0;
    self->start_us = settings->start_us;
    self->skip_frames = settings->skip_frames;
    self->expect_frames = settings->expect_frames;
    self->live = settings->live;
    self->prepared_us = settings->now_us;
    self->fade_in = (int64_t)settings->fade_in_ms * CARD_RATE / 1000;
    self->run.position = settings->skip_frames;
    atomic_store(&self->stop_fade, -1);
    atomic_store(&self->gain, linear(settings->gain_db));
    atomic_store(&self->duck, 1);
    atomic_store(&self->level_dbfs, -INFINITY);
    meter_init(&self->run.meter);
    voice_forget_marks(self);
    return self;
}

void voice_free(Voice *self)
{
    g_free(self);
}

void voice_arm(Voice *self)
{
    atomic_store(&self->armed, true);
}

void voice_stop(Voice *self, unsigned fade_ms)
{
    int64_t not_asked = -1;
    atomic_compare_exchange_strong(&self->stop_fade, &not_asked,
                                   (int64_t)fade_ms * CARD_RATE / 1000);
    atomic_store(&self->turned, true);
}

void voice_set_gain(Voice *self, double gain_db)
{
    atomic_store(&self->gain, linear(gain_db));
    atomic_store(&self->turned, true);
}

void voice_duck(Voice *self, double db)
{
    atomic_store(&self->duck, linear(db));
    atomic_store(&self->turned, true);
}

unsigned voice_take_news(Voice *self)
{
    return atomic_exchange(&self->news, 0);
}

int64_t voice_first_us(const Voice *self)
{
    return atomic_load(&self->first_us);
}

void voice_progress(const Voice *self, int64_t *ret_frames, int64_t *ret_at_us)
{
    *ret_frames = atomic_load(&self->told_frames);
    *ret_at_us = atomic_load(&self->told_us);
}

double voice_level_dbfs(const Voice *self)
{
    return atomic_load(&self->level_dbfs);
}

bool voice_is_dry(const Voice *self)
{
    return atomic_load(&self->is_dry);
}

AudioId voice_id(const Voice *self)
{
    return self->id;
}

AudioId voice_after(const Voice *self)
{
    return self->after;
}

VoiceState voice_state(const Voice *self)
{
    return self->run.state;
}

bool voice_has_news(const Voice *self)
{
    return atomic_load(&self->news) != 0;
}

void voice_tell(Voice *self, unsigned news)
{
    atomic_fetch_or(&self->news, news);
}

void voice_evidence(const Voice *self, AudioEvidence *ret_evidence)
{
    GArray *segments = g_array_new(FALSE, FALSE, sizeof(AudioSegment));
    g_array_append_vals(segments, self->segment, self->segments);
    *ret_evidence = (AudioEvidence){
        .end = self->run.end,
        .segments = segments,
        .rms_dbfs = meter_rms_dbfs(&self->run.meter),
        .peak_dbfs = meter_peak_dbfs(&self->run.meter),
        .starved_frames = self->run.starved,
        .xruns = self->xruns,
        .fault = self->run.fault,
    };
    if (!ret_evidence->fault && self->played > 0 && meter_silent(&self->run.meter))
        ret_evidence->fault = "silent";
}

void voice_forget_marks(Voice *self)
{
    for (unsigned i = 0; i < VOICE_MARKS; i++)
        self->mark[i].card_frame = -1;
    self->join_frame = self->end_frame = 0;
}

AudioSegment *voice_open_segment(Voice *self)
{
    if (!self->segment_open && self->segments < VOICE_SEGMENTS)
        self->segment[self->segments++] = (AudioSegment){0};
    self->segment_open = true;
    return &self->segment[self->segments - 1];
}

void voice_close_segment(Voice *self, AudioEnd ended)
{
    if (self->segment_open)
        self->segment[self->segments - 1].ended = ended;
    self->segment_open = false;
}

void voice_finish(Voice *self, AudioEnd end, const char *fault)
{
    voice_close_segment(self, end);
    self->run.end = end;
    self->run.fault = fault;
    self->run.state = VOICE_DONE;
    atomic_store(&self->level_dbfs, -INFINITY);
    atomic_store(&self->is_dry, false);
}
