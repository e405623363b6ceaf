/* Publishing: wish -> print and sign in a thread -> store with the log of its airings -> COMMIT ->
 * wake.
 *
 * The queue is a set of station ids in memory. A crash loses it, so a start queues every station;
 * comparing is cheap and signs nothing that is the same. The loop only gathers copies of what a
 * batch needs and writes what came back, some ms at a time; printing, compressing and signing
 * happen in threads, and what stations have in common happens once (publisher_sheet.h). A station
 * that changes while its plan is being signed keeps its place in the queue, and that plan is thrown
 * away.
 *
 * A plan's version counts up by one inside its epoch and is written in the same transaction as the
 * airings that it orders, or after them (a first plan: publisher_sheaf.h): no station can hold a
 * plan that the log does not know. */
#include "fleet/publisher_private.h"

#include "base/log.h"

#define DAY_US      (INT64_C(86400) * G_USEC_PER_SEC)
#define RETRY_S     5
#define TURN_US     10000 /* of gathering or of writing; then the loop has its turn */
#define FLIGHTS_MAX 4

Publisher *publisher_new(const PublisherSettings *settings)
{
    Publisher *self = g_new0(Publisher, 1);
    self->settings = *settings;
    self->waiting = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->away = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_queue_init(&self->order);
    g_queue_init(&self->answers);
    self->flights = g_ptr_array_new();
    self->flights_max = CLAMP(g_get_num_processors(), 1, FLIGHTS_MAX);
    self->shelf = publisher_shelf_new(settings->database, settings->epoch);
    return self;
}

void publisher_free(Publisher *self)
{
    if (!self)
        return;
    if (self->source)
        g_source_remove(self->source);
    for (unsigned i = 0; i < self->flights->len; i++)
        publisher_flight_abandon(g_ptr_array_index(self->flights, i));
    g_ptr_array_unref(self->flights);
    publisher_sheaf_free(self->sheaf);
    g_queue_clear_full(&self->answers, (GDestroyNotify)publisher_item_free);
    g_queue_clear_full(&self->order, g_free);
    publisher_world_free(self->world);
    publisher_shelf_free(self->shelf);
    g_hash_table_unref(self->waiting);
    g_hash_table_unref(self->away);
    g_free(self);
}

unsigned publisher_waiting(const Publisher *self)
{
    return g_hash_table_size(self->waiting);
}

bool publisher_is_idle(const Publisher *self)
{
    return publisher_waiting(self) == 0 && self->flights->len == 0 &&
           g_queue_is_empty((GQueue *)&self->answers);
}

static gboolean on_idle(void *user);

static void schedule(Publisher *self)
{
    if (!self->source)
        self->source = g_idle_add(on_idle, self);
}

void publisher_enqueue(Publisher *self, const char *station)
{
    if (g_hash_table_add(self->waiting, g_strdup(station)))
        g_queue_push_tail(&self->order, g_strdup(station));
    schedule(self);
}

void publisher_forget_world(Publisher *self)
{
    g_clear_pointer(&self->world, publisher_world_free);
}

static bool prepare_world(Publisher *self, int64_t now_us, GError **error)
{
    int64_t day = now_us / DAY_US;
    if (self->world && self->day == day)
        return true;
    publisher_forget_world(self);
    self->day = day;
    self->world = publisher_world_new(self->settings.database, (day - PUBLISHER_PAST_DAYS) * DAY_US,
                                      (day + PLAN_DAYS + 1) * DAY_US, error);
    return self->world != NULL;
}

