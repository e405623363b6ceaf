/* Card in hand: position -> DAC clock -> what has passed; then render and hand over until the card
 * is full.
 *
 * Order in one turn: the pointer first (it corrects the clock that the start is computed from),
 * then as many periods as fit. Rendered frames that the card did not take wait in `pending`; they
 * have their numbers already. An xrun keeps the numbers and drops the clock; a card that is gone or
 * stands still is closed, and the voice told, until it opens again. In the path that sounds nothing
 * allocates, locks or logs; opening a card does, but then nothing sounds. */
#include "playout/writer_private.h"

#include <string.h>

#define TICK_MS        100                /* a running card is looked at this often at least */
#define RETRY_NS       (250 * 1000000LL)  /* between two tries to open the card */
#define LINGER_NS      (1000 * 1000000LL) /* silence after a voice before the card is closed */
#define STUCK_NS       (1000 * 1000000LL)
#define NS_PER_MS      1000000LL
#define MAX_RECOVERIES 10 /* xruns without a frame between them: such a card is as good as gone */

static VoiceTime time_now(Writer *self)
{
    return (VoiceTime){
        .dac = &self->dac,
        .now_ns = self->ops.monotonic_ns(self->user),
        .offset_ns = self->ops.offset_ns(self->user),
    };
}

static void close_card(Writer *self)
{
    if (self->card)
        self->card->ops->close(self->card);
    self->card = NULL;
    self->started = false;
}

static const char *fault_of(const GError *error)
{
    return g_error_matches(error, CARD_ERROR, CARD_ERROR_STUCK) ? "stalled" : "device-gone";
}

static void lose_card(Writer *self, Voice *voice, const char *fault, const VoiceTime *time)
{
    close_card(self);
    self->retry_ns = time->now_ns + RETRY_NS;
    if (voice)
        voice_interrupt(voice, fault, time);
}

/* Runs dry: what was handed over has sounded; numbers go on, the clock starts anew. */
static bool recover(Writer *self, Voice *voice, const VoiceTime *time)
{
    if (voice) {
        int64_t reached = self->dac.count ? dac_clock_frame(&self->dac, time->now_ns) : 0;
        voice_xrun(voice);
        if (self->dac.count)
            voice_passed(voice, MIN(self->handed, reached), time->now_ns, time);
    }
    dac_clock_reset(&self->dac);
    self->started = false;
    if (++self->recoveries > MAX_RECOVERIES)
        return false;
    return self->card->ops->prepare(self->card, NULL);
}

/* Takes the error; true when the card is still ours. */
static bool survive(Writer *self, Voice *voice, GError *error, const VoiceTime *time)
{
    bool xrun = g_error_matches(error, CARD_ERROR, CARD_ERROR_XRUN);
    const char *fault = fault_of(error);
    g_error_free(error);
    if (xrun && recover(self, voice, time))
        return true;
    lose_card(self, voice, fault, time);
    return false;
}

static bool moves(Writer *self, const CardPosition *position, const VoiceTime *time)
{
    if (position->frame != self->seen_frame || !position->running) {
        self->seen_frame = position->frame;
        self->seen_ns = time->now_ns;
        self->recoveries = 0;
    }
    return time->now_ns - self->seen_ns < STUCK_NS;
}

/* Asks the card how far it is and tells the voice. False when the card is lost. */
static bool follow(Writer *self, Voice *voice, const VoiceTime *time)
{
    GError *error = NULL;
    CardPosition position;
    if (!self->started)
        return true;
    if (!self->card->ops->position(self->card, &position, &error))
        return survive(self, voice, error, time);
    if (!moves(self, &position, time)) {
        lose_card(self, voice, "stalled", time);
        return false;
    }
    if (!position.running)
        return true;
    dac_clock_add(&self->dac, position.frame, position.at_ns);
    if (voice && self->dac.count)
        voice_passed(voice, position.frame, position.at_ns, time);
    return true;
}

