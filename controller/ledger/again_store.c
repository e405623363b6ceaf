/* One probe of the index of airings by broadcast; the newest row that sounded answers. */
#include "ledger/again_store.h"

void again_heard_clear(AgainHeard *self)
{
    g_clear_pointer(&self->title, g_free);
}

bool again_store_heard(Database *database, const char *broadcast, int64_t from_us, int64_t to_us,
                       AgainHeard *ret_heard, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT planned_us, duration_ms, title FROM airings WHERE broadcast = $1 "
                  "AND planned_us >= $2 AND planned_us < $3 AND outcome IN ('played', 'partial') "
                  "ORDER BY planned_us DESC LIMIT 1");
    query_text(query, broadcast);
    query_int(query, from_us);
    query_int(query, to_us);
    if (query_next(query, error) <= 0)
        return false;
    *ret_heard = (AgainHeard){.planned_us = row_int(query, 0),
                              .duration_ms = row_int(query, 1),
                              .title = g_strdup(row_text(query, 2))};
    return true;
}
