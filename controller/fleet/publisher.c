/* Publishing: plan -> compare -> sign -> store with the log of its airings -> COMMIT -> wake.
 *
 * The queue is a set of station ids in memory. A crash loses it, so a start queues every station;
 * comparing is cheap and signs nothing that is the same. Work is cut into small batches from an
 * idle source, so that a broadcast to 5,000 stations does not hold the loop.
 *
 * A plan's version counts up by one inside its epoch and is written in the same transaction as the
 * airings that it orders: no station can hold a plan that the log does not know. */
#include "fleet/publisher.h"

#include "base/log.h"
#include "digest.h"
#include "fleet/plan_store.h"
#include "fleet/publisher_world.h"
#include "schedule/airing_store.h"
#include "schedule/broadcast_store.h"
#include "wire/plan.h"

#define DAY_US        (INT64_C(86400) * G_USEC_PER_SEC)
#define ENVELOPE_ROOM 4096 /* type, signatures and base64 of a plan's envelope */
#define RETRY_S       5
#define BATCH_MAX_US  20000 /* then the loop gets its turn */

struct Publisher {
    PublisherSettings settings;
    GHashTable *waiting;   /* station ids */
    PublisherWorld *world; /* of this day; changes are noted in it */
    int64_t day;
    unsigned source;
};

typedef struct Published {
    char *station;
    int64_t version;
} Published;

static void published_clear(gpointer data)
{
    g_free(((Published *)data)->station);
}

Publisher *publisher_new(const PublisherSettings *settings)
{
    Publisher *self = g_new0(Publisher, 1);
    self->settings = *settings;
    self->waiting = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return self;
}

void publisher_free(Publisher *self)
{
    if (!self)
        return;
    if (self->source)
        g_source_remove(self->source);
    publisher_world_free(self->world);
    g_hash_table_unref(self->waiting);
    g_free(self);
}

unsigned publisher_waiting(const Publisher *self)
{
    return g_hash_table_size(self->waiting);
}

static gboolean on_idle(void *user);

static gboolean on_retry(void *user)
{
    Publisher *self = user;
    self->source = g_idle_add(on_idle, self);
    return G_SOURCE_REMOVE;
}

static gboolean on_idle(void *user)
{
    Publisher *self = user;
    g_autoptr(GError) error = NULL;
    if (publisher_run(self, PUBLISHER_BATCH, &error) < 0) {
        log_warning("plans could not be published, trying again in %d s: %s", RETRY_S,
                    error->message);
        self->source = g_timeout_add_seconds(RETRY_S, on_retry, self);
        return G_SOURCE_REMOVE;
    }
    if (publisher_waiting(self) > 0)
        return G_SOURCE_CONTINUE;
    self->source = 0;
    return G_SOURCE_REMOVE;
}

static void enqueue(Publisher *self, const char *station)
{
    g_hash_table_add(self->waiting, g_strdup(station));
    if (!self->source)
        self->source = g_idle_add(on_idle, self);
}

static void forget_world(Publisher *self)
{
    g_clear_pointer(&self->world, publisher_world_free);
}

void publisher_station_changed(Publisher *self, const char *station)
{
    if (self->world)
        publisher_world_forget_areas(self->world);
    enqueue(self, station);
}

static void enqueue_list(Publisher *self, const GPtrArray *stations)
{
    for (unsigned i = 0; stations && i < stations->len; i++)
        enqueue(self, ((const Station *)g_ptr_array_index(stations, i))->id);
}

void publisher_all_changed(Publisher *self)
{
    forget_world(self);
    g_autoptr(GPtrArray) areas = area_store_list(self->settings.database, NULL, NULL);
    for (unsigned i = 0; areas && i < areas->len; i++) {
        const Area *area = g_ptr_array_index(areas, i);
        if (area->parent)
            continue;
        g_autoptr(GPtrArray) stations =
            station_store_in_area(self->settings.database, area->id, NULL);
        enqueue_list(self, stations);
    }
}

static void enqueue_reached(Publisher *self, const Broadcast *broadcast, const Station *station)
{
    g_autoptr(Area) area = area_store_get(self->settings.database, station->area, NULL);
    g_autoptr(GPtrArray) path = area ? publisher_world_path(area->path) : NULL;
    if (path && !station->retired_us && broadcast_reaches(broadcast, station->id, path))
        enqueue(self, station->id);
}

