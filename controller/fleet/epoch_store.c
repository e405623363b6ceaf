/* SQL of the epochs that restores began. */
#include "fleet/epoch_store.h"

static bool read_one(Query *take_query, int64_t *ret_value, GError **error)
{
    g_autoptr(Query) query = take_query;
    if (query_next(query, error) < 0)
        return false;
    *ret_value = row_int(query, 0);
    return true;
}

bool epoch_store_read(Database *database, int64_t root_epoch, int64_t *ret_epoch, GError **error)
{
    int64_t epoch = 0;
    if (!read_one(database_query(database, "SELECT coalesce(max(epoch), 0) FROM restores"), &epoch,
                  error))
        return false;
    *ret_epoch = MAX(epoch, root_epoch);
    return true;
}

bool epoch_store_raise(Database *database, int64_t copied_us, int64_t now_us, int64_t *ret_epoch,
                       GError **error)
{
    int64_t signed_before = 0, epoch = 0;
    if (!read_one(database_query(database,
                                 "SELECT max(coalesce((SELECT max(epoch) FROM plans), 0), "
                                 "coalesce((SELECT max(epoch) FROM roots), 0))"),
                  &signed_before, error) ||
        !epoch_store_read(database, signed_before, &epoch, error))
        return false;
    epoch = MAX(epoch + 1, now_us / G_USEC_PER_SEC);
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO restores (epoch, copied_us, restored_us) VALUES ($1, $2, $3)");
    query_int(query, epoch);
    query_int(query, copied_us);
    query_int(query, now_us);
    if (!query_run(query, error))
        return false;
    *ret_epoch = epoch;
    return true;
}
