/* What the conductor asks of the sound. Every item has a handle and is told apart in three steps:
 *
 *   prepare  a decoder starts and fills the ring; nothing can sound yet
 *   arm      from here on it sounds at `start_us`; called only after the journal holds `started`
 *   stop     fade out and end early
 *
 * Several items sound at once; duck lowers one while another speaks. An item that comes `after`
 * another starts on the very next frame, whatever its start says. What is armed late, stopped or
 * ducked is heard within some 20 ms where the card can take queued sound back, else when its buffer
 * has run out.
 *
 * Callbacks come from the main loop, never from the writer thread; those of an item that comes
 * `after` another wait until the other has finished. The fake (audio_fake.c) keeps the same
 * promises on a virtual clock, so the conductor's tests need no card. */
#pragma once

#include "base/clock.h"
#include "playout/relay_limits.h"

#define AUDIO_MAX_ITEMS 8 /* prepared or sounding at one time */
#define AUDIO_MAX_HELD  8

typedef unsigned AudioId; /* grows with every prepare; 0 = none */

typedef enum {
    AUDIO_END_COMPLETE, /* the last frame of the item left the converter */
    AUDIO_END_STOPPED,  /* asked to stop */
    AUDIO_END_DEVICE,   /* the card was gone, stuck or would not open, and stayed so */
    AUDIO_END_MEDIA,    /* the decoder failed twice, or the file is not what it should be */
} AudioEnd;

/* One address of a radio stream (relay_format.h); a list ends with one without a url. */
typedef struct AudioSource {
    const char *url, *format;
} AudioSource;

typedef struct AudioItem {
    const char *path;           /* canonical Ogg/Opus file, already verified by hash; NULL: */
    const AudioSource *sources; /* ... a stream, the first that can be heard. It lasts as long as
                                   `expect_frames` says, heard or not; a gap in it begins a new
                                   segment and counts as starved. An empty list is heard never */
    bool tone;                  /* a tone of known level and length (tone.h) instead of either */
    bool may_leave;             /* something stands in for it: one silent source is left, too */
    int64_t start_us;           /* wall time of the first sample; in the past = at once */
    int64_t skip_frames;        /* start so far into the item (48 kHz frames) */
    double gain_db;             /* at most 0 */
    int64_t expect_frames;      /* length of the file from the plan; 0 = unknown */
    AudioId after;              /* joins this item without a gap; 0, or gone already: `start_us` */
    unsigned fade_in_ms;        /* 0 = from the first sample at full gain */
    bool regardless;            /* decode it though it is in quarantine: an alert */
} AudioItem;

/* One stretch of uninterrupted sound, in the hardware's account. */
typedef struct AudioSegment {
    int64_t first_us;      /* wall time when the first frame left the converter */
    int64_t last_us;       /* ... and the last one */
    int64_t offset_frames; /* where in the item it began */
    int64_t frames;        /* frames of the item that really left the converter */
    AudioEnd ended;
    unsigned source; /* of a stream: its place in the list */
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
    const char *fault;  /* short word for the log: "no-device", "stalled", ...; or NULL */
    const char *source; /* of a stream: the address heard last; else NULL */
    unsigned switches;  /* of a stream: how often one source was left for the next */
    uint64_t bytes;     /* of a stream: fetched */
} AudioEvidence;

typedef struct AudioEvents {
    void (*started)(AudioId id, int64_t first_us, void *user); /* the first frame left */
    void (*progress)(AudioId id, int64_t frames, int64_t at_us, void *user); /* each second or so */
    /* Exactly once per prepare; the id is free afterwards. */
    void (*finished)(AudioId id, const AudioEvidence *evidence, void *user);
} AudioEvents;

typedef struct Audio Audio;

typedef struct AudioOps {
    AudioId (*prepare)(Audio *self, const AudioItem *item, GError **error); /* 0 with error */
    void (*arm)(Audio *self, AudioId id);
    /* Items that come after it end with it. */
    void (*stop)(Audio *self, AudioId id, unsigned fade_ms);
    void (*duck)(Audio *self, AudioId id, double db); /* at most 0; 0 = no longer */
    /* Keeps the beginnings of these files (NULL-terminated; those from the first sample on) decoded
     * in memory, and forgets others: prepared later, they can sound without waiting for a decoder.
     */
    void (*hold)(Audio *self, const char *const *paths);
    /* A stream whose time it is, and of which nothing can be heard. */
    bool (*is_dry)(Audio *self, AudioId id);
    bool (*set_volume)(Audio *self, double db, GError **error); /* the card's mixer, unmuted */
    /* Of the last second after gain; -INFINITY = silence; id 0 = the loudest of all. */
    double (*level_dbfs)(Audio *self, AudioId id);
    /* Fetched over the network by all streams since the beginning. */
    uint64_t (*stream_bytes)(Audio *self);
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
    RelayLimits relay;
    const Clock *clock;     /* whose wall time `start_us` is; NULL = the machine's */
    unsigned period_frames; /* 0 = default */
    unsigned buffer_frames;
} AudioSettings;

/* The real thing: playout.c. */
Audio *playout_new(const AudioSettings *settings, GError **error);
/* The fake: plays in no time at all when audio_fake_run_until() says so. */
Audio *audio_fake_new(void);
void audio_free(Audio *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Audio, audio_free)
