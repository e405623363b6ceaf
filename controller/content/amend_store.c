/* What was approved for long was approved for shorter, and what was never approved can go: neither
 * needs a version of its own. Versions are changed in place here and nowhere else, but for their
 * state and sound. */
#include "content/amend_store.h"

#include "registry/shelf_store.h"

bool amend_store_shorten(Database *database, const Bulletin *airs, int64_t until_us, int64_t now_us,
                         GError **error)
{
    g_autoptr(Query) query = database_query(
        database,
        "UPDATE bulletin_versions SET valid_until_us = $1, updated_us = $2 "
        "WHERE bulletin = $3 AND number >= $4 AND state IN ('draft', 'submitted', 'approved') "
        "AND valid_from_us < $1 AND (valid_until_us = 0 OR valid_until_us > $1)");
    query_int(query, until_us);
    query_int(query, now_us);
    query_text(query, airs->id);
    query_int(query, airs->number);
    return query_run(query, error);
}

#define MEANWHILE "the version that waits has changed meanwhile"

static bool drop(Database *database, const Bulletin *newest, int64_t now_us, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE bulletin_versions SET state = 'withdrawn', "
                                 "updated_us = $1 WHERE id = $2 AND state = $3");
    query_int(query, now_us);
    query_text(query, newest->version);
    query_text(query, bulletin_state_word(newest->state));
    return query_run_one(query, MEANWHILE, error);
}

static bool point_at(Database *database, const Bulletin *newest, const Bulletin *airs,
                     GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE bulletins SET newest = $1 "
                                 "WHERE id = $2 AND newest = $3 AND approved = $1");
    query_text(query, airs->version);
    query_text(query, airs->id);
    query_text(query, newest->version);
    return query_run_one(query, MEANWHILE, error);
}

bool amend_store_revert(Database *database, const Bulletin *newest, const Bulletin *airs,
                        int64_t now_us, GError **error)
{
    return shelf_store_take(database, SHELF_BULLETINS, airs->id, error) &&
           drop(database, newest, now_us, error) && point_at(database, newest, airs, error) &&
           shelf_store_put(database, SHELF_BULLETINS, airs->id, error);
}
