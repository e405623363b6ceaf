/* Correcting loudness and peak over a few rounds of encoding.
 *
 * Figures: Opus at 24 kbit/s raises the peak of limited speech by 0.1-1.5 dB, so the first ceiling
 * is below the target and most sounds need two or three rounds. Peak is a promise (a horn
 * amplifier clips), loudness a wish: when the two fight, loudness gives way. */
#include "content/canonical.h"

#include <glib.h>
#include <math.h>

#define FIRST_CEILING_DBFS (-1.8)
#define HIGHEST_CEILING    (-1.2)
#define PEAK_UNUSED_DB     0.6 /* more than this below the limit: raise the ceiling as well */
#define LOWEST_CEILING     (-14.0)
#define SLOPE_LIMITED      0.4 /* loudness gained per dB while the limiter works, on speech */
#define SLOPE_LOWEST       0.25

CanonicalPlan canonical_plan_start(double input_lufs)
{
    const double wanted = CANONICAL_LUFS - input_lufs;
    const double gain = MIN(wanted, CANONICAL_GAIN_MAX_DB);
    return (CanonicalPlan){
        .gain_db = gain,
        .ceiling_dbfs = FIRST_CEILING_DBFS,
        .gain_max_db = MIN(wanted + 18.0, CANONICAL_GAIN_MAX_DB),
        .last_gain_db = gain,
        .last_lufs = input_lufs + gain,
    };
}

/* How much loudness one more dB of gain brings, by what the last step brought. */
static double slope(const CanonicalPlan *self, double lufs)
{
    if (self->rounds == 0)
        return lufs < self->last_lufs - CANONICAL_LUFS_SLACK ? SLOPE_LIMITED : 1.0;
    const double step = self->gain_db - self->last_gain_db;
    if (fabs(step) < 0.1)
        return SLOPE_LIMITED;
    return CLAMP((lufs - self->last_lufs) / step, SLOPE_LOWEST, 1.0);
}

CanonicalVerdict canonical_plan_next(CanonicalPlan *self, double lufs, double dbtp)
{
    const double too_quiet = CANONICAL_LUFS - lufs;
    const double over = dbtp - CANONICAL_DBTP_MAX;
    const bool peak_fine = over <= 0.0;
    const double step = too_quiet / slope(self, lufs);
    self->rounds++;
    if (peak_fine && fabs(too_quiet) <= CANONICAL_LUFS_SLACK)
        return CANONICAL_GOOD;
    if (peak_fine && too_quiet > 0 && self->gain_db >= self->gain_max_db)
        return CANONICAL_QUIET;
    if (self->rounds >= CANONICAL_ROUNDS_MAX + (peak_fine ? 0 : 2))
        return peak_fine ? CANONICAL_QUIET : CANONICAL_HOPELESS;

    self->last_gain_db = self->gain_db;
    self->last_lufs = lufs;
    if (!peak_fine)
        self->ceiling_dbfs = MAX(self->ceiling_dbfs - over - 0.3, LOWEST_CEILING);
    else if (over < -PEAK_UNUSED_DB)
        self->ceiling_dbfs = MIN(self->ceiling_dbfs - over - 0.3, HIGHEST_CEILING);
    if (peak_fine || self->rounds < CANONICAL_ROUNDS_MAX - 1)
        self->gain_db = MIN(self->gain_db + step, self->gain_max_db);
    else
        self->gain_db -= over + 0.5; /* the promise before the wish */
    return CANONICAL_ENCODE_AGAIN;
}
