/* GET /metrics, for a Prometheus on this machine or an administrator's browser. Nothing here names
 * a station, an area or a person, and the number of lines is the same with four stations and with
 * five thousand. */
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "access/access.h"
#include "access/session.h"
#include "ledger/reconcile.h"
#include "ops/metrics_store.h"
#include "ops/metrics_text.h"
#include "ops/ops.h"
#include "registry/area_store.h"
#include "registry/station_store.h"
#include "schedule/airing_store.h"
#include "schedule/recurrence.h"

#define TYPE "text/plain; version=0.0.4; charset=utf-8"

static const ProblemKind problem_not_for_you = {
    "not-for-you", 403,
    "Chỉ người quản trị hoặc chương trình trên chính máy chủ được xem số liệu này.",
    "Only an administrator, or a program on this machine, may see these numbers."};

/* A proxy on this machine connects from loopback too, but says for whom. */
static bool is_local(const Request *request)
{
    const char *from = request_remote(request);
    bool loopback = g_str_equal(from, "::1") || g_str_has_prefix(from, "127.");
    return loopback && !request_header(request, "X-Forwarded-For") &&
           !request_header(request, "Forwarded");
}

static Reply *refuse(const Ops *self, Request *request)
{
    static const Route people = {.listeners = LISTENER_PEOPLE};
    if (is_local(request))
        return NULL;
    Reply *refusal = session_gate(self->people, request, &people);
    if (refusal || access_anywhere(access_user(request), VERB_AUDIT))
        return refusal;
    return reply_problem(&problem_not_for_you);
}

static void add_stations(const Ops *self, const GPtrArray *tops, GString *text)
{
    static const char *const states[] = {"online", "offline", "never"};
    unsigned counts[G_N_ELEMENTS(states)] = {0};
    for (unsigned i = 0; i < tops->len; i++) {
        const Area *area = g_ptr_array_index(tops, i);
        g_autoptr(GPtrArray) stations = station_store_in_area(self->database, area->id, NULL);
        for (unsigned j = 0; stations && j < stations->len; j++) {
            const Station *station = g_ptr_array_index(stations, j);
            const char *state = fleet_station_facts.state(self->fleet, station->id);
            for (unsigned k = 0; k < G_N_ELEMENTS(states); k++)
                counts[k] += g_str_equal(state, states[k]);
        }
    }
    metrics_text_begin(text, "loa_stations", "gauge", "Stations in service by state");
    for (unsigned k = 0; k < G_N_ELEMENTS(states); k++)
        metrics_text_labelled(text, "loa_stations", "state", states[k], counts[k]);
}

static void count_groups(const GPtrArray *groups, int64_t now_us, int64_t *counts)
{
    for (unsigned i = 0; i < groups->len; i++) {
        const AiringGroup *group = g_ptr_array_index(groups, i);
        Airing like = {.outcome = group->outcome,
                       .planned_us = group->planned_us,
                       .duration_ms = group->duration_ms};
        const char *word = reconcile_outcome(&like, NULL, now_us);
        for (unsigned k = 0; reconcile_words[k]; k++)
            counts[k] += g_str_equal(reconcile_words[k], word) ? group->stations : 0;
    }
}

static bool add_airings(const Ops *self, const char *zone, int64_t now_us, GString *text,
                        GError **error)
{
    int64_t counts[16] = {0};
    g_autoptr(GPtrArray) groups =
        airing_store_groups(self->database, "/", recurrence_day_us(zone, now_us, 0),
                            recurrence_day_us(zone, now_us, 1), error);
    if (!groups)
        return false;
    count_groups(groups, now_us, counts);
    metrics_text_begin(text, "loa_airings_today", "gauge",
                       "Airings planned today by outcome, in the zone of the top area");
    for (unsigned k = 0; reconcile_words[k]; k++)
        if (!g_str_equal(reconcile_words[k], "playing")) /* counted as upcoming here */
            metrics_text_labelled(text, "loa_airings_today", "outcome", reconcile_words[k],
                                  (double)counts[k]);
    return true;
}

static bool add_receipts(const Ops *self, GString *text, GError **error)
{
    MetricsTotals totals;
    const char *name = "loa_receipts_total";
    if (!metrics_store_totals(self->database, &totals, error))
        return false;
    metrics_text_begin(text, name, "counter", "Receipts by what became of them");
    metrics_text_labelled(text, name, "status", "stored", (double)totals.stored);
    metrics_text_labelled(text, name, "status", "quarantined", (double)totals.quarantined);
    metrics_text_labelled(text, name, "status", "lost_by_restore", (double)totals.gaps);
    return true;
}

