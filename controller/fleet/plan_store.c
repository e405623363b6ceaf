/* Plans are kept as gzip of the exact envelope bytes: most go out that way, and they shrink to a
 * tenth. No version is ever written twice; the primary key holds that even if the publisher erred.
 */
#include "fleet/plan_store.h"

#include <gio/gio.h>

#define GZIP_LEVEL 1 /* base64 shrinks little more at 6, which takes five times as long */

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
        database, "INSERT INTO plans (station, epoch, version, issued_us, fingerprint, envelope) "
                  "VALUES ($1, $2, $3, $4, $5, $6)");
    size_t length;
    const void *bytes = g_bytes_get_data(plan->gzip, &length);
    query_text(query, station);
    query_int(query, plan->epoch);
    query_int(query, plan->version);
    query_int(query, issued_us);
    query_text(query, plan->fingerprint);
    query_blob(query, bytes, length);
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

GBytes *plan_store_compress(const void *bytes, size_t length, GError **error)
{
    g_autoptr(GZlibCompressor) gzip =
        g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, GZIP_LEVEL);
    return convert(G_CONVERTER(gzip), bytes, length, error);
}

GBytes *plan_store_expand(GBytes *gzip, GError **error)
{
    g_autoptr(GZlibDecompressor) plain = g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP);
    size_t length;
    const void *bytes = g_bytes_get_data(gzip, &length);
    return convert(G_CONVERTER(plain), bytes, length, error);
}
