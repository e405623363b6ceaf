/* Brings the plan's media into the cache: one file at a time, the one needed soonest first; what
 * has time waits for the night (lane.h). */
#pragma once

#include "cache/media_cache.h"
#include "clock/trust.h"
#include "link/connection.h"
#include "link/refusals.h"
#include "wire/plan.h"

typedef struct Fetcher Fetcher;

typedef struct FetcherEvents {
    void (*ready)(const char *sha256, void *user); /* one more file stands in the cache */
    /* Adds the SHA-256 (char*, freed by the set) of what must stay although the plan names it no
     * more; NULL = nothing. */
    void (*add_needed)(GHashTable *files, void *user);
    Refusals *refusals; /* may be NULL */
    void *user;
    const Clock *clock; /* NULL = nothing waits for the night */
    Trust *trust;
    const char *station;    /* its id */
    const DataMeter *meter; /* NULL = nothing is counted */
} FetcherEvents;

/* `connection` may be NULL: then nothing is fetched. */
Fetcher *fetcher_new(Connection *connection, MediaCache *cache, const FetcherEvents *events);
void fetcher_free(Fetcher *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fetcher, fetcher_free)

/* What has to be there from now on; copied. NULL = nothing. */
void fetcher_set_wanted(Fetcher *self, const Plan *plan);
/* A file may have gone missing, or the controller may be back: look again. */
void fetcher_wake(Fetcher *self);
/* An alert waits for its sound: what is needed first goes before the file under way, and no
 * back-off is waited out but what the controller asked for. */
void fetcher_hurry(Fetcher *self);
/* The controller answers elsewhere: what waits because the way was cut comes within a second. */
void fetcher_hasten(Fetcher *self);
bool fetcher_lacks_space(const Fetcher *self);
