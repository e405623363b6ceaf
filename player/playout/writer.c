/* Card in hand: position -> DAC clock -> what has passed; then mix and hand over until the card is
 * full.
 *
 * Order in one turn: the pointer first (it corrects the clock that the start is computed from),
 * then what has to be mixed again, then as many periods as fit. Mixed frames that the card did not
 * take have their numbers already. An xrun keeps the numbers and drops the clock; a card that is
 * gone or stands still is closed, and the voices told, until it opens again. In the path that
 * sounds nothing allocates, locks or logs; opening a card does, but then nothing sounds. */
#include "playout/writer_private.h"

#define LOOK_MS        50                /* a card is looked at this often when something is near */
#define STEADY_MS      250               /* and at least this often */
#define RETRY_NS       (250 * 1000000LL) /* between two tries to open the card */
#define LINGER_NS      (1000 * 1000000LL) /* silence after a voice before the card is closed */
#define STUCK_NS       (1000 * 1000000LL)
#define NS_PER_MS      1000000LL
#define AWAIT_MS       5
#define MAX_PERIOD     9600 /* frames mixed ahead of the card at most */
#define MAX_RECOVERIES 10   /* xruns without a frame between them: such a card is as good as gone */

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

static void lose_card(Writer *self, const char *fault, const VoiceTime *time)
{
    close_card(self);
    self->retry_ns = time->now_ns + RETRY_NS;
    for (unsigned i = 0; i < self->voices; i++)
        voice_interrupt(self->voice[i], fault, time);
}

static void tell_passed(Writer *self, int64_t frame, int64_t at_ns, const VoiceTime *time)
{
    for (unsigned i = 0; i < self->voices && self->dac.count; i++)
        voice_passed(self->voice[i], frame, at_ns, time);
}

/* Runs dry: what was handed over has sounded; numbers go on, the clock starts anew. */
static bool recover(Writer *self, const VoiceTime *time)
{
    int64_t reached = self->dac.count ? dac_clock_frame(&self->dac, time->now_ns) : 0;
    for (unsigned i = 0; i < self->voices; i++)
        voice_xrun(self->voice[i]);
    tell_passed(self, MIN(self->handed, reached), time->now_ns, time);
    dac_clock_reset(&self->dac);
    self->started = false;
    if (++self->recoveries > MAX_RECOVERIES)
        return false;
    return self->card->ops->prepare(self->card, NULL);
}

