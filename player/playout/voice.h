/* One item on its way through the writer: when it starts, how loud, what of it really sounded.
 *
 * The main loop makes it and lends it to the writer, turns its knobs (arm, stop, gain, duck), reads
 * its news, and owns it again when it is done. Everything else is the writer's. A voice adds itself
 * to a mix, so several sound at once. What was rendered and has not left the converter can be taken
 * back: the voice remembers how it stood at the start of every chunk. */
#pragma once

#include "playout/audio.h"
#include "playout/dac_clock.h"
#include "playout/meter.h"
#include "playout/ring.h"
#include "playout/trail.h"

#include <stdatomic.h>

#define VOICE_SEGMENTS    32       /* interruptions told apart in one item */
#define VOICE_PATIENCE_US 10000000 /* a card may be missing so long before the item is given up */
#define VOICE_CHUNK       240u     /* frames rendered at once; chunks start at multiples of it */
#define VOICE_MARKS       128u     /* chunks that can be taken back */
#define VOICE_MAX_BACK    21600u   /* frames; RING_GUARD less a chunk or two */

typedef enum {
    VOICE_WAITING, /* for arm, for its time, for the first decoded frames */
    VOICE_PLAYING,
    VOICE_DRAINING, /* all rendered, not all of it has left the converter */
    VOICE_DONE,     /* the writer does not touch it any more */
} VoiceState;

/* Bits of voice_take_news(). */
enum {
    VOICE_NEWS_STARTED = 1 << 0,
    VOICE_NEWS_PROGRESS = 1 << 1,
    VOICE_NEWS_DONE = 1 << 2,
    VOICE_NEWS_CARD = 1 << 3, /* the card was opened (again): its mixer may have forgotten */
};

typedef struct VoiceSettings {
    Ring *ring;    /* outlives the voice */
    AudioId id;    /* unique among the voices lent at one time, growing */
    AudioId after; /* starts on the frame after this voice's last one; 0 = at start_us */
    int64_t start_us, skip_frames, expect_frames; /* as in AudioItem */
    double gain_db;
    unsigned fade_in_ms;
    bool live;      /* a stream: waits for more sound ahead, and again after it ran dry */
    int64_t now_us; /* wall time when it was prepared */
} VoiceSettings;

/* What the writer knows about time in one step. */
typedef struct VoiceTime {
    const DacClock *dac;
    int64_t now_ns;    /* CLOCK_MONOTONIC */
    int64_t offset_ns; /* wall time - CLOCK_MONOTONIC */
} VoiceTime;

typedef struct Voice Voice;

/* Main loop. */
Voice *voice_new(const VoiceSettings *settings);
void voice_free(Voice *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Voice, voice_free)
void voice_arm(Voice *self);
void voice_stop(Voice *self, unsigned fade_ms);
void voice_set_gain(Voice *self, double gain_db);
void voice_duck(Voice *self, double db); /* on top of the gain; 0 = not ducked */
unsigned voice_take_news(Voice *self);
int64_t voice_first_us(const Voice *self); /* after VOICE_NEWS_STARTED */
void voice_progress(const Voice *self, int64_t *ret_frames, int64_t *ret_at_us);
double voice_level_dbfs(const Voice *self);
bool voice_is_dry(const Voice *self); /* a stream whose time it is, without a sound */
/* After VOICE_NEWS_DONE: fills in all but the mixer; `segments` is a new array, the caller's. */
void voice_evidence(const Voice *self, AudioEvidence *ret_evidence);

/* Writer thread. */
AudioId voice_id(const Voice *self);
AudioId voice_after(const Voice *self);
VoiceState voice_state(const Voice *self);
bool voice_has_news(const Voice *self);
void voice_tell(Voice *self, unsigned news);
/* Before each turn's looks and renderings of a voice with `after`: how its leader stands now; NULL
 * = the leader has left. */
void voice_follow(Voice *self, const Voice *leader, const VoiceTime *time);
/* Whether what was rendered of the card's frames [from, to) should be rendered again: a knob was
 * turned, or the voice should have started in there. */
bool voice_wants_back(Voice *self, int64_t from, int64_t to, const VoiceTime *time);
/* Armed and due, but the decoder is not ready: look again soon. */
bool voice_is_awaited(Voice *self, const VoiceTime *time);
/* Adds what sounds in the card's frames [card_frame, card_frame + VOICE_CHUNK) to `mix` (stereo).
 */
void voice_render(Voice *self, int32_t *mix, int64_t card_frame, const VoiceTime *time);
/* Nothing from `card_frame` (the start of a chunk) on has been rendered. */
void voice_take_back(Voice *self, int64_t card_frame);
/* The hardware pointer has reached `card_frame`, seen at `at_ns`. */
void voice_passed(Voice *self, int64_t card_frame, int64_t at_ns, const VoiceTime *time);
void voice_xrun(Voice *self);
/* The card is gone (or back): the item's own time goes on, what falls into the gap is lost. */
void voice_interrupt(Voice *self, const char *fault, const VoiceTime *time);
void voice_wait_for_card(Voice *self, const VoiceTime *time);
void voice_resume(Voice *self, const VoiceTime *time);
