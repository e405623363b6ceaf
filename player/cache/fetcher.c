/* Downloads with Range, so that a 4G link that breaks every minute still gets a long file. The size
 * announced in the signed plan is the limit: a byte more and the part is thrown away. Whatever goes
 * wrong, the file's hash decides in the end, and the next try starts after a back-off. */
#include "cache/fetcher.h"

#include "cache/lane.h"

#include "base/log.h"
#include "link/retry.h"

#include <errno.h>
#include <unistd.h>

#define FIRST_MS 1000
#define MAX_MS   (5 * 60 * 1000)
#define STALL_MS 30000
#define LOOK_MS  (10 * 60 * 1000) /* whether it is night: the clock may have moved */

struct Fetcher {
    Connection *connection;
    MediaCache *cache;
    FetcherEvents events;
    GPtrArray *wanted;  /* PlanMedia*, by needed_by_us */
    GHashTable *failed; /* of those, what went wrong in this round: the others go first */
    Retry retry;
    bool lacks_space;
    bool waits; /* for the night, and for nothing else */
    int utc_offset_s;
    DataLimits limits;
    uint32_t spread;

    HttpCall *call; /* the download under way */
    char *sha256;
    int64_t bytes; /* announced */
    int64_t had;   /* there before this call */
    int64_t have;
    int fd;
    bool not_written; /* what came could not be: the card is full or worn out */
};

static void fetch_next(void *user);

/* What is wrong lies here, or in the file: not on the way. */
static const HttpAnswer no_answer = {0};

static int by_need(gconstpointer a, gconstpointer b)
{
    const PlanMedia *left = *(PlanMedia *const *)a, *right = *(PlanMedia *const *)b;
    return (left->needed_by_us > right->needed_by_us) - (left->needed_by_us < right->needed_by_us);
}

static void try_later(Fetcher *self, const HttpAnswer *answer)
{
    g_hash_table_add(self->failed, g_strdup(self->sha256));
    retry_later(&self->retry, answer);
}

static void close_part(Fetcher *self)
{
    if (self->fd >= 0)
        close(self->fd);
    self->fd = -1;
    self->call = NULL;
}

static bool on_data(const void *bytes, size_t length, void *user)
{
    Fetcher *self = user;
    if (self->have + (int64_t)length > self->bytes) {
        self->have = INT64_MAX; /* no longer the file that was announced */
        refusals_add(self->events.refusals, "media", "too-large");
        return false;
    }
    for (size_t done = 0; done < length;) {
        ssize_t written = write(self->fd, (const char *)bytes + done, length - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            self->lacks_space = errno == ENOSPC;
            self->not_written = true;
            return false;
        }
        done += (size_t)written;
    }
    self->have += (int64_t)length;
    return true;
}

/* A server that does not know Range sends the whole file again from its first byte; an answer that
 * is whole and yet too short is a page of somebody on the way. */
static bool is_spoilt(const Fetcher *self, const HttpAnswer *answer)
{
    bool is_short = answer->status / 100 == 2 && self->have < self->bytes;
    return is_short || self->have == INT64_MAX || (self->had > 0 && answer->status == 200) ||
           answer->status == 416;
}

static bool finish_part(Fetcher *self)
{
    g_autoptr(GError) error = NULL;
    if (!media_cache_part_finish(self->cache, self->sha256, self->bytes, &error)) {
        if (g_error_matches(error, MEDIA_ERROR, MEDIA_ERROR_WRONG))
            refusals_add(self->events.refusals, "media", "wrong-hash");
        log_warning("%s; fetching it again", error->message);
        return false;
    }
    if (self->events.ready)
        self->events.ready(self->sha256, self->events.user);
    return true;
}

static void on_done(const HttpAnswer *answer, void *user)
{
    Fetcher *self = user;
    close_part(self);
    if (is_spoilt(self, answer)) {
        media_cache_part_drop(self->cache, self->sha256);
        try_later(self, &no_answer);
        return;
    }
    bool good = answer->status == 200 || answer->status == 206;
    if (good && self->have == self->bytes && finish_part(self)) {
        retry_after(&self->retry, 0);
        return;
    }
    try_later(self, self->not_written ? &no_answer : answer);
}