static void enqueue_target(Publisher *self, const Broadcast *broadcast,
                           const BroadcastTarget *target)
{
    Database *database = self->settings.database;
    if (target->kind == TARGET_STATION) {
        g_autoptr(Station) station = station_store_get(database, target->id, NULL);
        if (station)
            enqueue_reached(self, broadcast, station);
        return;
    }
    g_autoptr(GPtrArray) stations = station_store_in_area(database, target->id, NULL);
    for (unsigned i = 0; stations && i < stations->len; i++)
        enqueue_reached(self, broadcast, g_ptr_array_index(stations, i));
}

void publisher_broadcast_changed(const Broadcast *broadcast, void *user)
{
    Publisher *self = user;
    if (self->world)
        publisher_world_forget_broadcast(self->world, broadcast->id);
    for (unsigned i = 0; i < broadcast->targets->len; i++) {
        const BroadcastTarget *target = g_ptr_array_index(broadcast->targets, i);
        if (!target->exclude)
            enqueue_target(self, broadcast, target);
    }
}

void publisher_bulletin_changed(const char *bulletin_id, void *user)
{
    Publisher *self = user;
    Database *database = self->settings.database;
    g_autoptr(GError) error = NULL;
    if (self->world)
        publisher_world_forget_bulletin(self->world, bulletin_id);
    g_autoptr(Bulletin) bulletin = bulletin_store_get(database, bulletin_id, NULL);
    int64_t start_us = clock_wall_us(self->settings.clock) + BROADCAST_NOW_DELAY_US;
    if (bulletin && bulletin->state == BULLETIN_APPROVED &&
        !broadcast_store_start_waiting(database, bulletin_id, start_us, &error))
        log_warning("a waiting broadcast keeps its old start: %s", error->message);
    g_autoptr(GPtrArray) list = broadcast_store_of_bulletin(database, bulletin_id, NULL);
    for (unsigned i = 0; list && i < list->len; i++)
        publisher_broadcast_changed(g_ptr_array_index(list, i), self);
}

static char *fingerprint_of(const Plan *plan)
{
    g_autoptr(Json) json = plan_to_json(plan); /* epoch, version and issued_us are still 0 */
    size_t length;
    g_autofree char *text = json_print(json, &length);
    return digest_hex_of(text, length);
}

/* A plan that would be too large for a station ends earlier, and says so in until_us. */
static GBytes *print_plan(Plan *plan)
{
    const size_t max = PLAN_MAX_BYTES / 4 * 3 - ENVELOPE_ROOM;
    for (;;) {
        g_autoptr(Json) json = plan_to_json(plan);
        GBytes *payload = json_print_bytes(json);
        size_t length = g_bytes_get_size(payload);
        unsigned keep =
            (unsigned)((double)plan->airings->len * (double)max / (double)length * 0.95);
        if (length <= max || keep >= plan->airings->len)
            return payload;
        g_bytes_unref(payload);
        plan->until_us = ((PlanAiring *)g_ptr_array_index(plan->airings, keep))->start_us;
        g_ptr_array_set_size(plan->airings, (int)keep);
    }
}

static GBytes *sign_plan(Publisher *self, Plan *plan, GError **error)
{
    g_autoptr(GBytes) payload = print_plan(plan);
    g_autoptr(Envelope) envelope =
        signer_sign(self->settings.signer, ENVELOPE_TYPE_PLAN, payload, error);
    if (!envelope)
        return NULL;
    size_t length;
    g_autofree char *text = envelope_print(envelope, &length);
    return plan_store_compress(text, length, error);
}

static bool note_planned(Publisher *self, const Plan *plan, GError **error)
{
    const char *before = "";
    for (unsigned i = 0; i < plan->airings->len; i++) {
        const char *broadcast = ((PlanAiring *)g_ptr_array_index(plan->airings, i))->broadcast;
        if (g_str_equal(broadcast, before))
            continue;
        before = broadcast;
        if (!broadcast_store_mark_planned(self->settings.database, broadcast, error))
            return false;
    }
    return true;
}

