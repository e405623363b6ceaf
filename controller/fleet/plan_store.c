/* Plans are kept as gzip of the exact envelope bytes: most go out that way, and they shrink to a
 * fifth. No version is ever written twice; the unique index holds that even if the publisher erred.
 *
 * A body goes once no receipt can refer to it: a version that its station never fetched, or one
 * that it has replaced for longer than it may owe an answer. What a receipt names stays for good,
 * and so does what was in force when an airing began that no station has spoken of.
 */
#include "fleet/plan_store.h"

#include <gio/gio.h>

void stored_plan_clear(StoredPlan *plan)
{
    g_free(plan->fingerprint);
    if (plan->gzip)
        g_bytes_unref(plan->gzip);
    *plan = (StoredPlan){0};
}

bool plan_store_newest(Database *database, const char *station, bool with_bytes,
                       StoredPlan *ret_plan, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT epoch, version, fingerprint, CASE WHEN $2 THEN envelope END FROM plans "
                  "WHERE station = $1 ORDER BY epoch DESC, version DESC LIMIT 1");
    query_text(query, station);
    query_bool(query, with_bytes);
    int step = query_next(query, error);
    if (step < 0)
        return false;
    *ret_plan = (StoredPlan){0};
    if (step == 0)
        return true;
    ret_plan->epoch = row_int(query, 0);
    ret_plan->version = row_int(query, 1);
    ret_plan->fingerprint = g_strdup(row_text(query, 2));
    size_t length = 0;
    const void *bytes = with_bytes ? row_blob(query, 3, &length) : NULL;
    ret_plan->gzip = bytes ? g_bytes_new(bytes, length) : NULL;
    return true;
}

bool plan_store_add(Database *database, const char *station, const StoredPlan *plan,
                    int64_t issued_us, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO plans (station, epoch, version, issued_us, fingerprint, envelope, "
                  "sha256) VALUES ($1, $2, $3, $4, $5, $6, $7)");
    size_t length;
    const void *bytes = g_bytes_get_data(plan->gzip, &length);
    query_text(query, station);
    query_int(query, plan->epoch);
    query_int(query, plan->version);
    query_int(query, issued_us);
    query_text(query, plan->fingerprint);
    query_blob(query, bytes, length);
    query_text(query, plan->sha256);
    return query_run(query, error);
}

bool plan_store_note_fetched(Database *database, const char *station, const StoredPlan *plan,
                             int64_t now_us, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE plans SET fetched_us = $4 WHERE station = $1 "
                                 "AND epoch = $2 AND version = $3 AND fetched_us = 0");
    query_text(query, station);
    query_int(query, plan->epoch);
    query_int(query, plan->version);
    query_int(query, now_us);
    return query_run(query, error);
}

bool plan_store_keep(Database *database, const char *station, int64_t epoch, int64_t version,
                     GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE plans SET settled = 1 WHERE station = $1 AND epoch = $2 "
                                 "AND version = $3 AND settled = 0");
    query_text(query, station);
    query_int(query, epoch);
    query_int(query, version);
    return query_run(query, error);
}

bool plan_store_in_force(Database *database, const char *station, int64_t at_us,
                         PlanTrace *ret_trace, GError **error)
{
    *ret_trace = (PlanTrace){0};
    g_autoptr(Query) query = database_query(
        database, "SELECT epoch, version, CASE WHEN length(envelope) > 0 THEN sha256 ELSE '' END "
                  "FROM plans WHERE station = $1 AND issued_us <= $2 "
                  "ORDER BY epoch DESC, version DESC LIMIT 1");
    query_text(query, station);
    query_int(query, at_us);
    int step = query_next(query, error);
    if (step > 0) {
        ret_trace->epoch = row_int(query, 0);
        ret_trace->version = row_int(query, 1);
        g_strlcpy(ret_trace->sha256, row_text(query, 2), sizeof ret_trace->sha256);
    }
    return step >= 0;
}

bool plan_store_name(Database *database, const char *station, const PlanTrace *trace,
                     GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE plans SET settled = 1, named = 1 WHERE station = $1 "
                                 "AND epoch = $2 AND version = $3 AND named = 0");
    query_text(query, station);
    query_int(query, trace->epoch);
    query_int(query, trace->version);
    return query_run(query, error);
}

/* An airing without a word began while the plan or the one before it was in force: it shows that it
 * was ordered, the one after it that nobody took it out before its start. */
#define NEIGHBOUR(sign, way)                                                                       \
    "(SELECT n.issued_us FROM plans n WHERE n.station = plans.station AND (n.epoch, "              \
    "n.version) " sign " (plans.epoch, plans.version) ORDER BY n.epoch " way ", n.version " way    \
    " LIMIT 1)"
#define SHOWS_SILENCE                                                                              \
    "EXISTS (SELECT 1 FROM airings a WHERE a.station = plans.station "                             \
    "AND a.outcome IN ('', 'unreported') AND a.planned_us >= coalesce(" NEIGHBOUR(                 \
        "<", "DESC") ", 0) "                                                                       \
                     "AND a.planned_us < " NEIGHBOUR(">", "ASC") ")"

bool plan_store_prune(Database *database, const char *station, const StoredPlan *newest,
                      int64_t before_us, GError **error)
{
    g_autoptr(Query) query = database_query(
        database,
        "UPDATE plans SET envelope = x'', settled = 1 WHERE station = $1 AND settled = 0 "
        "AND (epoch, version) < ($2, $3) AND (fetched_us = 0 OR (issued_us < $4 AND EXISTS "
        "(SELECT 1 FROM plans l WHERE l.station = plans.station AND l.fetched_us > 0 "
        "AND (l.epoch, l.version) > (plans.epoch, plans.version)))) "
        "AND NOT " SHOWS_SILENCE);
    query_text(query, station);
    query_int(query, newest->epoch);
    query_int(query, newest->version);
    query_int(query, before_us);
    return query_run(query, error);
}

static GBytes *convert(GConverter *converter, const void *bytes, size_t length, GError **error)
{
    g_autoptr(GInputStream) from = g_memory_input_stream_new_from_data(bytes, (gssize)length, NULL);
    g_autoptr(GOutputStream) to = g_memory_output_stream_new_resizable();
    g_autoptr(GInputStream) through = g_converter_input_stream_new(from, converter);
    if (g_output_stream_splice(to, through, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, error) < 0)
        return NULL;
    return g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(to));
}

GBytes *plan_store_expand(GBytes *gzip, GError **error)
{
    g_autoptr(GZlibDecompressor) plain = g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP);
    size_t length;
    const void *bytes = g_bytes_get_data(gzip, &length);
    return convert(G_CONVERTER(plain), bytes, length, error);
}