/* All that a thread needs for one station. */
static PublisherItem *order_for(Publisher *self, const char *station, int64_t now_us,
                                GError **error)
{
    g_auto(PublisherWish) wish = {0};
    if (!publisher_world_wish(self->world, station, now_us, &wish, error))
        return NULL;
    g_autoptr(PublisherItem) item = g_new0(PublisherItem, 1);
    item->station = g_strdup(station);
    if (!wish.sheet)
        return g_steal_pointer(&item);
    item->keyid = g_strdup(wish.station->keyid);
    item->volume_mdb = wish.station->volume_mdb;
    item->standing = (PlanStanding){.volume_generation = wish.station->volume_generation,
                                    .mute_generation = wish.station->mute_generation,
                                    .mute_from_us = wish.station->mute_from_us,
                                    .mute_until_us = wish.station->mute_until_us};
    item->data_day_bytes = wish.station->data_day_mb * DATA_MB;
    item->data_month_bytes = wish.station->data_month_mb * DATA_MB;
    item->sheet = g_steal_pointer(&wish.sheet);
    return publisher_shelf_look(self->shelf, item, error) ? g_steal_pointer(&item) : NULL;
}

static void put_back(Publisher *self, const char *station)
{
    publisher_enqueue(self, station);
    g_hash_table_remove(self->away, station);
}

/* The next station that waits and is not away; its id is the caller's. NULL = none. */
static char *next_waiting(Publisher *self)
{
    for (unsigned left = g_queue_get_length(&self->order); left > 0; left--) {
        g_autofree char *station = g_queue_pop_head(&self->order);
        if (!g_hash_table_contains(self->waiting, station))
            continue;
        if (!g_hash_table_contains(self->away, station))
            return g_steal_pointer(&station);
        g_queue_push_tail(&self->order, g_steal_pointer(&station));
    }
    return NULL;
}

/* Up to `max` orders (0 = all), or as many as can be gathered until `until_us`. NULL on error. */
static PublisherJob *gather(Publisher *self, unsigned max, int64_t until_us, GError **error)
{
    int64_t now_us = clock_wall_us(self->settings.clock);
    if (!prepare_world(self, now_us, error))
        return NULL;
    g_autoptr(PublisherJob) job =
        publisher_job_new(self->settings.signer, self->settings.epoch, now_us);
    while ((!max || job->items->len < max) && g_get_monotonic_time() < until_us) {
        g_autofree char *station = next_waiting(self);
        if (!station)
            break;
        PublisherItem *item = order_for(self, station, now_us, error);
        if (!item) {
            g_queue_push_tail(&self->order, g_steal_pointer(&station));
            for (unsigned i = 0; i < job->items->len; i++)
                put_back(self, ((PublisherItem *)g_ptr_array_index(job->items, i))->station);
            return NULL;
        }
        g_hash_table_remove(self->waiting, station);
        g_hash_table_add(self->away, g_steal_pointer(&station));
        g_ptr_array_add(job->items, item);
    }
    return g_steal_pointer(&job);
}

/* Hands the items of a job on to be written; all of them wait again when it failed. */
static bool take_answers(Publisher *self, PublisherJob *job, GError **error)
{
    while (job->items->len > 0) {
        PublisherItem *item = g_ptr_array_steal_index(job->items, 0);
        if (!job->error) {
            g_queue_push_tail(&self->answers, item);
            continue;
        }
        put_back(self, item->station);
        publisher_item_free(item);
    }
    if (!job->error)
        return true;
    g_propagate_error(error, g_steal_pointer(&job->error));
    return false;
}

static void wake(Publisher *self, const GPtrArray *written)
{
    for (unsigned i = 0; i < written->len; i++) {
        const PublisherItem *item = g_ptr_array_index(written, i);
        if (item->is_new && self->settings.published)
            self->settings.published(item->station, self->settings.epoch, item->new_version,
                                     self->settings.user);
    }
}

/* First plans of one sheet leave the answers for a sheaf. */
static void bind_sheaf(Publisher *self)
{
    PublisherSheaf *sheaf = publisher_sheaf_new();
    while (!g_queue_is_empty(&self->answers) &&
           publisher_sheaf_fits(sheaf, g_queue_peek_head(&self->answers))) {
        publisher_sheaf_add(sheaf, g_queue_pop_head(&self->answers));
        self->sheaf = sheaf;
    }
    if (!self->sheaf)
        publisher_sheaf_free(sheaf);
}