static void render(Writer *self, Voice *voice, const VoiceTime *time)
{
    unsigned frames = self->period;
    memset(self->mix, 0, sizeof(int32_t) * frames * CARD_CHANNELS);
    if (voice)
        voice_render(voice, self->mix, self->handed, frames, time);
    for (unsigned i = 0; i < frames * CARD_CHANNELS; i++)
        self->pending[i] = (int16_t)CLAMP(self->mix[i], INT16_MIN, INT16_MAX);
    self->pending_at = 0;
    self->pending_frames = frames;
}

/* Hands over until the card is full. False when something came between. */
static bool fill(Writer *self, Voice *voice, const VoiceTime *time)
{
    GError *error = NULL;
    for (;;) {
        if (self->pending_frames == 0)
            render(self, voice, time);
        const int16_t *from = self->pending + (size_t)self->pending_at * CARD_CHANNELS;
        long taken = self->card->ops->write(self->card, from, self->pending_frames, &error);
        if (taken < 0) {
            survive(self, voice, error, time);
            return false;
        }
        self->handed += taken;
        self->pending_at += (unsigned)taken;
        self->pending_frames -= (unsigned)taken;
        if (self->pending_frames > 0)
            return true;
    }
}

static bool start_card(Writer *self, Voice *voice, const VoiceTime *time)
{
    GError *error = NULL;
    if (self->started)
        return true;
    if (!self->card->ops->start(self->card, &error))
        return survive(self, voice, error, time);
    self->started = true;
    self->seen_ns = time->now_ns;
    return true;
}

static int sound(Writer *self, Voice *voice, const VoiceTime *time)
{
    bool ours = follow(self, voice, time) && fill(self, voice, time);
    if (ours && start_card(self, voice, time))
        return TICK_MS;
    return self->card ? 0 : RETRY_NS / NS_PER_MS;
}

static void take_card(Writer *self, Card *card, const VoiceTime *time)
{
    self->card = card;
    self->period = CLAMP(card->period_frames, 1, VOICE_CHUNK_FRAMES);
    self->handed = self->seen_frame = 0;
    self->seen_ns = time->now_ns;
    self->pending_frames = self->recoveries = 0;
    dac_clock_reset(&self->dac);
}

/* No card: try to open it when its time has come. */
static int reopen(Writer *self, Voice *voice, const VoiceTime *time)
{
    voice_wait_for_card(voice, time);
    if (voice_state(voice) == VOICE_DONE)
        return 0;
    if (time->now_ns < self->retry_ns)
        return (int)((self->retry_ns - time->now_ns) / NS_PER_MS) + 1;
    Card *card = self->ops.open_card(self->user, NULL);
    VoiceTime after = time_now(self);
    if (!card) {
        self->retry_ns = after.now_ns + RETRY_NS;
        return RETRY_NS / NS_PER_MS;
    }
    take_card(self, card, &after);
    voice_resume(voice, &after);
    return 0;
}

/* Between two voices: silence for a while, then the card is let go. */
static int linger(Writer *self, const VoiceTime *time)
{
    if (!self->card)
        return -1;
    if (time->now_ns < self->linger_ns)
        return sound(self, NULL, time);
    close_card(self);
    return -1;
}

static int turn(Writer *self, Voice *voice)
{
    VoiceTime time = time_now(self);
    if (!voice)
        return linger(self, &time);
    self->linger_ns = time.now_ns + LINGER_NS;
    return self->card ? sound(self, voice, &time) : reopen(self, voice, &time);
}

int writer_step(Writer *self)
{
    Voice *voice = atomic_load(&self->voice);
    int wait_ms = turn(self, voice);
    if (!voice)
        return wait_ms;
    if (voice_state(voice) == VOICE_DONE) {
        atomic_store(&self->voice, NULL);
        voice_tell(voice, VOICE_NEWS_DONE); /* from here on it is its owner's to free */
        self->ops.news(self->user);
        return 0;
    }
    if (voice_has_news(voice))
        self->ops.news(self->user);
    return wait_ms;
}
