/* A sound card made of a clock and a file, as an ALSA plugin: what plays cannot tell the
 * difference.
 *
 *   pcm.station1 { type simcard  capture "station-1.wav"  log "station-1.stamps.jsonl"
 *                  state "station-1.state" }
 *
 * The converter takes one frame every 1/(48000 * (1 + ppm/1e6)) s of CLOCK_MONOTONIC, counted from
 * the instant of its start, so no rounding adds up. Nothing runs in the background: whenever ALSA
 * asks for the pointer, everything that was due until now "leaves" through the mixer's gain into
 * the recording (card_recorder.h). What is still queued can be rewound and written again.
 * Faults come through the shared state (card_state.h): unplugged answers ENODEV for good, as a
 * pulled USB card does; stalled leaves the pointer standing while everything else looks well.
 * 48 kHz, stereo, S16LE only; put ALSA's "plug" in front for anything else. */
#include "card_recorder.h"
#include "card_state.h"

#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <math.h>
#include <sys/timerfd.h>

#define CHANNELS    CARD_RECORDER_CHANNELS
#define FRAME_BYTES (CHANNELS * 2)
#define CHUNK       256    /* frames */
#define CLOCK_STEP  100000 /* ns; wall time that moved by more gets a stamp of its own */

typedef struct SimCard {
    snd_pcm_ioplug_t io;
    CardState *state;
    CardRecorder *recorder;
    int state_fd;
    int timer;
    int16_t *ring; /* io.buffer_size frames */
    snd_pcm_uframes_t avail_min;
    snd_pcm_uframes_t hw; /* frames that left since prepare; the boundary of 2^62 is never met */
    bool running;
    bool stalled;
    int ppm;            /* in force since the anchor */
    CardInstant anchor; /* when frame anchor_hw began to leave */
    snd_pcm_uframes_t anchor_hw;
} SimCard;

static double rate_of(const SimCard *self)
{
    return CARD_RECORDER_RATE * (1 + self->ppm * 1e-6);
}

static void stamp(SimCard *self, const char *event, const char *reason, CardInstant when)
{
    card_recorder_stamp(self->recorder, event, reason, when, rate_of(self));
}

/* The converter's time line starts anew here: start, end of a stall, another crystal. */
static void set_anchor(SimCard *self, const char *event, const char *reason, CardInstant when)
{
    self->ppm = atomic_load(&self->state->ppm);
    self->anchor = when;
    self->anchor_hw = self->hw;
    stamp(self, event, reason, when);
}

/* When the frame `hw` was or will be due, on both clocks as they stand now. */
static CardInstant due(const SimCard *self, CardInstant now)
{
    int64_t after = llround((double)(self->hw - self->anchor_hw) * 1e9 / rate_of(self));
    int64_t monotonic = self->anchor.monotonic_ns + after;
    return (CardInstant){.monotonic_ns = monotonic,
                         .realtime_ns = now.realtime_ns - now.monotonic_ns + monotonic};
}

static void emit(SimCard *self, snd_pcm_uframes_t frames)
{
    double gain =
        card_state_gain(atomic_load(&self->state->volume), atomic_load(&self->state->mute));
    int16_t out[CHUNK * CHANNELS];
    while (frames > 0) {
        unsigned count = frames > CHUNK ? CHUNK : (unsigned)frames;
        for (unsigned i = 0; i < count; i++) {
            const int16_t *in = self->ring + (self->hw + i) % self->io.buffer_size * CHANNELS;
            for (unsigned c = 0; c < CHANNELS; c++)
                out[i * CHANNELS + c] = (int16_t)lrint(gain * in[c]);
        }
        card_recorder_append(self->recorder, out, count);
        atomic_fetch_add(&self->state->frames, count);
        self->hw += count;
        frames -= count;
    }
}

static void halt(SimCard *self, const char *event, const char *reason, CardInstant when)
{
    self->running = false;
    stamp(self, event, reason, when);
}

