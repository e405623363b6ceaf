/* How far the wall clock may be believed: 0 unknown, 1 last known time, 2 synchronised or kept, and
 * not contradicted, 3 signed time. Scheduled airings need TRUST_SYNCED. */
#pragma once

#include "base/clock.h"

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

typedef struct TrustFacts {
    TrustSource source;
    TrustProbe probe;
    int64_t now_us;
    int64_t floor_us; /* last trusted time that was saved; 0 = never */
} TrustFacts;

typedef struct Judgement {
    TrustLevel level;
    int64_t error_ms; /* -1 = unknown */
    bool plausible;   /* not before the floor and not more than 60 days after it */
} Judgement;

/* Pure. */
Judgement trust_judge(const TrustFacts *facts);

typedef struct Trust Trust;

/* `floor_path` keeps the last trusted time; `probe` NULL = ask this machine. */
Trust *trust_new(const char *floor_path, TrustSource source, const Clock *clock,
                 TrustProbeFunc probe, void *user);
void trust_free(Trust *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Trust, trust_free)

Judgement trust_now(Trust *self);
/* Raises the floor to now, durably, when now is trusted; otherwise does nothing. */
bool trust_save_floor(Trust *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
