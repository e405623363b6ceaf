/* The log of airings: writing.
 *
 * A plan's airings become rows in the transaction that publishes the plan, so there is never a plan
 * out there whose airings the log does not know. A row is brought up to date only until its start:
 * from then on it is history, and only the station's receipt may add to it. The controller's own
 * "cancelled" gives way to a receipt: a station that was cut off may have played all the same. */
#include "schedule/airing_store.h"

#include <math.h>

#define MOVED_US (INT64_C(2) * 86400 * G_USEC_PER_SEC)

void airing_free(Airing *airing)
{
    if (!airing)
        return;
    g_free(airing->id);
    g_free(airing->station);
    g_free(airing->broadcast);
    g_free(airing->area);
    g_free(airing->area_path);
    g_free(airing->title);
    g_free(airing->class);
    g_free(airing->author);
    g_free(airing->approver);
    g_free(airing->outcome);
    g_free(airing->said_by);
    g_free(airing->reason);
    g_free(airing->amplifier);
    g_free(airing->bulletin);
    g_free(airing->bulletin_version);
    g_free(airing->language);
    g_free(airing->source);
    g_free(airing);
}

char *airing_store_path(const Plan *plan)
{
    GString *text = g_string_new("/");
    for (unsigned i = 0; i < plan->area_path->len; i++)
        g_string_append_printf(text, "%s/", (const char *)g_ptr_array_index(plan->area_path, i));
    return g_string_free(text, FALSE);
}

int64_t airing_store_duration_ms(const PlanAiring *airing)
{
    int64_t frames = 0;
    for (unsigned i = 0; i < airing->items->len; i++)
        frames += ((const PlanItem *)g_ptr_array_index(airing->items, i))->frames;
    return frames / 48;
}

/* 20261122: the day of the airing on the wall of its area. */
static int64_t day_of(const Plan *plan, const PlanAiring *airing)
{
    int64_t wall_s = airing->start_us / G_USEC_PER_SEC + plan->utc_offset_s;
    g_autoptr(GDateTime) wall = g_date_time_new_from_unix_utc(wall_s);
    int year = 0, month = 0, day = 0;
    if (wall)
        g_date_time_get_ymd(wall, &year, &month, &day);
    return (int64_t)year * 10000 + month * 100 + day;
}

/* Language and source of a version, as the log keeps them. A question of its own: the row could ask
 * it too, but then the engine makes and drops a table for each row. */
typedef struct Origin {
    char *language;
    const char *source;
} Origin;

static bool origin_of(Database *database, const char *version, Origin *ret_origin, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT language, text IS NULL FROM bulletin_versions WHERE id = $1");
    query_text(query, version);
    int step = query_next(query, error);
    if (step < 0)
        return false;
    *ret_origin = (Origin){.language = g_strdup(step ? row_text(query, 0) : ""),
                           .source = !step                ? ""
                                     : row_bool(query, 1) ? "audio"
                                                          : "speech"};
    return true;
}

static bool put(Database *database, const AiringPlan *planned, const char *path, unsigned index,
                GError **error)
{
    const Plan *plan = planned->plan;
    const PlanAiring *airing = g_ptr_array_index(plan->airings, index);
    const PlanItem *item = g_ptr_array_index(airing->items, airing->main_item);
    Origin origin;
    if (!origin_of(database, item->bulletin_version, &origin, error))
        return false;
    g_autofree char *language = origin.language;
    g_autoptr(Query) query = database_query(
        database,
        "INSERT INTO airings (planned_us, id, station, broadcast, area, area_path, bulletin, "
        "bulletin_version, title, class, duration_ms, start_by_us, author, approver, day, "
        "language, source) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) "
        "ON CONFLICT (planned_us, id) DO UPDATE SET area = excluded.area, "
        "area_path = excluded.area_path, bulletin_version = excluded.bulletin_version, "
        "title = excluded.title, class = excluded.class, duration_ms = excluded.duration_ms, "
        "start_by_us = excluded.start_by_us, author = excluded.author, day = excluded.day, "
        "language = excluded.language, source = excluded.source, "
        "approver = excluded.approver, outcome = '', said_by = '' "
        "WHERE airings.said_by <> 'station' AND (airings.said_by = 'controller' "
        "OR airings.bulletin_version <> excluded.bulletin_version "
        "OR airings.title <> excluded.title OR airings.area_path <> excluded.area_path "
        "OR airings.duration_ms <> excluded.duration_ms "
        "OR airings.start_by_us <> excluded.start_by_us)");
    query_int(query, airing->start_us);
    query_text(query, planned->ids[index]);
    query_text(query, planned->station);
    query_text(query, airing->broadcast);
    query_text(query, g_ptr_array_index(plan->area_path, plan->area_path->len - 1));
    query_text(query, path);
    query_text(query, item->bulletin);
    query_text(query, item->bulletin_version);
    query_text(query, airing->title);
    query_text(query, class_words[airing->class]);
    query_int(query, airing_store_duration_ms(airing));
    query_int(query, airing->start_by_us);
    query_text(query, airing->author);
    query_text(query, airing->approver);
    query_int(query, day_of(plan, airing));
    query_text(query, language);
    query_text(query, origin.source);
    return query_run(query, error);
}

bool airing_store_put(Database *database, const AiringPlan *planned, unsigned index, GError **error)
{
    g_autofree char *path = airing_store_path(planned->plan);
    return put(database, planned, path, index, error);
}

