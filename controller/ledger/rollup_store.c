/* SQL that counts the log in full. It says a second time what the triggers of the migration say, in
 * another way (one grouped read), so that one can be held against the other.
 *
 * A day counts as whole when the log still has all of its airings. Nothing tells that directly: but
 * once rows were dropped, counts older than the oldest airing are there, and then the day of that
 * airing may have been cut through. */
#include "ledger/rollup_store.h"

#define LATE "(started_us > 0 AND late_by_ms > 1000)"
#define WHOLE                                                                                      \
    "(SELECT CASE WHEN (SELECT min(day) FROM airing_days) < min(day) THEN min(day) + 1 "           \
    "ELSE min(day) END FROM airings)"
/* Midnight may lie anywhere within half a day of UTC's. */
#define WHOLE_US                                                                                   \
    "(SELECT CASE WHEN (SELECT min(day) FROM airing_days) < min(day) "                             \
    "THEN min(planned_us) + 172800000000 ELSE min(planned_us) - 900000000 END FROM airings)"

#define DAYS                                                                                       \
    "SELECT day, area_path, class, source, language, coalesce(author, '') AS author, outcome, "    \
    "reason, count(*) AS airings, sum(duration_ms) AS planned_ms, sum(frames / 48) AS played_ms, " \
    "sum(" LATE ") AS late, sum(" LATE " * late_by_ms) AS late_ms FROM airings "                   \
    "WHERE day >= " WHOLE " GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"
#define MONTHS                                                                                     \
    "SELECT day / 100, area_path, class, source, language, author, outcome, reason, "              \
    "sum(airings), sum(planned_ms), sum(played_ms), sum(late), sum(late_ms) FROM airing_days "     \
    "GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"
#define BLOCKS                                                                                     \
    "SELECT planned_us, broadcast, area_path, outcome, count(*) FROM airings "                     \
    "WHERE planned_us >= " WHOLE_US " GROUP BY 1, 2, 3, 4"

/* Each gives the number of rows that stand on one side only. */
static const char *const differences[] = {
    "SELECT count(*) FROM (SELECT * FROM (" DAYS ") EXCEPT SELECT * FROM airing_days)",
    "SELECT count(*) FROM (SELECT * FROM airing_days WHERE day >= " WHOLE
    " EXCEPT SELECT * FROM (" DAYS "))",
    "SELECT count(*) FROM (SELECT * FROM (" MONTHS ") EXCEPT SELECT * FROM airing_months)",
    "SELECT count(*) FROM (SELECT * FROM airing_months EXCEPT SELECT * FROM (" MONTHS "))",
    "SELECT count(*) FROM (SELECT * FROM (" BLOCKS ") EXCEPT SELECT planned_us, broadcast, "
    "area_path, outcome, stations FROM airing_blocks)",
    "SELECT count(*) FROM (SELECT planned_us, broadcast, area_path, outcome, stations "
    "FROM airing_blocks WHERE planned_us >= " WHOLE_US " EXCEPT SELECT * FROM (" BLOCKS "))",
};

bool rollup_store_wrong(Database *database, int64_t *ret_rows, GError **error)
{
    int64_t rows = 0;
    for (unsigned i = 0; i < G_N_ELEMENTS(differences); i++) {
        g_autoptr(Query) query = database_query(database, differences[i]);
        if (query_next(query, error) < 0)
            return false;
        rows += row_int(query, 0);
    }
    *ret_rows = rows;
    return true;
}

bool rollup_store_rebuild(Database *database, GError **error)
{
    /* The days last: what counts as whole is read from them. */
    static const char *const steps[] = {
        "DELETE FROM airing_blocks WHERE planned_us >= " WHOLE_US,
        "INSERT INTO airing_blocks SELECT planned_us, broadcast, area_path, outcome, max(title), "
        "max(class), max(duration_ms), count(*) FROM airings WHERE planned_us >= " WHOLE_US
        " GROUP BY 1, 2, 3, 4",
        "CREATE TEMP TABLE airing_recount AS " DAYS,
        "DELETE FROM airing_days WHERE day >= " WHOLE,
        "INSERT INTO airing_days SELECT * FROM airing_recount",
        "DROP TABLE airing_recount",
        "DELETE FROM airing_months",
        "INSERT INTO airing_months " MONTHS,
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++)
        if (!database_script(database, steps[i], error))
            return false;
    return true;
}