static bool is_unplugged(SimCard *self)
{
    if (!atomic_load(&self->state->unplugged))
        return false;
    if (self->running)
        halt(self, "stop", "unplugged", card_instant_now());
    snd_pcm_ioplug_set_state(&self->io, SND_PCM_STATE_DISCONNECTED);
    return true;
}

/* True while the pointer has to stand still. */
static bool follow_stall(SimCard *self, CardInstant now)
{
    bool stalled = atomic_load(&self->state->stalled);
    if (stalled && !self->stalled)
        stamp(self, "stop", "stalled", due(self, now));
    if (!stalled && self->stalled)
        set_anchor(self, "start", "stall over", now);
    self->stalled = stalled;
    return stalled;
}

/* Wall time may be stepped while the converter runs; the recording must still be datable. */
static void follow_clock(SimCard *self, CardInstant now)
{
    int64_t then = self->anchor.realtime_ns - self->anchor.monotonic_ns;
    if (llabs(now.realtime_ns - now.monotonic_ns - then) > CLOCK_STEP)
        set_anchor(self, "clock", NULL, due(self, now));
    else if (atomic_load(&self->state->ppm) != self->ppm)
        set_anchor(self, "start", "ppm", due(self, now));
}

/* Lets the converter catch up with the clock: 0, or -EPIPE when it ran dry. */
static int advance(SimCard *self)
{
    if (is_unplugged(self) || !self->running)
        return 0;
    CardInstant now = card_instant_now();
    if (follow_stall(self, now))
        return 0;
    double elapsed = (double)(now.monotonic_ns - self->anchor.monotonic_ns) * 1e-9;
    snd_pcm_uframes_t target = self->anchor_hw + (snd_pcm_uframes_t)(elapsed * rate_of(self));
    snd_pcm_uframes_t queued = self->io.appl_ptr > self->hw ? self->io.appl_ptr - self->hw : 0;
    if (target <= self->hw + queued) {
        if (target > self->hw)
            emit(self, target - self->hw);
        follow_clock(self, now);
        return 0;
    }
    emit(self, queued);
    if (self->io.state == SND_PCM_STATE_DRAINING) {
        halt(self, "drained", NULL, due(self, now));
        return 0;
    }
    atomic_fetch_add(&self->state->xruns, 1);
    halt(self, "xrun", NULL, due(self, now));
    return -EPIPE;
}

static int simcard_start(snd_pcm_ioplug_t *io)
{
    SimCard *self = io->private_data;
    if (is_unplugged(self))
        return -ENODEV;
    self->running = true;
    self->stalled = false;
    set_anchor(self, "start", NULL, card_instant_now());
    return 0;
}

static int simcard_stop(snd_pcm_ioplug_t *io)
{
    SimCard *self = io->private_data;
    advance(self);
    if (self->running)
        halt(self, "stop", NULL, card_instant_now());
    return 0;
}

static snd_pcm_sframes_t simcard_pointer(snd_pcm_ioplug_t *io)
{
    SimCard *self = io->private_data;
    int err = advance(self);
    return err < 0 ? err : (snd_pcm_sframes_t)self->hw;
}

static int simcard_delay(snd_pcm_ioplug_t *io, snd_pcm_sframes_t *ret_delay)
{
    SimCard *self = io->private_data;
    *ret_delay = (snd_pcm_sframes_t)(io->appl_ptr - self->hw);
    return 0;
}

/* appl_ptr follows snd_pcm_rewind(), so frames that were queued may come a second time. */
static snd_pcm_sframes_t simcard_transfer(snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas,
                                          snd_pcm_uframes_t offset, snd_pcm_uframes_t frames)
{
    SimCard *self = io->private_data;
    if (is_unplugged(self))
        return -ENODEV;
    const char *in = (const char *)areas->addr + (areas->first + areas->step * offset) / 8;
    for (snd_pcm_uframes_t i = 0; i < frames; i++) {
        snd_pcm_uframes_t slot = (io->appl_ptr + i) % io->buffer_size;
        memcpy(self->ring + slot * CHANNELS, in + i * FRAME_BYTES, FRAME_BYTES);
    }
    return (snd_pcm_sframes_t)frames;
}

