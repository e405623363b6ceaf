/* A life is a seed and nothing else, so a failure is repeated by starting at the life's own seed. A
 * control goes on after the first broken state, to say how often its fault is fatal. */
#include "crash_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONTROL_STATES 1500
#define PATIENCE       10 /* times as many, when nothing has broken yet */
#define SECONDS        60
#ifndef CRASH_SLOWER
#define CRASH_SLOWER 1 /* under sanitizers a state takes so many times as long */
#endif

static uint64_t number_from(const char *variable, uint64_t otherwise)
{
    const char *text = g_getenv(variable);
    return text && *text ? g_ascii_strtoull(text, NULL, 10) : otherwise;
}

static const CrashControl *find_control(const CrashControl *controls, const char *name)
{
    for (; controls->name; controls++)
        if (strcmp(controls->name, name) == 0)
            return controls;
    return NULL;
}

bool crash_run_begin(CrashRun *self, int argc, char **argv, uint64_t states,
                     const CrashControl *controls)
{
    const char *slash = strrchr(argv[0], '/');
    *self = (CrashRun){.what = slash ? slash + 1 : argv[0], .started_us = g_get_monotonic_time()};
    if (argc == 3 && strcmp(argv[1], "--control") == 0)
        self->control = find_control(controls, argv[2]);
    if (argc != 1 && !self->control) {
        fprintf(stderr, "usage: %s [--control NAME]\n", argv[0]);
        return false;
    }
    self->goal = self->control ? CONTROL_STATES / CRASH_SLOWER
                               : number_from("LOA_STATES", states / CRASH_SLOWER);
    uint64_t seconds = number_from("LOA_SECONDS", g_getenv("LOA_STATES") ? UINT32_MAX : SECONDS);
    self->until_us = self->started_us + (int64_t)seconds * G_USEC_PER_SEC;
    self->seed = number_from("LOA_SEED", 1) - 1;
    return true;
}

bool crash_run_is_over(const CrashRun *self)
{
    bool enough = self->states >= self->goal;
    if (self->control && self->broken == 0)
        enough = self->states >= PATIENCE * self->goal;
    return self->failed || enough || g_get_monotonic_time() > self->until_us;
}

bool crash_run_next(CrashRun *self)
{
    if (crash_run_is_over(self))
        return false;
    self->seed++;
    self->lives++;
    return true;
}

bool crash_run_is(const CrashRun *self, const char *control)
{
    return self->control && strcmp(self->control->name, control) == 0;
}

void crash_run_judged(CrashRun *self, const char *rule, const char *what)
{
    self->states++;
    if (!rule)
        return;
    if (self->control) {
        self->broken += strcmp(rule, self->control->rule) == 0;
        return;
    }
    self->failed = true;
    printf("rule broken: %s: %s\nagain with: LOA_SEED=%" PRIu64 " %s\n", rule, what, self->seed,
           self->what);
}

int crash_run_end(CrashRun *self)
{
    double seconds = (double)(g_get_monotonic_time() - self->started_us) / G_USEC_PER_SEC;
    printf("%s: %" PRIu64 " states in %" PRIu64
           " lives, %.1f s, %.0f a second, seeds up to %" PRIu64 "\n",
           self->what, self->states, self->lives, seconds, (double)self->states / seconds,
           self->seed);
    if (self->states == 0)
        return EXIT_FAILURE;
    if (!self->control)
        return self->failed ? EXIT_FAILURE : EXIT_SUCCESS;
    printf("control %s: rule %s broken in %.1f %% of the states%s\n", self->control->name,
           self->control->rule, 100.0 * (double)self->broken / (double)self->states,
           self->broken ? "" : ": this harness would not notice");
    return self->broken ? EXIT_SUCCESS : EXIT_FAILURE;
}
