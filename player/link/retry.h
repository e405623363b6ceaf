/* When to try again: full-jitter back-off that obeys Retry-After, or a plain period. */
#pragma once

#include "base/backoff.h"
#include "link/connection.h"

typedef struct Retry {
    Connection *connection;
    Backoff backoff;
    unsigned timer;
    bool fixed; /* the wait under way: asked for by the controller, or shortened already */
    void (*again)(void *user);
    void *user;
} Retry;

void retry_init(Retry *self, Connection *connection, uint32_t first_ms, uint32_t max_ms,
                void (*again)(void *user), void *user);
void retry_clear(Retry *self);
/* It failed: again() comes after the back-off, or after what the answer's Retry-After asks for. */
void retry_later(Retry *self, const HttpAnswer *answer);
/* Another conversation got through: again() comes within the shortest back-off, unless the
 * controller asked for the wait. Nothing where none is under way. */
void retry_hasten(Retry *self);
/* It went well: again() comes after `ms`, and the back-off starts over. */
void retry_after(Retry *self, unsigned ms);
