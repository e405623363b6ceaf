/* One airing, or one play of an alert, from its preparation to its receipt: the draft that the
 * journal keeps meanwhile, and the evidence gathered on the way. It may sound in several runs: what
 * was pre-empted falls silent and goes on later. */
#pragma once

#include "clock/trust.h"
#include "conductor/verdict.h"
#include "playout/audio.h"
#include "timeline/timeline.h"
#include "wire/plan.h"

typedef struct SoundingHead {
    const char *station;
    const char *boot_id;
    Judgement clock;
    int64_t now_us;
    int64_t plan_epoch, plan_version;
} SoundingHead;

/* What a receipt is about. */
typedef struct SoundingWhat {
    ReceiptKind kind;
    const PlanAiring *airing;
    const char *id;  /* of the airing; NULL = the airing's own */
    unsigned repeat; /* of an alert */
} SoundingWhat;

/* A receipt with everything that is known before anything sounds; every item, no segment. */
Receipt *sounding_receipt(const SoundingHead *head, const SoundingWhat *what);

typedef enum {
    SOUNDING_SILENT,   /* begun, waits for its turn */
    SOUNDING_PREPARED, /* a decoder runs; it can be dropped without a word if it has not begun */
    SOUNDING_ARMED,    /* sounds, or will at start_us */
    SOUNDING_STOPPING, /* fades out */
    SOUNDING_DROPPED,  /* given up; waits for its decoder's end */
} SoundingState;

/* A file of an item's fallback that sounds while the item cannot be heard. */
typedef struct StandIn {
    AudioId audio;        /* that is prepared or sounds; 0 = none */
    unsigned item, link;  /* for which item of the airing; which file of its fallback */
    ReceiptItem *account; /* its own, in the receipt */
    int64_t skip_frames;  /* where the file goes on */
    int64_t silent_us;    /* boottime since when the item cannot be heard; 0 = it can */
    uint32_t failed;      /* bit per file: it cannot be played */
    bool stopping, running;
} StandIn;

typedef struct Sounding {
    Plan *plan;         /* held; NULL of an alert */
    PlanAiring *airing; /* of the plan, or own */
    bool own;
    char *alert; /* id; NULL = an airing of the plan */
    char *id;    /* of the airing */
    Rank rank;
    SoundingState state;
    bool begun;          /* `started` stands in the journal, or in memory */
    bool durable;        /* ... in the journal */
    bool heard;          /* the run under way has left the card */
    bool final;          /* what stops it now ends it */
    bool lost_to_others; /* silent for another reason than the plan: */
    StopCause lost;      /* ... this one */
    int64_t resolved_us; /* start that the plan decided on */
    int64_t start_us;    /* of the run: first sample, wall clock */
    int64_t heard_us;    /* of the run, boottime */
    int64_t cut_us;      /* something will stop the run then; 0 = it comes to its own end */
    unsigned item;       /* index of the one that is prepared or sounds */
    int64_t skip_frames; /* where in that item the run begins */
    int64_t *reached;    /* of each item: frames that it has come to */
    int64_t *played;     /* of each item: frames that left the card since its last beginning */
    bool *complete;      /* of each item */
    AudioId audio;       /* of that item; 0 = none */
    AudioId next;        /* of the one that follows it, prepared to join; 0 = not yet */
    unsigned next_item;  /* ... index of that */
    bool next_armed;
    AudioId after;     /* it joins this one */
    int64_t marked_us; /* boottime of the last mark */
    int gain_mdb;      /* of the run, as it was prepared */
    int ceiling_mdb;   /* that the timeline allows now */
    char *winner;      /* id of what silenced it */
    Receipt *receipt;  /* the draft */
    Account account;
    double energy; /* sum of power x frames over the items that ended */
    char *fault;
    bool amplifier_read;
    bool running;    /* the item has a segment under way */
    bool timed;      /* its lateness is known for good */
    bool lacked;     /* an item, or part of one, passed without it */
    Reason *hollow;  /* of each item: why its time passes without it; REASON_NONE = it is played */
    int64_t item_us; /* boottime at which the item under way began, or should have */
    StandIn standin;
    bool apart;   /* a test tone: the timeline knows nothing of it, and all else goes before it */
    bool closing; /* closed as soon as what stands in has ended */
} Sounding;

/* `plan` NULL: the airing is copied. */
Sounding *sounding_new(const SoundingHead *head, Plan *plan, const SoundingWhat *what,
                       int64_t resolved_us);
/* One that an earlier run left silent: takes its draft. */
Sounding *sounding_restore(Receipt *take_draft, Plan *plan, const SoundingWhat *what);
void sounding_free(Sounding *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sounding, sounding_free)

/* 1/1000 dB of item and airing together, in dB. */
double sounding_gain_db(const Sounding *self, unsigned index);
/* When its last frame is due at the earliest, on the wall clock; only of what is heard. */
int64_t sounding_end_us(const Sounding *self, int64_t now_us, int64_t boottime_us);
/* Of the item under way, heard or not. */
int64_t sounding_item_left_us(const Sounding *self, int64_t boottime_us);
/* Frames that are still to come of it. */
int64_t sounding_left_frames(const Sounding *self);
/* From the top again. */
void sounding_rewind(Sounding *self);
/* The stream is at this place by now. */
void sounding_rejoin(Sounding *self, unsigned item, int64_t skip_frames);
void sounding_started(Sounding *self, int64_t first_us);
void sounding_progress(Sounding *self, int64_t frames, int64_t at_us, double level_dbfs);
/* `sounds`: it does at this moment, so that the current counts. */
void sounding_board(Sounding *self, const BoardReadings *readings, bool sounds);
/* The item that sounded has come to its end, or was stopped; gives the instant of its last frame,
 * or 0. */
int64_t sounding_item_ended(Sounding *self, const AudioEvidence *evidence);
/* The same for what stands in. */
void sounding_standin_started(Sounding *self, int64_t first_us);
void sounding_standin_progress(Sounding *self, int64_t frames, int64_t at_us, double level_dbfs);
void sounding_standin_ended(Sounding *self, const AudioEvidence *evidence);
/* The receipt with its outcome; the sounding is to be freed afterwards. */
Receipt *sounding_close(Sounding *self, int64_t now_us);
