/* A real (or simulated) sound card through alsa-lib.
 *
 * Nothing here blocks or starts by itself: the device is opened non-blocking, its start threshold
 * is out of reach, and the writer decides when the first frame leaves. Positions come from the
 * hardware's own account, snd_pcm_status(): its time stamp (CLOCK_MONOTONIC) and the delay that
 * belonged to it. Frames are numbered by `handed`, which only a rewind takes back; an underrun or
 * a drop loses frames but never their numbers.
 *
 * One thread at a time; the writer's. */
#include "card.h"
#include "card_alsa_error.h"

#include <alsa/asoundlib.h>
#include <time.h>

#define DEFAULT_PERIOD 2400 /* 50 ms */
#define DEFAULT_BUFFER 9600 /* 200 ms */
#define STUCK_NS       G_GINT64_CONSTANT(1000000000)

typedef struct CardAlsa {
    Card card;
    snd_pcm_t *pcm;
    int64_t handed;      /* frames given to the card, less those rewound */
    int64_t still_frame; /* the position when it was last seen moving */
    int64_t still_at_ns; /* CLOCK_MONOTONIC; 0 = not running */
} CardAlsa;

static int64_t monotonic_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * G_GINT64_CONSTANT(1000000000) + t.tv_nsec;
}

static long card_alsa_write(Card *card, const int16_t *samples, unsigned frames, GError **error)
{
    CardAlsa *self = (CardAlsa *)card;
    snd_pcm_sframes_t written = snd_pcm_writei(self->pcm, samples, frames);
    if (written == -EAGAIN || written == -EINTR)
        return 0;
    if (written < 0) {
        card_alsa_fail(error, (int)written, "cannot write to the sound card");
        return -1;
    }
    self->handed += written;
    return written;
}

static long card_alsa_rewind(Card *card, unsigned frames)
{
    CardAlsa *self = (CardAlsa *)card;
    snd_pcm_sframes_t possible = snd_pcm_rewindable(self->pcm);
    if (possible <= 0 || frames == 0)
        return 0;
    snd_pcm_sframes_t taken = snd_pcm_rewind(self->pcm, MIN((snd_pcm_uframes_t)possible, frames));
    if (taken <= 0)
        return 0;
    self->handed -= taken;
    return taken;
}

static bool card_alsa_start(Card *card, GError **error)
{
    CardAlsa *self = (CardAlsa *)card;
    int err = snd_pcm_start(self->pcm);
    self->still_at_ns = 0;
    return err >= 0 || card_alsa_fail(error, err, "cannot start the sound card");
}

static bool card_alsa_prepare(Card *card, GError **error)
{
    CardAlsa *self = (CardAlsa *)card;
    snd_pcm_drop(self->pcm); /* a running device cannot be prepared; fails harmlessly otherwise */
    int err = snd_pcm_prepare(self->pcm);
    self->still_at_ns = 0;
    return err >= 0 || card_alsa_fail(error, err, "cannot prepare the sound card");
}

/* The hardware's stamp where it is one of CLOCK_MONOTONIC and fresh, else now. */
static int64_t stamp_ns(const snd_pcm_status_t *status)
{
    snd_htimestamp_t stamp;
    int64_t now = monotonic_ns();
    snd_pcm_status_get_htstamp(status, &stamp);
    int64_t at = stamp.tv_sec * G_GINT64_CONSTANT(1000000000) + stamp.tv_nsec;
    return at > now - STUCK_NS && at <= now ? at : now;
}

static bool check_moving(CardAlsa *self, const CardPosition *position, GError **error)
{
    if (!position->running) {
        self->still_at_ns = 0;
        return true;
    }
    if (self->still_at_ns == 0 || position->frame != self->still_frame) {
        self->still_frame = position->frame;
        self->still_at_ns = position->at_ns;
        return true;
    }
    if (position->at_ns - self->still_at_ns < STUCK_NS)
        return true;
    g_set_error(error, CARD_ERROR, CARD_ERROR_STUCK,
                "the sound card has stood still at frame %" G_GINT64_FORMAT " for %d ms",
                position->frame, (int)((position->at_ns - self->still_at_ns) / 1000000));
    return false;
}

static bool card_alsa_position(Card *card, CardPosition *ret, GError **error)
{
    CardAlsa *self = (CardAlsa *)card;
    snd_pcm_status_t *status;
    snd_pcm_status_alloca(&status);
    int err = snd_pcm_status(self->pcm, status);
    snd_pcm_state_t state = snd_pcm_status_get_state(status);
    if (err >= 0 && state == SND_PCM_STATE_DISCONNECTED)
        err = -ENODEV;
    if (err >= 0 && (state == SND_PCM_STATE_XRUN || state == SND_PCM_STATE_SUSPENDED))
        err = -EPIPE;
    if (err < 0)
        return card_alsa_fail(error, err, "cannot ask the sound card for its position");

    int64_t delay = snd_pcm_status_get_delay(status);
    CardPosition position = {
        .frame = self->handed - delay,
        .at_ns = stamp_ns(status),
        .delay = delay,
        .running = state == SND_PCM_STATE_RUNNING || state == SND_PCM_STATE_DRAINING,
    };
    if (!check_moving(self, &position, error))
        return false;
    *ret = position;
    return true;
}

