/* A station on a virtual desk: conductor, journal and media cache are real, the clock, the sound
 * and the board are fakes. Days pass in a moment. */
#pragma once

#include "conductor/conductor.h"
#include "playout/audio_fake.h"

#define SECOND  INT64_C(1000000)
#define MINUTE  (60 * SECOND)
#define HOUR    (60 * MINUTE)
#define MORNING INT64_C(1795332600000000) /* 2026-11-22T07:30:00Z */
#define EIGHT   (MORNING + 30 * MINUTE)

typedef struct Desk {
    char *dir;
    FakeClock clock;
    TrustProbe probe; /* what the machine says about its clocks */
    Key key;
    const char *boot_id;
    Trust *trust;
    Journal *journal;
    LostMark *lost;
    MediaCache *media;
    Audio *audio;
    Board *board;
    Conductor *conductor;
    char *good_sha256;                         /* of a file that is in the cache */
    Plan *plan;                                /* given last */
    const TimelineSpan *quiet;                 /* of plans to come; NULL = none */
    const TimelineCeiling *ceiling;            /* NULL = none */
    int session_min, day_min;                  /* 0 = none */
    int64_t version;                           /* of the next plan */
    int64_t amplifier_on_us, amplifier_off_us; /* wall time of the last change */
    bool amplifier_dead;                       /* the line never comes on */
    unsigned missing;                          /* times a file was asked for */
    bool no_data;                              /* nothing is left for relays of class normal */
} Desk;

/* Warnings are what these tests are about; call it in main(). */
void desk_quiet(void);
Desk *desk_new(void);
void desk_free(Desk *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Desk, desk_free)

/* kill -9: everything in memory is gone, without a word. */
void desk_crash(Desk *self);
/* A new run; another boot when `boot_id` is not NULL. */
void desk_boot(Desk *self, const char *boot_id);
void desk_run_until(Desk *self, int64_t wall_us);

/* A plan from one hour before now to a day after it; the airings are taken. */
void desk_give_plan(Desk *self, PlanAiring **airings, unsigned count);
void desk_give_airing(Desk *self, PlanAiring *airing);
/* One item of `seconds`, with ten minutes of tolerance. Names are turned into ids. */
PlanAiring *desk_airing(Desk *self, const char *name, int64_t start_us, int seconds);
char *desk_add_media(Desk *self, const char *content);

/* Number of receipts that wait; the one at `index`, or the test fails. */
unsigned desk_receipts(Desk *self);
Receipt *desk_receipt(Desk *self, unsigned index);
/* The only receipt says this. */
void desk_assert_only(Desk *self, Outcome outcome, Reason reason);