static void add_answers(const Ops *self, GString *text)
{
    static const char *const listeners[] = {"people", "stations"};
    const char *name = "loa_http_answers_total";
    metrics_text_begin(text, name, "counter", "Answers by listener and class of status");
    for (unsigned i = 0; i < G_N_ELEMENTS(listeners); i++) {
        Listener listener = i == 0 ? LISTENER_PEOPLE : LISTENER_STATIONS;
        for (unsigned class = 1; class <= SERVER_CLASSES; class ++)
            g_string_append_printf(
                text, "%s{listener=\"%s\",class=\"%uxx\"} %" G_GUINT64_FORMAT "\n", name,
                listeners[i], class, server_answers(self->server, listener, class));
    }
}

static void add_loop(const Ops *self, GString *text)
{
    LoopHeld held = {0};
    if (!self->loop_held)
        return;
    self->loop_held(&held);
    metrics_text_begin(text, "loa_loop_long_rounds_total", "counter",
                       "Rounds of the main loop that held everybody for more than 50 ms");
    metrics_text_value(text, "loa_loop_long_rounds_total", (double)held.long_rounds);
    metrics_text_begin(text, "loa_loop_held_seconds_max", "gauge", "The longest since the start");
    metrics_text_value(text, "loa_loop_held_seconds_max", (double)held.longest_us / G_USEC_PER_SEC);
}

static double file_bytes(const Ops *self, const char *name)
{
    struct stat about;
    g_autofree char *path = g_build_filename(self->data_dir, name, NULL);
    return stat(path, &about) == 0 ? (double)about.st_size : 0;
}

static void add_disk(const Ops *self, GString *text)
{
    struct statvfs about;
    metrics_text_begin(text, "loa_database_bytes", "gauge", "Database and its write-ahead log");
    metrics_text_labelled(text, "loa_database_bytes", "file", "database",
                          file_bytes(self, "loa.db"));
    metrics_text_labelled(text, "loa_database_bytes", "file", "log",
                          file_bytes(self, "loa.db-wal"));
    if (statvfs(self->data_dir, &about) != 0)
        return;
    metrics_text_begin(text, "loa_disk_free_bytes", "gauge", "Room left beside the data directory");
    metrics_text_value(text, "loa_disk_free_bytes",
                       (double)about.f_bavail * (double)about.f_frsize);
}

/* Without a backup there is no age to tell: an alarm asks for absence and for age. */
static void add_backup(const Ops *self, int64_t now_us, GString *text)
{
    int64_t made_us = ops_last_backup_us(self);
    if (made_us <= 0)
        return;
    metrics_text_begin(text, "loa_backup_age_seconds", "gauge",
                       "Since the last backup that was read back");
    metrics_text_value(text, "loa_backup_age_seconds", (double)(now_us - made_us) / G_USEC_PER_SEC);
}

static void add_identity(const Ops *self, GString *text)
{
    metrics_text_begin(text, "loa_build_info", "gauge", "The program's version");
    metrics_text_labelled(text, "loa_build_info", "version", LOA_VERSION, 1);
    metrics_text_begin(text, "loa_plan_epoch", "gauge", "Goes up with every restore");
    metrics_text_value(text, "loa_plan_epoch", (double)self->fleet->epoch);
}

static GPtrArray *top_areas(const Ops *self, GError **error)
{
    GPtrArray *areas = area_store_list(self->database, NULL, error);
    for (unsigned i = areas ? areas->len : 0; i > 0; i--)
        if (((const Area *)g_ptr_array_index(areas, i - 1))->parent)
            g_ptr_array_remove_index(areas, i - 1);
    return areas;
}

static GString *write_all(const Ops *self, int64_t now_us, GError **error)
{
    g_autoptr(GPtrArray) tops = top_areas(self, error);
    g_autoptr(GString) text = g_string_new(NULL);
    if (!tops)
        return NULL;
    const Area *first = tops->len ? g_ptr_array_index(tops, 0) : NULL;
    add_identity(self, text);
    add_stations(self, tops, text);
    if (!add_airings(self, first ? first->zone : "UTC", now_us, text, error) ||
        !add_receipts(self, text, error))
        return NULL;
    add_answers(self, text);
    add_loop(self, text);
    add_disk(self, text);
    add_backup(self, now_us, text);
    return g_steal_pointer(&text);
}

Reply *metrics_api_get(void *ops, Request *request)
{
    const Ops *self = ops;
    g_autoptr(GError) error = NULL;
    Reply *refusal = refuse(self, request);
    if (refusal)
        return refusal;
    GString *text = write_all(self, request_now_us(request), &error);
    if (!text)
        return reply_error(error);
    g_autoptr(GBytes) bytes = g_string_free_to_bytes(text);
    Reply *reply = reply_bytes(200, TYPE, bytes);
    reply_header(reply, "Cache-Control", "no-store");
    return reply;
}
