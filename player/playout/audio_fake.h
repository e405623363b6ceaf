/* Controls of the fake audio: the conductor's tests turn the hands of its clock.
 *
 * Nothing calls back except audio_fake_run_until(), so a test sees the same order as with the real
 * thing: prepare, arm and stop return first, their consequences come from the loop later. */
#pragma once

#include "playout/audio.h"

typedef enum {
    AUDIO_FAKE_IDLE,
    AUDIO_FAKE_PREPARED,
    AUDIO_FAKE_ARMED,
    AUDIO_FAKE_PLAYING,
} AudioFakePhase;

/* Moves the virtual wall clock to `wall_us` and calls back what happened on the way, in order. An
 * item prepared inside a callback goes on within the same call. Going backwards does nothing. */
void audio_fake_run_until(Audio *audio, int64_t wall_us);
int64_t audio_fake_now_us(const Audio *audio);

/* The next item to be prepared ends with `end` (DEVICE, MEDIA) after `after_frames` have sounded;
 * 0 = it never sounds: no `started`, no segment. With DEVICE and 0 the fault is "no-device". */
void audio_fake_fail_next(Audio *audio, AudioEnd end, int64_t after_frames);
/* The next item loses the device after `after_frames` for `gap_us`: two segments. */
void audio_fake_gap_next(Audio *audio, int64_t after_frames, int64_t gap_us);
/* Makes prepare() itself refuse until turned off. */
void audio_fake_refuse_prepare(Audio *audio, bool refuse);
/* What the mixer says when read back, and how loud everything sounds (-INFINITY: silence). */
void audio_fake_set_mixer(Audio *audio, bool present, double db, bool muted);
/* Streams cannot be heard from now on, or can again. */
void audio_fake_set_dry(Audio *audio, bool dry);
void audio_fake_set_level(Audio *audio, double rms_dbfs);

/* Of the item prepared last. */
AudioFakePhase audio_fake_phase(const Audio *audio);
AudioFakePhase audio_fake_phase_of(const Audio *audio, AudioId id); /* IDLE: over */
/* The item prepared last, or NULL before the first; borrowed, valid until the next prepare. */
const AudioItem *audio_fake_item(const Audio *audio);
unsigned audio_fake_prepared(const Audio *audio); /* how often prepare() succeeded */
/* A stream has fetched so many more. */
void audio_fake_stream(Audio *audio, uint64_t bytes);
