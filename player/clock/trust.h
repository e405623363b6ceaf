/* How far the wall clock may be believed: 0 unknown, 1 last known time, 2 synchronised or kept, and
 * not contradicted, 3 signed time. Scheduled airings need TRUST_SYNCED. */
#pragma once

#include "clock/station_clock.h"

typedef enum { TRUST_UNKNOWN, TRUST_FLOOR, TRUST_SYNCED, TRUST_SIGNED } TrustLevel;

/* Who keeps the time right. */
typedef enum { TRUST_SOURCE_NTP, TRUST_SOURCE_RTC, TRUST_SOURCE_HOST } TrustSource;
extern const char *const trust_source_words[]; /* "ntp", "rtc", "host", NULL */

/* What the machine says about its clocks. */
typedef struct TrustProbe {
    bool synchronised; /* the kernel's clock is being steered */
    int64_t error_us;  /* the kernel's bound of its error; -1 = unknown */
    int64_t rtc_us;    /* what the battery clock shows; 0 = there is none */
} TrustProbe;
typedef void (*TrustProbeFunc)(TrustProbe *ret_probe, void *user);

/* A time that the controller signed for us. */
typedef struct TrustSigned {
    int64_t utc_us;
    int64_t error_us; /* half of the way there and back */
    int64_t age_us;   /* boottime since then: `utc_us` and `error_us` are of now */
} TrustSigned;

typedef struct TrustFacts {
    TrustSource source;
    TrustProbe probe;
    int64_t now_us;
    int64_t floor_us;      /* last trusted time that was saved; 0 = never */
    TrustSigned signed_by; /* utc_us 0 = none since the start */
} TrustFacts;

typedef struct Judgement {
    TrustLevel level;
    int64_t error_ms;  /* -1 = unknown */
    bool plausible;    /* not before the floor and not more than 60 days after it */
    bool by_signed;    /* the time to live by is the signed one, not the machine's */
    bool contradicted; /* signed time and the machine, or the floor, disagree by over 60 s */
} Judgement;

/* Pure. */
Judgement trust_judge(const TrustFacts *facts);

typedef struct Trust Trust;

/* `floor_path` keeps the last trusted time; `probe` NULL = ask this machine. */
Trust *trust_new(const char *floor_path, TrustSource source, const Clock *clock,
                 TrustProbeFunc probe, void *user);
void trust_free(Trust *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Trust, trust_free)

/* Lets the judgement move `clock`, which must outlive it. */
void trust_steer(Trust *self, StationClock *clock);
/* A verified time: `utc_us` was true at `boottime_us`, give or take `error_us`. */
void trust_take_signed(Trust *self, int64_t utc_us, int64_t boottime_us, int64_t error_us);

Judgement trust_now(Trust *self);
/* Raises the floor to now, durably, when now is trusted; otherwise does nothing. */
bool trust_save_floor(Trust *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