static unsigned card_alsa_poll_fds(Card *card, struct pollfd *fds, unsigned max)
{
    CardAlsa *self = (CardAlsa *)card;
    int count = snd_pcm_poll_descriptors(self->pcm, fds, max);
    return count < 0 ? 0 : (unsigned)count;
}

static bool card_alsa_poll_ready(Card *card, struct pollfd *fds, unsigned count)
{
    CardAlsa *self = (CardAlsa *)card;
    unsigned short events = 0;
    int err = snd_pcm_poll_descriptors_revents(self->pcm, fds, count, &events);
    return err < 0 || (events & (POLLOUT | POLLERR | POLLHUP | POLLNVAL));
}

static void card_alsa_close(Card *card)
{
    CardAlsa *self = (CardAlsa *)card;
    if (self->pcm)
        snd_pcm_close(self->pcm);
    g_free(self);
}

static const CardOps card_alsa_ops = {
    .write = card_alsa_write,
    .rewind = card_alsa_rewind,
    .start = card_alsa_start,
    .prepare = card_alsa_prepare,
    .position = card_alsa_position,
    .poll_fds = card_alsa_poll_fds,
    .poll_ready = card_alsa_poll_ready,
    .close = card_alsa_close,
};

static int set_hardware(CardAlsa *self, snd_pcm_uframes_t period, snd_pcm_uframes_t buffer)
{
    snd_pcm_t *pcm = self->pcm;
    snd_pcm_hw_params_t *hw;
    snd_pcm_hw_params_alloca(&hw);
    int err = snd_pcm_hw_params_any(pcm, hw);
    if (err >= 0)
        err = snd_pcm_hw_params_set_access(pcm, hw, SND_PCM_ACCESS_RW_INTERLEAVED);
    if (err >= 0)
        err = snd_pcm_hw_params_set_format(pcm, hw, SND_PCM_FORMAT_S16_LE);
    if (err >= 0)
        err = snd_pcm_hw_params_set_channels(pcm, hw, CARD_CHANNELS);
    if (err >= 0)
        err = snd_pcm_hw_params_set_rate(pcm, hw, CARD_RATE, 0);
    if (err >= 0)
        err = snd_pcm_hw_params_set_period_size_near(pcm, hw, &period, NULL);
    if (err >= 0)
        err = snd_pcm_hw_params_set_buffer_size_near(pcm, hw, &buffer);
    if (err >= 0)
        err = snd_pcm_hw_params(pcm, hw);
    self->card.period_frames = (unsigned)period;
    self->card.buffer_frames = (unsigned)buffer;
    return err;
}

/* A threshold as large as the boundary is never reached: only start() starts. */
static int set_software(CardAlsa *self)
{
    snd_pcm_t *pcm = self->pcm;
    snd_pcm_sw_params_t *sw;
    snd_pcm_uframes_t boundary = 0;
    snd_pcm_sw_params_alloca(&sw);
    int err = snd_pcm_sw_params_current(pcm, sw);
    if (err >= 0)
        err = snd_pcm_sw_params_get_boundary(sw, &boundary);
    if (err >= 0)
        err = snd_pcm_sw_params_set_start_threshold(pcm, sw, boundary);
    if (err >= 0)
        err = snd_pcm_sw_params_set_avail_min(pcm, sw, self->card.period_frames);
    if (err >= 0)
        err = snd_pcm_sw_params_set_tstamp_mode(pcm, sw, SND_PCM_TSTAMP_ENABLE);
    if (err >= 0) /* stamp_ns() notices where the driver cannot */
        snd_pcm_sw_params_set_tstamp_type(pcm, sw, SND_PCM_TSTAMP_TYPE_MONOTONIC);
    return err < 0 ? err : snd_pcm_sw_params(pcm, sw);
}

Card *card_alsa_open(const char *device, unsigned period_frames, unsigned buffer_frames,
                     GError **error)
{
    card_alsa_hush();
    g_autofree CardAlsa *self = g_new0(CardAlsa, 1);
    self->card.ops = &card_alsa_ops;
    int err = snd_pcm_open(&self->pcm, device, SND_PCM_STREAM_PLAYBACK, SND_PCM_NONBLOCK);
    if (err < 0) {
        g_set_error(error, CARD_ERROR, CARD_ERROR_GONE, "cannot open the sound card %s: %s", device,
                    snd_strerror(err));
        return NULL;
    }
    err = set_hardware(self, period_frames ? period_frames : DEFAULT_PERIOD,
                       buffer_frames ? buffer_frames : DEFAULT_BUFFER);
    if (err >= 0)
        err = set_software(self);
    if (err < 0) {
        card_alsa_fail(error, err, "the sound card does not take 48 kHz stereo 16-bit");
        snd_pcm_close(self->pcm);
        return NULL;
    }
    return &g_steal_pointer(&self)->card;
}