static void send_request(Fetcher *self)
{
    self->not_written = false;
    g_autofree char *path = g_strconcat("/media/", self->sha256, NULL);
    g_autofree char *range =
        self->have ? g_strdup_printf("Range: bytes=%" G_GINT64_FORMAT "-", self->have) : NULL;
    self->call = connection_send(self->connection, &(ConnectionCall){
                                                       .method = "GET",
                                                       .path = path,
                                                       .header = range,
                                                       .bare = true,
                                                       .kind = DATA_MEDIA,
                                                       .max_answer = 16 * 1024,
                                                       .stall_ms = STALL_MS,
                                                       .on_data = on_data,
                                                       .on_done = on_done,
                                                       .user = self,
                                                   });
}

/* The plan's files, and what may still sound although the plan names it no more. */
static unsigned drop_unused(Fetcher *self)
{
    g_autoptr(GHashTable) needed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (unsigned i = 0; i < self->wanted->len; i++)
        g_hash_table_add(needed, g_strdup(((const PlanMedia *)self->wanted->pdata[i])->sha256));
    if (self->events.add_needed)
        self->events.add_needed(needed, self->events.user);
    return media_cache_drop_unused(self->cache, needed);
}

/* Opens the part, making room by what nothing needs any more where that helps. */
static bool open_part(Fetcher *self, GError **error)
{
    g_autoptr(GError) first = NULL;
    self->fd = media_cache_part_open(self->cache, self->sha256, self->bytes, &self->have, &first);
    if (self->fd < 0 && drop_unused(self) > 0)
        self->fd =
            media_cache_part_open(self->cache, self->sha256, self->bytes, &self->have, error);
    else if (self->fd < 0)
        g_propagate_error(error, g_steal_pointer(&first));
    self->had = self->have;
    return self->fd >= 0;
}

static void begin(Fetcher *self, const PlanMedia *media)
{
    g_autoptr(GError) error = NULL;
    g_free(self->sha256);
    self->sha256 = g_strdup(media->sha256);
    self->bytes = media->bytes;
    if (!open_part(self, &error)) {
        self->lacks_space = true;
        log_warning("%s; trying again later, what is here still plays", error->message);
        try_later(self, &no_answer);
        return;
    }
    self->lacks_space = false;
    if (self->have < self->bytes) {
        send_request(self);
        return;
    }
    close_part(self); /* whole since before a crash */
    if (finish_part(self))
        retry_after(&self->retry, 0);
    else
        try_later(self, &no_answer);
}

static int64_t missing_bytes(const Fetcher *self)
{
    int64_t bytes = 0;
    for (unsigned i = 0; i < self->wanted->len; i++) {
        const PlanMedia *media = self->wanted->pdata[i];
        bytes += media_cache_has(self->cache, media->sha256) ? 0 : media->bytes;
    }
    return bytes;
}

static LaneFacts lane_of(const Fetcher *self)
{
    const FetcherEvents *parts = &self->events;
    bool knows = parts->clock && trust_now(parts->trust).level >= TRUST_SYNCED;
    return (LaneFacts){
        .now_us = knows ? clock_wall_us(parts->clock) : 0,
        .utc_offset_s = self->utc_offset_s,
        .missing = missing_bytes(self),
        .spread = self->spread,
    };
}

/* A file begins only if it fits: one that would go beyond the budget waits like any other. */
static DataState budget_with(const Fetcher *self, const PlanMedia *media)
{
    const DataMeter *meter = self->events.meter;
    return meter ? data_state(&self->limits, data_meter_use(meter), media->bytes) : DATA_FREE;
}

/* What may be fetched now; else NULL, and how long the first that may later has to wait (0 = there
 * is none). */
