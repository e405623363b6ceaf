/* One airing from its preparation to its receipt: the draft that the journal keeps meanwhile, and
 * the evidence gathered on the way. */
#pragma once

#include "clock/trust.h"
#include "conductor/verdict.h"
#include "playout/audio.h"
#include "wire/plan.h"

typedef struct SoundingHead {
    const char *station;
    const char *boot_id;
    Judgement clock;
    int64_t now_us;
} SoundingHead;

/* A receipt with everything that is known before anything sounds; every item, no segment. */
Receipt *sounding_receipt(const SoundingHead *head, const Plan *plan, const PlanAiring *airing);

typedef struct Sounding {
    Plan *plan; /* held */
    const PlanAiring *airing;
    int64_t resolved_us; /* start that was decided on */
    unsigned item;       /* index of the one that is prepared or sounds */
    AudioId audio;       /* of that item */
    AudioId next;        /* of the item after it, prepared to join; 0 = not yet */
    bool armed;          /* `started` stands in the journal */
    bool dropped;        /* given up before it was armed: no receipt */
    int64_t marked_us;   /* boottime of the last mark */
    Receipt *receipt;    /* the draft */
    Account account;
    double energy; /* sum of power x frames over the items that ended */
    char *fault;
    bool amplifier_read;
} Sounding;

Sounding *sounding_new(const SoundingHead *head, Plan *plan, const PlanAiring *airing,
                       int64_t resolved_us);
void sounding_free(Sounding *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sounding, sounding_free)

/* 1/1000 dB of item and airing together, in dB. */
double sounding_gain_db(const Sounding *self, unsigned index);
void sounding_started(Sounding *self, int64_t first_us);
void sounding_progress(Sounding *self, int64_t frames, int64_t at_us, double level_dbfs);
void sounding_amplifier(Sounding *self, BoardFact fact);
void sounding_item_ended(Sounding *self, const AudioEvidence *evidence);
/* The receipt with its outcome; the sounding is to be freed afterwards. */
Receipt *sounding_close(Sounding *self, int64_t now_us);
