/* What the crash programs share: how many states, which seed, what to say when a rule is broken.
 *
 *   PROGRAM                  LOA_STATES states (`states`) or LOA_SECONDS (60; none when LOA_STATES
 * is given), from LOA_SEED; the first broken rule ends it with 1 PROGRAM --control NAME   something
 * is broken on purpose: ends with 0 only when its rule breaks
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct CrashControl {
    const char *name;
    const char *rule; /* that has to break */
} CrashControl;

typedef struct CrashRun {
    const char *what;
    const CrashControl *control; /* NULL: everything as it should be */
    uint64_t seed;               /* of the life under way */
    uint64_t lives;
    uint64_t states, goal;
    uint64_t broken; /* states, by the control's rule */
    int64_t started_us, until_us;
    bool failed;
} CrashRun;

/* False, with a message, when the command line is not understood. `controls` ends with a NULL name.
 */
bool crash_run_begin(CrashRun *self, int argc, char **argv, uint64_t states,
                     const CrashControl *controls);
/* Moves on to the next life; false when it is enough. */
bool crash_run_next(CrashRun *self);
bool crash_run_is_over(const CrashRun *self);
bool crash_run_is(const CrashRun *self, const char *control);
/* One state was judged; `rule` NULL: it holds. */
void crash_run_judged(CrashRun *self, const char *rule, const char *what);
/* Prints the figures; the exit code. */
int crash_run_end(CrashRun *self);