static const PlanMedia *next_in_lane(const Fetcher *self, int64_t *ret_wait_us)
{
    LaneFacts lane = lane_of(self);
    *ret_wait_us = 0;
    for (unsigned i = 0; i < self->wanted->len; i++) {
        const PlanMedia *media = self->wanted->pdata[i];
        if (g_hash_table_contains(self->failed, media->sha256) ||
            media_cache_has(self->cache, media->sha256))
            continue;
        lane.needed_by_us = media->needed_by_us;
        lane.budget = budget_with(self, media);
        int64_t wait_us = lane_wait_us(&lane);
        if (wait_us == 0)
            return media;
        *ret_wait_us = *ret_wait_us ? MIN(*ret_wait_us, wait_us) : wait_us;
    }
    return NULL;
}

static void fetch_next(void *user)
{
    Fetcher *self = user;
    int64_t wait_us;
    const PlanMedia *media = next_in_lane(self, &wait_us);
    if (!media && g_hash_table_size(self->failed) > 0) {
        g_hash_table_remove_all(self->failed); /* the next round */
        media = next_in_lane(self, &wait_us);
    }
    if (media)
        begin(self, media);
    self->waits = !media && wait_us > 0;
    if (self->waits)
        retry_after(&self->retry, (unsigned)MIN(wait_us / 1000 + 1, LOOK_MS));
}

Fetcher *fetcher_new(Connection *connection, MediaCache *cache, const FetcherEvents *events)
{
    Fetcher *self = g_new0(Fetcher, 1);
    self->connection = connection;
    self->cache = cache;
    self->events = *events;
    self->fd = -1;
    self->spread = events->station ? lane_spread(events->station) : 0;
    self->wanted = g_ptr_array_new_with_free_func((GDestroyNotify)plan_media_free);
    self->failed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    retry_init(&self->retry, connection, FIRST_MS, MAX_MS, fetch_next, self);
    return self;
}

static void cancel(Fetcher *self)
{
    retry_clear(&self->retry);
    if (self->call)
        http_call_cancel(self->call);
    close_part(self);
}

void fetcher_free(Fetcher *self)
{
    if (!self)
        return;
    cancel(self);
    g_hash_table_unref(self->failed);
    g_ptr_array_unref(self->wanted);
    g_free(self->sha256);
    g_free(self);
}

void fetcher_set_wanted(Fetcher *self, const Plan *plan)
{
    cancel(self); /* what came so far stays in its part */
    g_hash_table_remove_all(self->failed);
    g_ptr_array_set_size(self->wanted, 0);
    self->utc_offset_s = plan ? plan->utc_offset_s : 0;
    self->limits = data_limits_of(plan, self->events.meter);
    for (unsigned i = 0; plan && i < plan->media->len; i++) {
        const PlanMedia *media = plan->media->pdata[i];
        g_ptr_array_add(self->wanted,
                        plan_media_new(media->sha256, media->bytes, media->needed_by_us));
    }
    g_ptr_array_sort(self->wanted, by_need);
    fetcher_wake(self);
}

/* Whether something that is missing is needed before the file under way. */
static bool is_overtaken(const Fetcher *self)
{
    int64_t wait_us;
    const PlanMedia *media = next_in_lane(self, &wait_us);
    for (unsigned i = 0; media && i < self->wanted->len; i++) {
        const PlanMedia *other = self->wanted->pdata[i];
        if (g_str_equal(other->sha256, self->sha256))
            return media->needed_by_us < other->needed_by_us;
    }
    return false;
}

void fetcher_wake(Fetcher *self)
{
    if (self->waits)
        retry_clear(&self->retry); /* what was asked for may be urgent */
    self->waits = false;
    if (self->connection && !self->call && !self->retry.timer)
        fetch_next(self);
}

void fetcher_hasten(Fetcher *self)
{
    if (retry_hasten(&self->retry, false))
        g_hash_table_remove_all(self->failed); /* for no fault of theirs: the first goes first */
}

void fetcher_hurry(Fetcher *self)
{
    g_hash_table_remove_all(self->failed);
    if (self->call && is_overtaken(self))
        cancel(self); /* what came of it stays in its part */
    retry_hasten(&self->retry, true);
    fetcher_wake(self);
}

bool fetcher_lacks_space(const Fetcher *self)
{
    return self->lacks_space;
}
