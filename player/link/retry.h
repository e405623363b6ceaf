/* When to try again: full-jitter back-off that obeys Retry-After, or a plain period. */
#pragma once

#include "base/backoff.h"
#include "link/connection.h"

typedef struct Retry {
    Connection *connection;
    Backoff backoff;
    unsigned timer;
    int64_t asked_us; /* monotonic: the controller asks to be left alone until then */
    bool hastened;    /* the wait under way is shortened already */
    bool cut;         /* it was the way that failed, and not what was said */
    void (*again)(void *user);
    void *user;
} Retry;

void retry_init(Retry *self, Connection *connection, uint32_t first_ms, uint32_t max_ms,
                void (*again)(void *user), void *user);
void retry_clear(Retry *self);
/* It failed: again() comes after what the answer's Retry-After asks for and the back-off. */
void retry_later(Retry *self, const HttpAnswer *answer);
/* Another conversation got through: again() comes within the shortest back-off, though not before
 * what the controller asked for. Where it was refused and not cut off, only with `refused_too`: for
 * what costs next to nothing. False where nothing was shortened. */
bool retry_hasten(Retry *self, bool refused_too);
/* It went well: again() comes after `ms`, and the back-off starts over. */
void retry_after(Retry *self, unsigned ms);
