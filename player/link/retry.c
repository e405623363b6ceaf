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

/* Nothing came, or something between here and the controller spoke, or the controller was busy, or
 * did not know us without a ticket. What it refuses, it refuses the next time as well. */
static bool is_of_the_way(const HttpAnswer *answer)
{
    return answer->error || answer->status == 401 || answer->status == 429 || answer->status >= 500;
}

void retry_later(Retry *self, const HttpAnswer *answer)
{
    connection_refused(self->connection, answer);
    uint32_t wait = backoff_next_ms(&self->backoff, crypto_random_u32());
    uint32_t asked = asked_ms(answer);
    self->asked_us = g_get_monotonic_time() + asked * INT64_C(1000);
    self->hastened = false;
    self->cut = is_of_the_way(answer);
    set_timer(self, asked + wait);
}

bool retry_hasten(Retry *self, bool refused_too)
{
    bool failing = self->backoff.failures > 0;
    if (!self->timer || !failing || self->hastened || (!self->cut && !refused_too))
        return false;
    int64_t left_us = MAX(self->asked_us - g_get_monotonic_time(), 0);
    self->hastened = true;
    set_timer(self,
              (unsigned)(left_us / 1000) + 1 + crypto_random_u32() % (self->backoff.first_ms + 1));
    return true;
}

void retry_after(Retry *self, unsigned ms)
{
    backoff_reset(&self->backoff);
    set_timer(self, ms);
}
