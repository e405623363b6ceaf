/* One timer per conversation with the controller. Everything that can fail on the way goes through
 * here, so that ten thousand stations after an outage come back spread out and not as one wave. */
#include "link/retry.h"

#include <string.h>

#define RETRY_AFTER_MAX_S 3600

void retry_init(Retry *self, Connection *connection, uint32_t first_ms, uint32_t max_ms,
                void (*again)(void *user), void *user)
{
    *self = (Retry){
        .connection = connection,
        .backoff = {.first_ms = first_ms, .max_ms = max_ms},
        .again = again,
        .user = user,
    };
}

void retry_clear(Retry *self)
{
    if (self->timer)
        g_source_remove(self->timer);
    self->timer = 0;
}

static gboolean on_timer(gpointer user)
{
    Retry *self = user;
    self->timer = 0;
    self->again(self->user);
    return G_SOURCE_REMOVE;
}

static void set_timer(Retry *self, unsigned ms)
{
    retry_clear(self);
    self->timer = g_timeout_add(ms, on_timer, self);
}

/* What the controller asks for, in ms; only the form in seconds is used on this link. */
static uint32_t asked_ms(const HttpAnswer *answer)
{
    const char *value =
        answer->headers ? g_hash_table_lookup(answer->headers, "retry-after") : NULL;
    guint64 seconds = 0;
    if (!value || !g_ascii_string_to_unsigned(value, 10, 0, RETRY_AFTER_MAX_S, &seconds, NULL))
        return 0;
    return (uint32_t)seconds * 1000;
}

void retry_later(Retry *self, const HttpAnswer *answer)
{
    connection_refused(self->connection, answer);
    uint32_t wait = backoff_next_ms(&self->backoff, crypto_random_u32());
    uint32_t asked = asked_ms(answer);
    self->fixed = asked > 0;
    set_timer(self, asked + wait);
}

void retry_hasten(Retry *self)
{
    bool failing = self->backoff.failures > 0;
    if (!self->timer || !failing || self->fixed)
        return;
    self->fixed = true;
    set_timer(self, crypto_random_u32() % (self->backoff.first_ms + 1));
}

void retry_after(Retry *self, unsigned ms)
{
    backoff_reset(&self->backoff);
    set_timer(self, ms);
}
