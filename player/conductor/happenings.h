/* What comes to a station besides its plan: alerts, their cancels and their confirmations.
 *
 * conductor_alert(), conductor_cancel() and conductor_confirm() (conductor.h) are the doors. An
 * alert's instants move with the machine's monotonic clock once it is here, so that setting the
 * wall clock neither starts nor ends one. Kept in memory only: whoever feeds it keeps what must
 * outlive a restart, and feeds it again with `restored` set.
 *
 * Each play is an airing of its own, with a receipt of its own: kind `alert` (or `local`),
 * `broadcast` = the alert's id, `repeat` = k, airing = plan_airing_id(alert, 0, k, station). */
#pragma once

#include "timeline/timeline.h"

#define HAPPENINGS_MAX_ALERTS  64
#define HAPPENINGS_MAX_CANCELS 1024
#define HAPPENINGS_MAX_CLIPS   16

/* One sound of an alert; several follow each other without a gap. */
typedef struct HappeningClip {
    const char *sha256;  /* of a file in the media cache; verified before use */
    const char *path;    /* where it lies, if it is not in the cache; NULL = in the cache */
    const char *version; /* bulletin version, or the name of a stored clip: for the receipt */
    int64_t frames;      /* 48 kHz, > 0 */
    int gain_mdb;        /* at most 0 */
} HappeningClip;

typedef struct HappeningAlert {
    const char *id;    /* 1 to 64 characters; an id that was here before changes nothing */
    const char *title; /* for what the station says that it plays; or NULL */
    bool local;        /* a button at the station: receipts of kind `local` */
    bool restored;     /* came before this boot: sounds only with trusted time or when confirmed */
    int64_t at_us;     /* wall clock; 0 = now */
    int64_t until_us;  /* expires; 0 = default */
    int64_t every_us;  /* 0 = once */
    unsigned severity; /* larger is graver */
    int level;         /* of the issuing area; 0 = top */
    int gain_mdb;      /* at most 0 */
    const HappeningClip *clips;
    unsigned n_clips;
} HappeningAlert;

typedef enum {
    HAPPENING_TAKEN,
    HAPPENING_KNOWN,     /* was here before */
    HAPPENING_CANCELLED, /* its cancel came first */
    HAPPENING_OVER,      /* expired */
    HAPPENING_FULL,
    HAPPENING_EMPTY, /* no clip with a length */
} HappeningTaken;

/* An alert as it is kept. */
typedef struct Happening {
    char *id;
    bool local, restored, confirmed;
    bool over;                 /* cancelled, stopped or expired: no more plays */
    int64_t at_us, until_us;   /* boottime */
    int64_t every_us, gone_us; /* gone_us: boottime of its cancel or stop; 0 = neither */
    int64_t retry_us;          /* boottime; it cannot sound before; 0 = it can */
    Reason reason;             /* why it could not, last */
    bool begun;                /* a play of it has sounded */
    unsigned severity;
    int level;
    PlanAiring *airing; /* what each play sounds; its id is of no use */
    TimelineItem *items;
} Happening;

typedef struct Happenings Happenings;

Happenings *happenings_new(void);
void happenings_free(Happenings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Happenings, happenings_free)

HappeningTaken happenings_alert(Happenings *self, const HappeningAlert *alert, int64_t now_us,
                                int64_t boottime_us);
/* Of an alert or a planned airing. Valid before its alert, too; kept until `until_us` (wall clock;
 * 0 = as long as an alert can last). */
void happenings_cancel(Happenings *self, const char *id, int64_t until_us, int64_t now_us,
                       int64_t boottime_us);
void happenings_confirm(Happenings *self, const char *id);
/* The stop button: the alert plays no more here. */
void happenings_stop(Happenings *self, const char *id, int64_t boottime_us);
/* It cannot sound before then; one that never sounded begins only then. */
void happenings_postpone(Happenings *self, const char *id, int64_t retry_us, Reason reason);
void happenings_begun(Happenings *self, const char *id);
void happenings_forget_expired(Happenings *self, int64_t boottime_us);

unsigned happenings_length(const Happenings *self);
const Happening *happenings_at(const Happenings *self, unsigned index);
const Happening *happenings_find(const Happenings *self, const char *id); /* or NULL */
/* Appends the events (TimelineEvent) of all alerts that may sound; strings and items are borrowed
 * until the next change. `ret_alerts` gets the Happening behind each event, or NULL. */
void happenings_events(const Happenings *self, int64_t now_us, int64_t boottime_us, bool trusted,
                       GArray *events, GPtrArray *ret_alerts);