static int simcard_hw_params(snd_pcm_ioplug_t *io, snd_pcm_hw_params_t *params)
{
    SimCard *self = io->private_data;
    (void)params;
    free(self->ring);
    self->ring = calloc(io->buffer_size, FRAME_BYTES);
    self->avail_min = io->period_size;
    return self->ring ? 0 : -ENOMEM;
}

static int simcard_sw_params(snd_pcm_ioplug_t *io, snd_pcm_sw_params_t *params)
{
    SimCard *self = io->private_data;
    return snd_pcm_sw_params_get_avail_min(params, &self->avail_min);
}

/* The timer ticks from here on, twice a period, so that poll() always comes back for a look. */
static int simcard_prepare(snd_pcm_ioplug_t *io)
{
    SimCard *self = io->private_data;
    if (is_unplugged(self))
        return -ENODEV;
    if (self->running)
        halt(self, "stop", NULL, card_instant_now());
    self->hw = 0;
    long tick = (long)(1000000000LL * (int64_t)io->period_size / CARD_RECORDER_RATE / 2);
    struct itimerspec timer = {
        .it_interval = {.tv_sec = tick / 1000000000, .tv_nsec = tick % 1000000000},
        .it_value = {.tv_nsec = 1},
    };
    timerfd_settime(self->timer, 0, &timer, NULL);
    stamp(self, "prepare", NULL, card_instant_now());
    return 0;
}

static int simcard_poll_revents(snd_pcm_ioplug_t *io, struct pollfd *fds, unsigned count,
                                unsigned short *ret_events)
{
    SimCard *self = io->private_data;
    uint64_t ticks;
    *ret_events = 0;
    if (count > 0 && (fds[0].revents & POLLIN))
        (void)!read(self->timer, &ticks, sizeof ticks);
    if (advance(self) < 0 || io->state == SND_PCM_STATE_DISCONNECTED)
        *ret_events = POLLERR | POLLOUT;
    else if (io->buffer_size - (io->appl_ptr - self->hw) >= self->avail_min)
        *ret_events = POLLOUT;
    return 0;
}

static void simcard_free(SimCard *self)
{
    card_recorder_free(self->recorder);
    card_state_unmap(self->state);
    if (self->state_fd >= 0)
        close(self->state_fd);
    if (self->timer >= 0)
        close(self->timer);
    free(self->ring);
    free(self);
}

static int simcard_close(snd_pcm_ioplug_t *io)
{
    SimCard *self = io->private_data;
    stamp(self, "close", NULL, card_instant_now());
    simcard_free(self);
    return 0;
}

static const snd_pcm_ioplug_callback_t simcard_callbacks = {
    .start = simcard_start,
    .stop = simcard_stop,
    .pointer = simcard_pointer,
    .transfer = simcard_transfer,
    .close = simcard_close,
    .hw_params = simcard_hw_params,
    .sw_params = simcard_sw_params,
    .prepare = simcard_prepare,
    .poll_revents = simcard_poll_revents,
    .delay = simcard_delay,
};

typedef struct SimCardConfig {
    const char *capture;
    const char *log;
    const char *state;
} SimCardConfig;

static int read_config(snd_config_t *conf, SimCardConfig *ret_config)
{
    snd_config_iterator_t i, next;
    snd_config_for_each(i, next, conf)
    {
        snd_config_t *node = snd_config_iterator_entry(i);
        const char *key;
        const char **value = NULL;
        if (snd_config_get_id(node, &key) < 0)
            continue;
        if (!strcmp(key, "comment") || !strcmp(key, "type") || !strcmp(key, "hint"))
            continue;
        if (!strcmp(key, "capture"))
            value = &ret_config->capture;
        else if (!strcmp(key, "log"))
            value = &ret_config->log;
        else if (!strcmp(key, "state"))
            value = &ret_config->state;
        if (!value || snd_config_get_string(node, value) < 0) {
            SNDERR("simcard: field %s is unknown or not a text", key);
            return -EINVAL;
        }
    }
    return ret_config->state ? 0 : -EINVAL;
}

