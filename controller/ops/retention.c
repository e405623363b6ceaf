/* A run goes through four kinds of things, a few rows a step. Each step is one transaction that
 * also keeps what has gone so far, so a crash never loses the trace of what is gone; the last one
 * writes it to the log of actions. Files are unlinked before their row is changed: a crash between
 * leaves a row that the next run finds again, and never a file that nobody knows.
 *
 * Plans stay two months longer than receipts, because a late receipt names an airing of a plan that
 * was signed up to 35 days before. When the disk runs low, sound out of use goes at once, whatever
 * its age: media first, the ledger never. */
#include "ops/retention.h"

#include "access/action_log_store.h"
#include "access/setting_store.h"
#include "base/clock.h"
#include "base/log.h"
#include "content/disk_reserve.h"
#include "json.h"
#include "ops/retention_store.h"

#include <string.h>

#define DAY_US       (INT64_C(24) * 3600 * G_USEC_PER_SEC)
#define FIRST_S      5
#define LOOK_S       3600
#define STEP_MS      20
#define PLANS_MONTHS 2
#define LAST         "retention.last_us" /* when the last run ended */
#define OPEN         "retention.open"    /* what the run under way has removed */
#define VERB         "retention.prune"

struct Retention {
    RetentionParts parts;
    RetentionRun run;
    unsigned timer;
};

static int64_t months_before(int64_t now_us, unsigned months)
{
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(now_us / G_USEC_PER_SEC);
    g_autoptr(GDateTime) then = g_date_time_add_months(now, -(int)months);
    return g_date_time_to_unix(then) * G_USEC_PER_SEC;
}

static void run_init(RetentionRun *run, const RetentionParts *parts, int64_t now_us)
{
    *run = (RetentionRun){.database = parts->database, .media = parts->media};
    unsigned months = parts->rules.papers_months;
    run->papers_before_us = months ? months_before(now_us, months) : 0;
    run->plans_before_us = months ? months_before(now_us, months + PLANS_MONTHS) : 0;
    run->media_before_us = parts->rules.media_days ? now_us - parts->rules.media_days * DAY_US : 0;
    if (disk_reserve_is_low(parts->data_dir))
        run->media_before_us = now_us;
}

/* --- the trace ------------------------------------------------------------------------------- */

static const char *const names[RETENTION_KINDS] = {"receipts", "quarantined", "plans", "media"};

static bool read_open(RetentionRun *run, GError **error)
{
    g_autoptr(GError) failed = NULL;
    g_autofree char *text = setting_store_get(run->database, OPEN, &failed);
    if (failed) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return false;
    }
    g_autoptr(Json) open = text ? json_parse(text, strlen(text), NULL) : NULL;
    for (unsigned i = 0; open && i < RETENTION_KINDS; i++)
        run->removed[i] = json_peek_int(open, names[i], 0);
    run->bytes = open ? json_peek_int(open, "bytes", 0) : 0;
    return true;
}

static char *print_trace(const RetentionRun *run)
{
    size_t length;
    g_autoptr(Json) trace = json_new_object();
    g_autofree char *papers = clock_format_utc(run->papers_before_us);
    g_autofree char *media = clock_format_utc(run->media_before_us);
    for (unsigned i = 0; i < RETENTION_KINDS; i++)
        json_set_int(trace, names[i], run->removed[i]);
    json_set_int(trace, "bytes", run->bytes);
    json_set_text(trace, "papers_before", run->papers_before_us ? papers : NULL);
    json_set_text(trace, "media_before", run->media_before_us ? media : NULL);
    return json_print(trace, &length);
}

static bool removed_something(const RetentionRun *run)
{
    int64_t sum = 0;
    for (unsigned i = 0; i < RETENTION_KINDS; i++)
        sum += run->removed[i];
    return sum > 0;
}