/* Takes the error; true when the card is still ours. */
static bool survive(Writer *self, GError *error, const VoiceTime *time)
{
    bool xrun = g_error_matches(error, CARD_ERROR, CARD_ERROR_XRUN);
    const char *fault = fault_of(error);
    g_error_free(error);
    if (xrun && recover(self, time))
        return true;
    lose_card(self, fault, time);
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

/* Asks the card how far it is and tells the voices. False when the card is lost. */
static bool follow(Writer *self, const VoiceTime *time)
{
    GError *error = NULL;
    CardPosition position;
    if (!self->started)
        return true;
    if (!self->card->ops->position(self->card, &position, &error))
        return survive(self, error, time);
    if (!moves(self, &position, time)) {
        lose_card(self, "stalled", time);
        return false;
    }
    if (!position.running)
        return true;
    dac_clock_add(&self->dac, position.frame, position.at_ns);
    tell_passed(self, position.frame, position.at_ns, time);
    return true;
}

/* Hands over until the card is full. False when something came between. */
static bool fill(Writer *self, const VoiceTime *time)
{
    GError *error = NULL;
    for (;;) {
        unsigned frames;
        writer_mix_ahead(self, time);
        const int16_t *from = writer_mixed(self, &frames);
        long taken = self->card->ops->write(self->card, from, frames, &error);
        if (taken < 0) {
            survive(self, error, time);
            return false;
        }
        self->handed += taken;
        if (taken < (long)frames)
            return true;
    }
}

static bool start_card(Writer *self, const VoiceTime *time)
{
    GError *error = NULL;
    if (self->started)
        return true;
    if (!self->card->ops->start(self->card, &error))
        return survive(self, error, time);
    self->started = true;
    self->seen_ns = time->now_ns;
    return true;
}

static bool is_steady(const Writer *self)
{
    for (unsigned i = 0; i < self->voices; i++)
        if (voice_state(self->voice[i]) != VOICE_PLAYING)
            return false;
    return true;
}

/* How long the card does without us. While everything just plays, until a third of the buffer is
 * left: each waking costs more than the mixing. Around a start or an end the pointer is looked at
 * often, and a voice that only waits for its decoder is looked after. */
static int rest_ms(Writer *self, const VoiceTime *time)
{
    for (unsigned i = 0; i < self->voices; i++)
        if (voice_is_awaited(self->voice[i], time))
            return AWAIT_MS;
    if (!is_steady(self) || !dac_clock_ready(&self->dac))
        return LOOK_MS;
    int64_t spare = self->handed - self->seen_frame - self->card->buffer_frames / 3;
    return (int)CLAMP(spare * 1000 / CARD_RATE, LOOK_MS, STEADY_MS);
}

static int sound(Writer *self, const VoiceTime *time)
{
    bool ours = follow(self, time);
    if (ours && self->card) /* a card that ran dry is ours, but has nothing to give back */
        writer_mix_again(self, time);
    if (ours && fill(self, time) && start_card(self, time))
        return rest_ms(self, time);
    return self->card ? 0 : RETRY_NS / NS_PER_MS;
}

static void take_card(Writer *self, Card *card, const VoiceTime *time)
{
    self->card = card;
    self->period = CLAMP(card->period_frames, 1, MAX_PERIOD);
    self->handed = self->rendered = self->seen_frame = 0;
    self->seen_ns = time->now_ns;
    self->recoveries = 0;
    limiter_init(&self->limiter);
    dac_clock_reset(&self->dac);
}

static bool anybody_left(const Writer *self)
{
    for (unsigned i = 0; i < self->voices; i++)
        if (voice_state(self->voice[i]) != VOICE_DONE)
            return true;
    return false;
}

/* No card: try to open it when its time has come. */
static int reopen(Writer *self, const VoiceTime *time)
{
    writer_follow_leaders(self, time);
    for (unsigned i = 0; i < self->voices; i++)
        voice_wait_for_card(self->voice[i], time);
    if (!anybody_left(self))
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
    for (unsigned i = 0; i < self->voices; i++)
        voice_resume(self->voice[i], &after);
    return 0;
}

/* Between two voices: silence for a while, then the card is let go. */
static int linger(Writer *self, const VoiceTime *time)
{
    if (!self->card)
        return -1;
    if (time->now_ns < self->linger_ns)
        return sound(self, time);
    close_card(self);
    return -1;
}

/* The voices lent, in the order of their ids. */
static void gather(Writer *self)
{
    self->voices = 0;
    for (unsigned i = 0; i < AUDIO_MAX_ITEMS; i++) {
        Voice *voice = atomic_load(&self->slot[i]);
        if (!voice)
            continue;
        unsigned at = self->voices++;
        for (; at > 0 && voice_id(self->voice[at - 1]) > voice_id(voice); at--)
            self->voice[at] = self->voice[at - 1];
        self->voice[at] = voice;
    }
}

/* Gives back what is done, in the order of ids: from then on it is its owner's to free. */
static bool give_back(Writer *self)
{
    bool done = false, news = false;
    for (unsigned i = 0; i < self->voices; i++) {
        Voice *voice = self->voice[i];
        news |= voice_has_news(voice);
        if (voice_state(voice) != VOICE_DONE)
            continue;
        for (unsigned s = 0; s < AUDIO_MAX_ITEMS; s++)
            if (atomic_load(&self->slot[s]) == voice)
                atomic_store(&self->slot[s], NULL);
        voice_tell(voice, VOICE_NEWS_DONE);
        done = true;
    }
    if (news || done)
        self->ops.news(self->user);
    return done;
}

int writer_step(Writer *self)
{
    gather(self);
    VoiceTime time = time_now(self);
    if (self->voices == 0)
        return linger(self, &time);
    self->linger_ns = time.now_ns + LINGER_NS;
    int wait_ms = self->card ? sound(self, &time) : reopen(self, &time);
    return give_back(self) ? 0 : wait_ms;
}
