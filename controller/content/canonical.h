/* The one form in which stations get sound, and the way a sound gets there.
 *
 * Ogg/Opus, 48 kHz, mono, 24 kbit/s, -16 LUFS integrated, at most -1 dBTP, both measured on the
 * decoded result. Encoding moves both, so the worker encodes, measures and corrects: a plan says
 * with which gain and ceiling to encode next, and is told what came out. */
#pragma once

#include <stdbool.h>

#define CANONICAL_RATE_HZ     48000
#define CANONICAL_BITRATE     24000 /* bit/s, speech */
#define CANONICAL_LUFS        (-16.0)
#define CANONICAL_LUFS_SLACK  0.3 /* good enough: stop correcting */
#define CANONICAL_DBTP_MAX    (-1.0)
#define CANONICAL_SILENT_LUFS (-60.0) /* below: there is no sound in it */
#define CANONICAL_GAIN_MAX_DB 30.0    /* more would only blow up noise */
#define CANONICAL_ROUNDS_MAX  6
#define CANONICAL_FRAMES_MAX  (2LL * 3600 * CANONICAL_RATE_HZ)
#define CANONICAL_INPUT_MAX   (256LL << 20) /* bytes of the original */
#define CANONICAL_OUTPUT_MAX  (64LL << 20)  /* bytes; two hours are 22 MB */

typedef struct CanonicalPlan {
    double gain_db;
    double ceiling_dbfs;            /* of the samples, before encoding */
    double gain_max_db;             /* loudness correction never goes beyond */
    double last_gain_db, last_lufs; /* what the step before brought */
    int rounds;
} CanonicalPlan;

typedef enum {
    CANONICAL_ENCODE_AGAIN, /* with the plan's new figures */
    CANONICAL_GOOD,         /* peak and loudness in order */
    CANONICAL_QUIET,        /* peak in order; louder is not possible without noise or distortion */
    CANONICAL_HOPELESS,     /* no peak in order within the rounds; never seen on real sound */
} CanonicalVerdict;

CanonicalPlan canonical_plan_start(double input_lufs);
/* What came out of encoding with the plan as it stands. */
CanonicalVerdict canonical_plan_next(CanonicalPlan *self, double lufs, double dbtp);