bool airing_store_cancel(Database *database, int64_t planned_us, const char *id, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE airings SET outcome = 'cancelled', said_by = 'controller' "
                                 "WHERE planned_us = $1 AND id = $2 AND outcome = ''");
    query_int(query, planned_us);
    query_text(query, id);
    return query_run(query, error);
}

bool airing_store_close(Database *database, int64_t planned_us, const char *id, int64_t entry,
                        GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE airings SET outcome = 'unreported', "
                                 "said_by = 'controller', unreported_seq = $3 "
                                 "WHERE planned_us = $1 AND id = $2 AND outcome = ''");
    query_int(query, planned_us);
    query_text(query, id);
    query_int(query, entry);
    return query_run(query, error);
}

bool airing_store_wants(Database *database, const char *station, const PlanAiring *airing,
                        const char *id, int64_t now_us)
{
    int64_t planned_us = 0;
    return airing->start_us >= now_us ||
           !airing_store_find(database, station, id, airing->start_us, &planned_us, NULL);
}

GHashTable *airing_store_known(Database *database, const char *station, int64_t from_us,
                               int64_t to_us, GError **error)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(Query) query =
        database_query(database, "SELECT id FROM airings WHERE station = $1 AND planned_us >= $2 "
                                 "AND planned_us < $3 AND said_by <> 'controller'");
    query_text(query, station);
    query_int(query, from_us);
    query_int(query, to_us);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_hash_table_add(known, g_strdup(row_text(query, 0)));
    return step == 0 ? g_steal_pointer(&known) : NULL;
}

static int find_between(Database *database, const char *station, const char *id, int64_t first_us,
                        int64_t last_us, int64_t *ret_planned_us, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT planned_us FROM airings WHERE station = $1 "
                                 "AND planned_us BETWEEN $2 AND $3 AND id = $4");
    query_text(query, station);
    query_int(query, first_us);
    query_int(query, last_us);
    query_text(query, id);
    int step = query_next(query, error);
    if (step > 0)
        *ret_planned_us = row_int(query, 0);
    return step;
}

bool airing_store_find(Database *database, const char *station, const char *id, int64_t near_us,
                       int64_t *ret_planned_us, GError **error)
{
    int found = find_between(database, station, id, near_us, near_us, ret_planned_us, error);
    if (found == 0)
        found = find_between(database, station, id, near_us - MOVED_US, near_us + MOVED_US,
                             ret_planned_us, error);
    return found > 0;
}

typedef struct Sounded {
    int64_t first_us, last_us, frames;
} Sounded;

static Sounded sounded_of(const Receipt *receipt)
{
    Sounded all = {0};
    for (unsigned i = 0; i < receipt->items->len; i++) {
        const ReceiptItem *item = g_ptr_array_index(receipt->items, i);
        for (unsigned j = 0; j < item->segments->len; j++) {
            const ReceiptSegment *segment = g_ptr_array_index(item->segments, j);
            if (!all.first_us || segment->first_us < all.first_us)
                all.first_us = segment->first_us;
            all.last_us = MAX(all.last_us, segment->last_us);
            all.frames += segment->frames;
        }
    }
    return all;
}

static void real_or_null(Query *query, double value, bool known)
{
    if (known && isfinite(value))
        query_real(query, value);
    else
        query_null(query);
}

static void bind_evidence(Query *query, const Receipt *receipt, const Sounded *sounded)
{
    query_int(query, receipt->evidence_grade);
    real_or_null(query, receipt->rms_dbfs, true);
    real_or_null(query, receipt->peak_dbfs, true);
    query_int(query, sounded->frames);
    query_int(query, receipt->xruns);
    real_or_null(query, receipt->mixer_db, receipt->mixer_present);
    if (receipt->mixer_present)
        query_bool(query, receipt->mixer_muted);
    else
        query_null(query);
    query_text(query, receipt->amplifier);
    query_int(query, receipt->clock_trust);
    query_int(query, receipt->counter);
}

bool airing_store_set_outcome(Database *database, int64_t planned_us, const Receipt *receipt,
                              GError **error)
{
    Sounded sounded = sounded_of(receipt);
    g_autoptr(Query) count = database_query(database, "UPDATE airings SET receipts = receipts + 1 "
                                                      "WHERE planned_us = $1 AND id = $2");
    query_int(count, planned_us);
    query_text(count, receipt->airing);
    if (!query_run(count, error))
        return false;
    g_autoptr(Query) query = database_query(
        database, "UPDATE airings SET outcome = $3, said_by = 'station', reason = $4, "
                  "started_us = $5, ended_us = $6, late_by_ms = $7, grade = $8, rms_dbfs = $9, "
                  "peak_dbfs = $10, frames = $11, xruns = $12, mixer_db = $13, mixer_muted = $14, "
                  "amplifier = $15, clock_trust = $16, receipt_counter = $17, "
                  "receipt_seq = coalesce((SELECT seq FROM receipts WHERE keyid = $18 "
                  "AND counter = $17), 0) "
                  "WHERE planned_us = $1 AND id = $2 "
                  "AND (said_by <> 'station' OR (outcome <> 'played' AND $3 = 'played'))");
    query_int(query, planned_us);
    query_text(query, receipt->airing);
    query_text(query, outcome_words[receipt->outcome]);
    query_text(query, reason_words[receipt->reason]);
    query_int(query, sounded.first_us);
    query_int(query, sounded.last_us);
    query_int(query, receipt->late_by_ms);
    bind_evidence(query, receipt, &sounded);
    query_text(query, receipt->keyid);
    return query_run(query, error);
}