/* The faults and claims that a real device would answer to open() with. */
static int open_parts(SimCard *self, const SimCardConfig *config)
{
    self->state = card_state_map(config->state, &self->state_fd);
    if (!self->state)
        return -errno;
    if (atomic_load(&self->state->unplugged))
        return -ENODEV;
    if (atomic_load(&self->state->fail_open))
        return -atomic_load(&self->state->fail_open);
    if (!card_state_claim(self->state_fd))
        return -EBUSY;
    self->recorder = card_recorder_new(config->capture, config->log);
    if (!self->recorder)
        return -errno;
    self->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    return self->timer < 0 ? -errno : 0;
}

static int set_limits(snd_pcm_ioplug_t *io)
{
    static const unsigned access[] = {
        SND_PCM_ACCESS_RW_INTERLEAVED,
        SND_PCM_ACCESS_MMAP_INTERLEAVED}; /* "plug" wants the latter */
    static const unsigned format[] = {SND_PCM_FORMAT_S16_LE};
    static const struct {
        int what;
        unsigned min, max;
    } ranges[] = {
        {SND_PCM_IOPLUG_HW_RATE, CARD_RECORDER_RATE, CARD_RECORDER_RATE},
        {SND_PCM_IOPLUG_HW_CHANNELS, CHANNELS, CHANNELS},
        {SND_PCM_IOPLUG_HW_PERIOD_BYTES, 64, 65536},
        {SND_PCM_IOPLUG_HW_BUFFER_BYTES, 128, 512 * 1024},
        {SND_PCM_IOPLUG_HW_PERIODS, 2, 1024},
    };
    int err = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_ACCESS, 2, access);
    if (err >= 0)
        err = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_FORMAT, 1, format);
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges && err >= 0; i++)
        err = snd_pcm_ioplug_set_param_minmax(io, ranges[i].what, ranges[i].min, ranges[i].max);
    return err;
}

static int create(SimCard *self, const char *name, snd_pcm_stream_t stream, int mode)
{
    self->io.version = SND_PCM_IOPLUG_VERSION;
    self->io.name = "simulated sound card";
    self->io.callback = &simcard_callbacks;
    self->io.private_data = self;
    self->io.poll_fd = self->timer;
    self->io.poll_events = POLLIN;
    self->io.flags = SND_PCM_IOPLUG_FLAG_BOUNDARY_WA | SND_PCM_IOPLUG_FLAG_MONOTONIC;
    return snd_pcm_ioplug_create(&self->io, name, stream, mode);
}

SND_PCM_PLUGIN_DEFINE_FUNC(simcard);
SND_PCM_PLUGIN_DEFINE_FUNC(simcard)
{
    (void)root;
    SimCardConfig config = {0};
    if (stream != SND_PCM_STREAM_PLAYBACK)
        return -EINVAL;
    int err = read_config(conf, &config);
    if (err < 0)
        return err;
    SimCard *self = calloc(1, sizeof *self);
    if (!self)
        return -ENOMEM;
    self->state_fd = self->timer = -1;
    err = open_parts(self, &config);
    if (err >= 0)
        err = create(self, name, stream, mode);
    if (err < 0) {
        simcard_free(self);
        return err;
    }
    err = set_limits(&self->io);
    if (err < 0) {
        snd_pcm_ioplug_delete(&self->io); /* closes, and so frees */
        return err;
    }
    *pcmp = self->io.pcm;
    return 0;
}
SND_PCM_PLUGIN_SYMBOL(simcard);