static bool write_end(const RetentionRun *run, int64_t now_us, GError **error)
{
    g_autofree char *trace = print_trace(run);
    g_autofree char *last = g_strdup_printf("%" G_GINT64_FORMAT, now_us);
    const Action action = {.verb = VERB, .detail = trace};
    return (!removed_something(run) ||
            action_log_store_add(run->database, &action, now_us, error)) &&
           setting_store_remove(run->database, OPEN, error) &&
           setting_store_set(run->database, LAST, last, error);
}

/* --- steps ----------------------------------------------------------------------------------- */

/* 1 = more to do, 0 = the end, -1 = error. Inside a transaction. */
static int step_inside(RetentionRun *run, int64_t now_us, GError **error)
{
    if (run->kind == RETENTION_KINDS)
        return write_end(run, now_us, error) ? 0 : -1;
    int rows = retention_store_step(run, error);
    if (rows < 0)
        return -1;
    if (rows == 0) {
        run->kind++;
        return 1;
    }
    g_autofree char *trace = print_trace(run);
    return setting_store_set(run->database, OPEN, trace, error) ? 1 : -1;
}

static int step(RetentionRun *run, int64_t now_us, GError **error)
{
    if (!database_begin(run->database, error))
        return -1;
    int more = step_inside(run, now_us, error);
    if (more < 0) {
        database_rollback(run->database);
        return -1;
    }
    return database_commit(run->database, error) ? more : -1;
}

bool retention_run(const RetentionParts *parts, int64_t now_us, GError **error)
{
    RetentionRun run;
    run_init(&run, parts, now_us);
    if (!read_open(&run, error))
        return false;
    int more;
    while ((more = step(&run, now_us, error)) > 0)
        ;
    return more == 0;
}

/* --- in the loop ----------------------------------------------------------------------------- */

static gboolean on_look(void *user);

static void wait_for_next(Retention *self)
{
    self->timer = g_timeout_add_seconds(LOOK_S, on_look, self);
}

static gboolean on_step(void *user)
{
    Retention *self = user;
    g_autoptr(GError) error = NULL;
    int more = step(&self->run, clock_wall_us(clock_system()), &error);
    if (more > 0)
        return G_SOURCE_CONTINUE;
    if (more < 0)
        log_warning("retention stopped (%s), trying again in %d s", error->message, LOOK_S);
    else if (removed_something(&self->run))
        log_notice("retention: %" G_GINT64_FORMAT " receipts, %" G_GINT64_FORMAT
                   " plans, %" G_GINT64_FORMAT " sounds have gone, their hashes stay",
                   self->run.removed[RETENTION_RECEIPTS], self->run.removed[RETENTION_PLANS],
                   self->run.removed[RETENTION_MEDIA]);
    wait_for_next(self);
    return G_SOURCE_REMOVE;
}

static bool is_due(const Retention *self, int64_t now_us)
{
    g_autofree char *last = setting_store_get(self->parts.database, LAST, NULL);
    int64_t last_us = last ? g_ascii_strtoll(last, NULL, 10) : 0;
    return now_us - last_us >= DAY_US || now_us < last_us ||
           disk_reserve_is_low(self->parts.data_dir);
}

static gboolean on_look(void *user)
{
    Retention *self = user;
    g_autoptr(GError) error = NULL;
    int64_t now_us = clock_wall_us(clock_system());
    run_init(&self->run, &self->parts, now_us);
    if (!is_due(self, now_us) || !read_open(&self->run, &error)) {
        wait_for_next(self);
        return G_SOURCE_REMOVE;
    }
    self->timer = g_timeout_add(STEP_MS, on_step, self);
    return G_SOURCE_REMOVE;
}

Retention *retention_start(const RetentionParts *parts)
{
    Retention *self = g_new0(Retention, 1);
    self->parts = *parts;
    self->timer = g_timeout_add_seconds(FIRST_S, on_look, self);
    return self;
}

void retention_stop(Retention *self)
{
    if (!self)
        return;
    g_source_remove(self->timer);
    g_free(self);
}
