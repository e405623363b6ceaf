/* Voices -> sum -> limiter -> a history of what was mixed, chunk by chunk.
 *
 * The card holds 200 ms, so that a busy machine is not heard; but an alert, a stop or a ducking
 * must not wait so long. When a voice has changed, the frames from a little behind the hardware
 * pointer on are taken back (as far as the card can), every voice returns to how it stood there,
 * and they are mixed again. A card that gives back less than asked for is handed the rest of the
 * chunk from the history, so that voices only ever return to the start of a chunk. */
#include "playout/writer_private.h"

#include <string.h>

#define GUARD 480 /* frames left alone before the pointer, 10 ms: it moves on while we mix */

static Voice *leader_of(const Writer *self, const Voice *voice)
{
    for (unsigned i = 0; i < self->voices; i++)
        if (voice_id(self->voice[i]) == voice_after(voice))
            return self->voice[i];
    return NULL;
}

static void follow_leader(Writer *self, Voice *voice, const VoiceTime *time)
{
    if (voice_after(voice))
        voice_follow(voice, leader_of(self, voice), time);
}

static int16_t *out_at(Writer *self, int64_t frame)
{
    return self->out + frame % WRITER_HISTORY * CARD_CHANNELS;
}

static Limiter *limiter_at(Writer *self, int64_t frame)
{
    return &self->limiter_at[frame / VOICE_CHUNK % VOICE_MARKS];
}

static void mix_chunk(Writer *self, const VoiceTime *time)
{
    memset(self->mix, 0, sizeof self->mix);
    *limiter_at(self, self->rendered) = self->limiter;
    for (unsigned i = 0; i < self->voices; i++) {
        follow_leader(self, self->voice[i], time);
        voice_render(self->voice[i], self->mix, self->rendered, time);
    }
    limiter_apply(&self->limiter, self->mix, out_at(self, self->rendered), VOICE_CHUNK);
    self->rendered += VOICE_CHUNK;
}

void writer_follow_leaders(Writer *self, const VoiceTime *time)
{
    for (unsigned i = 0; i < self->voices; i++)
        follow_leader(self, self->voice[i], time);
}

void writer_mix_ahead(Writer *self, const VoiceTime *time)
{
    while (self->rendered < self->handed + self->period)
        mix_chunk(self, time);
}

const int16_t *writer_mixed(const Writer *self, unsigned *ret_frames)
{
    int64_t at = self->handed % WRITER_HISTORY;
    *ret_frames = (unsigned)MIN(self->rendered - self->handed, WRITER_HISTORY - at);
    return self->out + at * CARD_CHANNELS;
}

static int64_t chunk_after(int64_t frame)
{
    return (frame + VOICE_CHUNK - 1) / VOICE_CHUNK * VOICE_CHUNK;
}

static void take_back(Writer *self, int64_t target)
{
    if (self->handed > target) {
        long taken = self->card->ops->rewind(self->card, (unsigned)(self->handed - target));
        self->handed -= MAX(taken, 0);
    }
    target = MAX(target, chunk_after(self->handed));
    if (target >= self->rendered)
        return;
    for (unsigned i = 0; i < self->voices; i++)
        voice_take_back(self->voice[i], target);
    self->limiter = *limiter_at(self, target);
    self->rendered = target;
}

void writer_mix_again(Writer *self, const VoiceTime *time)
{
    int64_t target = self->started ? chunk_after(self->seen_frame + GUARD) : 0;
    bool wanted = false;
    target = MAX(target, self->rendered - VOICE_MAX_BACK);
    writer_follow_leaders(self, time);
    for (unsigned i = 0; i < self->voices; i++)
        wanted |= voice_wants_back(self->voice[i], target, self->rendered, time);
    if (wanted && target < self->rendered)
        take_back(self, target);
}