static bool store(Publisher *self, Plan *plan, const StoredPlan *newest, char *take_fingerprint,
                  int64_t now_us, GError **error)
{
    plan->epoch = self->settings.epoch;
    plan->version = newest->epoch == plan->epoch ? newest->version + 1 : 1;
    plan->issued_us = now_us;
    g_auto(StoredPlan)
        next = {.epoch = plan->epoch, .version = plan->version, .fingerprint = take_fingerprint};
    next.gzip = sign_plan(self, plan, error);
    return next.gzip &&
           plan_store_add(self->settings.database, plan->station, &next, now_us, error) &&
           airing_store_sync(self->settings.database, plan, now_us, error) &&
           note_planned(self, plan, error);
}

/* Plans one station; appends to `published` when there is a new plan. */
static bool publish(Publisher *self, const char *station, int64_t now_us, GArray *published,
                    GError **error)
{
    g_autoptr(GError) failed = NULL;
    g_autoptr(Plan) plan = publisher_world_plan(self->world, station, now_us, &failed);
    if (failed) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return false;
    }
    if (!plan)
        return airing_store_cancel_station(self->settings.database, station, now_us, error);
    g_auto(StoredPlan) newest = {0};
    if (!plan_store_newest(self->settings.database, station, false, &newest, error))
        return false;
    g_autofree char *fingerprint = fingerprint_of(plan);
    if (newest.epoch == self->settings.epoch && g_str_equal(newest.fingerprint, fingerprint))
        return true;
    if (!store(self, plan, &newest, g_steal_pointer(&fingerprint), now_us, error))
        return false;
    Published one = {.station = g_strdup(station), .version = plan->version};
    g_array_append_val(published, one);
    return true;
}

static bool prepare_world(Publisher *self, int64_t now_us, GError **error)
{
    int64_t day = now_us / DAY_US;
    if (self->world && self->day == day)
        return true;
    forget_world(self);
    self->day = day;
    self->world = publisher_world_new(self->settings.database, (day - PUBLISHER_PAST_DAYS) * DAY_US,
                                      (day + PLAN_DAYS + 1) * DAY_US, error);
    return self->world != NULL;
}

/* Stations of one batch, at most `max` and for no longer than the loop can bear. */
static bool publish_batch(Publisher *self, unsigned max, GArray *published, GPtrArray *done,
                          GError **error)
{
    int64_t now_us = clock_wall_us(self->settings.clock);
    int64_t began_us = g_get_monotonic_time();
    if (!prepare_world(self, now_us, error))
        return false;
    GHashTableIter iter;
    gpointer station;
    g_hash_table_iter_init(&iter, self->waiting);
    while (g_hash_table_iter_next(&iter, &station, NULL)) {
        if (!publish(self, station, now_us, published, error))
            return false;
        g_ptr_array_add(done, g_strdup(station));
        bool late = g_get_monotonic_time() - began_us > BATCH_MAX_US;
        if (max > 0 && (done->len >= max || late))
            break;
    }
    return true;
}

static void wake(Publisher *self, const GArray *published)
{
    for (unsigned i = 0; i < published->len; i++) {
        const Published *one = &g_array_index(published, Published, i);
        if (self->settings.published)
            self->settings.published(one->station, self->settings.epoch, one->version,
                                     self->settings.user);
    }
}

int publisher_run(Publisher *self, unsigned max, GError **error)
{
    g_autoptr(GArray) published = g_array_new(FALSE, FALSE, sizeof(Published));
    g_array_set_clear_func(published, published_clear);
    g_autoptr(GPtrArray) done = g_ptr_array_new_with_free_func(g_free);
    if (g_hash_table_size(self->waiting) == 0)
        return 0;
    if (!database_begin(self->settings.database, error))
        return -1;
    g_autoptr(GError) failed = NULL;
    if (!publish_batch(self, max, published, done, &failed)) {
        database_rollback(self->settings.database);
        forget_world(self);
        g_propagate_error(error, g_steal_pointer(&failed));
        return -1;
    }
    if (!database_commit(self->settings.database, error))
        return -1;
    for (unsigned i = 0; i < done->len; i++)
        g_hash_table_remove(self->waiting, g_ptr_array_index(done, i));
    wake(self, published);
    return (int)published->len;
}

void publisher_tick(Publisher *self)
{
    if (clock_wall_us(self->settings.clock) / DAY_US != self->day)
        publisher_all_changed(self);
}