/* What has been logged goes back to the head of the answers. */
static void untie_sheaf(Publisher *self)
{
    PublisherItem *item;
    for (int at = 0; (item = publisher_sheaf_take(self->sheaf)); at++)
        g_queue_push_nth(&self->answers, item, at);
    g_clear_pointer(&self->sheaf, publisher_sheaf_free);
}

static bool write_sheaf(Publisher *self, int64_t now_us, int64_t until_us, GError **error)
{
    bool done = false;
    if (!publisher_sheaf_write(self->sheaf, self->settings.database, now_us, until_us, &done,
                               error))
        return false;
    if (done)
        untie_sheaf(self);
    return true;
}

/* The next answer. What changed since it was gathered is not written: it waits already. */
static bool write_answer(Publisher *self, GPtrArray *taken, int64_t now_us, GError **error)
{
    PublisherItem *item = g_queue_pop_head(&self->answers);
    g_ptr_array_add(taken, item);
    item->is_new &= !g_hash_table_contains(self->waiting, item->station);
    return g_hash_table_contains(self->waiting, item->station) ||
           publisher_shelf_write(self->shelf, item, now_us, error);
}

static bool has_answers(const Publisher *self)
{
    return self->sheaf || !g_queue_is_empty((GQueue *)&self->answers);
}

static void forget_logged(gpointer item, G_GNUC_UNUSED gpointer user)
{
    ((PublisherItem *)item)->is_logged = false;
}

/* Nothing of this transaction stands, be it the log of plans that were not written yet. */
static void take_back(Publisher *self, GPtrArray *taken)
{
    for (PublisherItem *item; self->sheaf && (item = publisher_sheaf_take(self->sheaf));)
        g_ptr_array_add(taken, item);
    g_clear_pointer(&self->sheaf, publisher_sheaf_free);
    g_queue_foreach(&self->answers, forget_logged, NULL);
}

/* Begins, writes until `until_us` and ends; those that are over with are in `taken` then. */
static bool write_some(Publisher *self, GPtrArray *taken, int64_t until_us, GError **error)
{
    int64_t now_us = clock_wall_us(self->settings.clock);
    if (!publisher_shelf_begin(self->shelf, error))
        return false;
    bool ok = true;
    while (ok && has_answers(self) && g_get_monotonic_time() < until_us) {
        if (!self->sheaf)
            bind_sheaf(self);
        ok = self->sheaf ? write_sheaf(self, now_us, until_us, error)
                         : write_answer(self, taken, now_us, error);
    }
    ok = publisher_shelf_end(self->shelf, ok, error);
    if (!ok)
        take_back(self, taken);
    return ok;
}

/* Writes answers until `until_us` in one transaction; returns how many plans are new. */
static int write_answers(Publisher *self, int64_t until_us, GError **error)
{
    g_autoptr(GPtrArray) taken =
        g_ptr_array_new_with_free_func((GDestroyNotify)publisher_item_free);
    bool ok = write_some(self, taken, until_us, error);
    int fresh = 0;
    for (unsigned i = 0; i < taken->len; i++) {
        const PublisherItem *item = g_ptr_array_index(taken, i);
        fresh += item->is_new;
        if (!ok)
            put_back(self, item->station);
        g_hash_table_remove(self->away, item->station);
    }
    if (ok)
        wake(self, taken);
    if (ok && fresh)
        log_info("%d plans published, %u stations wait", fresh, publisher_waiting(self));
    return ok ? fresh : -1;
}

static void on_landed(PublisherFlight *flight, PublisherJob *take_job, void *user)
{
    Publisher *self = user;
    g_autoptr(PublisherJob) job = take_job;
    g_autoptr(GError) error = NULL;
    g_ptr_array_remove_fast(self->flights, flight);
    if (!take_answers(self, job, &error))
        log_warning("plans could not be signed, trying again: %s", error->message);
    schedule(self);
}

