/* A look-ahead peak limiter: what leaves it is never above the ceiling, and never clipped. */
#pragma once

#include <glib.h>
#include <stddef.h>

typedef struct Limiter Limiter;

/* `gain` and `ceiling` are factors (1.0 = full scale). */
Limiter *limiter_new(unsigned rate_hz, double gain, double ceiling);
void limiter_free(Limiter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Limiter, limiter_free)

/* Works in place. The sound comes out limiter_delay() frames later; feed that many zeros at the
 * end and drop as many frames at the beginning. */
void limiter_run(Limiter *self, float *pcm, size_t frames);
size_t limiter_delay(const Limiter *self);
