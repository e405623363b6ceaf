/* What the conductor asks of the sound: one item at a time, told apart in three steps.
 *
 *   prepare  a decoder starts and fills the ring; nothing can sound yet
 *   arm      from here on it sounds at `start_us`; called only after the journal holds `started`
 *   stop     fade out and end early
 *
 * Callbacks come from the main loop, never from the writer thread. The fake (audio_fake.c) keeps
 * the same promises on a virtual clock, so the conductor's tests need no card. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
    AUDIO_END_COMPLETE, /* the last frame of the item left the converter */
    AUDIO_END_STOPPED,  /* asked to stop */
    AUDIO_END_DEVICE,   /* the card was gone, stuck or would not open, and stayed so */
    AUDIO_END_MEDIA,    /* the decoder failed twice, or the file is not what it should be */
} AudioEnd;

typedef struct AudioItem {
    const char *path;      /* canonical Ogg/Opus file, already verified by hash */
    int64_t start_us;      /* CLOCK_REALTIME of the first sample; in the past = at once */
    int64_t skip_frames;   /* start so far into the item (48 kHz frames) */
    double gain_db;        /* at most 0 */
    int64_t expect_frames; /* length of the item from the plan; 0 = unknown */
} AudioItem;

/* One stretch of uninterrupted sound, in the hardware's account. */
typedef struct AudioSegment {
    int64_t first_us;      /* CLOCK_REALTIME when the first frame left the converter */
    int64_t last_us;       /* ... and the last one */
    int64_t offset_frames; /* where in the item it began */
    int64_t frames;        /* frames of the item that really left the converter */
    AudioEnd ended;
} AudioSegment;

typedef struct AudioEvidence {
    AudioEnd end;
    GArray *segments; /* AudioSegment, possibly none */
    double rms_dbfs;  /* of what was handed to the card after gain; -INFINITY = nothing */
    double peak_dbfs;
    int64_t starved_frames; /* silence put in because the decoder was late */
    unsigned xruns;
    bool mixer_present;
    double mixer_db; /* read back while it sounded */
    bool mixer_muted;
    const char *fault; /* short word for the log: "no-device", "stalled", ...; or NULL */
} AudioEvidence;

typedef struct AudioEvents {
    void (*started)(int64_t first_us, void *user);               /* the first frame left */
    void (*progress)(int64_t frames, int64_t at_us, void *user); /* about every second */
    void (*finished)(const AudioEvidence *evidence, void *user); /* exactly once per prepare */
} AudioEvents;

typedef struct Audio Audio;

typedef struct AudioOps {
    bool (*prepare)(Audio *self, const AudioItem *item, GError **error);
    void (*arm)(Audio *self);
    void (*stop)(Audio *self, unsigned fade_ms);
    bool (*set_volume)(Audio *self, double db, GError **error); /* the card's mixer, unmuted */
    double (*level_dbfs)(Audio *self); /* of the last second after gain; -INFINITY = silence */
    void (*free)(Audio *self);
} AudioOps;

struct Audio {
    const AudioOps *ops;
    AudioEvents events; /* set by the owner before the first prepare */
    void *events_user;
};

typedef struct AudioSettings {
    const char *device;        /* ALSA PCM name */
    const char *mixer;         /* ALSA ctl name; NULL = no mixer */
    const char *mixer_element; /* NULL = first with a playback volume */
    const char *decoder;       /* path of loa-decode */
    unsigned period_frames;    /* 0 = default */
    unsigned buffer_frames;
} AudioSettings;

/* The real thing: playout.c. */
Audio *playout_new(const AudioSettings *settings, GError **error);
/* The fake: plays in no time at all when audio_fake_run_until() says so. */
Audio *audio_fake_new(void);
void audio_free(Audio *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Audio, audio_free)