static bool send_flight(Publisher *self, GError **error)
{
    if (g_hash_table_size(self->waiting) == 0 || self->flights->len >= self->flights_max ||
        g_queue_get_length(&self->answers) > 2 * PUBLISHER_BATCH)
        return true;
    PublisherJob *job = gather(self, PUBLISHER_BATCH, g_get_monotonic_time() + TURN_US, error);
    if (!job)
        return false;
    if (job->items->len > 0)
        g_ptr_array_add(self->flights, publisher_flight_start(job, on_landed, self));
    else
        publisher_job_free(job);
    return true;
}

/* One turn: threads get work, or what they brought is written; never both, the loop waits. */
static bool turn(Publisher *self, GError **error)
{
    self->writes = !self->writes;
    if (self->writes && has_answers(self))
        return write_answers(self, g_get_monotonic_time() + TURN_US, error) >= 0;
    return send_flight(self, error);
}

static bool has_work(const Publisher *self)
{
    bool may_fly = self->flights->len < self->flights_max && g_hash_table_size(self->waiting) > 0;
    return may_fly || has_answers(self);
}

static gboolean on_retry(void *user)
{
    Publisher *self = user;
    self->source = 0;
    schedule(self);
    return G_SOURCE_REMOVE;
}

static gboolean on_idle(void *user)
{
    Publisher *self = user;
    g_autoptr(GError) error = NULL;
    unsigned in_air = self->flights->len;
    if (!turn(self, &error)) {
        log_warning("plans could not be published, trying again in %d s: %s", RETRY_S,
                    error->message);
        publisher_forget_world(self);
        self->source = g_timeout_add_seconds(RETRY_S, on_retry, self);
        return G_SOURCE_REMOVE;
    }
    bool all_away = self->flights->len == in_air && !has_answers(self) && in_air > 0;
    if (has_work(self) && !all_away)
        return G_SOURCE_CONTINUE;
    if (publisher_waiting(self) == 0 && self->world)
        publisher_world_forget_sheets(self->world);
    self->source = 0; /* a landing flight starts it again */
    return G_SOURCE_REMOVE;
}

int publisher_run(Publisher *self, unsigned max, GError **error)
{
    g_autoptr(PublisherJob) job = gather(self, max, G_MAXINT64, error);
    if (!job)
        return -1;
    publisher_job_run(job);
    if (!take_answers(self, job, error))
        return -1;
    int written = write_answers(self, G_MAXINT64, error);
    if (written < 0)
        publisher_forget_world(self);
    return written;
}

int publisher_run_station(Publisher *self, const char *station, GError **error)
{
    bool away = g_hash_table_contains(self->away, station);
    if (away && self->sheaf)
        return 0; /* a province is planned for the first time: the station asks again */
    while (away && self->flights->len > 0)
        publisher_flight_finish(g_ptr_array_index(self->flights, 0));
    int written = away ? write_answers(self, G_MAXINT64, error) : 0;
    if (away && !g_hash_table_contains(self->waiting, station))
        return written; /* else it changed meanwhile, and what was signed is void */
    publisher_station_changed(self, station);
    g_queue_push_head(&self->order, g_strdup(station));
    return written < 0 ? written : publisher_run(self, 1, error);
}

void publisher_plan_fetched(Publisher *self, const char *station, int64_t epoch, int64_t version)
{
    publisher_shelf_note_fetched(self->shelf, station, epoch, version);
}

bool publisher_flush(Publisher *self, GError **error)
{
    return publisher_shelf_flush(self->shelf, clock_wall_us(self->settings.clock), error);
}

void publisher_tick(Publisher *self)
{
    if (clock_wall_us(self->settings.clock) / DAY_US != self->day)
        publisher_all_changed(self);
}
